// What the desk says, by the names that the faces use for it. Every shape comes from `desk.d.ts`, which is generated from
// docs/openapi/desk.json (`npm run api`): a shape is never written here by hand, it is changed at the desk.
import type { components } from './desk.d.ts';

type Schemas = components['schemas'];

/** Milliseconds since 1970, UTC. */
export type Timestamp = Schemas['Entry']['at'];

export type Status = Schemas['InvitationState'];

export type Channel = Schemas['Channel'];

/** Why an invitation was cancelled. */
export type CancelReason = Schemas['CancelledBecause'];

/** Why answers off the record are gone. */
export type GoneReason = Schemas['GoneBecause'];

/** Why stored answers were erased. */
export type ErasedReason = Schemas['ErasedBecause'];

export type Author = Schemas['Author'];

export type Invitation = Schemas['InvitationCard'];

/** One line of a conversation; `kind` says which. */
export type Entry = Schemas['Entry'];

type Of<K extends Entry['kind']> = Extract<Entry, { kind: K }>;

export type MessageEntry = Of<'message'>;
export type InvitationEntry = Of<'invitation'>;
export type StatusEntry = Of<'status'>;
export type AskedEntry = Of<'asked'>;
export type TurnEntry = Of<'joined' | 'closed' | 'transferred'>;
export type TransferredEntry = Of<'transferred'>;
export type GoneEntry = Of<'gone'>;
export type ErasedEntry = Of<'erased'>;

/** What the feed brings an agent. Unknown types are ignored, so that an older page survives a newer desk. */
export type Frame = Schemas['ToClient'];

/** Frames that visitors hear too: the list of conversations is the agents'. */
export type SharedFrame = Exclude<Frame, { type: 'conversation' }>;
