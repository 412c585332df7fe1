import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Failure } from '../domain/failure';
import { MalformedBody } from '../protocol/malformed';
import { headerOf, headersOf, type SipMessage } from '../protocol/sip/message';
import { TestUserAgent } from '../testing/testUserAgent';
import type { Subscription, SubscriptionOptions } from './subscription';

const self = 'sip:alice@contoso.example';
const contacts = 'application/vnd-microsoft-roaming-contacts+xml';
const granted = [
  'Contact: <sip:fe1.contoso.example:5061;transport=tls>',
  'Expires: 3600',
  'Supported: com.microsoft.autoextend',
];

let alice: TestUserAgent;
let documents: string[];
let ended: (Failure | null)[];
let malformed: string[];

beforeEach(async () => {
  alice = await new TestUserAgent().register();
  documents = [];
  ended = [];
  malformed = [];
});
afterEach(async () => {
  await Promise.all([alice.agent.stop(), alice.elapse(5_000)]);
  expect(alice.world.ticking).toBe(0);
});

function subscription(options: Partial<SubscriptionOptions> = {}): Subscription {
  return alice.agent.subscription({
    target: self,
    event: 'vnd-microsoft-roaming-contacts',
    accept: [contacts],
    onDocument: (parts) => {
      for (const { body } of parts) {
        if (body === '<broken') throw new MalformedBody('contactList', 'cut');
        documents.push(body);
      }
    },
    onEnded: (failure) => ended.push(failure),
    onMalformed: (error) => malformed.push(error.message),
    ...options,
  });
}

/** Starts one; the SUBSCRIBE that came. */
async function begun(options: Partial<SubscriptionOptions> = {}) {
  const it = subscription(options);
  const answered = it.start();
  await alice.settle();
  return { it, answered, request: alice.peer.take('SUBSCRIBE') };
}

/** An active one with the first document in the 200. */
async function active(headers: string[] = granted, options: Partial<SubscriptionOptions> = {}) {
  const { it, request } = await begun(options);
  alice.peer.answer(request, 200, 'OK', { headers, contentType: contacts, body: '<first/>' });
  await alice.settle();
  alice.peer.ladder.length = 0;
  return { it, request };
}

function notify(request: SipMessage, method: 'NOTIFY' | 'BENOTIFY', state: string, body = '<next/>'): void {
  alice.peer.inDialog(method, request, {
    headers: [`subscription-state: ${state}`, 'Event: vnd-microsoft-roaming-contacts'],
    contentType: contacts,
    body,
  });
}

describe('SUBSCRIBE', () => {
  it('lync-wire 3.1: says what a Lync client says, and takes the first document from the 200', async () => {
    const body = { contentType: 'application/msrtc-adrl-categorylist+xml', body: '<batchSub/>' };
    const { answered, request } = await begun({ headers: ['Supported: eventlist'], body: () => body });
    expect(request.uri).toBe(self);
    expect(headerOf(request, 'Event')).toBe('vnd-microsoft-roaming-contacts');
    expect(headersOf(request, 'Accept')).toEqual([contacts]);
    expect(headerOf(request, 'Contact')).toBe('<sip:alice@contoso.example;opaque=user:epid:test;gruu>');
    expect(headersOf(request, 'Supported')).toEqual(
      expect.arrayContaining(['com.microsoft.autoextend', 'ms-benotify', 'ms-piggyback-first-notify', 'eventlist']),
    );
    expect(headerOf(request, 'Proxy-Require')).toBe('ms-benotify');
    expect(request.body).toBe('<batchSub/>');
    alice.peer.answer(request, 200, 'OK', { headers: granted, contentType: contacts, body: '<first/>' });
    expect(await answered).toMatchObject({ ok: true });
    expect(documents).toEqual(['<first/>']);
  });

  it('writes a package name with a dot as it is', async () => {
    const { request } = await begun({ event: 'presence.wpending' });
    expect(headerOf(request, 'Event')).toBe('presence.wpending');
  });

  it('a second start while the first is on its way waits for the same answer', async () => {
    const { it, answered, request } = await begun();
    expect(it.start()).toBe(answered);
    alice.peer.answer(request, 200, 'OK', { headers: granted });
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['> SUBSCRIBE', '< 200 SUBSCRIBE']);
  });

  it('a multipart document arrives in parts', async () => {
    const { request } = await begun();
    const body = '--b\r\nContent-Type: a/b\r\n\r\n1\r\n--b\r\nContent-Type: a/b\r\n\r\n2\r\n--b--\r\n';
    alice.peer.answer(request, 200, 'OK', { headers: granted, contentType: 'multipart/related;boundary=b', body });
    await alice.settle();
    expect(documents).toEqual(['1', '2']);
  });

  it.each([403, 404, 489])('%i ends it for good', async (status) => {
    const { answered, request } = await begun();
    alice.peer.answer(request, status, 'x');
    expect(await answered).toMatchObject({ ok: false, failure: { status } });
    expect(ended).toEqual([{ is: 'rejected', status, reason: 'x' }]);
    await alice.elapse(200_000);
    expect(alice.peer.ladder).toEqual(['> SUBSCRIBE', `< ${status} SUBSCRIBE`]);
  });

  it('lync-wire 10.2: after a 5xx it tries again later and later, at least as late as Retry-After says', async () => {
    const { request } = await begun();
    alice.peer.answer(request, 500, 'x');
    await alice.elapse(999);
    expect(alice.peer.ladder).toHaveLength(2);
    await alice.elapse(1);
    alice.peer.answer(alice.peer.take('SUBSCRIBE'), 503, 'x', { headers: ['Retry-After: 20'] });
    await alice.elapse(19_999);
    expect(alice.peer.ladder).toHaveLength(4);
    await alice.elapse(1);
    const third = alice.peer.take('SUBSCRIBE');
    expect(headerOf(third, 'Call-ID')).not.toBe(headerOf(request, 'Call-ID'));
    alice.peer.answer(third, 200, 'OK', { headers: granted, contentType: contacts, body: '<late/>' });
    await alice.settle();
    expect(documents).toEqual(['<late/>']);
  });

  it('a first document that makes no sense is told, and the subscription lives', async () => {
    const { answered, request } = await begun();
    alice.peer.answer(request, 200, 'OK', { headers: granted, contentType: contacts, body: '<broken' });
    expect(await answered).toEqual({ ok: false, failure: { is: 'malformed', what: 'vnd-microsoft-roaming-contacts' } });
    expect(malformed).toEqual(['contactList: cut']);
    notify(request, 'BENOTIFY', 'active');
    await alice.settle();
    expect(documents).toEqual(['<next/>']);
  });
});

describe('notifications', () => {
  it('FRM-12: BENOTIFY is taken and never answered; NOTIFY is answered', async () => {
    const { request } = await active();
    notify(request, 'BENOTIFY', 'active;expires=3600');
    notify(request, 'NOTIFY', 'active;expires=3600');
    await alice.settle();
    expect(documents).toEqual(['<first/>', '<next/>', '<next/>']);
    expect(alice.peer.ladder).toEqual(['< BENOTIFY', '< NOTIFY', '> 200 NOTIFY']);
  });

  it('one that overtakes the 200 is taken', async () => {
    const { request } = await begun();
    notify(request, 'NOTIFY', 'active');
    alice.peer.answer(request, 200, 'OK', { headers: granted });
    await alice.settle();
    expect(documents).toEqual(['<next/>']);
    expect(alice.peer.ladder).toContain('> 200 NOTIFY');
  });

  it('one of no subscription gets 481, or nothing for BENOTIFY', async () => {
    const { it, request } = await active();
    const stranger = { callId: 'another', headers: ['Event: presence'] };
    alice.peer.inDialog('NOTIFY', request, stranger);
    alice.peer.inDialog('BENOTIFY', request, stranger);
    void it.stop();
    await alice.settle();
    notify(request, 'NOTIFY', 'active');
    await alice.settle();
    expect(documents).toEqual(['<first/>']);
    expect(alice.peer.ladder.filter((line) => line.includes('NOTIFY'))).toEqual([
      '< NOTIFY',
      '< BENOTIFY',
      '> 481 NOTIFY',
      '< NOTIFY',
      '> 481 NOTIFY',
    ]);
  });

  it('one that makes no sense is answered 400, told, and changes nothing', async () => {
    const { request } = await active();
    notify(request, 'NOTIFY', 'active', '<broken');
    await alice.settle();
    expect(alice.peer.ladder).toEqual(['< NOTIFY', '> 400 NOTIFY']);
    expect(malformed).toEqual(['contactList: cut']);
  });

  it.each(['noresource', 'rejected'])('terminated;reason=%s ends it for good', async (reason) => {
    const { request } = await active();
    notify(request, 'NOTIFY', `terminated;reason=${reason}`);
    await alice.elapse(100_000);
    expect(ended).toEqual([null]);
    expect(alice.peer.ladder).toEqual(['< NOTIFY', '> 200 NOTIFY']);
  });

  it('PRS-15: terminated for another reason begins a new dialog, after retry-after', async () => {
    const { request } = await active();
    notify(request, 'BENOTIFY', 'terminated;reason=probation;retry-after=30');
    await alice.elapse(29_999);
    expect(alice.peer.ladder).toEqual(['< BENOTIFY']);
    await alice.elapse(1);
    expect(headerOf(alice.peer.take('SUBSCRIBE'), 'To')).toBe(`<${self}>`);
  });

  it('a server that ends it again and again is asked ever more rarely', async () => {
    const { request } = await active();
    let last = request;
    const asked: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      notify(last, 'BENOTIFY', 'terminated;reason=deactivated');
      const before = alice.world.now();
      while (alice.peer.ladder.at(-1) !== '> SUBSCRIBE') await alice.elapse(1_000);
      asked.push((alice.world.now() - before) / 1_000);
      last = alice.peer.take('SUBSCRIBE');
      alice.peer.answer(last, 200, 'OK', { headers: granted });
      await alice.settle();
    }
    // At once (this test looks every second), then with growing pauses.
    expect(asked).toEqual([1, 5, 15, 60]);
  });
});

describe('refresh', () => {
  it('PRS-10: 120 s before the end, in the dialog, to the Contact of the 200, along its Record-Route', async () => {
    const { request } = await active([
      ...granted,
      'Record-Route: <sip:p2;lr>, <sip:p1;lr>',
      'Record-Route: <sip:p0;lr>',
    ]);
    await alice.elapse(3_479_999);
    expect(alice.peer.ladder.filter((line) => line.includes('SUBSCRIBE'))).toEqual([]);
    await alice.elapse(1);
    const refresh = alice.peer.take('SUBSCRIBE');
    expect(refresh.uri).toBe('sip:fe1.contoso.example:5061;transport=tls');
    expect(headersOf(refresh, 'Route')).toEqual(['<sip:p0;lr>', '<sip:p1;lr>', '<sip:p2;lr>']);
    expect(headerOf(refresh, 'Call-ID')).toBe(headerOf(request, 'Call-ID'));
    expect(headerOf(refresh, 'From')).toBe(headerOf(request, 'From'));
    expect(headerOf(refresh, 'To')).toBe(`<${self}>;tag=peer`);
    expect(headerOf(refresh, 'CSeq')).toBe('2 SUBSCRIBE');
    expect(refresh.body).toBe('');
  });

  it('PRS-10: with autoextend each notification puts it off', async () => {
    const { request } = await active();
    for (let hour = 0; hour < 3; hour += 1) {
      await alice.elapse(3_000_000);
      notify(request, 'BENOTIFY', 'active');
      await alice.settle();
    }
    expect(alice.peer.ladder.filter((line) => line.includes('SUBSCRIBE'))).toEqual([]);
  });

  it('without autoextend a notification that names no time does not', async () => {
    const { request } = await active(granted.slice(0, 2));
    await alice.elapse(3_000_000);
    notify(request, 'BENOTIFY', 'active');
    await alice.elapse(480_000);
    expect(alice.peer.ladder.at(-1)).toBe('> SUBSCRIBE');
  });

  it.each(['0', '1', '-5', 'soon'])('Expires: %s makes no storm', async (expires) => {
    await active(['Contact: <sip:fe1.contoso.example>', `Expires: ${expires}`]);
    await alice.elapse(9_999);
    expect(alice.peer.ladder.filter((line) => line.includes('SUBSCRIBE'))).toEqual([]);
  });

  it('carries a body that changes what is watched', async () => {
    const { it } = await active();
    const outcome = it.refresh({ contentType: 'a/b', body: '<add/>' });
    await alice.settle();
    const refresh = alice.peer.take('SUBSCRIBE');
    expect(refresh.body).toBe('<add/>');
    alice.peer.answer(refresh, 200, 'OK', { headers: granted, contentType: contacts, body: '<added/>' });
    expect(await outcome).toMatchObject({ ok: true });
    expect(documents).toEqual(['<first/>', '<added/>']);
  });

  it('PRS-11: 481 begins afresh at once, with the body again', async () => {
    const { it, request } = await active(granted, { body: () => ({ contentType: 'a/b', body: '<all/>' }) });
    void it.refresh();
    await alice.settle();
    alice.peer.answer(alice.peer.take('SUBSCRIBE'), 481, 'x');
    await alice.settle();
    const again = alice.peer.take('SUBSCRIBE');
    expect(headerOf(again, 'Call-ID')).not.toBe(headerOf(request, 'Call-ID'));
    expect(again.body).toBe('<all/>');
    notify(request, 'NOTIFY', 'active');
    await alice.settle();
    expect(alice.peer.ladder.at(-1)).toBe('> 481 NOTIFY');
  });
});

describe('the connection', () => {
  it('begins afresh on the next connection, before anybody is told of it', async () => {
    const { request } = await active();
    alice.peer.pairs.cut();
    await alice.elapse(2_000);
    expect(alice.peer.ladder).toEqual(['> REGISTER', '< 200 REGISTER', '> SUBSCRIBE']);
    expect(headerOf(alice.peer.take('SUBSCRIBE'), 'Call-ID')).not.toBe(headerOf(request, 'Call-ID'));
  });

  it('one that was lost on its way is told, and begins afresh, too', async () => {
    const { answered } = await begun();
    alice.peer.pairs.cut();
    expect(await answered).toEqual({ ok: false, failure: { is: 'connectionLost' } });
    await alice.elapse(2_000);
    expect(alice.peer.ladder.at(-1)).toBe('> SUBSCRIBE');
    expect(ended).toEqual([]);
  });

  it('one that was stopped or never started stays so', async () => {
    const { it } = await active();
    subscription();
    const stopped = it.stop();
    await alice.settle();
    const last = alice.peer.take('SUBSCRIBE');
    expect(headersOf(last, 'Expires')).toEqual(['0']);
    alice.peer.answer(last, 200, 'OK', { headers: ['Expires: 0'] });
    await stopped;
    alice.peer.ladder.length = 0;
    alice.peer.pairs.cut();
    await alice.elapse(2_000);
    expect(alice.peer.ladder).toEqual(['> REGISTER', '< 200 REGISTER']);
  });

  it('signing out unsubscribes before it unregisters', async () => {
    await active();
    const stopped = alice.agent.stop();
    await alice.settle();
    await stopped;
    expect(alice.peer.ladder).toEqual(['> SUBSCRIBE', '> REGISTER', '< 200 REGISTER']);
  });
});
