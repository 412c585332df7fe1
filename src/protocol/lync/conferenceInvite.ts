import { MalformedBody } from '../malformed';
import { type FocusUri, focusUriOf } from '../sip/uri';
import { attribute, child, formatXml, parseXml, textOf, xml } from '../xml';

/** The invitation of a Lync client to a conference (`lync-wire` 6.7). */
export const conferenceInviteType = 'application/ms-conf-invite+xml';

export interface ConferenceInvite {
  focus: FocusUri;
  subject: string;
  /** `Ms-Conversation-ID` of the conversation that becomes the conference; SIPE sends none. */
  conversationId: string | null;
  im: boolean;
}

export function formatConferenceInvite(invite: ConferenceInvite): string {
  return formatXml(
    xml(
      'Conferencing',
      { version: '2.0' },
      xml('focus-uri', {}, invite.focus),
      xml('subject', {}, invite.subject),
      xml('im', { available: invite.im }, xml('first-im')),
      invite.conversationId === null ? null : xml('conversation-id', {}, invite.conversationId),
    ),
  );
}

export function parseConferenceInvite(text: string): ConferenceInvite {
  const root = parseXml(text, 'ms-conf-invite');
  const focus = focusUriOf(textOf(root, 'focus-uri') ?? '');
  if (root.name.toLowerCase() !== 'conferencing' || focus === null)
    throw new MalformedBody('ms-conf-invite', 'there is no focus URI');
  const im = child(root, 'im');
  return {
    focus,
    subject: textOf(root, 'subject') ?? '',
    conversationId: textOf(root, 'conversation-id') || null,
    im: im !== undefined && attribute(im, 'available') !== 'false',
  };
}
