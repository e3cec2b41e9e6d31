// What the build puts into loader.js so that two kilobytes are enough: its four words and its few colours.
// Runs in Node, at build time only. It must never read anything that is not in this repository.
import { FluentBundle, FluentResource } from '@fluent/bundle';

/** The Fluent messages the launcher says, without variables. */
const WORDS = ['launcher-open', 'launcher-close', 'launcher-title', 'launcher-new'] as const;

/**
 * The build's replacements for `__WORDS__`.
 *
 * @param read reads a file of the repository, named relative to `web/`
 * @throws when a word is missing from the translations
 */
export function loaderConstants(read: (path: string) => string): Record<string, string> {
  const bundle = new FluentBundle('en');
  bundle.addResource(new FluentResource(read('../translations/en/chat.ftl')));
  const words = Object.fromEntries(
    WORDS.map((id) => {
      const pattern = bundle.getMessage(id)?.value;
      if (!pattern) throw new Error(`translations/en/chat.ftl has no ${id}`);
      return [id.slice('launcher-'.length), bundle.formatPattern(pattern)];
    }),
  );
  return { __WORDS__: JSON.stringify(words) };
}
