import { decodeBase64, encodeBase64 } from '../base64';
import { parseValue } from '../sip/headers';

/** The first message inside an INVITE: header `ms-text-format` ([MS-CONFIM], `lync-wire` 5.2). */
export interface TextFormat {
  /** Media type of the body, with its `msgr` when there is one: as a MESSAGE would have it. */
  contentType: string;
  /** UTF-8 text; `null` when the header only names a format. */
  body: string | null;
}

const maxHeaderText = 8000;

/** `text/plain; charset=UTF-8[;msgr=…];ms-body=BASE64`; `null` when the text is too long to ride in a header. */
export function formatTextFormat(text: string, msgr: string | null = null): string | null {
  const encoded = encodeBase64(new TextEncoder().encode(text));
  if (encoded.length > maxHeaderText) return null;
  return `text/plain; charset=UTF-8${msgr === null ? '' : `;msgr=${msgr}`};ms-body=${encoded}`;
}

/** Lenient: a damaged `ms-body` reads as none, so that the invitation still rings. */
export function parseTextFormat(header: string): TextFormat {
  const { value, params } = parseValue(header);
  const encoded = params.get('ms-body');
  const bytes = encoded === undefined ? null : decodeBase64(encoded);
  const msgr = params.get('msgr');
  const contentType = value.toLowerCase() + (msgr === undefined ? '' : `;msgr=${msgr}`);
  return { contentType, body: bytes === null ? null : new TextDecoder('utf-8').decode(bytes) };
}

/** The format of an IM: `msgr`, an `X-MMS-IM-Format` line in UTF-16LE and Base64 without padding (`lync-wire` 5.4). */
export interface ImFormat {
  font: string;
  bold: boolean;
  italic: boolean;
  underline: boolean;
  strikethrough: boolean;
  /** `#rrggbb`; the wire has it as BBGGRR. */
  color: string;
  rightToLeft: boolean;
}

export function formatMsgr(format: ImFormat): string {
  const effects = [format.bold && 'B', format.italic && 'I', format.underline && 'U', format.strikethrough && 'S'];
  const [, red = '00', green = '00', blue = '00'] = /^#(..)(..)(..)$/.exec(format.color) ?? [];
  const color = `${blue}${green}${red}`.toLowerCase().replace(/^0+(?=.)/, '');
  const line = `X-MMS-IM-Format: FN=${encodeURIComponent(format.font)}; EF=${effects.filter(Boolean).join('')}; CO=${color}; CS=0; PF=0${format.rightToLeft ? '; RL=1' : ''}\r\n\r\n`;
  const bytes = new Uint8Array(line.length * 2);
  for (let at = 0; at < line.length; at += 1) {
    const unit = line.charCodeAt(at);
    bytes[at * 2] = unit & 0xff;
    bytes[at * 2 + 1] = unit >> 8;
  }
  return encodeBase64(bytes).replace(/=+$/, '');
}

/** `null` when it is not an `X-MMS-IM-Format` line. */
export function parseMsgr(msgr: string): ImFormat | null {
  const bytes = decodeBase64(msgr);
  if (bytes === null) return null;
  let line = '';
  for (let at = 0; at + 1 < bytes.length; at += 2)
    line += String.fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  const value = /^X-MMS-IM-Format:(.*)/i.exec(line)?.[1];
  if (value === undefined) return null;
  const fields = new Map(
    value.split(';').map((field) => {
      const equals = field.indexOf('=');
      return [field.slice(0, equals).trim().toUpperCase(), field.slice(equals + 1).trim()];
    }),
  );
  const effects = fields.get('EF') ?? '';
  const color = (fields.get('CO') ?? '0').padStart(6, '0');
  const [, blue = '00', green = '00', red = '00'] = /^([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color) ?? [];
  return {
    font: decodeFont(fields.get('FN') ?? ''),
    bold: effects.includes('B'),
    italic: effects.includes('I'),
    underline: effects.includes('U'),
    strikethrough: effects.includes('S'),
    color: `#${red}${green}${blue}`.toLowerCase(),
    rightToLeft: fields.get('RL') === '1',
  };
}

function decodeFont(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
