import { createHmac } from 'node:crypto';
import {
  type CredentialsRequest,
  type CredentialsResponse,
  formatRelayResponse,
  mostCredentialsRequests,
  parseRelayRequest,
  type RelayOutcome,
  type RelayRequest,
  relayCredentialsType,
} from '../src/protocol/lync/relayCredentials';
import { type Aor, aorOf, bareAddress } from '../src/protocol/sip/uri';
import type { Reply, Role, RoleContext, RoleRequest } from './role';

/** The TURN servers of the house and the secret that it shares with them (coturn's `static-auth-secret`). */
export interface Turn {
  readonly servers: readonly { readonly host: string; readonly port: number }[];
  readonly secret: string;
}

const longestMinutes = 480;

/** The service's URI, told in provisioning where there is a relay (PRV-4). */
export function mrasUriOf({ domain, serverUri }: Pick<RoleContext, 'domain' | 'serverUri'>): string {
  return `sip:${serverUri.split(':')[0]}@${domain};gruu;opaque=srvr:MRAS:m1`;
}

/**
 * Time-limited credentials in the form that coturn checks with `use-auth-secret` (MRS-6): the name is `EXPIRY:USER` (epoch
 * seconds), the password its HMAC-SHA1 under the shared secret, in Base64.
 */
export function turnCredentials(
  secret: string,
  user: string,
  expiresAt: number,
): { username: string; password: string } {
  const username = `${Math.floor(expiresAt / 1000)}:${user}`;
  return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
}

/** The media relay authentication service ([MS-AVEDGEA], `lync-wire` 8). */
export class RelayCredentials implements Role {
  readonly #context: RoleContext;
  readonly #turn: Turn;

  constructor(context: RoleContext, turn: Turn) {
    this.#context = context;
    this.#turn = turn;
  }

  handle(request: RoleRequest, reply: Reply): void {
    if (request.method !== 'SERVICE') return reply(501, 'Not Implemented');
    if (request.contentType !== relayCredentialsType) return reply(415, 'Unsupported Media Type');
    const { aor } = request.from;
    const asked = parseRelayRequest(request.body);
    const outcome = outcomeFor(asked, aor);
    const { requestId, to, from } = asked;
    const responses = outcome === 'OK' ? asked.requests.map((one) => this.#grant(one, aor)) : [];
    // MRS-4: the SIP status does not decide.
    reply(200, 'OK', {
      contentType: relayCredentialsType,
      body: formatRelayResponse({ requestId, to, from, outcome, responses }),
    });
  }

  #grant({ id, location, durationMinutes }: CredentialsRequest, aor: Aor): CredentialsResponse {
    const minutes = durationMinutes === 0 ? longestMinutes : Math.min(durationMinutes, longestMinutes);
    return {
      id,
      ...turnCredentials(this.#turn.secret, bareAddress(aor), this.#context.now() + minutes * 60_000),
      durationMinutes: minutes,
      realm: this.#context.domain,
      relays: this.#turn.servers.map(({ host, port }) => ({ location, hostName: host, udpPort: port, tcpPort: port })),
    };
  }
}

function outcomeFor({ version, from, requests }: RelayRequest, aor: Aor): RelayOutcome {
  if (version !== '1.0') return 'Version Mismatch';
  if (requests.length === 0) return 'Request Malformed';
  if (requests.length > mostCredentialsRequests) return 'Request Too Large';
  const isOwn = aorOf(from) === aor && requests.every(({ identity }) => aorOf(identity) === aor);
  return isOwn ? 'OK' : 'Forbidden';
}
