/**
 * The `/` palette: what the agent has typed → which forms match. The first match is ready, so that Enter sends it.
 */
import type { Form } from '../api/types.ts';

export interface Match {
  form: Form;
  /** The title in parts, so that the matching ones can be shown as such. */
  parts: { text: string; matches: boolean }[];
}

/** The word that opens the forms. Only what follows it filters; `/card` filters too. */
const COMMAND = 'form';

/**
 * What the writer asks the palette for, or null when this is a message. A slash counts only at the very beginning, and a
 * new line ends the command: nobody's text about `/etc` or a pasted note opens it by accident.
 */
export function paletteQuery(text: string): string | null {
  if (!text.startsWith('/') || text.includes('\n')) return null;
  const typed = text.slice(1);
  if (COMMAND.startsWith(typed.toLowerCase())) return '';
  const command = /^form(?:[\s_-]+|$)/i.exec(typed);
  return (command === null ? typed : typed.slice(command[0].length)).trim();
}

/** Forms whose title or description holds every word of the query; titles that begin with it first. */
export function matches(forms: Form[], query: string): Match[] {
  const words = fold(query).split(/\s+/).filter((word) => word !== '');
  const scored: { match: Match; score: number; place: number }[] = [];
  forms.forEach((form, place) => {
    const title = fold(form.title);
    const all = `${title} ${fold(form.description ?? '')} ${fold(form.id)}`;
    if (!words.every((word) => all.includes(word))) return;
    const score = words.reduce((sum, word) => {
      if (title.startsWith(word)) return sum + 3;
      if (title.includes(` ${word}`)) return sum + 2;
      return sum + (title.includes(word) ? 1 : 0);
    }, 0);
    scored.push({ match: { form, parts: mark(form.title, words) }, score, place });
  });
  scored.sort((a, b) => b.score - a.score || a.place - b.place);
  return scored.map((entry) => entry.match);
}

function mark(title: string, words: string[]): Match['parts'] {
  const folded = fold(title);
  // Folding may change a text's length (ligatures, İ): then nothing is marked rather than the wrong letters.
  const word = folded.length === title.length ? words.find((one) => folded.includes(one)) : undefined;
  if (word === undefined) return [{ text: title, matches: false }];
  const start = folded.indexOf(word);
  return [
    { text: title.slice(0, start), matches: false },
    { text: title.slice(start, start + word.length), matches: true },
    { text: title.slice(start + word.length), matches: false },
  ].filter((part) => part.text !== '');
}

/** Without case and accents, so that `securite` finds *Sécurité*. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
