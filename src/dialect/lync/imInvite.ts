import type { ItemId } from '../../domain/ids';
import type { Body } from '../../domain/message';
import { type Provenance, toldBy } from '../../domain/provenance';
import { parseTextFormat } from '../../protocol/lync/textFormat';
import { fileMessages } from '../../protocol/shared/fileMessage';
import type { Aor } from '../../protocol/sip/uri';
import type { SipRequest } from '../../sip/sipMessages';
import { itemOf, itemSupported } from './items';
import { bodyOf } from './messageBody';

/** The first text of an INVITE that rings. */
export interface FirstText extends Provenance {
  id: ItemId | null;
  body: Body;
}

/** FIL-6: this end reads what is told of files. */
export const filesSupported = `Supported: ${fileMessages}`;

/** The headers of 5.2 that mean something; one token a line (FRM-9). */
export function inviteHeaders(self: Aor, peer: Aor, key: string): string[] {
  const supported = ['ms-embedded-first-message', 'ms-delayed-accept', 'ms-sender', 'ms-conf-invite'];
  return [
    ...supported.map((token) => `Supported: ${token}`),
    itemSupported,
    filesSupported,
    `Ms-Conversation-ID: ${key}`,
    `Roster-Manager: ${self}`,
    `EndPoints: <${self}>, <${peer}>`,
  ];
}

/** `null` when it brings none, or one that cannot be shown. */
export function firstTextOf(request: SipRequest): FirstText | null {
  const header = request.header('ms-text-format');
  if (header === undefined) return null;
  const { contentType, body: text } = parseTextFormat(header);
  const body = text === null ? null : bodyOf(contentType, text);
  return body === null ? null : { id: itemOf(request), body, ...toldBy(request.frame) };
}
