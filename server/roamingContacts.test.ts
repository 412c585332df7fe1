import { describe, expect, it } from 'vitest';
import { type ContactDelta, parseContactDocument } from '../src/protocol/lync/contactList';
import { type ContactOperation, formatContactOperation, parseGroupAdded } from '../src/protocol/lync/contactService';
import { ContactLists } from './store/contacts';
import type { TestEndpoint } from './testing/endpoint';
import { TestHome } from './testing/home';

const bob = 'sip:bob@contoso.example' as TestEndpoint['aor'];

function subscribe(endpoint: TestEndpoint) {
  return endpoint.request('SUBSCRIBE', endpoint.aor, {
    headers: [
      ['Event', 'vnd-microsoft-roaming-contacts'],
      ['Supported', 'ms-piggyback-first-notify'],
      ['Supported', 'ms-benotify'],
    ],
  }).final;
}

function service(
  endpoint: TestEndpoint,
  operation: Exclude<ContactOperation, { is: 'other' }>,
  owner: string = endpoint.aor,
) {
  return endpoint.request('SERVICE', owner, {
    contentType: 'application/SOAP+xml',
    body: formatContactOperation(operation),
  }).final;
}

const add = (groups: number[]): Exclude<ContactOperation, { is: 'other' }> => ({
  is: 'setContact',
  aor: bob,
  name: '',
  groups,
  subscribed: true,
  externalUri: '',
  deltaNum: 1,
});

const known = { name: '', groups: [1], subscribed: true, externalUri: '' };

const idOf = (answer: ReturnType<typeof service>) => [
  answer.status,
  Number.parseInt(answer.header('ms-diagnostics') ?? '', 10),
];

function delta(message: { body: string | Buffer }): ContactDelta {
  const document = parseContactDocument(message.body.toString());
  if (document.is !== 'delta') throw new Error('no delta');
  return document.delta;
}

describe('roaming contacts', () => {
  it('3.1: a new list has version 1 and the group "~"', () => {
    const answer = subscribe(new TestHome().signIn('alice@contoso.example'));
    expect(parseContactDocument(answer.body.toString())).toEqual({
      is: 'list',
      list: { deltaNum: 1, groups: [{ id: 1, name: '~', externalUri: '' }], contacts: [] },
    });
  });

  it('3.2: a change is told to every endpoint, with sip: in the delta', () => {
    const home = new TestHome();
    const [first, second] = [home.signIn('alice@contoso.example'), home.signIn('alice@contoso.example')];
    for (const endpoint of [first, second]) subscribe(endpoint);
    expect(service(first, add([1])).status).toBe(200);
    for (const endpoint of [first, second]) {
      const notice = endpoint.expect('BENOTIFY');
      expect(notice.body.toString()).toContain('uri="sip:bob@contoso.example"');
      expect(delta(notice)).toMatchObject({ deltaNum: 2, prevDeltaNum: 1, addedContacts: [{ aor: bob, groups: [1] }] });
    }
  });

  it('CON-3: addGroup answers the new id, and a name is taken once', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    const operation = { is: 'addGroup' as const, name: 'Design', externalUri: '', deltaNum: 1 };
    expect(parseGroupAdded(service(alice, operation).body.toString())).toBe(2);
    const again = service(alice, { ...operation, name: 'design' });
    expect([again.status, again.header('ms-diagnostics')]).toEqual([409, expect.stringMatching(/^2015;/)]);
  });

  it('3.2 c: deleting a group first takes its members out; the whole list tells that it is gone, since deletedGroup ends SIPE', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    subscribe(alice);
    service(alice, { is: 'addGroup', name: 'Design', externalUri: '', deltaNum: 1 });
    service(alice, add([2]));
    alice.incoming.length = 0;
    service(alice, { is: 'deleteGroup', id: 2, deltaNum: 3 });
    expect(delta(alice.expect('BENOTIFY')).modifiedContacts).toMatchObject([{ aor: bob, groups: [1] }]);
    expect(parseContactDocument(alice.expect('BENOTIFY').body)).toMatchObject({
      is: 'list',
      list: { deltaNum: 5, groups: [{ id: 1 }], contacts: [{ aor: bob, groups: [1] }] },
    });
  });

  it('3.1: a new group does not get the id of one that was just deleted', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    const added = () =>
      parseGroupAdded(service(alice, { is: 'addGroup', name: 'Design', externalUri: '', deltaNum: 1 }).body);
    const first = added();
    service(alice, { is: 'deleteGroup', id: first, deltaNum: 2 });
    expect(added()).not.toBe(first);
  });

  it('CON-2: a contact put into groups of which none is there any more is in "Other contacts"', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    subscribe(alice);
    expect(service(alice, add([9])).status).toBe(200);
    expect(delta(alice.expect('BENOTIFY')).addedContacts).toMatchObject([{ aor: bob, groups: [1] }]);
    service(alice, { is: 'addGroup', name: 'Design', externalUri: '', deltaNum: 2 });
    service(alice, add([3, 9]));
    alice.expect('BENOTIFY');
    expect(delta(alice.expect('BENOTIFY')).modifiedContacts).toMatchObject([{ aor: bob, groups: [3] }]);
  });

  it('3.1, PRV-1: the list rides in the 200, addresses without sip:', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    service(alice, add([1]));
    const answer = subscribe(alice);
    expect([answer.header('event'), answer.header('ms-piggyback-cseq')]).toEqual([
      'vnd-microsoft-roaming-contacts',
      '1',
    ]);
    expect(answer.header('subscription-state')).toMatch(/^active;/);
    expect(answer.body.toString()).toContain('<contact uri="bob@contoso.example"');
  });

  it('3.3: setContact replaces, modifyGroup renames, deleteContact removes: each a delta with the next number', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    subscribe(alice);
    service(alice, { is: 'addGroup', name: 'Design', externalUri: '', deltaNum: 1 });
    service(alice, add([1]));
    service(alice, { ...add([1, 2]), name: 'Bobby' } as typeof bobby);
    service(alice, { is: 'modifyGroup', id: 2, name: 'Designers', externalUri: 'urn:x', deltaNum: 4 });
    service(alice, { is: 'deleteContact', aor: bob, deltaNum: 5 });
    const deltas = Array.from({ length: 5 }, () => delta(alice.expect('BENOTIFY')));
    expect(deltas.map(({ prevDeltaNum, deltaNum }) => [prevDeltaNum, deltaNum])).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
      [4, 5],
      [5, 6],
    ]);
    expect(deltas[2]?.modifiedContacts).toEqual([
      { aor: bob, name: 'Bobby', groups: [1, 2], subscribed: true, externalUri: '' },
    ]);
    expect(deltas[3]?.modifiedGroups).toEqual([{ id: 2, name: 'Designers', externalUri: 'urn:x' }]);
    expect(deltas[4]?.deletedContacts).toEqual([bob]);
  });

  it('3.1: a contact without groups is in "Other contacts"', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    service(alice, add([]));
    expect(parseContactDocument(subscribe(alice).body.toString())).toMatchObject({
      list: { contacts: [{ aor: bob, groups: [1] }] },
    });
  });

  it('CON-1, CON-2: operations that a native client sends ahead with numbers of its own are carried out', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    expect(service(alice, { ...add([1]), deltaNum: 1 }).status).toBe(200);
    expect(service(alice, { ...add([1]), deltaNum: 1 }).status).toBe(200);
    expect(service(alice, { ...add([1]), deltaNum: 9 }).status).toBe(200);
    expect(service(alice, { ...add([1]), deltaNum: null }).status).toBe(200);
  });

  const bobby = add([1]);
  it.each<[string, typeof bobby, number]>([
    ["a contact's name of more than 256 bytes", { ...bobby, name: 'é'.repeat(129) } as typeof bobby, 400],
    ['a group without a name', { is: 'addGroup', name: ' ', externalUri: '', deltaNum: 1 }, 400],
    [
      "a group's name of more than 256 bytes",
      { is: 'addGroup', name: 'x'.repeat(257), externalUri: '', deltaNum: 1 },
      400,
    ],
    ['an externalURI that is too large', { ...bobby, externalUri: 'x'.repeat(1025) } as typeof bobby, 413],
    [
      "a group's externalURI that is too large",
      { is: 'addGroup', name: 'x', externalUri: 'x'.repeat(1025), deltaNum: 1 },
      413,
    ],
  ])('refuses %s, and tells nobody', (_what, operation, status) => {
    const alice = new TestHome().signIn('alice@contoso.example');
    subscribe(alice);
    expect(service(alice, operation).status).toBe(status);
    expect(alice.incoming).toEqual([]);
  });

  it('CON-4: 63 groups (2008) and 1000 contacts (2007) are the most; who is there can still be changed', () => {
    const home = new TestHome();
    const alice = home.signIn('alice@contoso.example');
    const group = (name: string) => service(alice, { is: 'addGroup', name, externalUri: '', deltaNum: 1 });
    for (let count = 2; count <= 63; count += 1) expect(group(`Group ${count}`).status).toBe(200);
    expect(idOf(group('One more'))).toEqual([403, 2008]);
    new ContactLists(home.database).change(alice.aor, () => {
      for (let count = 0; count < 999; count += 1) {
        const aor = `sip:p${count}@contoso.example` as TestEndpoint['aor'];
        new ContactLists(home.database).putContact(alice.aor, { ...known, aor });
      }
    });
    expect(service(alice, add([1])).status).toBe(200);
    const carol = { ...bobby, aor: 'sip:carol@contoso.example' } as typeof bobby;
    expect(idOf(service(alice, carol))).toEqual([403, 2007]);
    expect(service(alice, add([1, 63])).status).toBe(200);
  });

  it('CON-4: a group may keep its own name, or change its case', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    service(alice, { is: 'addGroup', name: 'Design', externalUri: '', deltaNum: 1 });
    const rename = { is: 'modifyGroup' as const, id: 2, name: 'DESIGN', externalUri: '', deltaNum: 2 };
    expect(service(alice, rename).status).toBe(200);
    expect(idOf(service(alice, { ...rename, id: 1 }))).toEqual([404, 2002]);
  });

  it.each<[string, Exclude<ContactOperation, { is: 'other' }>, number, number]>([
    ['a contact that is not there', { is: 'deleteContact', aor: bob, deltaNum: 1 }, 404, 2001],
    ['an unknown group', { is: 'modifyGroup', id: 9, name: 'x', externalUri: '', deltaNum: 1 }, 404, 2002],
    ['the built-in group', { is: 'deleteGroup', id: 1, deltaNum: 1 }, 404, 2002],
  ])('CON-4: refuses %s', (_what, operation, status, id) => {
    const answer = service(new TestHome().signIn('alice@contoso.example'), operation);
    expect(idOf(answer)).toEqual([status, id]);
  });

  it("refuses SERVICE on another's contacts, and SUBSCRIBE to them", () => {
    const home = new TestHome();
    const alice = home.signIn('alice@contoso.example');
    expect(service(alice, add([1]), bob).status).toBe(403);
    const headers = [['Event', 'vnd-microsoft-roaming-contacts']] as const;
    const answer = alice.request('SUBSCRIBE', bob, { headers }).final;
    expect([answer.status, answer.body]).toEqual([403, '']);
    expect(parseContactDocument(subscribe(home.signIn('bob@contoso.example')).body)).toMatchObject({
      list: { contacts: [] },
    });
  });

  it('a damaged body gets 400 and changes nothing', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    const answer = alice.request('SERVICE', alice.aor, {
      contentType: 'application/SOAP+xml',
      body: '<Envelope><Body>',
    }).final;
    expect(answer.status).toBe(400);
  });

  it('the list survives the server', () => {
    const before = new TestHome();
    service(before.signIn('alice@contoso.example'), add([1]));
    const after = new TestHome({ database: before.database, people: [] });
    const answer = subscribe(after.signIn('alice@contoso.example'));
    expect(parseContactDocument(answer.body.toString())).toMatchObject({
      list: { deltaNum: 2, contacts: [{ aor: bob }] },
    });
  });
});
