import { beforeEach, describe, expect, it } from 'vitest';
import { parseCccpResponse } from '../../src/protocol/lync/cccp';
import { parseConferenceAnswer } from '../../src/protocol/lync/conferenceCommands';
import { childrenOf } from '../../src/protocol/xml';
import type { SipMessage } from '../codec';
import {
  c3p,
  conferenceId,
  create,
  factoryOf,
  focusOf,
  join,
  newConference,
  service,
  subscribe,
} from '../testing/conference';
import type { TestEndpoint } from '../testing/endpoint';
import { TestHome } from '../testing/home';
import { refusalIn } from '../testing/meeting';

let home: TestHome;
let alice: TestEndpoint;
beforeEach(() => {
  home = new TestHome();
  alice = home.signIn('alice@contoso.example');
});

const hour = 3_600_000;
const answerIn = (message: SipMessage) => parseCccpResponse(message.body);
const focusIn = (message: SipMessage) => parseConferenceAnswer(answerIn(message).command);

describe('the focus factory', () => {
  it('6.1, CNF-2: answers with the conference’s name, in an envelope that goes the other way', () => {
    const answer = service(alice, newConference());
    expect(answer.header('content-type')).toBe('application/cccp+xml');
    expect(answerIn(answer)).toMatchObject({
      requestId: '17',
      code: 'success',
      from: factoryOf(alice.aor),
      to: alice.aor,
      command: { name: 'addConference' },
    });
    expect(focusIn(answer)).toBe(focusOf(alice.aor));
  });

  it('CNF-1: chooses an id when the client does not', () => {
    const names = [1, 2].map(() => focusIn(service(alice, newConference({ id: null }))));
    for (const name of names)
      expect(name).toMatch(/^sip:alice@contoso\.example;gruu;opaque=app:conf:focus:id:[A-Z0-9]{8,32}$/);
    expect(names[0]).not.toBe(names[1]);
  });

  it.each([
    ['short', 'ABC1234', 400],
    ['long', 'A'.repeat(33), 400],
    ['with other characters', 'ABCD-1234', 400],
    ['taken', conferenceId, 409],
  ])('CNF-1: refuses an id that is %s', (_what, id, status) => {
    create(alice);
    expect(refusalIn(service(alice, newConference({ id })))).toEqual([status, 3003]);
  });

  it('CNF-1: an id is the organizer’s own', () => {
    create(alice);
    const bob = home.signIn('bob@contoso.example');
    expect(focusIn(service(bob, newConference()))).toBe(focusOf(bob.aor));
  });

  it.each([
    ['when asked for', new Date(Date.UTC(2026, 2, 2, 11)).toISOString(), 2 * hour],
    ['after eight hours otherwise', null, 8 * hour],
    ['after eight hours for what is no time', 'tomorrow', 8 * hour],
    ['not before it began', '1999-01-01T00:00:00Z', 60_000],
  ])('CNF-3: expires %s', (_what, expiryTime, ms) => {
    const focus = create(alice, { expiryTime });
    home.clock.advance(ms - 1000);
    const later = home.signIn('alice@contoso.example');
    expect(service(later, { is: 'getConference', id: conferenceId }).status).toBe(200);
    home.clock.advance(1001);
    expect(refusalIn(service(later, { is: 'getConference', id: conferenceId }))).toEqual([404, 3012]);
    expect(join(later, focus).final.status).toBe(404);
  });

  it('CNF-5: joins nobody, not even who made it', () => {
    expect(subscribe(alice, create(alice)).final.status).toBe(403);
  });

  it('CNF-6: lists, finds and deletes one’s own conferences', () => {
    const foci = [create(alice), create(alice, { id: 'SECOND22' })];
    const listed = answerIn(service(alice, { is: 'getConferences' })).command;
    const names = (listed === null ? [] : childrenOf(listed, 'conference')).map(parseConferenceAnswer);
    expect(names.sort()).toEqual([...foci].sort());
    expect(focusIn(service(alice, { is: 'getConference', id: 'SECOND22' }))).toBe(foci[1]);
    expect(focusIn(service(alice, { is: 'deleteConference', focus: focusOf(alice.aor) }))).toBe(foci[0]);
    expect(join(alice, focusOf(alice.aor)).final.status).toBe(404);
  });

  it('CNF-6: another’s conference is as none', () => {
    const focus = create(alice);
    const bob = home.signIn('bob@contoso.example');
    expect(refusalIn(service(bob, { is: 'deleteConference', focus }))).toEqual([404, 3012]);
    expect(join(alice, focus).final.status).toBe(200);
  });

  it('6.2: tells which media there are', () => {
    expect(service(alice, { is: 'getConferencingCapabilities' }).body).toContain(
      '<mcu-types><mcuType>chat</mcuType></mcu-types>',
    );
  });

  it('a person whose policy forbids conferences can make none, whatever the screen says; and others as before', () => {
    home.home.accounts.setPolicy(alice.aor, { conferences: false });
    expect(refusalIn(service(alice, newConference()))).toEqual([403, 3014]);
    expect(service(alice, { is: 'getConferencingCapabilities' }).body).toContain('<mcu-types/>');
    const bob = home.signIn('bob@contoso.example');
    expect(join(alice, create(bob)).final.status).toBe(200);
  });

  it('lets a person have a thousand conferences, and again when they have expired', () => {
    for (let count = 0; count < 1000; count += 1) create(alice, { id: `CONF${String(count).padStart(4, '0')}` });
    expect(refusalIn(service(alice, newConference()))).toEqual([403, 3014]);
    home.clock.advance(9 * hour);
    expect(service(home.signIn('alice@contoso.example'), newConference()).status).toBe(200);
  });

  it('does not offer a closed conference as an open one', () => {
    expect(refusalIn(service(alice, newConference({ admissionPolicy: 'closedAuthenticated' })))).toEqual([501, 3004]);
  });

  it('3014: serves its owner only', () => {
    const bob = home.signIn('bob@contoso.example');
    const factory = factoryOf(alice.aor);
    const answer = bob.request('SERVICE', factory, c3p(newConference(), bob.aor, factory)).final;
    expect(refusalIn(answer)).toEqual([403, 3014]);
  });

  it.each([
    [
      '3000',
      'another’s C3P from',
      c3p(newConference(), 'sip:bob@contoso.example', factoryOf('sip:alice@contoso.example')),
    ],
    [
      '3001',
      'a C3P to elsewhere',
      c3p(newConference(), 'sip:alice@contoso.example', factoryOf('sip:bob@contoso.example')),
    ],
    ['3006', 'a cut document', { contentType: 'application/cccp+xml', body: '<request><addConference' }],
    ['3006', 'no document', { contentType: 'application/cccp+xml', body: 'x' }],
  ])('%s: refuses %s', (id, _what, body) => {
    expect(refusalIn(alice.request('SERVICE', factoryOf(alice.aor), body).final)).toEqual([400, Number(id)]);
  });

  it('3004: refuses what it cannot do', () => {
    const lock = { is: 'modifyConferenceLock', focus: create(alice), locked: true } as const;
    expect(refusalIn(service(alice, lock))).toEqual([501, 3004]);
    const factory = factoryOf(alice.aor);
    expect(alice.request('INVITE', factory, c3p(newConference(), alice.aor, factory)).final.status).toBe(501);
    expect(alice.request('SERVICE', factory, { contentType: 'text/plain', body: 'x' }).final.status).toBe(415);
  });
});
