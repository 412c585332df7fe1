import { describe, expect, it } from 'vitest';
import { formatMsgr, formatTextFormat, type ImFormat, parseMsgr, parseTextFormat } from './textFormat';

// lync-wire 5.2 and 5.4
const firstText =
  'text/plain; charset=UTF-8;msgr=WAAtAE0ATQBTAC0ASQBNAC0ARgBvAHIAbQBhAHQAOgAgAEYATgA9AFMAZQBnAG8AZQAlADIAMABVAEkAOwAgAEUARgA9ADsAIABDAE8APQAwADsAIABDAFMAPQAwADsAIABQAEYAPQAwAA0ACgANAAoA;ms-body=Q2FuIHlvdSBsb29rIGF0IHRoZSBkcmFmdD8=';
const boldBlue =
  'WAAtAE0ATQBTAC0ASQBNAC0ARgBvAHIAbQBhAHQAOgAgAEYATgA9AFMAZQBnAG8AZQAlADIAMABVAEkAOwAgAEUARgA9AEIAOwAgAEMATwA9AGYAZgAwADAAMAAwADsAIABDAFMAPQAwADsAIABQAEYAPQAwAA0ACgANAAoA';

const plain: ImFormat = {
  font: 'Segoe UI',
  bold: false,
  italic: false,
  underline: false,
  strikethrough: false,
  color: '#000000',
  rightToLeft: false,
};

describe('ms-text-format', () => {
  it('reads the first text of a Lync client', () => {
    const contentType = `text/plain;msgr=${parseMsgrOf(firstText)}`;
    expect(parseTextFormat(firstText)).toEqual({ contentType, body: 'Can you look at the draft?' });
  });

  it.each(['hello bob', 'grüße 😀', '', 'a;b="c"\r\nd'])('writes and reads again %j', (text) => {
    const header = formatTextFormat(text);
    expect(header).not.toMatch(/[\r\n]/);
    expect(parseTextFormat(header ?? '')).toEqual({ contentType: 'text/plain', body: text });
  });

  it('does not put a long text into a header', () => {
    expect(formatTextFormat('x'.repeat(6_000))).not.toBeNull();
    expect(formatTextFormat('x'.repeat(6_001))).toBeNull();
  });

  it.each([
    ['no body', 'text/plain; charset=UTF-8', 'text/plain'],
    ['a body that is no Base64', 'text/plain;ms-body=!!!', 'text/plain'],
    ['a cut body', 'text/plain;ms-body=Q2FuI', 'text/plain'],
    ['nothing', '', ''],
  ])('reads %s as a format without a text', (_what, header, contentType) => {
    expect(parseTextFormat(header)).toEqual({ contentType, body: null });
  });

  it('reads bytes that are no UTF-8 as replacement characters', () => {
    expect(parseTextFormat('text/plain;ms-body=/w==').body).toBe('\uFFFD');
  });
});

describe('msgr', () => {
  it.each([
    ['5.4: bold and blue', boldBlue, { ...plain, bold: true, color: '#0000ff' }],
    ['5.2: plain', parseMsgrOf(firstText), plain],
  ])('%s: reads and writes the vector', (_what, msgr, format) => {
    expect(parseMsgr(msgr)).toEqual(format);
    expect(formatMsgr(format)).toBe(msgr);
  });

  it.each<ImFormat>([
    { ...plain, italic: true, underline: true, strikethrough: true, rightToLeft: true, color: '#123456' },
    { ...plain, font: 'A; B=C', color: '#ff8000' },
  ])('writes and reads again %j', (format) => {
    expect(parseMsgr(formatMsgr(format))).toEqual(format);
  });

  it.each([
    ['no Base64', '***'],
    ['another header', Buffer.from('X-Other: FN=Arial', 'utf16le').toString('base64')],
    ['UTF-8', Buffer.from('X-MMS-IM-Format: FN=Arial').toString('base64')],
    ['nothing', ''],
  ])('refuses %s', (_what, msgr) => {
    expect(parseMsgr(msgr)).toBeNull();
  });

  it.each([
    ['no fields', 'X-MMS-IM-Format:', { ...plain, font: '' }],
    ['a colour that is none', 'X-MMS-IM-Format: FN=A; CO=zz', { ...plain, font: 'A' }],
    ['a font that does not decode', 'X-MMS-IM-Format: FN=%E0%A4%A; CO=0', { ...plain, font: '%E0%A4%A' }],
    ['an odd number of bytes', 'X-MMS-IM-Format: FN=A;', { ...plain, font: 'A' }, 1],
  ])('reads %s as far as it goes', (_what, line, expected, cut = 0) => {
    const bytes = Buffer.from(line, 'utf16le');
    expect(parseMsgr(bytes.subarray(0, bytes.length - cut).toString('base64'))).toEqual(expected);
  });
});

function parseMsgrOf(header: string): string {
  return /msgr=([^;]+)/.exec(header)?.[1] ?? '';
}
