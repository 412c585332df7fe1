import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { type Aor, aorOf } from '../sip/uri';
import { attribute, childrenOf, formatXml, parseXml, textOf, xml } from '../xml';

/** An MCU's news that recipients did not get a message ([MS-CONFIM], `lync-wire` 6.5). */
export const imdnType = 'application/ms-imdn+xml';

export interface Imdn {
  /** The `Message-Id` of the 200. */
  messageId: string;
  recipients: readonly { aor: Aor; status: number }[];
}

export function formatImdn(imdn: Imdn): string {
  const recipients = imdn.recipients.map(({ aor, status }) =>
    xml('recipient', { uri: aor }, xml('status', {}, String(status))),
  );
  return formatXml(xml('imdn', {}, xml('message-id', {}, imdn.messageId), ...recipients));
}

/** A missing status counts as failed (500), as SIPE reads it. */
export function parseImdn(text: string): Imdn {
  const root = parseXml(text, 'imdn');
  const messageId = textOf(root, 'message-id');
  if (root.name !== 'imdn' || !messageId) throw new MalformedBody('imdn', 'there is no message-id');
  const recipients = childrenOf(root, 'recipient').flatMap((recipient) => {
    const aor = aorOf(attribute(recipient, 'uri') ?? '');
    const status = parseNatural(textOf(recipient, 'status'), 699) ?? 500;
    return aor === null ? [] : [{ aor, status }];
  });
  return { messageId, recipients };
}
