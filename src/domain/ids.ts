import type { Brand } from '../protocol/brand';

/** A conversation of ours on this device: stays the same while it grows from two people into a conference. */
export type ConversationId = Brand<'ConversationId'>;
/** One message or system line; minted by the author's engine and carried to Confab peers, so a message is shown once. */
export type ItemId = Brand<'ItemId'>;
/** A dialect's handle on an exchange with one peer, opaque to everyone else; survives the dialogs under it. */
export type ThreadId = Brand<'ThreadId'>;
/** A contact group; the text of the server's number (1 to 63 in Lync). `1` is "Other contacts". */
export type GroupId = Brand<'GroupId'>;
/** A session between a tab's peer connection and somebody else's; its SDP goes by SIP. */
export type MediaSessionId = Brand<'MediaSessionId'>;
/** A tab of this browser, by the Web Lock that it holds while it lives. */
export type TabId = Brand<'TabId'>;
/** An invitation waiting for an answer. */
export type InvitationId = Brand<'InvitationId'>;

/** Lync's built-in group `~`, [MS-SIP] 3.7. */
export const otherContacts = '1' as GroupId;
