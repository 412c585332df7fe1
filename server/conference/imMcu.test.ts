import { beforeEach, describe, expect, it } from 'vitest';
import { parseImdn } from '../../src/protocol/lync/imdn';
import { formatKeyboardActivity, keyboardActivityType } from '../../src/protocol/lync/keyboardActivity';
import type { Aor, FocusUri } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import { tagOf } from '../headerFields';
import { chatOf, enterChat, join, Member } from '../testing/conference';
import { alice, bob, carol, Meeting, refusalIn } from '../testing/meeting';

let meeting: Meeting;
let focus: FocusUri;
beforeEach(() => {
  meeting = new Meeting();
  focus = meeting.focus;
});

const settle = () => new Promise(setImmediate);
const textsOf = (messages: SipMessage[]) => messages.map(({ body }) => body);
const numbersOf = (messages: SipMessage[]) => messages.map((message) => message.header('confab-number'));
const lastRoster = (one: Member) => {
  meeting.home.clock.advance(1_000);
  return one.told().at(-1);
};
const sessionsOf = (one: Member, aor: Aor) =>
  lastRoster(one)
    ?.users?.find((user) => user.aor === aor)
    ?.endpoints.map(({ sessionType }) => sessionType);

describe('entering the chat', () => {
  it('6.5: answers with SDP that names the MCU, and Contact; the roster says who is in', () => {
    const a = meeting.member(alice);
    const answer = a.chat.final;
    expect(answer.raw('contact')).toBe(`<${chatOf(focus)}>`);
    expect(answer.header('content-type')).toBe('application/sdp');
    expect(answer.body).toContain(`m=message 5060 sip ${chatOf(focus)}`);
    expect(sessionsOf(a, alice)).toEqual(['focus', 'chat']);
  });

  it('3014: is for endpoints that are in the focus', () => {
    const b = meeting.signIn(bob);
    expect(refusalIn(enterChat(b, focus, '0').final)).toEqual([403, 3014]);
    join(b, focus);
    expect(enterChat(b, focus, '0').final.status).toBe(200);
    expect(enterChat(meeting.signIn(bob), focus, '0').final.status).toBe(403);
  });

  it('refuses an unknown conference, another body, SDP without messages, and other methods', () => {
    const chat = chatOf(focus);
    join(meeting.organizer, focus);
    expect(refusalIn(enterChat(meeting.organizer, focus.replace('7K2M', '9999') as FocusUri, '0').final)).toEqual([
      404, 3012,
    ]);
    const sdp = { contentType: 'application/sdp', body: 'v=0\r\nm=audio 9 RTP/AVP 0\r\n' };
    expect(meeting.organizer.request('INVITE', chat, { contentType: 'text/plain', body: 'x' }).final.status).toBe(415);
    expect(meeting.organizer.request('INVITE', chat, sdp).final.status).toBe(400);
    expect(meeting.organizer.request('OPTIONS', chat).final.status).toBe(501);
  });

  it('a second INVITE of an endpoint replaces the first', async () => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    enterChat(b.endpoint, focus, '0');
    expect((await b.take('BYE')).map((bye) => bye.raw('call-id'))).toEqual([b.chat.request.raw('call-id')]);
    a.say('once');
    expect(textsOf(await b.take('MESSAGE'))).toEqual(['once']);
  });

  it('BYE leaves the chat, not the conference', async () => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    expect(b.endpoint.inDialog(b.chat, 'BYE').final.status).toBe(200);
    expect(sessionsOf(a, bob)).toEqual(['focus']);
    a.say('not for Bob');
    expect(await b.take('MESSAGE')).toEqual([]);
    expect(b.say('still here?').status).toBe(481);
  });
});

describe('a message', () => {
  it('CNF: of who has just come is not heard before the roster says that they are here', async () => {
    const a = meeting.member(alice);
    meeting.member(bob);
    const c = meeting.member(carol);
    a.told();
    c.say('here I am');
    const [roster, message] = a.endpoint.incoming;
    expect([roster?.method, message?.method, message?.body]).toEqual(['BENOTIFY', 'MESSAGE', 'here I am']);
    expect(a.told()[0]?.users?.map(({ aor }) => aor)).toContain(carol);
  });

  it('6.5, NUM-3, NUM-4: is numbered, answered with Message-Id, and goes to the others with its author', async () => {
    const [a, b, c] = [meeting.member(alice), meeting.member(bob), meeting.member(carol)];
    const answer = a.say('hello', [['Confab-Item', 'a-1']]);
    expect([answer.status, answer.header('message-id')]).toEqual([200, '1']);
    for (const one of [b, c]) {
      const [message, ...more] = await one.take('MESSAGE');
      expect(more).toEqual([]);
      expect(message?.uri).toBe(one.endpoint.gruu);
      expect(message?.header('ms-sender')).toBe(`<${alice}>`);
      expect(message?.header('from')).toMatch(
        /^<sip:alice@contoso\.example;gruu;opaque=app:conf:chat:id:7K2M9QXA>;tag=/,
      );
      expect([message?.header('confab-number'), message?.header('confab-item')]).toEqual(['1', 'a-1']);
      expect(message?.header('date')).toBeUndefined();
      expect([message?.header('content-type'), message?.body]).toEqual(['text/plain', 'hello']);
    }
    expect(await a.take('MESSAGE')).toEqual([]);
  });

  it('NUM-3: all get the same in the same order', async () => {
    const all = [meeting.member(alice), meeting.member(bob), meeting.member(carol)];
    for (let round = 0; round < 5; round += 1) for (const one of all) one.say(`${one.endpoint.aor} ${round}`);
    for (const one of all) {
      const got = await one.take('MESSAGE');
      const numbers = numbersOf(got).map(Number);
      expect(numbers).toEqual([...numbers].sort((x, y) => x - y));
      expect(got).toHaveLength(10);
    }
  });

  it('NUM-4: the same item of an author again gets the same answer and goes to nobody; another author’s is another', async () => {
    const [a, b, c] = [meeting.member(alice), meeting.member(bob), meeting.member(carol)];
    const item = [['Confab-Item', 'x']] as const;
    expect([a, a, b].map((one) => one.say('hello', item).header('message-id'))).toEqual(['1', '1', '2']);
    expect(numbersOf(await c.take('MESSAGE'))).toEqual(['1', '2']);
  });

  it.each(['', 'a b', '<x>', 'x'.repeat(81), 'ä'])('ITM-1: %j is no item', async (item) => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    a.say('one', [['Confab-Item', item]]);
    a.say('two', [['Confab-Item', item]]);
    expect((await b.take('MESSAGE')).map((message) => message.header('confab-item'))).toEqual([undefined, undefined]);
  });

  it('MPO-9 is Lync’s alone: one’s other device in the conference gets it too', async () => {
    const [a, phone] = [meeting.member(alice), new Member(meeting.signIn(alice), focus)];
    a.say('mine');
    const [message] = await phone.take('MESSAGE');
    expect([message?.header('ms-sender'), message?.body]).toEqual([`<${alice}>`, 'mine']);
  });

  it.each([
    ['of a kind nobody could show', { contentType: 'application/x-evil', body: 'x' }, 415],
    ['without a kind', { contentType: undefined, body: '' }, 415],
    ['that is too long', { contentType: 'text/plain', body: 'ä'.repeat(32 * 1024 + 1) }, 413],
    [
      'whose Ms-Sender is another',
      { contentType: 'text/plain', body: 'x', headers: [['Ms-Sender', `<${bob}>`]] as const },
      403,
    ],
    ['whose From is another', { contentType: 'text/plain', body: 'x', from: bob }, 403],
  ])('refuses one %s', async (_what, draft, status) => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    expect(a.endpoint.inDialog(a.chat, 'MESSAGE', draft as never).final.status).toBe(status);
    expect(await b.take('MESSAGE')).toEqual([]);
    expect(a.say('after').header('message-id')).toBe('1');
  });

  it('24083, 481: takes none from outside, nor in another’s dialog', async () => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    const mallory = meeting.signIn(carol);
    const message = { contentType: 'text/plain', body: 'I am Alice' };
    expect(refusalIn(mallory.request('MESSAGE', chatOf(focus), message).final)).toEqual([481, 24083]);
    const stolen = {
      callId: a.chat.request.raw('call-id') ?? '',
      fromTag: tagOf(a.chat.request.raw('from') ?? ''),
      toTag: tagOf(a.chat.final.raw('to') ?? ''),
    };
    expect(mallory.request('MESSAGE', chatOf(focus), { ...message, ...stolen }).final.status).toBe(481);
    join(mallory, focus);
    expect(mallory.request('MESSAGE', chatOf(focus), message).final.status).toBe(481);
    expect(await b.take('MESSAGE')).toEqual([]);
  });

  it('503: at most thirty in a second from one endpoint', async () => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    const statuses = Array.from({ length: 31 }, (_, count) => a.say(String(count)));
    expect(statuses.map(({ status }) => status)).toEqual([...Array(30).fill(200), 503]);
    expect(statuses.at(-1)?.header('retry-after')).toBe('1');
    meeting.home.clock.advance(1_000);
    expect(a.say('on').header('message-id')).toBe('31');
    expect(await b.take('MESSAGE')).toHaveLength(31);
  });
});

describe('a recipient who does not get it', () => {
  it('6.5: is told to the author by BENOTIFY with its Message-Id', async () => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    a.say('hello');
    a.told();
    await b.take('MESSAGE', 500);
    const notice = a.endpoint.expect('BENOTIFY');
    expect(notice.header('content-type')).toBe('application/ms-imdn+xml');
    expect(notice.raw('call-id')).toBe(a.chat.request.raw('call-id'));
    expect(parseImdn(notice.body)).toEqual({ messageId: '1', recipients: [{ aor: bob, status: 500 }] });
    a.say('again');
    expect(await b.take('MESSAGE')).toHaveLength(1);
    expect(a.endpoint.incoming).toEqual([]);
  });

  it('one message is in flight at a time; what waits for who vanishes is told as not delivered', async () => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    a.told();
    for (const text of ['one', 'two', 'three']) a.say(text);
    expect(textsOf([b.endpoint.expect('MESSAGE')])).toEqual(['one']);
    expect(b.endpoint.incoming.filter(({ method }) => method === 'MESSAGE')).toEqual([]);
    b.endpoint.connection.lose();
    await settle();
    const failed = a.endpoint.incoming
      .filter((notice) => notice.header('content-type') === 'application/ms-imdn+xml')
      .map((notice) => parseImdn(notice.body));
    expect(failed.map(({ messageId }) => messageId).sort()).toEqual(['1', '2', '3']);
  });

  it.each([
    ['does not know the dialog any more', 481],
    ['does not answer', 408],
  ])('is hung up on when it %s, so that it can come back for it', async (_what, status) => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    a.say('lost');
    if (status === 481) await b.take('MESSAGE', 481);
    else meeting.home.clock.advance(32_000);
    await settle();
    expect(await b.take('BYE')).toHaveLength(1);
    expect(sessionsOf(a, bob)).toEqual(['focus']);
    b.endpoint.incoming.length = 0;
    enterChat(b.endpoint, focus, '0');
    expect(textsOf(await b.take('MESSAGE'))).toEqual(['lost']);
  });

  it('is hung up on when a thousand wait for it', async () => {
    const [a, b, c] = [meeting.member(alice), meeting.member(bob), meeting.member(carol)];
    for (let count = 0; count < 1_002; count += 1) {
      (count % 2 === 0 ? a : c).say(String(count));
      if (count % 60 === 59) meeting.home.clock.advance(1_000);
    }
    expect(b.endpoint.incoming.map(({ method }) => method).filter((method) => method === 'BYE')).toHaveLength(1);
    expect(meeting.home.home.core.clientTransactions.size).toBeLessThan(5);
  });
});

describe('what was said before', () => {
  const talk = (one: Member, from: number, to: number) => {
    for (let count = from; count <= to; count += 1) {
      if (one.say(String(count), [['Confab-Item', `i-${count}`]]).status !== 200) throw new Error('not said');
      if (count % 30 === 0) meeting.home.clock.advance(1_000);
    }
  };
  const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, count) => String(from + count));

  it('NUM-1, NUM-2: comes after the number that the client holds, in order, with its time, before anything new', async () => {
    const a = meeting.member(alice);
    talk(a, 1, 5);
    const b = meeting.member(bob, '2');
    expect(b.chat.final.rawValues('supported')).toContain('com.confab.numbered');
    a.say('new');
    const got = await b.take('MESSAGE');
    expect(numbersOf(got)).toEqual(range(3, 6));
    expect(textsOf(got)).toEqual(['3', '4', '5', 'new']);
    expect(got[0]?.header('date')).toBe('Mon, 02 Mar 2026 09:00:00 GMT');
    expect(got[0]?.header('confab-item')).toBe('i-3');
    expect(await a.take('MESSAGE')).toEqual([]);
  });

  it('NUM-2: all of it, however much, also what is said meanwhile, but not what one says oneself', async () => {
    const a = meeting.member(alice);
    talk(a, 1, 650);
    const b = meeting.member(bob);
    talk(a, 651, 655);
    expect(b.say('mine').header('message-id')).toBe('656');
    talk(a, 657, 660);
    const got = await b.take('MESSAGE');
    expect(numbersOf(got)).toEqual([...range(1, 655), ...range(657, 660)]);
    a.say('live');
    const [live] = await b.take('MESSAGE');
    expect([live?.body, live?.header('date')]).toEqual(['live', undefined]);
    expect(textsOf(await a.take('MESSAGE'))).toEqual(['mine']);
  });

  it.each(['x', '-1', '1e3', '', '99999999999999999999'])('NUM-1: a number of %j is none', async (since) => {
    const a = meeting.member(alice);
    talk(a, 1, 2);
    const b = meeting.member(bob, since);
    expect(await b.take('MESSAGE')).toHaveLength(2);
  });

  it('HIS none: newcomers get nothing, who comes back what was missed', async () => {
    meeting = new Meeting({ history: 'none' });
    const a = meeting.member(alice);
    talk(a, 1, 3);
    const b = meeting.member(bob);
    expect(await b.take('MESSAGE')).toEqual([]);
    b.endpoint.connection.lose();
    talk(a, 4, 5);
    const back = meeting.member(bob);
    expect(numbersOf(await back.take('MESSAGE'))).toEqual(['4', '5']);
  });

  it('a native client gets the last fifty at its first joining, as ordinary messages, and nothing when it comes back', async () => {
    const a = meeting.member(alice);
    talk(a, 1, 60);
    const b = meeting.member(bob, null);
    expect(b.chat.final.rawValues('supported')).toEqual([]);
    a.say('new');
    const got = await b.take('MESSAGE');
    expect(textsOf(got)).toEqual([...range(11, 60), 'new']);
    expect(got.flatMap(({ names }) => names.filter((name) => name.startsWith('confab') || name === 'date'))).toEqual(
      [],
    );
    b.endpoint.connection.lose();
    talk(a, 62, 63);
    expect(await meeting.member(bob, null).take('MESSAGE')).toEqual([]);
  });
});

describe('typing', () => {
  const typing = { contentType: keyboardActivityType, body: formatKeyboardActivity(true) };

  it('5.5, 6.5: is passed to the others with its author, at most twice a second', async () => {
    const [a, b, c] = [meeting.member(alice), meeting.member(bob), meeting.member(carol)];
    for (let count = 0; count < 5; count += 1)
      expect(a.endpoint.inDialog(a.chat, 'INFO', typing).final.status).toBe(200);
    for (const one of [b, c]) {
      const got = await one.take('INFO');
      expect(got).toHaveLength(2);
      expect([got[0]?.header('ms-sender'), got[0]?.body]).toEqual([`<${alice}>`, typing.body]);
    }
    expect(await a.take('INFO')).toEqual([]);
  });

  it('is not told to one’s own devices, nor passed on when it is no typing notice', async () => {
    const [a, phone, b] = [meeting.member(alice), new Member(meeting.signIn(alice), focus), meeting.member(bob)];
    a.endpoint.inDialog(a.chat, 'INFO', typing);
    expect(await phone.take('INFO')).toEqual([]);
    expect(await b.take('INFO')).toHaveLength(1);
    meeting.home.clock.advance(1_000);
    a.endpoint.inDialog(a.chat, 'INFO', { ...typing, body: `${typing.body}${' '.repeat(1000)}` });
    a.endpoint.inDialog(a.chat, 'INFO');
    expect(await b.take('INFO')).toEqual([]);
  });

  it('refuses one whose Ms-Sender is another', async () => {
    const [a, b] = [meeting.member(alice), meeting.member(bob)];
    const lie = { ...typing, headers: [['Ms-Sender', `<${bob}>`]] as const };
    expect(a.endpoint.inDialog(a.chat, 'INFO', lie).final.status).toBe(403);
    expect(await b.take('INFO')).toEqual([]);
  });
});
