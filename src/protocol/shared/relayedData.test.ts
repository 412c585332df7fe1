import { describe, expect, it } from 'vitest';
import type { Aor } from '../sip/uri';
import { formatRelayedData, longestPointerMessage, parseRelayedData, pointerChannel } from './relayedData';

const bob = 'sip:bob@contoso.example' as Aor;

describe('SHR-10 a message of the pointer channel with its author', () => {
  it.each(['{"x":0.5}', '', 'two\nlines'])('writes and reads again %j', (message) => {
    expect(parseRelayedData(formatRelayedData(bob, message))).toEqual({ from: bob, message });
  });

  it('has this name and this limit on the wire, for good', () => {
    expect([pointerChannel, longestPointerMessage]).toEqual(['pointer', 4096]);
  });

  it.each(['', '{"x":0.5}', '\n{}', 'not an address\n{}'])('of %j nobody is the author', (text) => {
    expect(parseRelayedData(text)).toBeNull();
  });
});
