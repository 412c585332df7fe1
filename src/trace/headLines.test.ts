import { expect, it } from 'vitest';
import { headLines } from './headLines';

it('gives each header in one line, folded ones too, and no body', () => {
  expect(headLines('SIP/2.0 200 OK\r\nVia: a,\r\n b\r\nTo: <sip:b@c>\r\n\r\nTo: body')).toEqual([
    'SIP/2.0 200 OK',
    'Via: a, b',
    'To: <sip:b@c>',
  ]);
  expect(headLines('BYE sip:a SIP/2.0')).toEqual(['BYE sip:a SIP/2.0']);
});
