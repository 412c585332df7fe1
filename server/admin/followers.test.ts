import { describe, expect, it } from 'vitest';
import { aorOf } from '../../src/protocol/sip/uri';
import { create, join, subscribe } from '../testing/conference';
import { TestHome, testPassword } from '../testing/home';
import type { TracedFrame } from './followers';
import { Traffic } from './traffic';

function following(address: string, withText = false) {
  const traffic = new Traffic(() => 42);
  const test = new TestHome({ tap: traffic });
  const person = aorOf(address);
  if (person === null) throw new Error(address);
  const frames: TracedFrame[] = [];
  const end = traffic.followers.add({ person, withText, frame: (frame) => frames.push(frame) });
  return { test, frames, end, traffic };
}

const startOf = ({ text }: TracedFrame): string => text.slice(0, text.indexOf('\r\n'));
const drawn = (frames: TracedFrame[]): string[] =>
  frames.map((frame) => `${frame.lane} ${frame.direction} ${startOf(frame).replace(/ sip:.*| SIP\/2\.0$/, '')}`);

describe('following a person', () => {
  it('shows a sign-in as it goes, the credentials hidden', () => {
    const { test, frames } = following('alice@contoso.example');
    test.signIn('alice@contoso.example');
    test.signIn('bob@contoso.example');
    expect(drawn(frames)).toEqual([
      'client in REGISTER',
      'client out SIP/2.0 401 Unauthorized',
      'client in REGISTER',
      'client out SIP/2.0 200 OK',
    ]);
    expect(frames[2]?.text).toContain('response="***"');
    expect(frames.map(({ owner }) => owner)).toEqual(['', '', '', 'alice@contoso.example']);
    expect(frames[0]).toMatchObject({ at: 42, transport: 'WSS', address: '192.0.2.1:50000' });
  });

  it('AUT-5: shows a native client’s sign-in without its NTLM tokens', () => {
    const { test, frames } = following('alice@contoso.example');
    test.signInNative('alice@contoso.example');
    const text = frames.map((frame) => frame.text).join('');
    expect(text).toContain('gssapi-data="***"');
    expect(text).not.toMatch(/gssapi-data="(?!\*\*\*")|TlRMTVNT|[^-]response="(?!\*\*\*")/);
  });

  it('shows what others send the person on their side too, without its text', () => {
    const { test, frames } = following('alice@contoso.example');
    const alice = test.signIn('alice@contoso.example');
    const bob = test.signIn('bob@contoso.example');
    frames.length = 0;
    bob.request('MESSAGE', alice.gruu, { contentType: 'text/plain', body: 'Grüße' });
    alice.answer(alice.expect('MESSAGE'), 200, 'OK');
    expect(drawn(frames)).toEqual([
      'peer in MESSAGE',
      'client out MESSAGE',
      'client in SIP/2.0 200 OK',
      'peer out SIP/2.0 200 OK',
    ]);
    expect(frames[0]).toMatchObject({ owner: 'bob@contoso.example' });
    expect(frames[1]?.text).toMatch(/\r\n\r\n\*{7}$/);
  });

  it('shows the text when that is asked for', () => {
    const { test, frames } = following('alice@contoso.example', true);
    const alice = test.signIn('alice@contoso.example');
    test.signIn('bob@contoso.example').request('MESSAGE', alice.gruu, { contentType: 'text/plain', body: 'Grüße' });
    expect(frames.at(-1)?.text).toMatch(/\r\n\r\nGrüße$/);
  });

  it('shows nothing of others: neither their messages, nor those to a conference in the person’s name', () => {
    const { test, frames } = following('alice@contoso.example');
    const alice = test.signIn('alice@contoso.example');
    const focus = create(alice);
    frames.length = 0;
    const bob = test.signIn('bob@contoso.example');
    test.signIn('carol@contoso.example').request('MESSAGE', bob.gruu, { contentType: 'text/plain', body: 'x' });
    join(bob, focus);
    subscribe(bob, focus);
    expect(frames).toEqual([]);
  });

  it('gives nothing of what cannot be read: it cannot be masked either', () => {
    const { test, frames } = following('alice@contoso.example');
    const alice = test.signIn('alice@contoso.example');
    alice.connection.send('my password is rose\r\n\r\n');
    expect(frames.at(-1)).toMatchObject({ lane: 'client', direction: 'in', text: '', bytes: 23 });
  });

  it('ends', () => {
    const { test, frames, end, traffic } = following('alice@contoso.example');
    end();
    test.endpoint('alice@contoso.example').register(testPassword);
    expect(frames).toEqual([]);
    expect(traffic.followers.size).toBe(0);
  });
});
