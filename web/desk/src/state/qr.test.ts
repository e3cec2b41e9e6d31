import { expect, test } from 'vitest';
import { inFours, qrPath } from './qr.ts';

test('a code is drawn run by run, inside its margin', () => {
  expect(qrPath(['101', '000', '011'])).toEqual({
    size: 11,
    d: 'M4 4h1v1h-1zM6 4h1v1h-1zM5 6h2v1h-2z',
  });
});

test('an empty code is only its margin', () => {
  expect(qrPath([])).toEqual({ size: 8, d: '' });
});

test('a secret is read in fours', () => {
  expect(inFours('JBSWY3DPEHPK3PXP')).toBe('JBSW Y3DP EHPK 3PXP');
  expect(inFours('JBSW Y3DPEH')).toBe('JBSW Y3DP EH');
});
