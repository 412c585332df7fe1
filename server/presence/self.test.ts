import { beforeEach, describe, expect, it } from 'vitest';
import { parseCard } from '../../src/protocol/lync/categories';
import { type ContainerChange, formatContainerMembers } from '../../src/protocol/lync/containerMembers';
import { parseFault } from '../../src/protocol/lync/fault';
import { formatRoamingRequest } from '../../src/protocol/lync/roamingSelf';
import { formatSetSubscribers } from '../../src/protocol/lync/subscribers';
import type { SipMessage } from '../codec';
import type { TestEndpoint } from '../testing/endpoint';
import { TestHome } from '../testing/home';
import { lyncAbilities, machine, note, person, publish, selfIn, subscribeSelf } from '../testing/presence';

const carol = person('carol@contoso.example');

let home: TestHome;
let alice: TestEndpoint;
beforeEach(() => {
  home = new TestHome();
  alice = home.signIn('alice@contoso.example');
});

const idOf = (answer: SipMessage) => [answer.status, Number.parseInt(answer.header('ms-diagnostics') ?? '', 10)];

function setMembers(endpoint: TestEndpoint, changes: ContainerChange[], owner: string = endpoint.aor): SipMessage {
  return endpoint.request('SERVICE', owner, {
    contentType: 'application/msrtc-setcontainermembers+xml',
    body: formatContainerMembers(changes),
  }).final;
}

const carolIn = (id: number, version = 0, action: 'add' | 'remove' = 'add'): ContainerChange => {
  return { id, version, members: [{ action, member: { type: 'user', value: 'carol@contoso.example' } }] };
};

describe('roaming self', () => {
  it('SLF-1, SLF-4, SLF-6: the first document tells all there is, the levels with their usual members', () => {
    publish(alice, { content: machine(3500) }, note(200, 'In Utrecht'));
    const answer = subscribeSelf(alice).final;
    expect([answer.header('event'), answer.header('ms-piggyback-cseq')]).toEqual(['vnd-microsoft-roaming-self', '1']);
    expect(answer.header('subscription-state')).toMatch(/^active;/);
    const { categories, containers, subscribers } = selfIn(answer);
    expect(categories?.map(({ name, instance, container }) => [name, instance, container])).toEqual([
      ['state', 0x3000_0001, 2],
      ['note', 0, 200],
      ['contactCard', 0, 200],
      ['state', 1, 2],
    ]);
    expect(containers).toEqual([
      { id: 32_000, version: 0, members: [] },
      { id: 400, version: 0, members: [] },
      { id: 300, version: 0, members: [] },
      { id: 200, version: 0, members: [{ type: 'sameEnterprise', value: '' }] },
      { id: 100, version: 0, members: [{ type: 'federated', value: '' }] },
    ]);
    expect(subscribers).toEqual([]);
  });

  it('4.2: only the sections asked for', () => {
    expect(selfIn(subscribeSelf(alice, ['containers']).final)).toMatchObject({ categories: null, subscribers: null });
    expect(selfIn(subscribeSelf(alice, ['delegates']).final)).toEqual({
      categories: null,
      containers: null,
      subscribers: null,
    });
  });

  it('4.3: a new name in the directory is told to its owner', () => {
    subscribeSelf(alice);
    home.home.accounts.setProfile(alice.aor, { displayName: 'Alice Moreau' });
    const card = selfIn(alice.expect('BENOTIFY')).categories?.[0]?.content;
    expect(card && parseCard(card).displayName).toBe('Alice Moreau');
  });

  it("refuses another's, and a body that is none", () => {
    const headers = [['Event', 'vnd-microsoft-roaming-self'], ...lyncAbilities] as const;
    const contentType = 'application/vnd-microsoft-roaming-self+xml';
    const body = formatRoamingRequest(['categories']);
    expect(idOf(alice.request('SUBSCRIBE', carol, { headers, contentType, body }).final)).toEqual([403, 2004]);
    expect(alice.request('SUBSCRIBE', alice.aor, { headers, contentType, body: '<roaming' }).final.status).toBe(400);
  });
});

describe('setContainerMembers', () => {
  it('4.2: counts the version up and tells the containers to every endpoint', () => {
    const other = home.signIn('alice@contoso.example');
    for (const endpoint of [alice, other]) subscribeSelf(endpoint);
    const answer = setMembers(alice, [carolIn(300)]);
    expect([answer.status, answer.body]).toEqual([200, '']);
    for (const endpoint of [alice, other]) {
      const { containers, categories } = selfIn(endpoint.expect('BENOTIFY'));
      expect(categories).toBeNull();
      expect(containers?.find(({ id }) => id === 300)).toEqual({
        id: 300,
        version: 1,
        members: [{ type: 'user', value: 'carol@contoso.example' }],
      });
    }
  });

  it('4.2: a move is a removal and an addition in one request; a stale version refuses both (409)', () => {
    setMembers(alice, [carolIn(300)]);
    const refused = setMembers(alice, [carolIn(400), carolIn(300, 0, 'remove')]);
    expect(refused.status).toBe(409);
    expect(parseFault(refused.body).conflicts).toEqual([{ index: 2, version: 0, curVersion: 1 }]);
    expect(setMembers(alice, [carolIn(400), carolIn(300, 1, 'remove')]).status).toBe(200);
    const { containers } = selfIn(subscribeSelf(alice).final);
    expect(containers?.filter(({ id }) => id === 300 || id === 400)).toEqual([
      { id: 400, version: 1, members: [{ type: 'user', value: 'carol@contoso.example' }] },
      { id: 300, version: 2, members: [] },
    ]);
  });

  it('4.2: the usual member of a level stays when another is added, and goes when removed', () => {
    setMembers(alice, [carolIn(200)]);
    const members = () => selfIn(subscribeSelf(alice).final).containers?.find(({ id }) => id === 200)?.members;
    expect(members()).toEqual([
      { type: 'sameEnterprise', value: '' },
      { type: 'user', value: 'carol@contoso.example' },
    ]);
    const removal = { action: 'remove' as const, member: { type: 'sameEnterprise' as const, value: '' } };
    setMembers(alice, [{ id: 200, version: 1, members: [removal] }]);
    expect(members()).toEqual([{ type: 'user', value: 'carol@contoso.example' }]);
  });

  it('4.2: levels survive the server', () => {
    setMembers(alice, [carolIn(300), carolIn(150)]);
    const again = new TestHome({ database: home.database, people: [] });
    const { containers } = selfIn(subscribeSelf(again.signIn('alice@contoso.example')).final);
    expect(containers?.filter(({ version }) => version > 0).map(({ id }) => id)).toEqual([300, 150]);
  });

  it.each([
    ["another's levels", () => setMembers(alice, [carolIn(300)], carol), 2004],
    ['members where clients publish', () => setMembers(alice, [carolIn(2)]), 2003],
    ['more members than a container holds', () => setMembers(alice, [crowded(300)]), 2006],
    [
      'more containers than anybody needs',
      () =>
        setMembers(
          alice,
          Array.from({ length: 40 }, (_, index) => carolIn(1000 + index)),
        ),
      2006,
    ],
  ])('refuses %s', (_what, request, id) => {
    expect(idOf(request())).toEqual([403, id]);
  });

  function crowded(id: number): ContainerChange {
    const members = Array.from({ length: 1001 }, (_, index) => {
      return { action: 'add' as const, member: { type: 'user' as const, value: `p${index}@contoso.example` } };
    });
    return { id, version: 0, members };
  }
});

describe('subscribers', () => {
  function addAlice(): TestEndpoint {
    const carols = home.signIn('carol@contoso.example');
    const m = 'xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"';
    const contact = `<m:setContact ${m}><m:displayName/><m:groups>1</m:groups><m:subscribed>true</m:subscribed><m:URI>sip:alice@contoso.example</m:URI><m:externalURI/><m:deltaNum>1</m:deltaNum></m:setContact>`;
    const body = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${contact}</e:Body></e:Envelope>`;
    expect(carols.request('SERVICE', carols.aor, { contentType: 'application/SOAP+xml', body }).final.status).toBe(200);
    return carols;
  }

  const acknowledge = (aor = carol) =>
    alice.request('SERVICE', alice.aor, {
      contentType: 'application/msrtc-presence-setsubscriber+xml',
      body: formatSetSubscribers([{ aor, acknowledged: true }]),
    }).final;

  it('CON-5, 4.7: who puts us on a contact list is told, once, until acknowledged', () => {
    subscribeSelf(alice);
    addAlice();
    const subscriber = { aor: carol, displayName: 'Carol Chen', type: 'sameEnterprise' };
    expect(selfIn(alice.expect('BENOTIFY')).subscribers).toEqual([{ ...subscriber, acknowledged: false }]);
    addAlice();
    expect(alice.incoming).toEqual([]);
    expect(acknowledge().status).toBe(200);
    expect(selfIn(alice.expect('BENOTIFY')).subscribers).toEqual([{ ...subscriber, acknowledged: true }]);
  });

  it('4.7: somebody who does not watch cannot be acknowledged (2000)', () => {
    expect(idOf(acknowledge())).toEqual([404, 2000]);
  });
});
