import { parseNameAddr, splitCommas } from '../protocol/sip/headers';
import { parseUri } from '../protocol/sip/uri';
import type { SipResponse } from './sipMessages';

/**
 * The servers that a 301 or 302 to REGISTER names, best first (RFC 3261 §8.1.3.4, ms-cluster-failover):
 * `fe2.contoso.example:5061`.
 */
export function redirectTargets(response: SipResponse): string[] {
  const contacts = response.headers('Contact').flatMap(splitCommas).map(parseNameAddr);
  return contacts
    .filter((contact) => contact !== null)
    .sort((one, other) => preference(other.params) - preference(one.params))
    .flatMap(({ uri }) => {
      const { host, port, params } = parseUri(uri) ?? { host: '', port: null, params: new Map<string, string>() };
      const standard = params.get('transport')?.toLowerCase() === 'tcp' ? 5060 : 5061;
      // `.invalid` is no place (RFC 2606): what stands for a URI that is not SIP.
      return host === '' || host.endsWith('.invalid') ? [] : [`${host}:${port ?? standard}`];
    });
}

function preference(params: ReadonlyMap<string, string>): number {
  const q = Number(params.get('q') ?? 1);
  return Number.isNaN(q) ? 0 : q;
}

/**
 * Another server by way of the same edge, which speaks SIP at `/sip` and `/sip/SERVER` (docs/protocol.md); `null` when this
 * WebSocket's address has another shape, and so leads to one server only.
 */
export function redirectUrl(server: string, target: string): string | null {
  const url = new URL(server);
  const base = /^(.*\/sip)(?:\/[^/]*)?$/.exec(url.pathname)?.[1];
  if (base === undefined) return null;
  url.pathname = `${base}/${target}`;
  return url.toString();
}
