import { type Outcome, ok } from '../../domain/failure';
import type { Relay, Relays } from '../../domain/sharing';
import {
  type CredentialsResponse,
  formatRelayRequest,
  parseRelayResponse,
  relayCredentialsType,
} from '../../protocol/lync/relayCredentials';
import { MalformedBody } from '../../protocol/malformed';
import { type LyncContext, reading } from './context';

/** MRS-2, as Lync asks. */
const durationMinutes = 480;
const answeredWithinMs = 5_000;
/** Without a relay the next session asks again, but not the one that begins right after. */
const noneForMs = 60_000;

/** Where media may be relayed ([MS-AVEDGEA], `lync-wire` 8): asked for once, renewed at half its life (MRS-2). */
export class RelayCredentials {
  readonly #context: LyncContext;
  readonly #mrasUri: () => string | null;
  #known: Relays | null = null;
  #asking: Promise<Outcome<Relays>> | null = null;

  /** `mrasUri` is `null` where the server has no relay (PRV-4). */
  constructor(context: LyncContext, mrasUri: () => string | null) {
    this.#context = context;
    this.#mrasUri = mrasUri;
  }

  async get(): Promise<Outcome<Relays>> {
    const { world } = this.#context;
    if (this.#known !== null && world.now() < this.#known.renewAt) return ok(this.#known);
    const mrasUri = this.#mrasUri();
    if (mrasUri === null) return ok({ servers: [], renewAt: world.now() + noneForMs });
    this.#asking ??= this.#ask(mrasUri).finally(() => {
      this.#asking = null;
    });
    const outcome = await this.#asking;
    if (outcome.ok) this.#known = outcome.value;
    return outcome;
  }

  async #ask(mrasUri: string): Promise<Outcome<Relays>> {
    const { aor, ua, world } = this.#context;
    const body = formatRelayRequest({
      requestId: world.id(),
      to: mrasUri,
      from: aor,
      requests: [{ id: '1', identity: aor, location: 'intranet', durationMinutes }],
    });
    const outcome = await ua.service(mrasUri, { contentType: relayCredentialsType, body }, answeredWithinMs);
    return reading(outcome, (response) => {
      const answer = parseRelayResponse(response.body);
      const [credentials] = answer.responses;
      // MRS-4, MRS-5: a refusal only means that there is no relay.
      if (answer.outcome !== 'OK' || credentials === undefined)
        return { servers: [], renewAt: world.now() + noneForMs };
      if (credentials.durationMinutes <= 0) throw new MalformedBody('relay response', 'it lasts no time');
      return { servers: serversOf(credentials), renewAt: world.now() + (credentials.durationMinutes * 60_000) / 2 };
    });
  }
}

function serversOf({ username, password, relays }: CredentialsResponse): Relay[] {
  return relays.map(({ hostName, udpPort, tcpPort }) => {
    const host = hostName.includes(':') ? `[${hostName}]` : hostName;
    return {
      urls: [
        ...(udpPort === null ? [] : [`turn:${host}:${udpPort}?transport=udp`]),
        ...(tcpPort === null ? [] : [`turn:${host}:${tcpPort}?transport=tcp`]),
      ],
      username,
      credential: password,
    };
  });
}
