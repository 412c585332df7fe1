import { createHash } from 'node:crypto';
import { type Aor, aorOf, type Gruu, parseUri } from '../src/protocol/sip/uri';
import type { Flow } from './flow';
import type { Endpoint } from './role';

/** An endpoint and the flow it is reached by. The same object through refreshes and changes of the flow. */
export interface Binding extends Endpoint {
  displayName: string;
  flow: Flow;
  /** Contact URI of its REGISTER: its own connection. */
  contactUri: string;
  /** The REGISTER's From value, tag included, and Call-ID: a deregistration notice repeats them. */
  registerFrom: string;
  registerCallId: string;
  expiresAt: number;
  cancelExpiry: () => void;
}

/** Who is signed in where: by person, by GRUU, by connection. */
export class Registrations {
  readonly #byKey = new Map<string, Binding>();
  readonly #byGruu = new Map<string, Binding>();
  readonly #byFlow = new Map<Flow, Binding>();
  readonly #byAor = new Map<Aor, Binding[]>();

  get size(): number {
    return this.#byKey.size;
  }

  all(): Iterable<Binding> {
    return this.#byKey.values();
  }

  find(aor: Aor, epid: string): Binding | undefined {
    return this.#byKey.get(keyOf(aor, epid));
  }

  of(aor: Aor): readonly Binding[] {
    return this.#byAor.get(aor) ?? [];
  }

  ofFlow(flow: Flow): Binding | undefined {
    return this.#byFlow.get(flow);
  }

  /** By the GRUU as written here, or in another spelling (`lync-wire` 0.3 rule a). */
  ofGruu(uri: string): Binding | undefined {
    const exact = this.#byGruu.get(uri);
    if (exact !== undefined) return exact;
    const parsed = parseUri(uri);
    const opaque = parsed?.params.get('opaque');
    if (parsed === null || opaque === undefined) return undefined;
    return this.#byGruu.get(`sip:${parsed.user.toLowerCase()}@${parsed.host};opaque=${opaque};gruu`);
  }

  add(binding: Binding): void {
    this.#byKey.set(keyOf(binding.aor, binding.epid), binding);
    this.#byGruu.set(binding.gruu, binding);
    this.#byFlow.set(binding.flow, binding);
    this.#byAor.set(binding.aor, [...this.of(binding.aor), binding]);
  }

  /** The endpoint is now reached by `flow`; answers the flow it had. */
  move(binding: Binding, flow: Flow): Flow {
    const old = binding.flow;
    this.#byFlow.delete(old);
    binding.flow = flow;
    this.#byFlow.set(flow, binding);
    return old;
  }

  remove(binding: Binding): void {
    binding.cancelExpiry();
    this.#byKey.delete(keyOf(binding.aor, binding.epid));
    if (this.#byGruu.get(binding.gruu) === binding) this.#byGruu.delete(binding.gruu);
    if (this.#byFlow.get(binding.flow) === binding) this.#byFlow.delete(binding.flow);
    const rest = this.of(binding.aor).filter((other) => other !== binding);
    if (rest.length === 0) this.#byAor.delete(binding.aor);
    else this.#byAor.set(binding.aor, rest);
  }
}

function keyOf(aor: Aor, epid: string): string {
  return `${aor} ${epid.toLowerCase()}`;
}

/** `lync-wire` 1.5: base64url of the UUID with its first three fields little-endian, and two zero bytes. */
export function gruuOf(aor: Aor, instance: string): Gruu {
  const bytes = Buffer.from(instance.replaceAll('-', ''), 'hex');
  const [a, b, c, rest] = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8), bytes.subarray(8)];
  const token = Buffer.concat([a.reverse(), b.reverse(), c.reverse(), rest, Buffer.alloc(2)]).toString('base64url');
  return `${aor};opaque=user:epid:${token};gruu` as Gruu;
}

const namespace = Buffer.from('03fbacfc738aef4691b1e5ebeeaba4fe', 'hex');

/** The UUID of an endpoint that names none (`lync-wire` 1.4). */
export function instanceOfEpid(epid: string): string {
  const hash = createHash('sha1').update(namespace).update(epid, 'latin1').digest().subarray(0, 16);
  const [a, b, c, rest] = [hash.subarray(0, 4), hash.subarray(4, 6), hash.subarray(6, 8), hash.subarray(8)];
  const bytes = Buffer.concat([Buffer.from(a).reverse(), Buffer.from(b).reverse(), Buffer.from(c).reverse(), rest]);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** The epid of a client that names none, from what does not change about it. */
export function epidOfInstance(instance: string): string {
  return createHash('sha1').update(instance).digest('hex').slice(0, 10);
}

/** True when a URI is this endpoint's own GRUU, its person, or the connection that it registered from. */
export function isOwnContact(binding: Binding, uri: string): boolean {
  if (uri === binding.gruu || uri === binding.contactUri) return true;
  const parsed = parseUri(uri);
  if (parsed === null) return false;
  const opaque = parsed.params.get('opaque');
  if (aorOf(uri) === binding.aor) return opaque === undefined || isGruuOf(binding, opaque);
  const registered = parseUri(binding.contactUri);
  if (registered === null || opaque !== undefined) return false;
  return parsed.user === registered.user && parsed.host === registered.host && parsed.port === registered.port;
}

function isGruuOf(binding: Binding, opaque: string): boolean {
  return binding.gruu === `${binding.aor};opaque=${opaque};gruu`;
}
