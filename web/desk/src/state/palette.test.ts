import { describe, expect, test } from 'vitest';
import { matches, paletteQuery } from './palette.ts';
import { FORMS } from './samples.ts';

describe('what the writer asks the palette for', () => {
  test.each([
    ['/', ''],
    ['/f', ''],
    ['/form', ''],
    ['/form ', ''],
    ['/form card', 'card'],
    ['/form_card', 'card'],
    ['/FORM Card', 'Card'],
    ['/card', 'card'],
    ['/secure note', 'secure note'],
  ])('%s filters by “%s”', (text, query) => expect(paletteQuery(text)).toBe(query));

  test.each(['', 'hello', ' /form', 'see /etc', '/form\ncard', '1/2'])('“%s” is a message', (text) =>
    expect(paletteQuery(text)).toBeNull(),
  );
});

describe('the forms that match', () => {
  const titles = (query: string) => matches(FORMS, query).map((match) => match.form.title);

  test('are all of them, in their own order, without a query', () => {
    expect(titles('')).toEqual(FORMS.map((form) => form.title));
  });

  test('begin with those whose title begins with the word', () => {
    expect(titles('card')).toEqual(['Card payment', 'Card security code', 'Loyalty card']);
  });

  test('hold every word, in any order', () => {
    expect(titles('code card')).toEqual(['Card security code']);
    expect(titles('card nothing')).toEqual([]);
  });

  test('are found without accents and case', () => {
    expect(titles('SECURITE')).toEqual(['Sécurité sociale']);
  });

  test('mark the letters that matched, and never lose any', () => {
    const [first] = matches(FORMS, 'card');
    expect(first?.parts).toEqual([
      { text: 'Card', matches: true },
      { text: ' payment', matches: false },
    ]);
    for (const match of matches(FORMS, 'se')) {
      expect(match.parts.map((part) => part.text).join('')).toBe(match.form.title);
    }
  });
});
