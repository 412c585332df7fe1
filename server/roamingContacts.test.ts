import { describe, expect, it } from 'vitest';
import { type ContactDelta, parseContactDocument } from '../src/protocol/lync/contactList';
import { type ContactOperation, formatContactOperation, parseGroupAdded } from '../src/protocol/lync/contactService';
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

  it('3.2 c: deleting a group first takes its members out', () => {
    const alice = new TestHome().signIn('alice@contoso.example');
    subscribe(alice);
    service(alice, { is: 'addGroup', name: 'Design', externalUri: '', deltaNum: 1 });
    service(alice, add([2]));
    alice.incoming.length = 0;
    service(alice, { is: 'deleteGroup', id: 2, deltaNum: 3 });
    expect(delta(alice.expect('BENOTIFY')).modifiedContacts).toMatchObject([{ aor: bob, groups: [1] }]);
    expect(delta(alice.expect('BENOTIFY')).deletedGroups).toEqual([2]);
  });

  it.each<[string, Exclude<ContactOperation, { is: 'other' }>, number, number]>([
    ['a contact that is not there', { is: 'deleteContact', aor: bob, deltaNum: 1 }, 404, 2001],
    ['an unknown group', add([9]), 404, 2002],
    ['the built-in group', { is: 'deleteGroup', id: 1, deltaNum: 1 }, 404, 2002],
  ])('CON-4: refuses %s', (_what, operation, status, id) => {
    const answer = service(new TestHome().signIn('alice@contoso.example'), operation);
    expect([answer.status, Number.parseInt(answer.header('ms-diagnostics') ?? '', 10)]).toEqual([status, id]);
  });

  it("refuses SERVICE on another's contacts", () => {
    expect(service(new TestHome().signIn('alice@contoso.example'), add([1]), bob).status).toBe(403);
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
