import { expect, test } from 'vitest';
import { codeDigits } from './code.ts';

test('a pasted code may have spaces, dashes and words around it', () => {
  expect(codeDigits('123 456')).toBe('123456');
  expect(codeDigits('Your code: 123-456.')).toBe('123456');
  expect(codeDigits('1234567890')).toBe('123456');
  expect(codeDigits('abc')).toBe('');
});
