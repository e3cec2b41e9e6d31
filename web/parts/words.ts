// Words for people, from the same Fluent files that the servers read.
//
// `import source from '../../translations/en/chat.ftl?raw'; const t = words(source);  t('composer-send')`
// Bidi isolation marks stay on: a name in another script must not turn the sentence around.
import { FluentBundle, FluentResource, type FluentVariable } from '@fluent/bundle';

/** Says a message: its id, and its variables if it has any. */
export type Say = (id: string, variables?: Record<string, FluentVariable>) => string;

/**
 * Makes the function that a face says everything with.
 *
 * @param sources the text of one or more `.ftl` files; a later one wins
 * @param locale BCP 47 tag of those files, for plurals and numbers
 */
export function words(sources: string | string[], locale = 'en'): Say {
  const bundle = new FluentBundle(locale);
  for (const source of [sources].flat()) {
    bundle.addResource(new FluentResource(source), { allowOverrides: true });
  }
  return (id, variables) => {
    const pattern = bundle.getMessage(id)?.value;
    // A missing message must be seen in a test, not hidden by a blank.
    if (!pattern) return id;
    return bundle.formatPattern(pattern, variables ?? null, []);
  };
}
