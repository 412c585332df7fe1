import type { DiscoveryStep } from '../domain/signIn';
import { autodiscoverType, parseAutodiscover, webSocketToken } from '../protocol/lync/autodiscover';
import { parseHostMeta } from '../protocol/shared/hostMeta';
import { type Aor, domainOf } from '../protocol/sip/uri';
import type { World } from '../world';

/** A `fetch` reduced to what discovery needs: status and text, `null` when there is no answer. */
export type Ask = (url: string, headers: Record<string, string>) => Promise<{ status: number; text: string } | null>;

const stepMs = 2_000;

export interface DiscoveryOptions {
  world: World;
  ask: Ask;
  /** The page's own origin, e.g. `https://chat.contoso.example`. */
  pageOrigin: string;
  remembered: string | null;
  onSteps(steps: readonly DiscoveryStep[]): void;
}

interface Attempt {
  method: DiscoveryStep['method'];
  url: string;
  find(): Promise<string | null>;
}

/**
 * Automatic configuration: what worked last time, the domain's lyncdiscover host ([MS-OCDISCWS]), its host metadata (RFC
 * 6415), then the page's own origin. All are asked at once and taken in this order, each within two seconds. `null` when
 * nothing answers.
 */
export async function discover(aor: Aor, options: DiscoveryOptions): Promise<string | null> {
  const attempts = attemptsFor(aor, options);
  let steps: DiscoveryStep[] = attempts.map(({ method, url }) => ({ method, url, state: 'trying' }));
  options.onSteps(steps);
  const answers = attempts.map(({ find }) => within(options.world, find()));
  for (const [index, answer] of answers.entries()) {
    const found = await answer;
    steps = steps.map((step, at) => (at === index ? { ...step, state: found === null ? 'nothing' : 'found' } : step));
    options.onSteps(found === null ? steps : steps.slice(0, index + 1));
    if (found !== null) return found;
  }
  return null;
}

function within(world: World, answer: Promise<string | null>): Promise<string | null> {
  return new Promise((resolve) => {
    const stop = world.after(stepMs, () => resolve(null));
    answer.then(
      (found) => {
        stop();
        resolve(found);
      },
      () => {
        stop();
        resolve(null);
      },
    );
  });
}

function attemptsFor(aor: Aor, { ask, pageOrigin, remembered }: DiscoveryOptions): Attempt[] {
  const domain = domainOf(aor);
  const lyncdiscover = `https://lyncdiscover.${domain}/?sipuri=${encodeURIComponent(aor)}`;
  const hostMeta = `https://${domain}/.well-known/host-meta.json`;
  const ownMeta = `${pageOrigin}/.well-known/host-meta.json`;
  const attempts: Attempt[] = [
    {
      method: 'lyncdiscover',
      url: lyncdiscover,
      find: async () => linkOfAutodiscover(await ask(lyncdiscover, { Accept: `${autodiscoverType};v=1` })),
    },
    {
      method: 'hostMeta',
      url: hostMeta,
      find: async () => linkOfHostMeta(await ask(hostMeta, { Accept: 'application/json' })),
    },
    {
      method: 'pageOrigin',
      url: ownMeta,
      find: async () => linkOfHostMeta(await ask(ownMeta, { Accept: 'application/json' })),
    },
  ];
  if (remembered === null) return attempts;
  return [{ method: 'remembered', url: remembered, find: async () => remembered }, ...attempts];
}

function linkOfAutodiscover(answer: { status: number; text: string } | null): string | null {
  if (answer?.status !== 200) return null;
  const link = parseAutodiscover(answer.text).links.find(({ token }) => token === webSocketToken);
  return link === undefined ? null : foundUrl(link.href);
}

function linkOfHostMeta(answer: { status: number; text: string } | null): string | null {
  return answer?.status === 200 ? foundUrl(parseHostMeta(answer.text).webSocket ?? '') : null;
}

/** What a server may name: encrypted, or on this computer. */
function foundUrl(text: string): string | null {
  const url = webSocketUrl(text);
  if (url === null) return null;
  const { protocol, hostname } = new URL(url);
  return protocol === 'wss:' || isLoopback(hostname) ? url : null;
}

/** A `ws:` or `wss:` URL, or `null` for anything else. */
function webSocketUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { protocol } = new URL(text);
  return protocol === 'ws:' || protocol === 'wss:' ? text : null;
}

const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/i;

export function isLoopback(hostname: string): boolean {
  return loopback.test(hostname);
}

/** Manual configuration: `host`, `host:port` or a WebSocket URL. `null` when it can be none of them. */
export function serverUrl(text: string): string | null {
  const trimmed = text.trim();
  if (/^wss?:\/\//i.test(trimmed)) return webSocketUrl(trimmed);
  const asHttps = trimmed.replace(/^https?:\/\//i, '');
  if (asHttps === '' || /[\s/@?#]/.test(asHttps.replace(/\/+$/, '')) || !URL.canParse(`https://${asHttps}`))
    return null;
  const { hostname, host } = new URL(`https://${asHttps}`);
  return `${isLoopback(hostname) ? 'ws' : 'wss'}://${host}/sip`;
}
