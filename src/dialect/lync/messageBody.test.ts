import { describe, expect, it } from 'vitest';
import { formatMsgr, type ImFormat } from '../../protocol/lync/textFormat';
import { MalformedBody } from '../../protocol/malformed';
import { bodyOf, contentOf } from './messageBody';

const parts = (...bodies: [type: string, text: string][]) =>
  `${bodies.map(([type, text]) => `--b\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`).join('')}--b--\r\n`;
const plain = { font: 'Segoe UI', bold: false, italic: false, underline: false, strikethrough: false };
const msgr = (effects: Partial<ImFormat>) =>
  `text/plain; charset=UTF-8;msgr=${formatMsgr({ ...plain, color: '#ff0000', rightToLeft: false, ...effects })}`;
const alternative = 'multipart/alternative; boundary=b';

describe('5.4 what a MESSAGE says', () => {
  it.each([
    ['plain text', 'text/plain; charset=UTF-8;msgr=WAAt', 'hello', { text: 'hello' }],
    ['plain text in a font and a colour', msgr({}), 'a < b', { text: 'a < b' }],
    [
      'bold italic text',
      msgr({ bold: true, italic: true }),
      'a < b & c\nd',
      { text: 'a < b & c\nd', effects: ['bold', 'italic'] },
    ],
    [
      'underlined text struck through',
      msgr({ underline: true, strikethrough: true }),
      '<u>',
      { text: '<u>', effects: ['underline', 'strikethrough'] },
    ],
    ['HTML', 'text/html', '<b>a &amp; b</b><br>c', { text: 'a & b\nc', html: '<b>a &amp; b</b><br>c' }],
    [
      'alternatives',
      alternative,
      parts(['text/plain', 'hello'], ['text/html', '<i>hello</i>']),
      { text: 'hello', html: '<i>hello</i>' },
    ],
    ['the last plain part', alternative, parts(['text/plain', 'one'], ['text/plain', 'two']), { text: 'two' }],
    ['plain beside RTF', alternative, parts(['text/rtf', '{}'], ['text/plain', 'hello']), { text: 'hello' }],
    [
      'parts with an empty line of their own (PRS-3)',
      alternative,
      parts(['text/plain', 'hello\r\n']),
      { text: 'hello' },
    ],
    ['RTF alone', 'text/rtf', '{\\rtf1}', null],
    ['ink', 'image/gif', 'GIF89a', null],
    ['no part that we know', alternative, parts(['text/rtf', '{}']), null],
  ])('reads %s', (_name, contentType, text, body) => {
    expect(bodyOf(contentType, text)).toEqual(body);
  });

  it.each([
    ['without a boundary', 'multipart/alternative', 'x'],
    ['whose boundary does not occur', alternative, 'x'],
  ])('throws on a multipart %s', (_name, contentType, text) => {
    expect(() => bodyOf(contentType, text)).toThrow(MalformedBody);
  });

  it.each([
    { text: 'hello' },
    { text: 'hello', effects: ['bold', 'underline'] as const },
    { text: 'hello', html: '<i>hello</i>' },
  ])('reads what it writes: %j', (body) => {
    const { contentType, body: text } = contentOf(body, 'x7');
    expect(bodyOf(contentType, text)).toEqual(body);
  });
});
