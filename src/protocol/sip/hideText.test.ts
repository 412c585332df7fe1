import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hideText } from './hideText';

const message = (type: string, body: string, start = 'MESSAGE sip:bob@contoso.example SIP/2.0') =>
  `${start}\r\nCall-ID: 1\r\nContent-Type: ${type}\r\n\r\n${body}`;

it.each([
  ['plain text', 'text/plain; charset=UTF-8', 'Grüße\r\n🙂', '*******\r\n****'],
  ['HTML', 'text/html', '<b>hi</b>', '*********'],
  [
    'the text parts of a multipart body',
    'multipart/alternative;boundary="b 1"',
    '--b 1\r\nContent-Type: text/plain\r\n\r\nhi\r\n--b 1\r\n\r\nho\r\n--b 1\r\nContent-Type: image/gif\r\n\r\nGIF\r\n--b 1--\r\n',
    '--b 1\r\nContent-Type: text/plain\r\n\r\n**\r\n--b 1\r\n\r\n**\r\n--b 1\r\nContent-Type: image/gif\r\n\r\nGIF\r\n--b 1--\r\n',
  ],
  ['a multipart body without its boundary', 'multipart/alternative', 'rose', '****'],
  [
    'the first message of an invitation to a conference',
    'application/ms-conf-invite+xml',
    '<Conferencing><subject>Q3</subject><im><first-im>rose <b>petal</b></first-im></im></Conferencing>',
    '<Conferencing><subject>Q3</subject><im><first-im>*****************</first-im></im></Conferencing>',
  ],
  [
    'the name of an offered file',
    'application/sdp',
    'v=0\r\na=file-selector:name:"rose.pdf" type:a/b size:1\r\na=sendonly\r\n',
    'v=0\r\na=file-selector:name:"********" type:a/b size:1\r\na=sendonly\r\n',
  ],
  [
    'the name of a file that is told of',
    'application/vnd.confab.file+json',
    '{"id":"1","name":"ro\\"se.pdf","size":1}',
    '{"id":"1","name":"**********","size":1}',
  ],
  [
    'the name of a file for the store',
    'application/vnd.confab.file-ticket+xml',
    '<fileTicket><upload><file size="1" name="it\'s a rose.pdf" type="a"/></upload></fileTicket>',
    '<fileTicket><upload><file size="1" name="***************" type="a"/></upload></fileTicket>',
  ],
])('hides %s', (_what, type, body, hidden) => {
  expect(hideText(message(type, body))).toBe(message(type, hidden));
});

it('hides the first message of an invitation to talk', () => {
  const invite = (text: string) =>
    `INVITE sip:b@c SIP/2.0\r\nms-text-format: text/plain; charset=UTF-8;ms-body=${text}\r\nCall-ID: 1\r\n\r\n`;
  expect(hideText(invite('aGVsbG8gYm9i'))).toBe(invite('***'));
});

it.each([
  ['SDP', message('application/sdp', 'v=0\r\n')],
  ['presence', message('application/msrtc-event-categories+xml', '<categories/>')],
  ['a deregistration', message('text/registration-event', 'deregistered;event=rejected')],
  ['an empty first message', message('application/ms-conf-invite+xml', '<im><first-im/><x>1</x></im>')],
  ['a message without a body', 'BYE sip:b@c SIP/2.0\r\nCall-ID: 1\r\n\r\n'],
  ['what has no end of its head', 'BYE sip:b@c SIP/2.0'],
])('leaves %s as it is', (_what, text) => {
  expect(hideText(text)).toBe(text);
});

it('keeps the length in bytes and lets no letter of a text through', () => {
  const bytes = (text: string): number => new TextEncoder().encode(text).length;
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const hidden = hideText(message('text/plain', text));
      expect(bytes(hidden)).toBe(bytes(message('text/plain', text)));
      expect(hidden.slice(hidden.indexOf('\r\n\r\n') + 4)).toMatch(/^[*\r\n]*$/);
    }),
  );
});
