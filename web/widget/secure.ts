// What a conversation needs only when a form is sent: fetched after the chat's first view.
export { default as InvitationCard } from './InvitationCard.svelte';
export { default as Questions } from './Questions.svelte';
export { default as Sheet } from './Sheet.svelte';
