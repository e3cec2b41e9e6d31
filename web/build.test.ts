import { expect, test } from 'vitest';
import { onePath } from './build.ts';

test('an icon of several shapes becomes one path', () => {
  const svg = '<svg viewBox="0 0 24 24"><path d="m6 9 6 6" /><circle cx="12" cy="12" r="10" /><line x1="1" y1="2" x2="3" y2="4" /></svg>';
  expect(onePath(svg)).toBe('M0 0m6 9 6 6M2 12a10 10 0 1 0 20 0a10 10 0 1 0 -20 0ZM1 2L3 4');
});

test('a rectangle keeps its round corners', () => {
  expect(onePath('<svg><rect width="10" height="8" x="2" y="3" rx="1" /></svg>')).toBe(
    'M3 3h8a1 1 0 0 1 1 1v6a1 1 0 0 1 -1 1h-8a1 1 0 0 1 -1 -1v-6a1 1 0 0 1 1 -1Z',
  );
});

test('an icon that cannot be drawn as a path fails the build', () => {
  expect(() => onePath('<svg><text x="1" /></svg>')).toThrow('<text>');
  expect(() => onePath('<svg></svg>')).toThrow('without a shape');
});
