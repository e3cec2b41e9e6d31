import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ACTS } from './acts.ts';
import { actInWords, numberInWords, onInWords, reasonInWords, shortHash, whoInWords } from './said.ts';

test('each act of each zone has its words', () => {
  const all = [...ACTS.desk, ...ACTS.vault];
  expect(all.filter((act) => actInWords(act) === act.replaceAll('_', ' '))).toEqual([]);
});

test('what has no words yet is shown by its own name, never left out', () => {
  expect(actInWords('turn_the_page')).toBe('turn the page');
  expect(reasonInWords('moon_phase')).toBe('moon phase');
  expect(onInWords({ some_thing: '7F3K' })).toBe('some thing 7F3K');
});

test('people are named, and who has no name is told apart by the id', () => {
  const id = '01930000-0000-7000-8000-00000000ab12';
  expect(whoInWords({ kind: 'agent', id, name: 'Dana Hill' })).toBe('Dana Hill');
  expect(whoInWords({ kind: 'agent', id, name: null })).toBe('Agent AB12');
  expect(whoInWords({ kind: 'visitor', id, name: 'Alex' })).toBe('Visitor Alex');
  expect(whoInWords({ kind: 'vault', id: null, name: null })).toBe('Vault');
});

test('an entry is known by its zone and number, a hash by its ends', () => {
  expect(numberInWords({ zone: 'vault', sequence: 18_205 })).toMatch(/^V 18.205$/);
  expect(shortHash('b1f093c27a5e00000000000044d8')).toBe('b1f0 93c2 7a5e … 44d8');
  expect(shortHash('b1f093c2')).toBe('b1f0 93c2');
});

test('what either zone writes down is what the filter offers', () => {
  const acts = (path: string, type: string) => {
    const source = readFileSync(new URL(`../../../../../crates/${path}.rs`, import.meta.url), 'utf8');
    const names = source.slice(source.indexOf(`impl ${type} {`)).split('\n}\n')[0] ?? '';
    return [...names.matchAll(/Self::\w+ => "(\w+)"/g)].map((match) => match[1]);
  };
  expect([...ACTS.desk].sort()).toEqual(acts('desk/domain/src/action', 'Action').sort());
  expect([...ACTS.vault].sort()).toEqual(acts('vault/domain/src/audit', 'Act').sort());
});
