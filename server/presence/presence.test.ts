import { describe, expect, it } from 'vitest';
import { formatBatchSubscribe } from '../../src/protocol/lync/batchSubscribe';
import { noteNode, parseCategories, parseNote, parseState, stateNode } from '../../src/protocol/lync/categories';
import { parseFault } from '../../src/protocol/lync/fault';
import { formatPublish, type Publication } from '../../src/protocol/lync/publish';
import { formatRoamingRequest, parseRoamingData } from '../../src/protocol/lync/roamingSelf';
import { parseBody } from '../../src/protocol/sip/multipart';
import type { XmlNode } from '../../src/protocol/xml';
import type { TestEndpoint } from '../testing/endpoint';
import { TestHome } from '../testing/home';

const bob = 'sip:bob@contoso.example' as TestEndpoint['aor'];
const supported = [
  ['Supported', 'ms-piggyback-first-notify'],
  ['Supported', 'ms-benotify'],
] as const;

function watch(watcher: TestEndpoint, ...people: TestEndpoint['aor'][]) {
  const batch = { action: 'subscribe' as const, resources: people, categories: ['state', 'note', 'contactCard'] };
  return watcher.request('SUBSCRIBE', watcher.aor, {
    headers: [['Event', 'presence'], ['Require', 'adhoclist, categoryList'], ...supported],
    contentType: 'application/msrtc-adrl-categorylist+xml',
    body: formatBatchSubscribe(watcher.aor, batch, 1),
  });
}

function publish(endpoint: TestEndpoint, ...publications: Partial<Publication<XmlNode>>[]) {
  const whole = publications.map((publication) => ({
    category: 'state',
    instance: 0x30000001,
    container: 2,
    version: 0,
    expireType: 'endpoint' as const,
    expiresSeconds: null,
    content: null,
    ...publication,
  }));
  return endpoint.request('SERVICE', endpoint.aor, {
    contentType: 'application/msrtc-category-publish+xml',
    body: formatPublish(endpoint.aor, whole),
  });
}

const machine = (availability: number) => stateNode({ type: 'machineState', availability });

/** Availability and note of the last document about bob in a message. */
function told(message: { header(name: string): string | undefined; body: string | Buffer }) {
  const parts = parseBody(message.header('content-type') ?? '', message.body.toString());
  const part = parts.find(({ contentType }) => contentType === 'application/msrtc-event-categories+xml');
  const { categories } = parseCategories(part?.body ?? '');
  const of = (name: string) => categories.find((category) => category.name === name)?.content ?? null;
  const [state, note] = [of('state'), of('note')];
  return { availability: state && parseState(state)?.availability, note: note && parseNote(note) };
}

describe('presence', () => {
  it('PRS-1, PRS-3: the first document rides in the 200, one part a person, each ending with an empty line', () => {
    const home = new TestHome();
    const answer = watch(home.signIn('alice@contoso.example'), bob).final;
    expect(answer.header('ms-piggyback-cseq')).toBe('1');
    expect(answer.header('content-type')).toMatch(/boundary=[^;]+$/);
    expect(answer.body.toString()).toMatch(/\r\n\r\n--[^\r]+--\r\n$/);
    expect(told(answer)).toEqual({ availability: 18500, note: null });
  });

  it('PUB-7: a watcher is told of a publication by BENOTIFY, once', () => {
    const home = new TestHome();
    const alice = home.signIn('alice@contoso.example');
    const bobs = home.signIn('bob@contoso.example');
    watch(alice, bob);
    publish(bobs, { content: machine(3500) }, { container: 3, content: machine(3500) });
    home.clock.advance(1000);
    expect(told(alice.expect('BENOTIFY'))).toEqual({ availability: 3500, note: null });
    expect(alice.incoming).toEqual([]);
  });

  it('PUB-5: what an endpoint published goes with it, a note stays', () => {
    const home = new TestHome();
    const alice = home.signIn('alice@contoso.example');
    const bobs = home.signIn('bob@contoso.example');
    publish(
      bobs,
      { content: machine(3500) },
      { category: 'note', instance: 0, container: 200, expireType: 'static', content: noteNode('Back at three') },
    );
    expect(told(watch(alice, bob).final)).toEqual({ availability: 3500, note: 'Back at three' });
    bobs.connection.lose();
    home.clock.advance(1000);
    expect(told(alice.expect('BENOTIFY'))).toEqual({ availability: 18500, note: null });
    expect(told(watch(home.signIn('carol@contoso.example'), bob).final)).toEqual({
      availability: 18500,
      note: 'Back at three',
    });
  });

  it('PUB-1, PUB-3: a stale version is refused with the current one, and nothing of the request is kept', () => {
    const home = new TestHome();
    const bobs = home.signIn('bob@contoso.example');
    publish(bobs, { content: machine(3500) });
    const refused = publish(
      bobs,
      { instance: 0x30000002, content: machine(9500) },
      { version: 7, content: machine(6500) },
    ).final;
    expect(refused.status).toBe(409);
    expect(parseFault(refused.body.toString()).conflicts).toEqual([{ index: 2, version: 7, curVersion: 1 }]);
    expect(told(watch(home.signIn('alice@contoso.example'), bob).final).availability).toBe(3500);
  });

  it('SLF-2: the 200 to a publication lists every instance of its categories, the aggregate last', () => {
    const home = new TestHome();
    const answer = publish(
      home.signIn('bob@contoso.example'),
      { content: machine(3500) },
      { container: 3, content: machine(3500) },
    );
    const { categories } = parseRoamingData(answer.final.body.toString());
    expect(categories?.map(({ instance, container, version }) => [instance, container, version])).toEqual([
      [0x30000001, 2, 1],
      [0x30000001, 3, 1],
      [1, 2, 2],
    ]);
  });

  it('PRS-8: somebody unknown is terminated with noresource', () => {
    const home = new TestHome();
    const nobody = 'sip:nobody@contoso.example' as TestEndpoint['aor'];
    expect(watch(home.signIn('alice@contoso.example'), nobody).final.body.toString()).toContain('reason="noresource"');
  });

  it('WSS-1: a client without ms-benotify gets NOTIFY', () => {
    const home = new TestHome();
    const alice = home.signIn('alice@contoso.example');
    alice.request('SUBSCRIBE', bob, { headers: [['Event', 'presence']] });
    expect(alice.expect('NOTIFY').header('content-type')).toBe('application/msrtc-event-categories+xml');
  });

  it.each([
    [
      'SUBSCRIBE',
      'vnd-microsoft-roaming-self',
      'application/vnd-microsoft-roaming-self+xml',
      formatRoamingRequest(['categories']),
    ],
    ['SUBSCRIBE', 'vnd-microsoft-roaming-contacts', '', ''],
    ['SUBSCRIBE', 'vnd-microsoft-provisioning-v2', '', ''],
  ])('refuses a %s for %s of somebody else', (method, event, contentType, body) => {
    const alice = new TestHome().signIn('alice@contoso.example');
    const headers = [['Event', event], ...supported] as const;
    const answer = alice.request(method, bob, { headers, ...(contentType === '' ? {} : { contentType }), body }).final;
    expect(answer.status).toBe(403);
  });

  it('refuses a publication for somebody else, and of what the server publishes', () => {
    const home = new TestHome();
    const alice = home.signIn('alice@contoso.example');
    const forBob = formatPublish(bob, []);
    const type = { contentType: 'application/msrtc-category-publish+xml' };
    expect(alice.request('SERVICE', alice.aor, { ...type, body: forBob }).final.status).toBe(403);
    expect(alice.request('SERVICE', bob, { ...type, body: forBob }).final.status).toBe(403);
    expect(publish(alice, { instance: 1, content: machine(3500) }).final.status).toBe(403);
  });
});
