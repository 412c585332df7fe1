import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import { formatImdn, parseImdn } from './imdn';

// lync-wire 6.5
const wire =
  '<imdn><message-id>42</message-id><recipient uri="sip:carol@contoso.example"><status>480</status></recipient></imdn>';
const carol = 'sip:carol@contoso.example' as Aor;

describe('ms-imdn', () => {
  it('6.5: is read, and written again', () => {
    const imdn = { messageId: '42', recipients: [{ aor: carol, status: 480 }] };
    expect(parseImdn(wire)).toEqual(imdn);
    expect(formatImdn(imdn)).toBe(wire);
  });

  it.each(['', '<status/>', '<status>soon</status>', '<status>4.5</status>'])(
    '6.5: a status of %j counts as failed',
    (status) => {
      const text = `<imdn><message-id>7</message-id><recipient uri="sip:carol@contoso.example">${status}</recipient></imdn>`;
      expect(parseImdn(text).recipients).toEqual([{ aor: carol, status: 500 }]);
    },
  );

  it('leaves out a recipient that is no person, and need name none', () => {
    const nobody = '<recipient uri="tel:1"/><recipient/>';
    expect(parseImdn(`<imdn><message-id>7</message-id>${nobody}</imdn>`)).toEqual({ messageId: '7', recipients: [] });
  });

  it.each([
    ['nothing', ''],
    ['a cut document', wire.slice(0, -3)],
    ['another document', '<imdns><message-id>42</message-id></imdns>'],
    ['no message-id', '<imdn><recipient uri="sip:carol@contoso.example"><status>480</status></recipient></imdn>'],
    ['an empty message-id', '<imdn><message-id> </message-id></imdn>'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseImdn(text)).toThrow(MalformedBody);
  });
});
