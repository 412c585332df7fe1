import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { FocusUri } from '../sip/uri';
import { formatConferenceInvite, parseConferenceInvite } from './conferenceInvite';

const focus = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA' as FocusUri;
const conversationId = 'AdK7Qm9sa1Rpbm55RXhhbXBsZQ==';

// lync-wire 6.7
const wire = `<Conferencing version="2.0">
  <focus-uri>${focus}</focus-uri>
  <subject>Draft review</subject>
  <im available="true"><first-im/></im>
  <conversation-id>${conversationId}</conversation-id>
</Conferencing>`;

const invite = { focus, subject: 'Draft review', conversationId, im: true };

describe('ms-conf-invite', () => {
  it('6.7: is read, and written again', () => {
    expect(parseConferenceInvite(wire)).toEqual(invite);
    expect(formatConferenceInvite(invite)).toBe(wire.replace(/\n\s*/g, ''));
  });

  it('6.8: SIPE names no conversation; CNF-25: another medium than text', () => {
    const sipe = wire.replace(/\s*<conversation-id>.*<\/conversation-id>/, '');
    expect(parseConferenceInvite(sipe)).toEqual({ ...invite, conversationId: null });
    expect(formatConferenceInvite({ ...invite, conversationId: null })).not.toContain('conversation-id');
    const call = `<Conferencing><focus-uri>${focus}</focus-uri><audio available="true"/></Conferencing>`;
    expect(parseConferenceInvite(call)).toEqual({ focus, subject: '', conversationId: null, im: false });
    expect(parseConferenceInvite(wire.replace('"true"', '"false"')).im).toBe(false);
  });

  it('keeps markup in a subject as text', () => {
    const subject = '<b>&"\'';
    expect(parseConferenceInvite(formatConferenceInvite({ ...invite, subject })).subject).toBe(subject);
  });

  it.each([
    ['nothing', ''],
    ['a cut document', wire.slice(0, -4)],
    ['another document', wire.replaceAll('Conferencing', 'Conference')],
    ['no focus', wire.replace(/<focus-uri>.*<\/focus-uri>/, '')],
    ['an empty focus', wire.replace(focus, '')],
    ['a person for a focus', wire.replace(focus, 'sip:alice@contoso.example')],
    ['an MCU for a focus', wire.replace('conf:focus:', 'conf:chat:')],
    ['a focus of nobody', wire.replace('alice@', '')],
    ['a focus with a line end', wire.replace('7K2M', '7K\r\n2M')],
    ['a page for a focus', wire.replace('sip:alice@contoso.example', 'https://alice@contoso.example/')],
  ])('refuses %s', (_what, text) => {
    expect(() => parseConferenceInvite(text)).toThrow(MalformedBody);
  });
});
