import { describe, expect, it } from 'vitest';
import type { DiscoveryStep } from '../domain/signIn';
import { formatAutodiscover } from '../protocol/lync/autodiscover';
import { formatHostMeta } from '../protocol/shared/hostMeta';
import { fakeWorld } from '../testing/fakeWorld';
import { alice } from '../testing/people';
import { type Ask, discover, serverUrl } from './discovery';

const lyncdiscover = 'https://lyncdiscover.contoso.example/?sipuri=sip%3Aalice%40contoso.example';
const hostMeta = 'https://contoso.example/.well-known/host-meta.json';
const ownMeta = 'https://chat.example/.well-known/host-meta.json';

const document = (webSocket: string, token = 'Confab/WebSocket') =>
  formatAutodiscover({
    accessLocation: 'Internal',
    links: [
      { token: 'Domain', href: 'https://x/' },
      { token, href: webSocket },
    ],
  });
const meta = (webSocket: string | null) => formatHostMeta({ subject: 'x', domain: 'contoso.example', webSocket });

type Answer = { status: number; text: string } | null | 'never';

/** Discovery where each URL has its answer; those without have none. */
async function finding(answers: Record<string, Answer>, remembered: string | null = null) {
  const world = fakeWorld();
  const asked: string[] = [];
  const steps: (readonly DiscoveryStep[])[] = [];
  const ask: Ask = (url) => {
    asked.push(url);
    const answer = answers[url] ?? null;
    return answer === 'never' ? new Promise(() => undefined) : Promise.resolve(answer);
  };
  const found = discover(alice, {
    world,
    ask,
    pageOrigin: 'https://chat.example',
    remembered,
    onSteps: (told) => steps.push(told),
  });
  let result: string | null | undefined;
  void found.then((value) => {
    result = value;
  });
  for (let ms = 0; ms < 10_000 && result === undefined; ms += 100) await world.elapse(100);
  const last = (steps.at(-1) ?? []).map(({ method, state }) => `${method} ${state}`);
  return { found: await found, asked, last, first: steps[0], took: world.now(), ticking: world.ticking };
}

const ok = (text: string) => ({ status: 200, text });

describe('automatic configuration', () => {
  it('shows every step from the beginning, with its address', async () => {
    const { first, asked } = await finding({});
    expect(first).toEqual([
      { method: 'lyncdiscover', url: lyncdiscover, state: 'trying' },
      { method: 'hostMeta', url: hostMeta, state: 'trying' },
      { method: 'pageOrigin', url: ownMeta, state: 'trying' },
    ]);
    expect(asked).toEqual([lyncdiscover, hostMeta, ownMeta]);
  });

  it('[MS-OCDISCWS]: takes the link of ours out of the domain’s lyncdiscover document first', async () => {
    const { found, last } = await finding({
      [lyncdiscover]: ok(document('wss://one.example/sip')),
      [hostMeta]: ok(meta('wss://two.example/sip')),
      [ownMeta]: ok(meta('wss://three.example/sip')),
    });
    expect(found).toBe('wss://one.example/sip');
    expect(last).toEqual(['lyncdiscover found']);
  });

  it('RFC 6415: then the host metadata of the domain', async () => {
    const { found, last } = await finding({
      [hostMeta]: ok(meta('wss://two.example/sip')),
      [ownMeta]: ok(meta('wss://three.example/sip')),
    });
    expect(found).toBe('wss://two.example/sip');
    expect(last).toEqual(['lyncdiscover nothing', 'hostMeta found']);
  });

  it('then the page’s own origin', async () => {
    const { found, last } = await finding({ [ownMeta]: ok(meta('wss://three.example/sip')) });
    expect(found).toBe('wss://three.example/sip');
    expect(last).toEqual(['lyncdiscover nothing', 'hostMeta nothing', 'pageOrigin found']);
  });

  it('takes what is not encrypted on this computer only', async () => {
    const { found } = await finding({ [ownMeta]: ok(meta('ws://localhost:8080/sip')) });
    expect(found).toBe('ws://localhost:8080/sip');
  });

  it('finds nothing where nothing answers', async () => {
    const { found, last } = await finding({});
    expect(found).toBeNull();
    expect(last).toEqual(['lyncdiscover nothing', 'hostMeta nothing', 'pageOrigin nothing']);
  });

  it('begins with what worked last time, without asking', async () => {
    const { found, last } = await finding(
      { [lyncdiscover]: ok(document('wss://one.example/sip')) },
      'wss://old.example/sip',
    );
    expect(found).toBe('wss://old.example/sip');
    expect(last).toEqual(['remembered found']);
  });

  it('waits two seconds for those who do not answer, all together', async () => {
    const { found, took, ticking } = await finding({
      [lyncdiscover]: 'never',
      [hostMeta]: 'never',
      [ownMeta]: ok(meta('wss://three.example/sip')),
    });
    expect(found).toBe('wss://three.example/sip');
    expect(took - Date.UTC(2026, 2, 2, 8)).toBe(2_000);
    expect(ticking).toBe(0);
  });

  it.each<[string, Answer]>([
    ['an error', { status: 404, text: document('wss://one.example/sip') }],
    ['no document', ok('<html>It works!</html>')],
    ['no text', ok('')],
    ['Lync’s own links only', ok(document('wss://one.example/sip', 'User'))],
    ['an address that is no WebSocket', ok(document('https://one.example/sip'))],
    ['an address that is a program', ok(document('javascript:alert(1)'))],
    ['an address that is none', ok(document('wss://'))],
    ['an address that anybody could listen at', ok(document('ws://one.example/sip'))],
  ])('goes on when lyncdiscover answers %s', async (_what, answer) => {
    const { found } = await finding({ [lyncdiscover]: answer, [hostMeta]: ok(meta('wss://two.example/sip')) });
    expect(found).toBe('wss://two.example/sip');
  });

  it.each<[string, Answer]>([
    ['an error', { status: 500, text: meta('wss://two.example/sip') }],
    ['no JSON', ok('<html>')],
    ['a list', ok('[]')],
    ['no link of ours', ok(meta(null))],
    ['an address that is no WebSocket', ok(meta('https://two.example/sip'))],
    ['an address that is none', ok(meta('wss://'))],
    ['an address that anybody could listen at', ok(meta('ws://two.example/sip'))],
  ])('goes on when host metadata is %s', async (_what, answer) => {
    const { found } = await finding({ [hostMeta]: answer, [ownMeta]: ok(meta('wss://three.example/sip')) });
    expect(found).toBe('wss://three.example/sip');
  });
});

describe('manual configuration', () => {
  it.each([
    ['server.contoso.example', 'wss://server.contoso.example/sip'],
    [' server.contoso.example:8443 ', 'wss://server.contoso.example:8443/sip'],
    ['https://server.contoso.example/', 'wss://server.contoso.example/sip'],
    ['localhost:8080', 'ws://localhost:8080/sip'],
    ['127.0.0.1:8080', 'ws://127.0.0.1:8080/sip'],
    ['[::1]:8080', 'ws://[::1]:8080/sip'],
    ['192.0.2.1', 'wss://192.0.2.1/sip'],
    ['wss://server.contoso.example/other', 'wss://server.contoso.example/other'],
    ['ws://localhost:1/sip', 'ws://localhost:1/sip'],
  ])('%s', (typed, url) => {
    expect(serverUrl(typed)).toBe(url);
  });

  it.each([
    '',
    ' ',
    'a b',
    'alice@contoso.example',
    'server/path',
    'server?x',
    'server#x',
    'server:port',
    'server:99999',
    'javascript:alert(1)',
    'wss://',
    'ftp://server',
  ])('%j is none', (typed) => {
    expect(serverUrl(typed)).toBeNull();
  });
});
