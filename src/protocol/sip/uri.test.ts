import { describe, expect, it } from 'vitest';
import {
  type Aor,
  aorOf,
  bareAddress,
  domainOf,
  type FocusUri,
  focusUriOf,
  formatUri,
  mcuUriOf,
  opaqueOf,
  parseUri,
} from './uri';

const focus = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA' as FocusUri;

describe('SIP URIs (RFC 3261 §19.1, lync-wire 0.3)', () => {
  it.each([
    'sip:alice@contoso.example',
    'sips:alice@contoso.example:5061;transport=tls',
    'sip:contoso.example',
    'sip:alice@contoso.example;opaque=user:epid:k9-_Y6ElpVek0AyAMFFYlwAA;gruu',
    'sip:fe1.contoso.example@contoso.example;gruu;opaque=srvr:HomeServer:a=b',
    'sip:[2001:db8::1]:5060',
    focus,
  ])('reads and writes again %s', (text) => {
    const uri = parseUri(text);
    expect(uri && formatUri(uri)).toBe(text);
  });

  it.each([
    '',
    'alice',
    'alice@contoso.example',
    'tel:+31205550101',
    'sip:',
    'sip:a@',
    'sip:a b@c',
    'sip:a@b:port',
    'http://a',
  ])('finds no SIP URI in %j', (text) => {
    expect(parseUri(text)).toBeNull();
  });

  it.each([
    ['SIP:Alice@Contoso.Example;gruu;opaque=x', 'sip:alice@contoso.example'],
    ['alice@contoso.example', 'sip:alice@contoso.example'],
    [' sips:Alice@contoso.example:5061 ', 'sip:alice@contoso.example'],
    ['sip:contoso.example', null],
    ['alice', null],
    ['', null],
    ['alice@', null],
  ])('the person of %j is %j', (text, aor) => {
    expect(aorOf(text)).toBe(aor);
  });

  it('takes a person apart', () => {
    const alice = 'sip:alice@contoso.example' as Aor;
    expect(bareAddress(alice)).toBe('alice@contoso.example');
    expect(domainOf(alice)).toBe('contoso.example');
  });

  it('routes by opaque, and swaps one word to name an MCU', () => {
    expect(opaqueOf(focus)).toBe('app:conf:focus:id:7K2M9QXA');
    expect(opaqueOf('sip:alice@contoso.example')).toBeNull();
    expect(focusUriOf(focus)).toBe(focus);
    expect(focusUriOf('sip:alice@contoso.example;gruu;opaque=app:conf:chat:id:7K2M9QXA')).toBeNull();
    expect(focusUriOf('sip:alice@contoso.example')).toBeNull();
    expect(mcuUriOf(focus, 'chat')).toBe('sip:alice@contoso.example;gruu;opaque=app:conf:chat:id:7K2M9QXA');
  });
});
