import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatImOffer } from '../protocol/sip/imOffer';
import { headerOf, headersOf, type SipMessage } from '../protocol/sip/message';
import { TestUserAgent } from '../testing/testUserAgent';
import type { Invite } from './invite';
import type { InviteEnd } from './inviteHandlers';
import type { SipReply, SipRequest } from './sipMessages';

const bob = 'sip:bob@contoso.example';
const bobsGruu = 'sip:bob@contoso.example;opaque=user:epid:bob;gruu';
const offer = { contentType: 'application/sdp', body: formatImOffer({ uri: null, acceptTypes: ['text/plain'] }) };
const text = (body: string) => ({ contentType: 'text/plain; charset=UTF-8', body });

let alice: TestUserAgent;
let ends: InviteEnd[];
let inside: { request: SipRequest; reply: SipReply }[];
const handlers = {
  onRequest: (request: SipRequest, reply: SipReply) => void inside.push({ request, reply }),
  onEnded: (end: InviteEnd) => void ends.push(end),
};

beforeEach(async () => {
  alice = await new TestUserAgent().register();
  ends = [];
  inside = [];
});
afterEach(async () => {
  await Promise.all([alice.agent.stop(), alice.elapse(40_000)]);
  expect(alice.world.ticking).toBe(0);
});

/** An established dialog of ours; answers its Call-ID. */
async function talking(): Promise<string> {
  const { invite } = alice.agent.invite({ target: bob, content: offer, timeoutMs: 60_000 }, handlers);
  await alice.settle();
  alice.peer.answer(alice.peer.take('INVITE'), 200, 'OK', { headers: [`Contact: <${bobsGruu}>`] });
  await alice.settle();
  alice.peer.ladder.length = 0;
  return invite.callId;
}

/** Bob calls; Alice's end of it rings. */
async function called(
  headers: string[] = [`Contact: <${bobsGruu}>`],
  callId = 'im-2f6e9c',
): Promise<{ invite: Invite; request: SipMessage }> {
  let ringing: Invite | undefined;
  alice.onInvite = (_request, ring) => {
    ringing = ring(handlers);
  };
  const request = alice.peer.request(
    'INVITE',
    'sip:alice@contoso.example',
    '"Bob B" <sip:bob@contoso.example>;tag=b1;epid=02b8d5e3fa',
    '<sip:alice@contoso.example>',
    {
      headers,
      contentType: 'application/sdp',
      body: offer.body,
      branch: 'z9hG4bK-invite',
      callId,
      cseq: 1,
    },
  );
  await alice.settle();
  if (ringing === undefined) throw new Error('it does not ring');
  return { invite: ringing, request };
}

const acknowledge = (answer: SipMessage): SipMessage =>
  alice.peer.request('ACK', bobsAddress, fromBob, headerOf(answer, 'To') ?? '', { callId: 'im-2f6e9c', cseq: 1 });
const bobsAddress = 'sip:alice@contoso.example';
const fromBob = '"Bob B" <sip:bob@contoso.example>;tag=b1;epid=02b8d5e3fa';

describe('an INVITE of somebody else', () => {
  it('lync-wire 5.3: rings, is accepted with a body, and is established by ACK', async () => {
    const { invite } = await called();
    expect(alice.peer.ladder).toEqual(['< INVITE', '> 100 INVITE', '> 180 INVITE']);
    const sdp = formatImOffer({ uri: 'sip:alice@contoso.example', acceptTypes: ['text/plain'] });
    const answer = { contentType: 'application/sdp', body: sdp };
    expect(invite.accept(alice.agent.contact, ['Supported: ms-text-format'], answer)).toBe(true);
    await alice.settle();
    alice.peer.take('INVITE');
    const ringing = alice.peer.take('INVITE');
    const ok = alice.peer.take('INVITE');
    expect(headerOf(ok, 'To')).toMatch(/^<sip:alice@contoso\.example>;tag=\w+;epid=01a7c4d2e9$/);
    expect(headerOf(ok, 'To')).toBe(headerOf(ringing, 'To'));
    expect(headersOf(ok, 'Supported')).toEqual(['ms-text-format']);
    expect(ok.body).toBe(sdp);
    acknowledge(ok);
    await alice.elapse(40_000);
    expect(alice.peer.ladder.slice(3)).toEqual(['> 200 INVITE', '< ACK']);

    void invite.request('MESSAGE', text('hello'));
    await alice.settle();
    const message = alice.peer.take('MESSAGE');
    expect(message.uri).toBe(bobsGruu);
    expect(headerOf(message, 'To')).toMatch(/;tag=b1;epid=02b8d5e3fa$/);
    expect(invite.accept(alice.agent.contact)).toBe(false);
  });

  it('RFC 3261 §13.3.1.4: the 200 is repeated until ACK; after 32 s without one the dialog ends with BYE', async () => {
    const { invite } = await called();
    invite.accept(alice.agent.contact);
    await alice.elapse(1_500);
    expect(alice.peer.ladder.filter((line) => line === '> 200 INVITE')).toHaveLength(3);
    await alice.elapse(40_000);
    expect(alice.peer.ladder.at(-1)).toBe('> BYE');
    expect(ends).toEqual([{ is: 'lost' }]);
  });

  it('a MESSAGE that overtakes the ACK is taken', async () => {
    const { invite } = await called();
    invite.accept(alice.agent.contact);
    await alice.settle();
    const ok = [1, 2, 3].map(() => alice.peer.take('INVITE')).at(-1) as SipMessage;
    alice.peer.request('MESSAGE', bobsAddress, fromBob, headerOf(ok, 'To') ?? '', { callId: 'im-2f6e9c', cseq: 2 });
    await alice.settle();
    expect(inside).toHaveLength(1);
    acknowledge(ok);
    await alice.settle();
  });

  it.each([
    ['elsewhere', ['Reason: SIP;cause=200;text="Call completed elsewhere"'], true],
    ['given up', [], false],
  ])('MPO-2, MPO-3: its CANCEL (%s) is answered, ends it, and says why', async (_why, headers, elsewhere) => {
    await called();
    alice.peer.request('CANCEL', bobsAddress, fromBob, '<sip:alice@contoso.example>', {
      callId: 'im-2f6e9c',
      cseq: 1,
      branch: 'z9hG4bK-invite',
      headers,
    });
    await alice.settle();
    expect(alice.peer.ladder.slice(3)).toEqual(['< CANCEL', '> 200 CANCEL', '> 487 INVITE']);
    expect(ends).toEqual([{ is: 'cancelled', elsewhere }]);
  });

  it('rings under the Call-ID of our own last one: SIPE calls back so', async () => {
    await called(undefined, await talking());
    expect(alice.peer.ladder).toEqual(['< INVITE', '> 100 INVITE', '> 180 INVITE']);
  });

  const bye = (callId: string, cseq = 2) =>
    alice.peer.request('BYE', bobsAddress, fromBob, '<sip:alice@contoso.example>', { callId, cseq });

  it('MPO-3: a BYE without a To tag before the answer is a CANCEL: SIPE sends no other', async () => {
    await called();
    bye('another');
    bye('im-2f6e9c');
    await alice.settle();
    expect(ends).toEqual([{ is: 'cancelled', elsewhere: false }]);
    const ladder = ['< BYE', '< BYE', '> 481 BYE', '> 200 BYE', '> 487 INVITE'];
    expect(alice.peer.ladder.slice(3)).toEqual(ladder);
  });

  it('10.3: a BYE without a To tag ends nothing once the person has said yes: SIPE gives up its INVITE that crossed ours', async () => {
    const { invite } = await called();
    invite.take();
    for (const cseq of [2, 3]) {
      bye('im-2f6e9c', cseq);
      await alice.settle();
      expect(alice.peer.ladder.at(-1)).toBe('> 481 BYE');
      invite.accept(alice.agent.contact);
    }
    expect(ends).toEqual([]);
  });

  it('is refused with status, headers and body', async () => {
    const { invite } = await called();
    invite.reject(486, 'Busy Here', ['ms-client-diagnostics: 52107;reason="x"'], { contentType: 'a/b', body: 'c' });
    await alice.settle();
    const refusal = [1, 2, 3].map(() => alice.peer.take('INVITE')).at(-1);
    expect(refusal).toMatchObject({ status: 486, body: 'c' });
    expect(ends).toEqual([{ is: 'local' }]);
    invite.end();
    expect(ends).toHaveLength(1);
  });

  it('one that cannot be answered into a dialog is 400', async () => {
    const { invite } = await called([]);
    expect(invite.accept(alice.agent.contact)).toBe(false);
    await alice.settle();
    expect(alice.peer.ladder.at(-1)).toBe('> 400 INVITE');
  });

  it('ends when the connection breaks while it rings', async () => {
    await called();
    alice.peer.pairs.cut();
    await alice.settle();
    expect(ends).toEqual([{ is: 'lost' }]);
  });

  it('may be refused without ringing; nobody deciding refuses it with 488', async () => {
    alice.onInvite = (_request, _ring, refuse) => refuse(486, 'Busy Here');
    const invite = () => alice.peer.request('INVITE', bobsAddress, fromBob, '<sip:alice@contoso.example>');
    invite();
    await alice.settle();
    alice.onInvite = null;
    invite();
    await alice.settle();
    expect(alice.peer.ladder.filter((line) => /> [2-6]/.test(line))).toEqual(['> 486 INVITE', '> 488 INVITE']);
  });

  it('signing out declines what rings and hangs up what talks', async () => {
    await talking();
    await called();
    const stopped = alice.agent.stop();
    await alice.settle();
    await stopped;
    expect(alice.peer.ladder.filter((line) => /BYE|603|REGISTER/.test(line))).toEqual([
      '> BYE',
      '> 603 INVITE',
      '> REGISTER',
      '< 200 REGISTER',
    ]);
  });
});
