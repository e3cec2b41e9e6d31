/** The six digits of a code app, as people type and paste them. */

export const CODE_LENGTH = 6;

/** The digits of what was typed or pasted ("123 456", "123-456"), at most as many as a code has. */
export function codeDigits(text: string): string {
  return text.replace(/\D/g, '').slice(0, CODE_LENGTH);
}
