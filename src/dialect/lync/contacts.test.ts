import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupId } from '../../domain/ids';
import {
  type ContactDelta,
  contactsEvent,
  contactsType,
  formatContactDelta,
  formatContactList,
} from '../../protocol/lync/contactList';
import { formatGroupAdded, parseContactOperation, soapType } from '../../protocol/lync/contactService';
import type { Aor } from '../../protocol/sip/uri';
import { bob, carol } from '../../testing/people';
import { ScriptedHome } from '../../testing/scriptedHome';

const contact = (aor: Aor, groups: number[], name = '') => {
  return { aor, name, groups, subscribed: true, externalUri: '' };
};

function list(deltaNum: number, ...people: Aor[]) {
  const groups = [
    { id: 1, name: '~', externalUri: '' },
    { id: 2, name: 'Design', externalUri: 'x' },
  ];
  const contacts = people.map((aor) => contact(aor, [1]));
  return { contentType: contactsType, body: formatContactList({ deltaNum, groups, contacts }) };
}

function delta(prevDeltaNum: number, change: Partial<ContactDelta>) {
  const nothing = { addedGroups: [], modifiedGroups: [], addedContacts: [], modifiedContacts: [] };
  const body = formatContactDelta({
    ...nothing,
    deletedContacts: [],
    deletedGroups: [],
    prevDeltaNum,
    deltaNum: prevDeltaNum + 1,
    ...change,
  });
  return { contentType: contactsType, body };
}

let home: ScriptedHome;
beforeEach(async () => {
  home = new ScriptedHome();
  home.documents.set(contactsEvent, list(12, bob));
  await home.signIn();
});

const services = () =>
  home
    .sent('SERVICE')
    .filter(({ body }) => body.includes('Envelope'))
    .map(({ body }) => parseContactOperation(body));

describe('the contact list', () => {
  it.each(['sip:carol@contoso.example', 'Carol@contoso.example'])(
    '3.1 takes %s, as SIPE writes it, for no alias',
    async (name) => {
      await home.notify(contactsEvent, delta(12, { addedContacts: [contact(carol, [2], name)] }));
      expect(home.host.last('contacts.changed').contacts).toEqual([{ aor: carol, alias: '', groups: ['2'] }]);
    },
  );

  it('3.2 applies a delta that follows the last', async () => {
    const change = { addedContacts: [contact(carol, [2], 'Caro')], deletedContacts: [bob] };
    await home.notify(contactsEvent, delta(12, change));
    expect(home.host.last('contacts.changed')).toEqual({
      type: 'contacts.changed',
      groups: [],
      removedGroups: [],
      contacts: [{ aor: carol, alias: 'Caro', groups: ['2'] }],
      removedContacts: [bob],
    });
  });

  it('3.2 subscribes anew when a delta is missing, and takes the whole list instead', async () => {
    home.documents.set(contactsEvent, list(15, carol));
    await home.notify(contactsEvent, delta(13, { deletedContacts: [bob] }));
    expect(home.host.all('contacts.changed')).toEqual([]);
    expect(home.sent('SUBSCRIBE', contactsEvent)).toHaveLength(2);
    expect([...home.host.contacts.keys()]).toEqual([carol]);
  });

  it('lives on after a document that is none', async () => {
    await home.notify(contactsEvent, { contentType: contactsType, body: '<contactDelta' });
    await home.notify(contactsEvent, delta(12, { deletedContacts: [bob] }));
    expect(home.host.contacts.size).toBe(0);
  });

  it('PRV-5 is empty for who may not subscribe to it', async () => {
    const refused = new ScriptedHome();
    refused.answers = ({ method, headers }) => {
      const isContacts = headers.some(([, value]) => value === contactsEvent);
      return method === 'SUBSCRIBE' && isContacts ? { status: 403, reason: 'Forbidden' } : null;
    };
    await refused.signIn();
    expect(refused.host.last('contacts.replaced')).toEqual({ type: 'contacts.replaced', groups: [], contacts: [] });
  });
});

describe('changes to it', () => {
  it('CON-1 name the version of the list, one after another', async () => {
    home.answers = ({ method }) => {
      if (method !== 'SERVICE') return null;
      void home.notify(contactsEvent, delta(11 + services().length, {}));
      return null;
    };
    const outcomes = [
      home.dialect.contacts.set({ aor: carol, alias: 'Caro', groups: ['2' as GroupId] }),
      home.dialect.contacts.remove(bob),
      home.dialect.contacts.renameGroup('2' as GroupId, 'Drawing'),
    ];
    await home.settle();
    for (const outcome of outcomes) expect(await outcome).toEqual({ ok: true, value: undefined });
    expect(services()).toEqual([
      {
        is: 'setContact',
        aor: carol,
        name: 'Caro',
        groups: [2],
        subscribed: true,
        externalUri: '',
        deltaNum: 12,
      },
      { is: 'deleteContact', aor: bob, deltaNum: 13 },
      { is: 'modifyGroup', id: 2, name: 'Drawing', externalUri: 'x', deltaNum: 14 },
    ]);
  });

  it('CON-2 are tried once more with the whole list when another endpoint was faster', async () => {
    home.documents.set(contactsEvent, list(20, bob));
    let refusals = 0;
    home.answers = ({ method }) => {
      if (method !== 'SERVICE' || refusals > 0) return null;
      refusals += 1;
      return { status: 409, reason: 'Conflict' };
    };
    const removed = home.dialect.contacts.remove(bob);
    await home.elapse(3_000);
    expect(await removed).toEqual({ ok: true, value: undefined });
    expect(services().map((operation) => 'deltaNum' in operation && operation.deltaNum)).toEqual([12, 20]);
  });

  it('CON-3 learn the number of a new group from the answer', async () => {
    home.answers = ({ method }) =>
      method === 'SERVICE' ? { status: 200, reason: 'OK', contentType: soapType, body: formatGroupAdded(7) } : null;
    const added = home.dialect.contacts.addGroup('Suppliers');
    await home.elapse(3_000);
    expect(await added).toEqual({ ok: true, value: '7' });
  });

  it('CON-4 fail with the server’s reason, a double name without another try', async () => {
    const headers = ['ms-diagnostics: 2015;reason="Duplicate group name"'];
    home.answers = ({ method }) => (method === 'SERVICE' ? { status: 409, reason: 'Conflict', headers } : null);
    const added = home.dialect.contacts.addGroup('Design');
    await home.settle();
    expect(await added).toMatchObject({ ok: false, failure: { status: 409, diagnostics: { id: 2015 } } });
    expect(services()).toHaveLength(1);
  });
});
