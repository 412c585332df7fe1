import type { Dialect, DialectHost } from '../dialect/dialect';
import { done, type Failure, failed, type Outcome } from '../domain/failure';
import type { Account } from '../domain/people';
import type { DiscoveryStep, SignIn, SignInFailure, SignInRequest, Step, UpstreamProblem } from '../domain/signIn';
import { edgeClose } from '../protocol/shared/edgeClose';
import { type Aor, aorOf, bareAddress } from '../protocol/sip/uri';
import type { NewEntry } from '../trace/entry';
import type { World } from '../world';
import { type Ask, discover, serverUrl } from './discovery';

export interface DialectRequest {
  server: string;
  aor: Aor;
  userName: string | null;
  password: string;
  host: DialectHost;
  /** A quiet endpoint of this name, beside the person's own. */
  quietName?: string;
  /** Hears what passes at its socket, with its number in the log. */
  overhear?(entry: NewEntry, frame: number): void;
}

export interface SignInParts {
  world: World;
  ask: Ask;
  pageOrigin: string;
  createDialect(request: DialectRequest): Promise<Dialect>;
  host: DialectHost;
  record(signIn: SignIn): void;
  /** The server found last time for this person. */
  remembered(aor: Aor): Promise<string | null>;
  remember(aor: Aor, server: string): Promise<void>;
  /** Before the dialect exists: the history of this person is opened. */
  prepare(account: Account): Promise<void>;
}

/** One attempt to sign in: find the server, connect, authenticate, load. */
export class SignInAttempt {
  readonly #parts: SignInParts;
  readonly #request: SignInRequest;
  #discovery: readonly DiscoveryStep[] = [];
  #server: string | null = null;
  #dialect: Dialect | null = null;
  #isCancelled = false;

  constructor(parts: SignInParts, request: SignInRequest) {
    this.#parts = parts;
    this.#request = request;
  }

  get server(): string | null {
    return this.#server;
  }

  cancel(): void {
    this.#isCancelled = true;
    void this.#dialect?.signOut();
  }

  async run(): Promise<Outcome<{ dialect: Dialect; account: Account }>> {
    const aor = aorOf(this.#request.address);
    if (aor === null) return this.#fail({ is: 'other', failure: { is: 'invalid', what: 'address' } });
    this.#step('finding');
    const candidates = await this.#find(aor);
    if (this.#isCancelled) return failed({ is: 'cancelled' });
    if (candidates === null) return failed({ is: 'cancelled' });
    this.#server = candidates;
    this.#step('connecting');
    await this.#parts.prepare({ aor, displayName: '' });
    const { userName = null, password } = this.#request;
    this.#dialect = await this.#parts.createDialect({
      server: candidates,
      aor,
      userName,
      password,
      host: this.#parts.host,
    });
    const outcome = await this.#dialect.signIn((step) => this.#step(step));
    if (this.#isCancelled) return failed({ is: 'cancelled' });
    if (!outcome.ok) return this.#fail(await this.#reasonOf(outcome.failure, candidates));
    await this.#parts.remember(aor, candidates);
    return { ok: true, value: { dialect: this.#dialect, account: outcome.value } };
  }

  async #find(aor: Aor): Promise<string | null> {
    const typed = this.#request.server;
    if (typed !== null) {
      const url = serverUrl(typed);
      if (url === null) {
        this.#fail({ is: 'other', failure: { is: 'invalid', what: 'server' } });
        return null;
      }
      this.#discovery = [{ method: 'manual', url, state: 'found' }];
      return url;
    }
    const found = await discover(aor, {
      world: this.#parts.world,
      ask: this.#parts.ask,
      pageOrigin: this.#parts.pageOrigin,
      remembered: await this.#parts.remembered(aor),
      onSteps: (steps) => {
        this.#discovery = steps;
        this.#step('finding');
      },
    });
    if (found === null && !this.#isCancelled) this.#fail({ is: 'notFound' });
    return found;
  }

  #step(step: Step): void {
    if (this.#isCancelled) return;
    this.#parts.record({ is: 'signingIn', step, discovery: this.#discovery, server: this.#server });
  }

  #fail(failure: SignInFailure): Outcome<never> {
    if (!this.#isCancelled) {
      this.#parts.record({ is: 'failed', failure, discovery: this.#discovery, server: this.#server });
    }
    return failed(failure.is === 'other' ? failure.failure : { is: 'cancelled' });
  }

  /** A page cannot see why a connection failed; whether anything answers HTTP at the address tells two cases apart. */
  async #reasonOf(failure: Failure, server: string): Promise<SignInFailure> {
    if (failure.is === 'timedOut') return { is: 'notSip', url: server };
    const problem = failure.is === 'connectionLost' ? upstreamProblem(failure.closed?.code) : null;
    if (failure.is === 'connectionLost' && problem !== null) {
      return { is: 'upstream', problem, detail: failure.closed?.reason ?? '' };
    }
    if (failure.is === 'connectionLost' || failure.is === 'offline') return whyNoWebSocket(server, this.#parts);
    return reasonOfRefusal(failure);
  }
}

/** RFC 9110: what a server of WebSockets says to a request without an upgrade. */
const wantsUpgrade = [400, 426];

/**
 * What HTTP tells of a server that opened no WebSocket: whether it is there (and, if not, whether others are), and what it says
 * to a plain request at the WebSocket's own address.
 */
export async function whyNoWebSocket(
  server: string,
  { ask, pageOrigin }: Pick<SignInParts, 'ask' | 'pageOrigin'>,
): Promise<SignInFailure> {
  const url = server;
  const [there, others, socket] = await Promise.all([
    ask(httpUrl(server), {}),
    ask(`${pageOrigin}/`, {}),
    ask(server.replace(/^ws/, 'http'), { Accept: 'text/plain' }),
  ]);
  if (there === null) return { is: 'unreachable', url, othersAnswer: others !== null };
  const status = socket?.status ?? 0;
  if (status === 403) return { is: 'originRefused', url };
  return { is: wantsUpgrade.includes(status) ? 'notUpgraded' : 'notSip', url };
}

/** What an edge said when it closed; `null` when it was none. */
function upstreamProblem(code: number | undefined): UpstreamProblem | null {
  const problems = Object.keys(edgeClose) as UpstreamProblem[];
  return problems.find((problem) => edgeClose[problem] === code) ?? null;
}

/** Of [MS-OCER]. */
const authenticationFailed = 1000;
const notEnabled = 4005;
const userDisabled = 4141;

function reasonOfRefusal(failure: Failure): SignInFailure {
  if (failure.is !== 'rejected') return { is: 'other', failure };
  const { status, diagnostics, retryAfterSeconds } = failure;
  if (diagnostics?.id === userDisabled) return { is: 'disabled' };
  if (status === 404 && diagnostics?.id === notEnabled) return { is: 'unknownAddress' };
  if (status === 503 && diagnostics?.id === authenticationFailed)
    return { is: 'throttled', retryAfterSeconds: retryAfterSeconds ?? 30 };
  if (status === 503) return { is: 'full' };
  const isUnexplained = diagnostics === undefined || diagnostics.id === authenticationFailed;
  if (status === 401 || status === 407 || status === 404 || (status === 403 && isUnexplained)) return { is: 'refused' };
  return { is: 'other', failure };
}

/** `wss://host/sip` as `https://host/`: where a person can look with the browser. */
export function httpUrl(server: string): string {
  const url = new URL(server);
  return `${url.protocol === 'wss:' ? 'https' : 'http'}://${url.host}/`;
}

/** `POST /account/password` of the home server; the endpoint with this epid stays signed in. */
export async function changePassword(
  post: (url: string, body: unknown) => Promise<{ status: number } | null>,
  server: string,
  wish: { aor: Aor; epid: string; current: string; next: string },
): Promise<Outcome<void>> {
  const { aor, epid, current, next } = wish;
  if (next.length < 8) return failed({ is: 'invalid', what: 'password' });
  const answer = await post(`${httpUrl(server)}account/password`, { address: bareAddress(aor), epid, current, next });
  if (answer === null) return failed({ is: 'connectionLost' });
  if (answer.status < 300) return done;
  return failed({ is: 'rejected', status: answer.status, reason: '' });
}

/** What passes by itself, when the server or the way to it is back. */
const passing: ReadonlySet<SignInFailure['is']> = new Set<SignInFailure['is']>([
  'unreachable',
  'notFound',
  'notSip',
  'notUpgraded',
  'upstream',
]);

/** `next` as told to one who waits for the server: that it is away, until it answers. */
export function patient(next: SignIn, before: SignIn): SignIn {
  if (next.is === 'signingIn') {
    const answers = next.step === 'authenticating' || next.step === 'loading';
    const isAway = !answers && before.is === 'signingIn' && before.isAway === true;
    return isAway ? { ...next, isAway } : next;
  }
  if (next.is !== 'failed' || !passing.has(next.failure.is)) return next;
  const { discovery, server } = next;
  return { is: 'signingIn', step: server === null ? 'finding' : 'connecting', discovery, server, isAway: true };
}
