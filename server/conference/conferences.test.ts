import { beforeEach, describe, expect, it } from 'vitest';
import { parseCccpResponse } from '../../src/protocol/lync/cccp';
import { parseAddUserAnswer } from '../../src/protocol/lync/conferenceCommands';
import type { Aor, FocusUri } from '../../src/protocol/sip/uri';
import { ConferenceStore } from '../store/conferences';
import { type Database, openDatabase } from '../store/database';
import { create, join, Member, rosterIn, subscribe } from '../testing/conference';
import { TestHome } from '../testing/home';

const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((user) => `sip:${user}@contoso.example` as Aor) as [
  Aor,
  Aor,
  Aor,
];
const hour = 3_600_000;

let database: Database;
let home: TestHome;
beforeEach(() => {
  database = openDatabase(':memory:');
  home = new TestHome({ database });
});

const signIn = (person: Aor) => home.signIn(person.slice('sip:'.length));
const rows = (table: string) =>
  (database.prepare(`SELECT COUNT(*) AS count FROM ${table}`).get() as { count: number }).count;

describe('a restart of the server in the middle', () => {
  it('members come back to what it was: roles, lock, and what was said, with the numbers going on', async () => {
    const focus = create(signIn(alice));
    const [a, b] = [new Member(signIn(alice), focus), new Member(signIn(bob), focus)];
    a.command({ is: 'modifyUserRoles', focus, user: bob, role: 'presenter' });
    a.command({ is: 'modifyConferenceLock', focus, locked: true });
    a.say('one', [['Confab-Item', 'a-1']]);
    b.say('two');

    home = new TestHome({ database, people: [] });
    const again = signIn(alice);
    expect(again.inDialog(a.dialog, 'INFO').final.status).toBe(481);
    expect(again.inDialog(a.chat, 'MESSAGE').final.status).toBe(481);
    expect(again.inDialog(a.roster, 'SUBSCRIBE').final.status).toBe(481);
    expect(join(signIn(carol), focus).final.status).toBe(480);

    const back = [new Member(again, focus, '0'), new Member(signIn(bob), focus, '1')] as const;
    expect(parseAddUserAnswer(parseCccpResponse(back[1].dialog.final.body).command)).toBe('presenter');
    expect((await back[0].take('MESSAGE')).map(({ body }) => body)).toEqual(['one', 'two']);
    expect((await back[1].take('MESSAGE')).map(({ body }) => body)).toEqual(['two']);
    const roster = rosterIn(subscribe(again, focus).final);
    expect([roster.locked, roster.users?.map(({ aor }) => aor)]).toEqual([true, [alice, bob]]);
    // Sent again because its answer was lost with the server.
    expect(back[0].say('one', [['Confab-Item', 'a-1']]).header('message-id')).toBe('1');
    expect(back[0].say('three').header('message-id')).toBe('3');
    expect((await back[1].take('MESSAGE')).map(({ body }) => body)).toEqual(['three']);
  });
});

describe('the end of conferences', () => {
  it('CNF-3: an expired one goes when the last has left it, with all that was said', () => {
    const focus = create(signIn(alice));
    const endpoint = signIn(alice);
    new Member(endpoint, focus).say('hello');
    home.clock.advance(30 * 60_000);
    for (let half = 0; half < 18; half += 1) {
      endpoint.register('unused');
      home.clock.advance(30 * 60_000);
    }
    expect(join(endpoint, focus).final.status).toBe(200);
    endpoint.connection.lose();
    expect(rows('conference')).toBe(1);
    home.clock.advance(hour);
    expect([rows('conference'), rows('conference_member'), rows('conference_message')]).toEqual([0, 0, 0]);
  });

  it('CNF-3: those that expired while the server was down are gone when it starts', () => {
    const focus = create(signIn(alice));
    const later = new TestHome({ database, people: [] });
    expect(join(later.signIn('alice@contoso.example'), focus).final.status).toBe(200);
    const record = { expires_at: later.clock.now() - 1 };
    database.prepare('UPDATE conference SET expires_at = ?').run(record.expires_at);
    const latest = new TestHome({ database, people: [] });
    expect(join(latest.signIn('alice@contoso.example'), focus).final.status).toBe(404);
  });

  it('a removed person’s conferences end, and rights in others’ are forgotten: the next of that address is somebody else', async () => {
    const [alices, bobs] = [signIn(alice), signIn(bob)];
    const [ofAlice, ofBob] = [create(alices), create(bobs, { id: 'BOBSCONF' })];
    const [a, b] = [new Member(alices, ofAlice), new Member(bobs, ofAlice)];
    const host = new Member(bobs, ofBob);
    new Member(alices, ofBob);
    host.command({ is: 'modifyUserRoles', focus: ofBob, user: alice, role: 'presenter' });
    host.command({ is: 'modifyConferenceLock', focus: ofBob, locked: true });
    a.say('ours');
    home.home.accounts.remove(alice);
    expect((await b.take('BYE')).length).toBe(2);
    home.addPerson('alice@contoso.example', 'Another Alice');
    const another = signIn(alice);
    expect(join(another, ofAlice).final.status).toBe(404);
    expect(join(another, ofBob).final.status).toBe(480);
    expect(rows('conference_message')).toBe(0);
  });
});

describe('the log', () => {
  it('keeps the newest messages of a conference, and reads on in order', () => {
    const focus = create(signIn(alice)) as FocusUri;
    const store = new ConferenceStore(database, home.clock.now(), 3);
    const said = { author: alice, item: null, contentType: 'text/plain', saidAt: 0 };
    for (let number = 1; number <= 5; number += 1) {
      expect(store.say(focus, { ...said, body: String(number) })).toEqual({ number, isNew: true });
    }
    expect(store.next(focus, 0, 2).map(({ body }) => body)).toEqual(['3', '4']);
    expect(store.next(focus, 4, 2).map(({ body }) => body)).toEqual(['5']);
    expect(store.next(focus, 5, 2)).toEqual([]);
    expect(store.lastNumber(focus)).toBe(5);
  });
});
