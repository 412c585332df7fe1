import { type Body, textEffects } from '../../domain/message';
import { formatMsgr, parseMsgr } from '../../protocol/lync/textFormat';
import { fileMessageType, formatFileMessage, parseFileMessage } from '../../protocol/shared/fileMessage';
import { parseValue } from '../../protocol/sip/headers';
import { formatMultipart, mediaType, parseBody } from '../../protocol/sip/multipart';
import type { Content, SipRequest } from '../../sip/sipMessages';
import type { IncomingFile, IncomingMessage, OutgoingFile, OutgoingMessage } from '../dialect';

/** A message, or what is told of a file (FIL-6). */
export function sayingOf(message: OutgoingMessage | OutgoingFile, boundary: string): Content {
  if (!('file' in message)) return contentOf(message.body, boundary);
  return { contentType: fileMessageType, body: formatFileMessage(message.file) };
}

/** The same of others; `null` for a media type that we cannot show. Throws `MalformedBody`. */
export function saidIn({
  contentType,
  body,
}: SipRequest): Pick<IncomingMessage, 'body'> | Pick<IncomingFile, 'file'> | null {
  if (mediaType(contentType) === fileMessageType) return { file: parseFileMessage(body) };
  const text = bodyOf(contentType, body);
  return text === null ? null : { body: text };
}

/** What is said, as MESSAGE carries it (`lync-wire` 5.4): plain text with its effects, or text and HTML as alternatives. */
export function contentOf(body: Body, boundary: string): Content {
  if (body.html === undefined) {
    const msgr = msgrOf(body);
    return { contentType: `text/plain; charset=UTF-8${msgr === null ? '' : `; msgr=${msgr}`}`, body: body.text };
  }
  const part = (type: string, text: string) => {
    return { headers: [['Content-Type', `${type}; charset=UTF-8`] as const], body: text };
  };
  const parts = [part('text/plain', body.text), part('text/html', body.html)];
  return formatMultipart('multipart/alternative', parts, boundary);
}

/** `null` for a media type that we cannot show: the answer is 415. Throws `MalformedBody` for a broken multipart. */
export function bodyOf(contentType: string, text: string): Body | null {
  switch (mediaType(contentType)) {
    case 'text/plain':
      return formatted(text, parseValue(contentType).params.get('msgr'));
    case 'text/html':
      return { text: textOfHtml(text), html: text };
    case 'multipart/alternative':
      return alternative(contentType, text);
    default:
      return null;
  }
}

/** The effects of a text; `null` when it has none. Font and colour are the reader's own. */
export function msgrOf({ effects = [] }: Body): string | null {
  if (effects.length === 0) return null;
  const has = Object.fromEntries(textEffects.map((effect) => [effect, effects.includes(effect)]));
  return formatMsgr({ ...noFormat, ...has });
}

const noFormat = {
  ...{ font: 'Segoe UI', color: '#000000', rightToLeft: false },
  ...{ bold: false, italic: false, underline: false, strikethrough: false },
};

function formatted(text: string, msgr: string | undefined): Body {
  const format = msgr === undefined ? null : parseMsgr(msgr);
  const effects = format === null ? [] : textEffects.filter((effect) => format[effect]);
  return effects.length === 0 ? { text } : { text, effects };
}

function alternative(contentType: string, text: string): Body | null {
  const parts = parseBody(contentType, text);
  // PRS-3: native clients end a part with an empty line that is not its own.
  const partOf = (type: string) => parts.findLast((part) => part.contentType === type)?.body.replace(/\r\n$/, '');
  const [plain, html] = [partOf('text/plain'), partOf('text/html')];
  if (html !== undefined) return { text: plain ?? textOfHtml(html), html };
  return plain === undefined ? null : { text: plain };
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** For toasts and lists only; what is shown in a transcript is the sanitised HTML. */
function textOfHtml(html: string): string {
  return html
    .replace(/<(?:br|\/p|\/div)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_whole, name: string) => entities[name] ?? '')
    .trim();
}
