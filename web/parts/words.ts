// Words for people, from the same Fluent files that the servers read.
//
// `import messages from '../../translations/en/chat.ftl'; const t = words(messages);  t('composer-send')`
// Bidi isolation marks stay on: a name in another script must not turn the sentence around.
import { FluentBundle, type FluentResource, type FluentVariable } from '@fluent/bundle';

/** A parsed `.ftl` file, as the build makes it. */
export type Messages = FluentResource['body'];

/** Says a message: its id, and its variables if it has any. */
export type Say = (id: string, variables?: Record<string, FluentVariable>) => string;

/**
 * Makes the function that a face says everything with.
 *
 * @param messages a `.ftl` file, parsed
 * @param locale BCP 47 tag of that file, for plurals and numbers
 */
export function words(messages: Messages, locale = 'en'): Say {
  const bundle = new FluentBundle(locale);
  // The bundle reads nothing of a resource but its body.
  bundle.addResource({ body: messages });
  return (id, variables) => {
    const pattern = bundle.getMessage(id)?.value;
    // A missing message must be seen in a test, not hidden by a blank.
    if (!pattern) return id;
    return bundle.formatPattern(pattern, variables ?? null, []);
  };
}
