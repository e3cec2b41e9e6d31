// What our build makes importable (build.ts).

declare module '*.ftl' {
  import type { FluentResource } from '@fluent/bundle';
  /** A parsed file of messages, for `words()`. */
  const messages: FluentResource['body'];
  export default messages;
}

declare module '*.svg?outline' {
  import type { Outline } from './icons.ts';
  /** One icon as the `d` of a path. */
  const drawing: Outline;
  export default drawing;
}
