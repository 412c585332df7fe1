import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { formatHostMeta, parseHostMeta } from './hostMeta';

const meta = { subject: 'https://contoso.example', domain: 'contoso.example', webSocket: 'wss://contoso.example/sip' };

describe('host metadata', () => {
  it.each([meta, { ...meta, webSocket: null }])('RFC 6415: goes there and back', (value) => {
    expect(parseHostMeta(formatHostMeta(value))).toEqual(value);
  });

  it('RFC 6415 §3: skips links and properties of others', () => {
    const text =
      '{"links":[7,{"rel":"lrdd","template":"x"},{"rel":"urn:confab:sip-websocket","href":"ws://a/sip"}],"x":{}}';
    expect(parseHostMeta(text)).toEqual({ subject: '', domain: '', webSocket: 'ws://a/sip' });
  });

  it.each([
    '{}',
    '{"links":{}}',
    '{"links":[{"rel":"urn:confab:sip-websocket","href":"javascript:1"}]}',
    '{"properties":[1]}',
  ])('finds no WebSocket in %s', (text) => {
    expect(parseHostMeta(text).webSocket).toBeNull();
  });

  it.each(['', '<html>', '[]', 'null', '7'])('refuses %j', (text) => {
    expect(() => parseHostMeta(text)).toThrow(MalformedBody);
  });
});
