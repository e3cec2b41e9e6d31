import { expect, test } from 'vitest';
import { everything, isFiltered, queryOf } from './query.ts';

test('only what is filtered by stands in the query', () => {
  expect(queryOf(everything)).toBe('');
  expect(isFiltered(everything)).toBe(false);
  expect(queryOf({ ...everything, text: ' 7F3K ', act: 'login', result: 'refused', zone: 'vault', who: 'a-b' })).toBe(
    'text=7F3K&who=a-b&act=login&result=refused&zone=vault',
  );
  expect(queryOf(everything, 'cursor', 50)).toBe('before=cursor&limit=50');
});

test('what is written cannot add a parameter of its own', () => {
  expect(queryOf({ ...everything, text: 'a&zone=desk#' })).toBe('text=a%26zone%3Ddesk%23');
});
