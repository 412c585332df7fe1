import { isIP } from 'node:net';

const loopbackNames = new Set(['localhost', '127.0.0.1', '::1']);

export function isLoopback(host: string): boolean {
  return loopbackNames.has(host) || host.startsWith('127.') || host.startsWith('::ffff:127.');
}

/** Host names that this server answers to, and pages that may talk to it. */
export interface HostRules {
  readonly domain: string;
  /** True when it listens on loopback only. */
  readonly loopback: boolean;
  /** Names of the certificate and of `--allow-origin`. */
  readonly names: readonly string[];
  /** `--allow-origin` values, e.g. `https://chat.contoso.example`. */
  readonly origins: readonly string[];
}

/** The name in a Host header, without port and brackets; `''` when it is none. */
export function hostNameOf(host: string | undefined): string {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/i.exec(host ?? '');
  return (match?.[1] ?? '').toLowerCase().replace(/^\[|\]$/g, '');
}

/** Refuses names that we do not have: a page of another name that was made to resolve to us (DNS rebinding). */
export function isOurHost(host: string | undefined, rules: HostRules): boolean {
  const name = hostNameOf(host);
  if (name === '') return false;
  if (loopbackNames.has(name) || name === rules.domain || name.endsWith(`.${rules.domain}`)) return true;
  return (isIP(name) !== 0 && !rules.loopback) || rules.names.some((known) => matches(known.toLowerCase(), name));
}

function matches(known: string, name: string): boolean {
  return known.startsWith('*.') ? name.slice(name.indexOf('.')) === known.slice(1) : known === name;
}

/** No Origin is no browser; a page must be of the same host, of this computer, or allowed by name. */
export function isAllowedOrigin(origin: string | undefined, host: string | undefined, rules: HostRules): boolean {
  if (origin === undefined || rules.origins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const page = new URL(origin);
  if (page.protocol !== 'http:' && page.protocol !== 'https:') return false;
  if (page.host === (host ?? '').toLowerCase()) return true;
  return rules.loopback && loopbackNames.has(page.hostname.replace(/^\[|\]$/g, ''));
}
