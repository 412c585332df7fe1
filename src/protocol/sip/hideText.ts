import { fileMessageType } from '../shared/fileMessage';
import { fileTicketType } from '../shared/fileTicket';
import { parseValue } from './headers';
import { headerOf, parseMessage } from './message';
import { mediaType } from './multipart';

/**
 * Replaces what people say to each other by `*`, a star for each byte, so that lengths and lines stay true: text bodies, the
 * text parts of a multipart MESSAGE, the first message inside an invitation, and the names of files.
 */
export function hideText(message: string): string {
  const end = message.indexOf('\r\n\r\n');
  if (end < 0) return hideFirstText(message);
  const head = message.slice(0, end);
  const body = message.slice(end + 4);
  return `${hideFirstText(head)}\r\n\r\n${body === '' ? '' : hideBody(head, body)}`;
}

/** `ms-text-format: text/plain;ms-body=BASE64` (`lync-wire` 5.2). */
function hideFirstText(head: string): string {
  return head.replace(/(\bms-body=)("?)[^\s;,"]*/gi, '$1$2***');
}

function hideBody(head: string, body: string): string {
  const parsed = parseMessage(`${head}\r\n\r\n`);
  const contentType = (parsed && headerOf(parsed, 'Content-Type')) ?? '';
  const type = mediaType(contentType);
  if (type.startsWith('text/') && type !== 'text/registration-event') return stars(body);
  if (type.startsWith('multipart/')) return hideParts(parseValue(contentType).params.get('boundary') ?? '', body);
  if (type === 'application/ms-conf-invite+xml') return hideElement(body);
  const name = fileNames[type];
  return name === undefined ? body : body.replace(name, (_all, before, text) => `${before}${stars(text)}`);
}

/** Where a file's name stands, in what offers one or tells of it: what goes before it, and the name. */
const fileNames: Readonly<Record<string, RegExp>> = {
  'application/sdp': /(^a=file-selector:(?:[^\r\n"]* )?name:")([^"\r\n]*)/gim,
  [fileMessageType]: /("name"\s*:\s*")((?:[^"\\]|\\[\s\S])*)/g,
  [fileTicketType]: /(<(?:[\w.-]+:)?file\s[^<>]*?\bname\s*=\s*["'])((?:(?<=")[^"]*)|(?<=')[^']*)/g,
};

function hideElement(body: string): string {
  return body.replace(
    /(<(?:[\w.-]+:)?first-im(?=[\s>])[^<>]*(?<!\/)>)([\s\S]*?)(?=<\/(?:[\w.-]+:)?first-im\s*>|$)/gi,
    (_all, tag, text) => `${tag}${stars(text)}`,
  );
}

/** Line by line: delimiters and the heads of the parts stay, the text parts under them are hidden. */
function hideParts(boundary: string, body: string): string {
  let where: 'preamble' | 'head' | 'text' | 'other' = 'preamble';
  let isText = true;
  return body
    .split('\r\n')
    .map((line) => {
      if (boundary !== '' && line.startsWith(`--${boundary}`)) {
        where = 'head';
        // RFC 2046 §5.1: a part that does not say is text/plain.
        isText = true;
        return line;
      }
      if (where === 'head') {
        const type = /^content-type:\s*([^;\s]+)/i.exec(line)?.[1];
        if (type !== undefined) isText = /^text\//i.test(type);
        if (line === '') where = isText ? 'text' : 'other';
        return line;
      }
      return where === 'other' ? line : stars(line);
    })
    .join('\r\n');
}

const stars = (text: string): string =>
  text.replace(/[^\r\n]/gu, (character) => '*'.repeat(bytesOf(character.codePointAt(0) ?? 0)));

/** UTF-8 (RFC 3629 §3). */
function bytesOf(point: number): number {
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
