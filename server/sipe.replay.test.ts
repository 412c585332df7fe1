import { describe, expect, it } from 'vitest';
import { Replay } from '../src/client/replay';
import { readRecording as readTrace } from '../src/dialect/lync/recording';
import type { ConversationId } from '../src/domain/ids';
import type { Item } from '../src/domain/message';
import { parseContactDocument } from '../src/protocol/lync/contactList';
import { parseGroupAdded } from '../src/protocol/lync/contactService';
import { formatKeyboardActivity, parseKeyboardActivity } from '../src/protocol/lync/keyboardActivity';
import { parseProvisioning } from '../src/protocol/lync/provisioning';
import { type FocusUri, mcuUriOf } from '../src/protocol/sip/uri';
import { itemsOfConversation } from '../src/state/selectors';
import type { TraceEntry } from '../src/trace/entry';
import type { SipMessage } from './codec';
import { tagOf } from './headerFields';
import { Member, rosterIn } from './testing/conference';
import { alice, bob, carol } from './testing/meeting';
import { person, selfIn, toldIn, watch } from './testing/presence';
import { readRecording } from './testing/recording';
import { acceptNext, answerAll, imOffer, SipeStory, statuses, take } from './testing/sipeStory';

const lineOf = (item: Item): string[] =>
  item.kind === 'message'
    ? [`${/sip:(\w+)/.exec(item.author)?.[1]}: ${item.body.text}, ${item.delivery.is}`]
    : item.kind === 'line'
      ? [item.event.is]
      : [];

const heidi = person('heidi@contoso.example');
const recording = readRecording(new URL('testing/sipe/bob.sip', import.meta.url));

/**
 * One session of a real pidgin-sipe 1.25.0, replayed from its first message to its last: each test plays what SIPE sent next and
 * judges what the server answers. The tests are one story, in order.
 */
describe('a session of pidgin-sipe', () => {
  const story = new SipeStory(recording);
  const { home, sipe, alice: alices, carol: carols } = story;
  /** The dialog that SIPE began with Alice, from her side. */
  let imAlice: { callId: string; fromTag: string; toTag: string };
  let focus: FocusUri;
  let inAlice: Member;
  let inCarol: Member;

  it('REG-1 to REG-8, `lync-wire` 1.8: three REGISTERs sign it in, and it takes the signed 200', () => {
    story.signIn();
    expect(sipe.gruu).toBe('sip:bob@contoso.example;opaque=user:epid:c_3X8gXc2VanrmGChwQHDAAA;gruu');
    const lines = sipe.registration?.lines ?? [];
    expect(lines).toEqual(
      expect.arrayContaining([
        'Expires: 7200',
        'Supported: adhoclist',
        'Supported: msrtc-event-categories',
        'Server: RTC/4.0',
        expect.stringMatching(
          /^Allow-Events: vnd-microsoft-provisioning-v2,vnd-microsoft-roaming-contacts,vnd-microsoft-roaming-self,presence,/,
        ),
        expect.stringMatching(
          /^Contact: <sip:127\.0\.0\.1:\d+;transport=tcp;ms-opaque=d3470f2e1d>;expires=7200;.*f2d7fd73-dc05-56d9-a7ae-61828704070c.*gruu="/,
        ),
        expect.stringMatching(/^Authentication-Info: NTLM .*rspauth="/),
      ]),
    );
    expect(sipe.dropped).toEqual([]);
  });

  it('PRV-1: each subscription is answered with its document, in the headers without which SIPE ignores it', () => {
    for (const event of ['vnd-microsoft-roaming-contacts', 'vnd-microsoft-roaming-self', 'presence']) {
      const answer = story.atSignIn(`Event: ${event}`);
      expect([answer.status, answer.header('event'), answer.header('ms-piggyback-cseq')]).toEqual([200, event, '1']);
      expect(answer.header('subscription-state')).toMatch(/^active;expires=\d+$/);
      expect(Number(answer.header('expires'))).toBeGreaterThan(0);
    }
    const asked = story.atSignIn('Event: vnd-microsoft-provisioning-v2');
    expect([asked.status, asked.header('event'), asked.header('subscription-state')]).toEqual([
      200,
      'vnd-microsoft-provisioning-v2',
      'terminated;expires=0',
    ]);
  });

  it('lync-wire 3.2 a: the contact list has groups first, and contacts without sip:', () => {
    const { body } = story.atSignIn('Event: vnd-microsoft-roaming-contacts');
    expect(body).toMatch(/^<contactList deltaNum="2"><group id="1" name="~"/);
    expect(body).toContain('<contact uri="alice@contoso.example" name="" groups="2"');
    expect(body).not.toContain('uri="sip:');
  });

  it('PRV-2: provisioning names the focus factory, and only groups that were asked for', () => {
    const groups = parseProvisioning(story.atSignIn('Event: vnd-microsoft-provisioning-v2').body);
    expect([...groups.keys()].sort()).toEqual(['ServerConfiguration', 'meetingPolicy', 'ucPolicy']);
    expect(groups.get('ServerConfiguration')?.get('focusFactoryUri')).toBe(
      'sip:bob@contoso.example;gruu;opaque=app:conf:focusfactory',
    );
  });

  it('PRV-3, 6.2: the factory can do chat, and there is no group chat', () => {
    expect(story.atSignIn('app:conf:focusfactory').body).toMatch(/code="success".*<mcuType>chat<\/mcuType>/s);
    expect(story.atSignIn('sip:ocschat@').status).toBe(404);
  });

  it('SLF-1, SLF-6: the first document of oneself has the containers that SIPE would add else', () => {
    const { containers } = selfIn(story.atSignIn('Event: vnd-microsoft-roaming-self'));
    const members = containers?.map(({ id, members: all }) => [id, all.map(({ type }) => type)]);
    expect(members).toEqual(
      expect.arrayContaining([
        [100, ['federated']],
        [200, ['sameEnterprise']],
      ]),
    );
  });

  it('SLF-2, SLF-4, PUB-1: a publication is answered with its versions, the aggregate last', () => {
    const answer = story.atSignIn('msrtc-category-publish+xml');
    expect([answer.status, answer.contentType]).toEqual([200, 'application/vnd-microsoft-roaming-self+xml']);
    const all = selfIn(answer).categories ?? [];
    expect(all.map(({ name, container, version }) => `${name} ${container} ${version}`)).toEqual([
      'device 2 1',
      ...['state 2 1', 'state 3 1', 'state 2 1', 'state 3 1'],
      expect.stringMatching(/^state 2 \d+$/),
    ]);
    expect(all.at(-1)?.instance).toBe(1);
  });

  it('PRS-1 to PRS-5: everybody’s presence in one answer, as SIPE can read it', () => {
    const answer = story.atSignIn('Event: presence');
    expect(answer.header('content-type')).toMatch(
      /^multipart\/related;type="application\/rlmi\+xml";start=resourceList;boundary="?[\w-]+"?$/,
    );
    const boundary = /boundary="?([\w-]+)/.exec(answer.header('content-type') ?? '')?.[1] ?? '';
    const parts = answer.body.split(`--${boundary}`).slice(1, -1);
    expect(parts).toHaveLength(8);
    for (const part of parts) expect(part).toMatch(/\r\n\r\n$/);
    expect(parts[0]?.match(/<instance [^>]*state="active"/g)).toHaveLength(7);
    const told = toldIn(answer);
    expect(told.map(({ who }) => who)).toContain(alice);
    expect(told.find(({ who }) => who === heidi)).toMatchObject({ availability: 18_500 });
  });

  it('PUB-7, SLF-3: busy with a note, and the note taken away: no conflict, and the watchers are told', () => {
    expect(toldIn(watch(alices, bob).final)).toMatchObject([{ who: bob, availability: 3500 }]);
    const [busy] = sipe.play('picks busy and writes a note');
    expect(busy?.final.status).toBe(200);
    story.settle();
    expect(take(alices, 'BENOTIFY').flatMap(toldIn)).toMatchObject([
      { who: bob, availability: 6500, note: 'At the pier' },
    ]);
    const [free] = sipe.play('picks available and takes the note away');
    expect(free?.final.status).toBe(200);
    const gone = selfIn(free?.final as SipMessage).categories?.filter(({ name }) => name === 'note') ?? [];
    expect(gone.map(({ container, instance }) => [container, instance])).toEqual([
      [200, null],
      [300, null],
      [400, null],
    ]);
    story.settle();
    expect(
      take(alices, 'BENOTIFY')
        .flatMap(toldIn)
        .map(({ availability, note }) => [availability, note]),
    ).toEqual([[3500, undefined]]);
  });

  it('CON-1 to CON-3: contacts and groups change, numbered ahead by SIPE; a new group is filled under the id that we gave', () => {
    take(sipe, 'BENOTIFY');
    expect(statuses(sipe.play('removes a contact'))).toEqual([200]);
    expect(parseContactDocument(sipe.expect('BENOTIFY').body)).toMatchObject({ delta: { deletedContacts: [heidi] } });
    const added = sipe.play('adds a contact to a new group');
    expect(statuses(added)).toEqual([200, 200, 200]);
    // PRS-10, FRM-5: whom it watches from now on goes to our Contact, in the dialog, without a branch in Via.
    const [watching] = added;
    expect(watching?.request.uri).toBe('sip:fe1.contoso.example:5061;transport=tls');
    expect(watching?.request.raw('via')).not.toContain('branch');
    expect(watching && toldIn(watching.final)).toMatchObject([{ who: heidi, availability: 18_500 }]);
    const group = added.find(({ request }) => request.body.includes('addGroup'));
    const setContact = added.find(({ request }) => request.body.includes('setContact'));
    expect(setContact?.request.body).toContain(`<m:groups>${parseGroupAdded(group?.final.body ?? '')}</m:groups>`);
    take(sipe, 'BENOTIFY');
    expect(statuses(sipe.play('removes the contact and the group'))).toEqual([200, 200]);
    const [, last] = take(sipe, 'BENOTIFY').map(({ body }) => parseContactDocument(body));
    expect(last).toMatchObject({ is: 'list', list: { groups: [1, 2, 3, 4, 5].map((id) => ({ id })) } });
  });

  it('IM-1, FRM-5: INVITE, ACK and MESSAGE without a Via branch reach the callee with the first text, once each', () => {
    acceptNext(alices, [['Supported', 'ms-text-format']]);
    const [invite, message] = sipe.play('says two things');
    expect([invite?.request.raw('via'), message?.request.raw('via')].join()).not.toContain('branch');
    expect(invite?.final.header('supported')).toBe('ms-text-format');
    const received = alices.expect('INVITE');
    expect(received.header('ms-text-format')).toMatch(/ms-body=b25l$/);
    expect(received.header('contact')).toBe(`<${sipe.gruu}>`);
    expect(received.header('p-asserted-identity')).toBe('"Bob Barends" <sip:bob@contoso.example>');
    alices.expect('ACK');
    expect(answerAll(alices, 'MESSAGE').map(({ body }) => body)).toEqual(['two']);
    expect(message?.final.status).toBe(200);
    imAlice = {
      callId: received.header('call-id') ?? '',
      toTag: tagOf(received.raw('from') ?? ''),
      fromTag: 'alice1-answer',
    };
  });

  it('MPO-8, 5.4, 5.5: what comes back reaches SIPE in the dialog; typing passes both ways', () => {
    const typing = { contentType: 'application/xml', body: formatKeyboardActivity(true) };
    const info = alices.request('INFO', sipe.gruu, { ...imAlice, to: bob, ...typing });
    const three = alices.request('MESSAGE', sipe.gruu, {
      ...imAlice,
      to: bob,
      contentType: 'text/plain',
      body: 'three',
    });
    sipe.play('is answered');
    expect(sipe.answered.map(({ method }) => method)).toEqual(['INFO', 'MESSAGE']);
    expect([info.final.status, three.final.status]).toEqual([200, 200]);
    const notices = sipe.play('types and stops');
    expect(answerAll(alices, 'INFO').map(({ body }) => parseKeyboardActivity(body))).toEqual([true, false]);
    expect(statuses(notices)).toEqual([200, 200]);
  });

  it('5.8: closing the window is a BYE at the one endpoint', () => {
    const [bye] = sipe.play('closes the window');
    expect(answerAll(alices, 'BYE')).toHaveLength(1);
    expect(bye?.final.status).toBe(200);
  });

  it('IM-2, MPO-6: SIPE answers a call at once, does not say that it shows the first text, and gets it by MESSAGE', () => {
    const called = alices.request('INVITE', bob, { ...imOffer(), callId: 'alice-calls', fromTag: 'alice-calls' });
    const [answer, answerToText] = recording.section('is called');
    sipe.playMessages([answer ?? '']);
    expect([called.final.status, called.final.header('supported')]).toEqual([200, 'com.microsoft.rtc-multiparty']);
    alices.acknowledge(called);
    const four = alices.inDialog(called, 'MESSAGE', { contentType: 'text/plain', body: 'four' });
    sipe.playMessages([answerToText ?? '']);
    expect(four.final.status).toBe(200);
    const [five] = sipe.play('answers');
    expect(answerAll(alices, 'MESSAGE').map(({ body }) => body)).toEqual(['five']);
    expect(five?.final.status).toBe(200);
  });

  it('CNF-2, CNF-8, CNF-14, CNF-20: a conference is made and entered; SIPE calls its peer in, and ends the chat of two', () => {
    acceptNext(alices);
    const exchanges = sipe.play('makes a conference of it');
    const [made, joined, roster, chat, asked, bye] = exchanges;
    focus = /entity="(sip:[^"]*focus:id:\w+)"/.exec(made?.final.body ?? '')?.[1] as FocusUri;
    expect(made?.final.body).toMatch(/code="success".*<addConference><conference-info /s);
    expect(focus).toMatch(/^sip:bob@contoso\.example;gruu;opaque=app:conf:focus:id:[0-9A-F]{32}$/);
    expect(joined?.final.body).toMatch(/code="success".*<addUser .*presenter/s);
    expect(joined?.final.header('contact')).toBe(`<${focus}>;isfocus`);
    const document = roster && rosterIn(roster.final);
    expect(document).toMatchObject({ entity: focus, state: 'full', description: { chatUri: mcuUriOf(focus, 'chat') } });
    expect(roster?.final.header('ms-piggyback-cseq')).toBe('1');
    expect(chat?.final.body).toContain(`m=message 5060 sip ${mcuUriOf(focus, 'chat')}`);
    expect(asked?.final.status).toBe(200);
    const invitation = alices.expect('INVITE');
    expect([invitation.contentType, invitation.body]).toEqual([
      'application/ms-conf-invite+xml',
      expect.stringContaining(focus),
    ]);
    expect(answerAll(alices, 'BYE')).toHaveLength(1);
    expect(bye?.final.status).toBe(200);
  });

  it('CNF-16, CNF-18, CNF-19: who comes is told complete, with the chat, SIPE as presenter', () => {
    inAlice = new Member(alices, focus);
    acceptNext(carols);
    const [asked] = sipe.play('asks a third person in');
    expect(asked?.final.status).toBe(200);
    inCarol = new Member(carols, focus);
    story.settle();
    const [document] = story.rosters(alices).slice(-1);
    const last = document?.users?.at(-1);
    expect(last).toMatchObject({ aor: carol, role: 'attendee', isDeleted: false });
    expect(last?.endpoints.map(({ sessionType }) => sessionType)).toEqual(['focus', 'chat']);
    const told = story.rosters(sipe).flatMap(({ users }) => users ?? []);
    expect(told.filter(({ aor }) => aor === bob).every(({ role }) => role === 'presenter')).toBe(true);
    expect(new Set(told.map(({ aor }) => aor))).toEqual(new Set([alice, bob, carol]));
  });

  it('6.5: what SIPE says goes to all others under its name and not back; what they say reaches it with Ms-Sender', async () => {
    const [six] = sipe.play('speaks in the conference');
    expect([six?.final.status, six?.final.header('message-id')]).toEqual([200, '1']);
    for (const member of [inAlice, inCarol]) {
      const [message] = await member.take('MESSAGE');
      expect([message?.body, message?.header('ms-sender')]).toEqual(['six', '<sip:bob@contoso.example>']);
    }
    expect(take(sipe, 'MESSAGE')).toEqual([]);
    expect(
      inCarol.endpoint.inDialog(inCarol.chat, 'INFO', {
        contentType: 'application/xml',
        body: formatKeyboardActivity(true),
      }).final.status,
    ).toBe(200);
    expect(inCarol.say('seven').status).toBe(200);
    sipe.play('is spoken to in the conference');
    const [message] = sipe.answered.slice(-1);
    expect([message?.body, message?.header('ms-sender'), message?.uri]).toEqual([
      'seven',
      '<sip:carol@contoso.example>',
      sipe.gruu,
    ]);
  });

  it('6.6, CNF-19, CNF-21: SIPE makes a leader and locks; roster and lock are told in the places that it reads', () => {
    story.rosters(alices);
    story.rosters(sipe);
    expect(statuses(sipe.play('makes a leader'))).toEqual([202]);
    for (const endpoint of [alices, sipe])
      expect(story.rosters(endpoint)).toMatchObject([{ users: [{ aor: alice, role: 'presenter' }] }]);
    expect(statuses(sipe.play('locks'))).toEqual([202]);
    story.settle();
    const [document] = take(sipe, 'BENOTIFY');
    expect(document && rosterIn(document)).toMatchObject({ state: 'partial', locked: true });
    const view = document?.body.slice(document.body.indexOf(`entity="${mcuUriOf(focus, 'chat')}"`)) ?? '';
    expect(view).toMatch(/<msci:locked>true<\/msci:locked>.*<type>chat<\/type>/s);
  });

  it('CNF-17: whom SIPE removes is told to it as deleted', () => {
    story.rosters(sipe);
    expect(statuses(sipe.play('removes a person'))).toEqual([202]);
    expect(story.rosters(sipe)).toMatchObject([{ users: [{ aor: carol, isDeleted: true }] }]);
    expect(take(carols, 'BYE')).toHaveLength(2);
  });

  it('6.5: leaving is an unsubscription outside the dialog and two BYEs, of which the chat’s finds it gone; nothing is told it after', () => {
    story.rosters(alices);
    const exchanges = sipe.play('leaves');
    expect(statuses(exchanges)).toEqual([200, 200, 481]);
    expect(sipe.answered.at(-1)?.method).toBe('BYE');
    expect(story.rosters(alices)).toMatchObject([{ users: [{ aor: bob, isDeleted: true }] }]);
    expect(story.rosters(sipe)).toEqual([]);
  });

  it('REG-13: it unsubscribes and signs out; the watchers see it offline', () => {
    take(alices, 'BENOTIFY');
    const exchanges = sipe.play('signs out');
    expect(statuses(exchanges)).toEqual([200, 200, 200, 200]);
    expect(exchanges.at(-1)?.final.header('expires')).toBe('0');
    story.settle();
    expect(take(alices, 'BENOTIFY').flatMap(toldIn)).toMatchObject([{ who: bob, availability: 18_500 }]);
    expect(home.home.context.endpointsOf(bob)).toEqual([]);
    expect(sipe.dropped).toEqual([]);
  });

  it('a trace of it is played on the screens of Confab: what was said, by whom, and how it ended', async () => {
    const steps = home.ladder.filter(({ who }) => who === '1030805200a6');
    const entries = steps.map(({ direction, text }, index): TraceEntry => {
      const [seq, at] = [index + 1, Date.UTC(2026, 2, 2, 8) + index];
      return { seq, at, direction: direction === 'to server' ? 'out' : 'in', kind: 'sip', url: 'fe1:5061', text };
    });
    const replay = new Replay({ entries, read: readTrace, publish: () => undefined });
    while (await replay.step());
    const { state } = replay;
    const all = Object.keys(state.transcripts) as ConversationId[];
    expect(all.map((id) => itemsOfConversation(state, id).flatMap(lineOf))).toEqual([
      ['bob: one, sent', 'bob: two, sent', 'alice: three, received', 'alice: four, received', 'bob: five, sent'],
      [
        ...['started', 'invited', 'invited', 'joined', 'joined'],
        ...['bob: six, sent', 'carol: seven, received', 'locked', 'left', 'youLeft'],
      ],
    ]);
    expect(Object.keys(state.contacts)).not.toContain(heidi);
    expect(state.contacts[alice]?.groups).toEqual(['2']);
    expect([state.account?.aor, state.signIn.is]).toEqual([bob, 'signedOut']);
  });
});
