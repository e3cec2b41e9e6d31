import { FluentResource } from '@fluent/bundle';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const ids = (file: string) => new FluentResource(read(`../../translations/en/${file}.ftl`)).body.map(({ id }) => id);
const source = readdirSync(new URL('.', import.meta.url))
  .filter((name) => /\.(ts|svelte)$/.test(name) && !name.endsWith('.test.ts'))
  .map((name) => read(`./${name}`))
  .concat(read('../loader/constants.ts'))
  .join('\n');

/** Ids that are put together where they are said. */
const COMPOSED = /^(presence|said|ask)-/;

describe.each(['chat', 'card'])('the messages of %s.ftl', (file) => {
  test('are all said somewhere', () => {
    const silent = ids(file).filter((id) => !COMPOSED.test(id) && !source.includes(`'${id}'`));
    expect(silent).toEqual([]);
  });
});

test('whatever the chat says is written', () => {
  const said = new Set(Array.from(source.matchAll(/\bt\('([a-z-]+)'/g), ([, id = '']) => id));
  const written = new Set([...ids('chat'), ...ids('card')]);
  expect(said.size).toBeGreaterThan(40);
  expect([...said].filter((id) => !written.has(id))).toEqual([]);
});

test('the chat and its card share no id, so that neither speaks for the other', () => {
  expect(ids('chat').filter((id) => ids('card').includes(id))).toEqual([]);
});
