import { beforeEach, describe, expect, it } from 'vitest';
import { parseState } from '../../src/protocol/lync/categories';
import { parseFault } from '../../src/protocol/lync/fault';
import { formatPublish } from '../../src/protocol/lync/publish';
import { xml } from '../../src/protocol/xml';
import type { SipMessage } from '../codec';
import type { TestEndpoint } from '../testing/endpoint';
import { TestHome } from '../testing/home';
import {
  machine,
  note,
  person,
  pick,
  picked,
  publish,
  selfIn,
  subscribeSelf,
  toldIn,
  watch,
} from '../testing/presence';

const bob = person('bob@contoso.example');

let home: TestHome;
let alice: TestEndpoint;
let bobs: TestEndpoint;
beforeEach(() => {
  home = new TestHome();
  alice = home.signIn('alice@contoso.example');
  bobs = home.signIn('bob@contoso.example');
});

/** What stands now, as a new watcher is told. */
const now = () => toldIn(watch(alice, bob).final)[0];

/** Instance, container, version of the categories in a 200 or a notification. */
const listed = (message: SipMessage) =>
  selfIn(message).categories?.map(({ name, instance, container, version }) => [name, instance, container, version]);

describe('versions', () => {
  it('PUB-1: counts up by one with each publication', () => {
    expect(listed(publish(bobs, note(200, 'one')))).toEqual([['note', 0, 200, 1]]);
    expect(listed(publish(bobs, { ...note(200, 'two'), version: 1 }))).toEqual([['note', 0, 200, 2]]);
    expect(now()?.note).toBe('two');
  });

  it('PUB-1, PUB-2, PUB-3: one stale version refuses the whole request and names the current one', () => {
    publish(bobs, { content: machine(3500) });
    const refused = publish(
      bobs,
      { instance: 0x3000_0002, content: machine(9500) },
      { version: 7, content: machine(6500) },
    );
    expect([refused.status, refused.header('content-type')]).toEqual([409, 'application/msrtc-fault+xml']);
    expect(parseFault(refused.body)).toEqual({
      code: 'Client.BadCall.WrongDelta',
      conflicts: [{ index: 2, version: 7, curVersion: 1 }],
    });
    expect(now()?.availability).toBe(3500);
  });

  it('PUB-3: a publication that is not there has version 0', () => {
    const refused = publish(bobs, { ...note(200, 'x'), version: 3 });
    expect(parseFault(refused.body).conflicts).toEqual([{ index: 1, version: 3, curVersion: 0 }]);
  });

  it('PUB-4: an endpoint that has forgotten may begin with 0 again', () => {
    publish(bobs, { content: machine(3500) });
    expect(listed(publish(bobs, { content: machine(15_500) }))?.[0]).toEqual(['state', 0x3000_0001, 2, 2]);
  });

  it('PUB-4: another endpoint may not', () => {
    publish(bobs, pick(2, 6500));
    const other = home.signIn('bob@contoso.example');
    expect(publish(other, pick(2, 9500)).status).toBe(409);
    expect(publish(other, { ...pick(2, 9500), version: 1 }).status).toBe(200);
  });
});

describe('the answer', () => {
  it('SLF-2: lists every instance of the categories published, of all endpoints, the aggregate last', () => {
    const other = home.signIn('bob@contoso.example');
    publish(other, { instance: 0x3000_0002, content: machine(15_500) }, note(200, 'x'));
    const answer = publish(bobs, { content: machine(3500) }, { container: 3, content: machine(3500) });
    expect(answer.header('content-type')).toBe('application/vnd-microsoft-roaming-self+xml');
    expect(listed(answer)).toEqual([
      ['state', 0x3000_0002, 2, 1],
      ['state', 0x3000_0001, 2, 1],
      ['state', 0x3000_0001, 3, 1],
      ['state', 1, 2, 3],
    ]);
    const aggregate = selfIn(answer).categories?.at(-1)?.content;
    expect(aggregate && parseState(aggregate)).toEqual({ type: 'aggregateState', availability: 3500 });
  });

  it('4.3: keeps what was published as it was, its xsi:type with it', () => {
    const { body } = publish(bobs, pick(2, 6500));
    expect(body).toContain('xsi:type="userState"');
    expect(body).toContain('xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"');
  });

  it('PUB-6, SLF-3: says of each container where the last instance went', () => {
    publish(bobs, note(200, 'x'), note(300, 'x'), note(400, 'x'));
    const gone = [200, 300].map((container) => ({
      ...note(container, ''),
      version: 1,
      expiresSeconds: 0,
      content: null,
    }));
    const answer = publish(bobs, ...gone);
    expect(answer.body).toContain('<category name="note" container="200"/><category name="note" container="300"/>');
    expect(listed(answer)?.at(-1)).toEqual(['note', 0, 400, 1]);
  });

  it('SLF-3: does not call a container cleared in which another instance stands', () => {
    publish(bobs, { content: machine(3500) }, pick(2, 6500));
    const answer = publish(bobs, { ...pick(2, 0), version: 1, expiresSeconds: 0, content: null });
    expect(answer.body).not.toContain('<category name="state" container="2"/>');
    expect(now()?.availability).toBe(3500);
  });
});

describe('PUB-7: who is told', () => {
  it('every endpoint of the person that asked for categories', () => {
    const other = home.signIn('bob@contoso.example');
    const third = home.signIn('bob@contoso.example');
    subscribeSelf(bobs);
    subscribeSelf(other);
    subscribeSelf(third, ['containers']);
    publish(bobs, note(200, 'x'));
    for (const endpoint of [bobs, other]) expect(listed(endpoint.expect('BENOTIFY'))).toEqual([['note', 0, 200, 1]]);
    expect(third.incoming).toEqual([]);
  });
});

describe('PUB-5: lifetimes', () => {
  it('what is bound to an endpoint goes with it, and the others are told', () => {
    const other = home.signIn('bob@contoso.example');
    subscribeSelf(other);
    const device = { category: 'device', instance: 7, content: xml('device', { xmlns: 'urn:d' }) };
    publish(bobs, { content: machine(3500) }, device);
    publish(other, { instance: 0x3000_0002, content: machine(15_500) });
    other.incoming.length = 0;
    bobs.connection.lose();
    const notice = other.expect('BENOTIFY');
    expect(listed(notice)).toEqual([
      ['device', null, 2, 0],
      ['state', 0x3000_0002, 2, 1],
      ['state', 1, 2, expect.any(Number)],
    ]);
    expect(now()?.availability).toBe(15_500);
  });

  it('what is bound to the person goes with the last endpoint', () => {
    const other = home.signIn('bob@contoso.example');
    publish(bobs, { ...note(200, 'here'), expireType: 'user' });
    bobs.connection.lose();
    expect(now()?.note).toBe('here');
    other.connection.lose();
    expect(now()?.note).toBeUndefined();
  });

  it('what is bound to time goes when it is over, and not before', () => {
    publish(bobs, { content: machine(3500) });
    publish(bobs, { ...pick(2, 6500), instance: 0x2400_0000, expireType: 'time', expiresSeconds: 600 });
    home.clock.advance(599_000);
    expect(now()?.availability).toBe(6500);
    home.clock.advance(1_000);
    expect(now()?.availability).toBe(3500);
  });

  it('what is bound to time and published again lives anew', () => {
    const timed = { ...note(200, 'x'), expireType: 'time' as const, expiresSeconds: 600 };
    publish(bobs, timed);
    home.clock.advance(599_000);
    publish(bobs, { ...timed, version: 1 });
    home.clock.advance(599_000);
    expect(now()?.note).toBe('x');
    home.clock.advance(2_000);
    expect(now()?.note).toBeUndefined();
  });

  it('what is static survives the server, its version with it', () => {
    publish(bobs, note(200, 'x'), pick(2, 6500));
    const again = new TestHome({ database: home.database, people: [] });
    const answer = subscribeSelf(again.signIn('bob@contoso.example')).final;
    expect(listed(answer)).toEqual(
      expect.arrayContaining([
        ['note', 0, 200, 1],
        ['state', 0x2000_0000, 2, 1],
      ]),
    );
    expect(answer.body).toContain('xsi:type="userState"');
  });

  it('a machine state that says it is static makes nobody online', () => {
    publish(bobs, { content: machine(3500), expireType: 'static' });
    expect(now()?.availability).toBe(18_500);
  });
});

describe('what is refused', () => {
  const idOf = (answer: SipMessage) => [answer.status, Number.parseInt(answer.header('ms-diagnostics') ?? '', 10)];

  it('4.3: publishing for somebody else, in the body or the Request-URI', () => {
    const contentType = 'application/msrtc-category-publish+xml';
    const body = formatPublish(bob, []);
    expect(idOf(alice.request('SERVICE', alice.aor, { contentType, body }).final)).toEqual([403, 2004]);
    expect(idOf(alice.request('SERVICE', bob, { contentType, body }).final)).toEqual([403, 2004]);
    const own = formatPublish(alice.aor, []);
    expect(idOf(alice.request('SERVICE', bob, { contentType, body: own }).final)).toEqual([403, 2004]);
  });

  it.each([
    ['the aggregate', { instance: 1, content: machine(3500) }],
    ['the aggregate of machines', { instance: 0x1000_0000, content: machine(3500) }],
    ['static offline', { instance: 0, container: 32_000, content: picked(18_500) }],
    ["the directory's card", { category: 'contactCard', instance: 0, content: xml('contactCard') }],
    ['services', { category: 'services', instance: 0, content: xml('services') }],
  ])('PUB-8: %s', (_what, publication) => {
    expect(idOf(publish(bobs, publication))).toEqual([403, 2003]);
  });

  it('PUB-8: a category that is too big', () => {
    expect(idOf(publish(bobs, note(200, 'é'.repeat(13_000))))).toEqual([413, 2010]);
    expect(publish(bobs, note(200, 'é'.repeat(10_000))).status).toBe(200);
  });

  it('PUB-8: too many publications, but not publishing those again that stand', () => {
    const many = Array.from({ length: 200 }, (_, instance) => {
      return { category: 'x', instance, content: xml('x'), expireType: 'user' as const };
    });
    expect(publish(bobs, ...many).status).toBe(200);
    expect(publish(bobs, ...many.map((one) => ({ ...one, version: 1 }))).status).toBe(200);
    expect(idOf(publish(bobs, note(200, 'x')))).toEqual([413, 2010]);
  });

  it.each([
    ['a cut document', '<publish><publications uri="sip:bob@contoso.example">'],
    ['a document with a DTD', '<!DOCTYPE a><publish><publications uri="sip:bob@contoso.example"/></publish>'],
    [
      'an instance of 33 bits',
      '<publish><publications uri="sip:bob@contoso.example"><publication categoryName="note" instance="4294967296" container="2"><a/></publication></publications></publish>',
    ],
  ])('%s: 400', (_what, body) => {
    const contentType = 'application/msrtc-category-publish+xml';
    expect(idOf(bobs.request('SERVICE', bobs.aor, { contentType, body }).final)).toEqual([400, 4001]);
  });
});
