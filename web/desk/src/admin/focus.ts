/** The focus after what had it is gone: on the heading of what the person was in, never at the top of the page. */
import { tick } from 'svelte';

export async function focusOn(heading: 'sheet-heading' | 'section-heading'): Promise<void> {
  await tick();
  document.getElementById(heading)?.focus();
}
