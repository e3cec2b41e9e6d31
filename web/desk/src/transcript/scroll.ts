import { tick } from 'svelte';

/** Lets `grow` put more above what `scroller` shows, and keeps before the eyes what was there. */
export async function keepingPlace(scroller: HTMLElement, grow: () => Promise<void>): Promise<void> {
  const below = scroller.scrollHeight - scroller.scrollTop;
  await grow();
  await tick();
  scroller.scrollTop = scroller.scrollHeight - below;
}
