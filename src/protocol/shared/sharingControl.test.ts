import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import {
  formatSharingControl,
  parseSharingControl,
  type SharingControl,
  sharingControl,
  sharingControlType,
} from './sharingControl';

const bob = 'sip:bob@contoso.example' as Aor;

describe('SHR-9 who may point into a shared program', () => {
  it.each<SharingControl>([
    { is: 'request' },
    { is: 'giveUp' },
    { is: 'grant', to: bob },
    { is: 'decline', to: bob },
    { is: 'takeBack', to: bob },
  ])('writes and reads again %j', (control) => {
    expect(parseSharingControl(formatSharingControl(control))).toEqual(control);
  });

  it('has these names on the wire, for good', () => {
    expect([sharingControl, sharingControlType]).toEqual([
      'com.confab.sharing-control',
      'application/vnd.confab.sharing-control+json',
    ]);
  });

  it('reads the address in any case and keeps nothing that is not ours', () => {
    const text = '{"is":"grant","to":"SIP:Bob@Contoso.example","constructor":1}';
    expect(parseSharingControl(text)).toEqual({ is: 'grant', to: bob });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<grant/>'],
    ['no object', 'null'],
    ['a list', '["grant"]'],
    ['an unknown word', '{"is":"take"}'],
    ['a grant to nobody', '{"is":"grant"}'],
    ['a grant to no address', '{"is":"grant","to":"everybody"}'],
    ['a grant to a thing', '{"is":"grant","to":{"aor":"sip:bob@contoso.example"}}'],
    ['more than any of them needs', JSON.stringify({ is: 'request', more: 'x'.repeat(1000) })],
  ])('refuses %s', (_what, text) => {
    expect(() => parseSharingControl(text)).toThrow(MalformedBody);
  });
});
