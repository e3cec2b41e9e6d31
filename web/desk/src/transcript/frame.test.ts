import { expect, test } from 'vitest';
import { notLoaded } from './frame.ts';

test('a vault that cannot show anything just now is told from a view that has nothing to show', () => {
  const kind = (said: { kind?: unknown }) => {
    const news = notLoaded(said);
    return news.kind === 'refused' ? news.refusal.kind : news.kind;
  };
  expect(kind({ kind: 'sealed' })).toBe('vault_sealed');
  expect(kind({ kind: 'busy' })).toBe('vault_down');
  for (const other of [{}, { kind: 'refused' }, { kind: 7 }]) expect(kind(other)).toBe('could-not-load');
});
