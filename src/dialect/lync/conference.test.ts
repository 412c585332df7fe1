import { beforeEach, describe, expect, it } from 'vitest';
import type { ItemId } from '../../domain/ids';
import { parseCccpRequest } from '../../protocol/lync/cccp';
import { parseCommand } from '../../protocol/lync/conferenceCommands';
import { formatImdn } from '../../protocol/lync/imdn';
import { headerOf, headersOf, type SipMessage } from '../../protocol/sip/message';
import { alice, bob, carol } from '../../testing/people';
import { answer, chat, focus, homeWithFocus, key, roster, user } from '../../testing/scriptedFocus';
import type { ScriptedAnswer, ScriptedHome } from '../../testing/scriptedHome';

let home: ScriptedHome;
beforeEach(async () => {
  home = await homeWithFocus();
});

async function join(since = 0) {
  const joined = home.dialect.conferences.join(focus, key, since);
  await home.settle();
  return joined;
}

const invitesTo = (uri: string) => home.sent('INVITE').filter((invite) => invite.uri === uri);
const hangUp = async (uri: string) => {
  const invite = invitesTo(uri).at(-1);
  if (invite === undefined) throw new Error(`nobody called ${uri}`);
  home.peer.inDialog('BYE', invite, { cseq: 100 });
  await home.settle();
};

async function say(text: string, response: Partial<ScriptedAnswer> = {}) {
  home.answers = (request) =>
    request.method === 'MESSAGE' ? { status: 200, reason: 'OK', ...response } : answer(request);
  const sent = home.dialect.conferences.send(focus, { id: 'item-1' as ItemId, body: { text } });
  await home.settle();
  return sent;
}

describe('joining', () => {
  it('10.4 is the focus, then its roster, then its chat', async () => {
    expect(await join()).toEqual({ ok: true, value: { role: 'attendee', history: 'all' } });
    expect(home.peer.ladder).toEqual([
      '> INVITE',
      '< 200 INVITE',
      '> ACK',
      '> SUBSCRIBE',
      '< 200 SUBSCRIBE',
      '> INVITE',
      '< 200 INVITE',
      '> ACK',
    ]);
    expect(home.sent('INVITE').map(({ uri }) => uri)).toEqual([focus, chat]);
    expect(home.host.last('conference.changed')).toMatchObject({
      subject: 'Draft review',
      organizer: bob,
      maxSize: 250,
    });
  });

  it('CNF-8 asks for oneself and takes the role that is granted', async () => {
    await join();
    const { command } = parseCccpRequest(invitesTo(focus)[0]?.body ?? '');
    expect(parseCommand(command)).toMatchObject({
      is: 'addUser',
      focus,
      user: alice,
      role: 'attendee',
      dialOut: false,
    });
  });

  it('NUM-1 asks for what came after the number we hold', async () => {
    await join(17);
    const [invite] = invitesTo(chat);
    expect(headersOf(invite as SipMessage, 'Supported')).toContain('com.confab.numbered');
    expect(headerOf(invite as SipMessage, 'Confab-Since')).toBe('17');
  });

  it('NUM-1 knows that a focus which says nothing gives no history', async () => {
    home.answers = (request) => answer(request, false);
    expect(await join()).toEqual({ ok: true, value: { role: 'attendee', history: 'none' } });
  });

  it.each([404, 480])('CNF-9 fails with the focus’s %i and leaves nothing behind', async (status) => {
    home.answers = () => ({ status, reason: 'No' });
    expect(await join()).toMatchObject({ ok: false, failure: { is: 'rejected', status } });
    expect(home.sent('SUBSCRIBE', 'conference')).toEqual([]);
  });

  it('hangs up at the focus when the chat refuses', async () => {
    home.answers = (request) =>
      request.method === 'INVITE' && request.uri === chat ? { status: 403, reason: 'Forbidden' } : answer(request);
    expect(await join()).toMatchObject({ ok: false, failure: { is: 'rejected', status: 403 } });
    expect(home.sent('BYE').map(({ uri }) => uri)).toEqual([focus]);
    expect(home.host.all('conference.left')).toEqual([]);
  });
});

describe('the chat', () => {
  beforeEach(() => join());

  it('6.5 tells who wrote by Ms-Sender, with number, item and time', async () => {
    const headers = [
      `Ms-Sender: "Bob" <${bob}>`,
      'Confab-Number: 3',
      'Confab-Item: b-3',
      'Date: Mon, 02 Mar 2026 07:00:00 GMT',
    ];
    const invite = invitesTo(chat)[0] as SipMessage;
    home.peer.inDialog('MESSAGE', invite, { headers, contentType: 'text/plain', body: 'hello' });
    await home.settle();
    expect(home.host.kept).toEqual([
      {
        in: 'conference',
        focus,
        number: 3,
        sentAt: Date.UTC(2026, 2, 2, 7),
        from: bob,
        id: 'b-3',
        body: { text: 'hello' },
      },
    ]);
    expect(home.peer.ladder.at(-1)).toBe('> 200 MESSAGE');
  });

  it('6.5 takes nothing without an author', async () => {
    const invite = invitesTo(chat)[0] as SipMessage;
    home.peer.inDialog('MESSAGE', invite, { contentType: 'text/plain', body: 'hello' });
    await home.settle();
    expect(home.host.kept).toEqual([]);
    expect(home.peer.ladder.at(-1)).toBe('> 400 MESSAGE');
  });

  it('answers 500 to what could not be kept, so that the MCU can say so', async () => {
    home.host.onKeep = () => Promise.reject(new Error('disk full'));
    const invite = invitesTo(chat)[0] as SipMessage;
    const headers = [`Ms-Sender: <${bob}>`];
    home.peer.inDialog('MESSAGE', invite, { headers, contentType: 'text/plain', body: 'hello' });
    await home.settle();
    expect(home.peer.ladder.at(-1)).toBe('> 500 MESSAGE');
  });

  it('NUM-4 learns the number of a message of ours from Message-Id', async () => {
    expect(await say('hello', { headers: ['Message-Id: 42'] })).toEqual({ ok: true, value: { number: 42 } });
    expect(headerOf(home.sent('MESSAGE')[0] as SipMessage, 'Confab-Item')).toBe('item-1');
  });

  it('6.5 tells who did not get a message, by its Message-Id', async () => {
    await say('hello', { headers: ['Message-Id: 42'] });
    const invite = invitesTo(chat)[0] as SipMessage;
    const recipients = [
      { aor: carol, status: 480 },
      { aor: bob, status: 200 },
    ];
    const notice = { contentType: 'application/ms-imdn+xml', body: formatImdn({ messageId: '42', recipients }) };
    home.peer.inDialog('BENOTIFY', invite, { ...notice, cseq: 50 });
    await home.settle();
    expect(home.host.all('conference.undelivered')).toEqual([
      {
        type: 'conference.undelivered',
        focus,
        id: 'item-1',
        recipient: carol,
        failure: { is: 'rejected', status: 480, reason: '' },
      },
    ]);
  });

  it('shows who is typing', async () => {
    const invite = invitesTo(chat)[0] as SipMessage;
    const typing = '<KeyboardActivity><status status="type"/></KeyboardActivity>';
    home.peer.inDialog('INFO', invite, {
      headers: [`Ms-Sender: <${carol}>`],
      contentType: 'application/xml',
      body: typing,
    });
    await home.settle();
    expect(home.host.last('conference.typing')).toMatchObject({ focus, who: carol, typing: true });
    await home.elapse(15_500);
    expect(home.host.last('conference.typing')).toMatchObject({ who: carol, typing: false });
  });
});

describe('the roster', () => {
  beforeEach(() => join());

  it('CNF-15 changes by partial documents', async () => {
    await home.notify('conference', roster('partial', 2, user(carol)));
    expect(home.host.roster(focus)).toEqual([bob, carol]);
    await home.notify('conference', roster('partial', 3, user(bob, true, true)));
    expect(home.host.roster(focus)).toEqual([carol]);
  });

  it('CNF-15 is asked for again when a version is missing', async () => {
    home.documents.set('conference', roster('full', 9, user(bob), user(carol), user(alice)));
    await home.notify('conference', roster('partial', 5, user(carol)));
    expect(home.sent('SUBSCRIBE', 'conference')).toHaveLength(2);
    expect(home.host.roster(focus)).toEqual([alice, bob, carol]);
  });
});

describe('commands', () => {
  beforeEach(() => join());

  it.each([
    ['remove', () => home.dialect.conferences.remove(focus, carol), { is: 'deleteUser', focus, user: carol }],
    [
      'lock',
      () => home.dialect.conferences.setLocked(focus, true),
      { is: 'modifyConferenceLock', focus, locked: true },
    ],
    [
      'role',
      () => home.dialect.conferences.setRole(focus, carol, 'presenter'),
      { is: 'modifyUserRoles', focus, user: carol, role: 'presenter' },
    ],
    ['end', () => home.dialect.conferences.end(focus), { is: 'deleteConference', focus }],
  ] as const)('6.6 %s is C3P in the focus dialog, and 202 is done', async (_name, act, command) => {
    const outcome = act();
    await home.settle();
    expect(await outcome).toEqual({ ok: true, value: undefined });
    const info = home.sent('INFO').at(-1) as SipMessage;
    expect(headerOf(info, 'Call-ID')).toBe(headerOf(invitesTo(focus)[0] as SipMessage, 'Call-ID'));
    expect(parseCommand(parseCccpRequest(info.body).command)).toEqual(command);
  });

  it('6.6 fail with the focus’s refusal', async () => {
    const headers = ['ms-diagnostics: 3014;reason="Not authorized"'];
    home.answers = () => ({ status: 403, reason: 'Forbidden', headers });
    const outcome = home.dialect.conferences.setLocked(focus, true);
    await home.settle();
    expect(await outcome).toMatchObject({ ok: false, failure: { status: 403, diagnostics: { id: 3014 } } });
  });
});

describe('the end', () => {
  beforeEach(() => join());

  it('10.4 of leaving: BYE to chat and focus, and the roster is unsubscribed', async () => {
    const left = home.dialect.conferences.leave(focus);
    await home.settle();
    await left;
    expect(home.sent('BYE').map(({ uri }) => uri)).toEqual([chat, focus]);
    expect(headerOf(home.sent('SUBSCRIBE', 'conference').at(-1) as SipMessage, 'Expires')).toBe('0');
    expect(home.host.all('conference.left')).toEqual([]);
  });

  it('is told once as removed when our user is deleted and both hang up', async () => {
    await hangUp(chat);
    await home.notify('conference', roster('partial', 2, user(alice, false, true)));
    await hangUp(focus);
    await home.elapse(5_000);
    expect(home.host.all('conference.left')).toEqual([{ type: 'conference.left', focus, why: 'removed' }]);
  });

  it('is told as removed although a version is missing, and asks for nothing any more', async () => {
    await home.notify('conference', roster('partial', 7, user(alice, false, true)));
    await home.elapse(5_000);
    expect(home.host.all('conference.left')).toEqual([{ type: 'conference.left', focus, why: 'removed' }]);
    const [, ...later] = home.sent('SUBSCRIBE', 'conference');
    expect(later.map((request) => headerOf(request, 'Expires'))).toEqual(['0']);
  });

  it('is told as ended when the roster ends (CNF-24), whoever hung up before', async () => {
    await hangUp(chat);
    await hangUp(focus);
    await home.notify('conference', roster('deleted', 2), 'terminated;reason=noresource');
    await home.elapse(5_000);
    expect(home.host.all('conference.left')).toEqual([{ type: 'conference.left', focus, why: 'ended' }]);
  });

  it('is told as lost when only the chat hangs up', async () => {
    await hangUp(chat);
    expect(home.host.all('conference.left')).toEqual([]);
    await home.elapse(2_000);
    expect(home.host.all('conference.left')).toEqual([{ type: 'conference.left', focus, why: 'lost' }]);
    expect(home.sent('BYE').map(({ uri }) => uri)).toEqual([focus]);
  });

  it('is told as lost, and by the next message as not there, when the chat does not know us any more', async () => {
    expect(await say('hello', { status: 481, reason: 'Gone' })).toMatchObject({ ok: false, failure: { status: 481 } });
    await home.elapse(2_000);
    expect(home.host.last('conference.left').why).toBe('lost');
    expect(await say('again')).toMatchObject({ ok: false, failure: { status: 481 } });
  });
});
