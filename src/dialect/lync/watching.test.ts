import { beforeEach, describe, expect, it } from 'vitest';
import { parseBatchSubscribe } from '../../protocol/lync/batchSubscribe';
import { cardNode, categoriesType, formatCategories, noteNode, stateNode } from '../../protocol/lync/categories';
import { contactsEvent, contactsType, formatContactDelta, formatContactList } from '../../protocol/lync/contactList';
import { formatResourceList } from '../../protocol/shared/rlmi';
import { headerOf } from '../../protocol/sip/message';
import type { Aor } from '../../protocol/sip/uri';
import { alice, bob, carol } from '../../testing/people';
import { ScriptedHome } from '../../testing/scriptedHome';

let home: ScriptedHome;
beforeEach(() => {
  home = new ScriptedHome();
});

const crowd = (count: number) => Array.from({ length: count }, (_, index) => `sip:p${index}@contoso.example` as Aor);

function contacts(...people: Aor[]) {
  const list = people.map((aor) => ({ aor, name: '', groups: [1], subscribed: true, externalUri: '' }));
  const groups = [{ id: 1, name: '~', externalUri: '' }];
  return { contentType: contactsType, body: formatContactList({ deltaNum: 1, groups, contacts: list }) };
}

/** What was asked of the server, as `subscribe 100`, and in how many dialogs. */
function asked(): { batches: string[]; dialogs: number } {
  const requests = home.sent('SUBSCRIBE', 'presence');
  return {
    batches: requests.map(({ body }) => {
      const { action, resources } = parseBatchSubscribe(body).batch;
      return `${action} ${resources.length}`;
    }),
    dialogs: new Set(requests.map((request) => headerOf(request, 'Call-ID'))).size,
  };
}

const state = (availability: number) => {
  return {
    name: 'state',
    instance: 1,
    publishTime: null,
    content: stateNode({ type: 'aggregateState', availability }),
  };
};
const one = (aor: Aor, availability: number) => formatCategories(aor, [state(availability)]);

describe('watching', () => {
  it('4.6 asks for all contacts in one dialog, so many at a time', async () => {
    home.documents.set(contactsEvent, contacts(...crowd(250)));
    await home.signIn();
    expect(asked()).toEqual({ batches: ['subscribe 100', 'subscribe 100', 'subscribe 50'], dialogs: 1 });
    const [first] = home.sent('SUBSCRIBE', 'presence');
    expect(first?.headers.filter(([name]) => name === 'Require')).toEqual([['Require', 'adhoclist, categoryList']]);
    expect(first?.uri).toBe(alice);
  });

  it('4.6 adds people and drops contacts that went, in the same dialog', async () => {
    home.documents.set(contactsEvent, contacts(bob));
    await home.signIn();
    home.dialect.presence.watch([carol]);
    home.dialect.presence.watch([carol, bob]);
    await home.settle();
    const delta = {
      deltaNum: 2,
      prevDeltaNum: 1,
      addedGroups: [],
      modifiedGroups: [],
      addedContacts: [],
      modifiedContacts: [],
      deletedContacts: [bob],
      deletedGroups: [],
    };
    await home.notify(contactsEvent, { contentType: contactsType, body: formatContactDelta(delta) });
    // Bob was also asked for by name, so he stays watched.
    expect(asked()).toEqual({ batches: ['subscribe 1', 'subscribe 1'], dialogs: 1 });
  });

  it('4.6 drops a contact that went', async () => {
    home.documents.set(contactsEvent, contacts(bob, carol));
    await home.signIn();
    home.documents.set(contactsEvent, contacts(carol));
    const gap = '<contactDelta deltaNum="9" prevDeltaNum="8"/>';
    await home.notify(contactsEvent, { contentType: contactsType, body: gap });
    expect(asked().batches).toEqual(['subscribe 2', 'unsubscribe 1']);
  });

  it('PRS-11 starts afresh after 481 with everybody in it', async () => {
    home.documents.set(contactsEvent, contacts(...crowd(120)));
    await home.signIn();
    let refusals = 1;
    home.answers = ({ method }) => {
      if (method !== 'SUBSCRIBE' || refusals === 0) return null;
      refusals -= 1;
      return { status: 481, reason: 'Subscription Does Not Exist' };
    };
    home.dialect.presence.watch([carol]);
    await home.elapse(11_000);
    expect(asked().batches.slice(2)).toEqual(['subscribe 1', 'subscribe 100', 'subscribe 21']);
    expect(asked().dialogs).toBe(2);
  });
});

describe('what is told', () => {
  beforeEach(async () => {
    home.documents.set(contactsEvent, contacts(bob, carol));
    await home.signIn();
  });

  it('4.6 state, note and card of many in one multipart document, in one report', async () => {
    const card = { displayName: 'Bob Barends', email: '', title: 'Draughtsman', department: '', company: '' };
    const content = cardNode({ ...card, office: '', workPhone: '' });
    const bobs = formatCategories(bob, [
      state(6500),
      { name: 'note', instance: 0, publishTime: null, content: noteNode('In Utrecht') },
      { name: 'contactCard', instance: 0, publishTime: null, content },
    ]);
    const resources = [
      { aor: bob, state: 'active' as const, contentType: categoriesType, body: bobs },
      { aor: carol, state: 'terminated' as const, reason: 'noresource' },
    ];
    const { length } = home.host.all('presence.changed');
    await home.notify('presence', formatResourceList(alice, resources, 1));
    expect(home.host.all('presence.changed')).toHaveLength(length + 1);
    expect(home.host.person(bob)).toEqual({
      presence: { status: 'busy', knownAt: home.world.now() },
      note: 'In Utrecht',
      card: { displayName: 'Bob Barends', title: 'Draughtsman' },
    });
    // PRS-8: unknown, not offline.
    expect(home.host.person(carol).presence?.status).toBe('unknown');
  });

  it('PRS-9 one person alone; PRS-6 a category without content is empty now', async () => {
    await home.notify('presence', { contentType: categoriesType, body: one(bob, 3500) });
    expect(home.host.person(bob).presence?.status).toBe('available');
    const empty = formatCategories(bob, [{ name: 'note', instance: null, publishTime: null, content: null }]);
    await home.notify('presence', { contentType: categoriesType, body: empty });
    expect(home.host.last('presence.changed').people).toEqual([{ aor: bob, note: '' }]);
  });

  it('one broken document does not hide the others', async () => {
    const resources = [
      { aor: carol, state: 'active' as const, contentType: categoriesType, body: '<categories' },
      { aor: bob, state: 'active' as const, contentType: categoriesType, body: one(bob, 9500) },
    ];
    await home.notify('presence', formatResourceList(alice, resources, 1));
    expect(home.host.person(bob).presence?.status).toBe('do-not-disturb');
    await home.notify('presence', { contentType: categoriesType, body: one(carol, 3500) });
    expect(home.host.person(carol).presence?.status).toBe('available');
  });

  it('nobody that was not asked for', async () => {
    const { length } = home.host.all('presence.changed');
    await home.notify('presence', { contentType: categoriesType, body: one('sip:eve@contoso.example' as Aor, 3500) });
    expect(home.host.all('presence.changed')).toHaveLength(length);
  });
});
