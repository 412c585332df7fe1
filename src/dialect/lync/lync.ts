import { type Failure, failed, type Outcome, ok } from '../../domain/failure';
import type { Account } from '../../domain/people';
import type { Step } from '../../domain/signIn';
import { conferenceInviteType } from '../../protocol/lync/conferenceInvite';
import { sharingKindOf } from '../../protocol/lync/sharingSdp';
import { isFileSdp } from '../../protocol/sip/fileSdp';
import { parseDiagnostics, splitCommas } from '../../protocol/sip/headers';
import { isImOffer } from '../../protocol/sip/imOffer';
import { mediaType } from '../../protocol/sip/multipart';
import { type Aor, bareAddress, type Gruu } from '../../protocol/sip/uri';
import type { Invite } from '../../sip/invite';
import type { InviteHandlers } from '../../sip/inviteHandlers';
import type { SipReply, SipRequest, SipResponse } from '../../sip/sipMessages';
import type { OpenSocket } from '../../sip/tracedSocket';
import { UserAgent, type UserAgentState } from '../../sip/userAgent';
import type { NewEntry } from '../../trace/entry';
import type { World } from '../../world';
import type { Dialect, DialectHost, PresencePort } from '../dialect';
import { Conferences } from './conferences';
import { Contacts } from './contacts';
import type { LyncContext } from './context';
import { Directory } from './directory';
import { FileStore } from './fileStore';
import { Files } from './files';
import { Greeting } from './greeting';
import { Im } from './im';
import { Media } from './media';
import { capabilitiesOf, nothingProvisioned, type Provisioned, Provisioning } from './provisioning';
import { SelfPresence } from './self';
import { Sharing } from './sharing';
import { Watching } from './watching';

export interface LyncOptions {
  world: World;
  /** `wss:` URL of the home server. */
  server: string;
  account: { aor: Aor; userName?: string | null; password: string };
  /** UUID of this browser profile: the same after every start. */
  instanceId: string;
  /** At most 16 characters, the same after every start. */
  epid: string;
  host: DialectHost;
  trace(entry: NewEntry): number;
  openSocket?: OpenSocket;
  /**
   * Others do not notice this endpoint: it publishes no state, and whoever calls it hears what they would hear without it
   * (480); only a greeting of the same person is answered. For the doctor.
   */
  isQuiet?: boolean;
}

/** The dialect of Lync 2010 and of our home server: [MS-SIPREGE], [MS-SIP], [MS-PRES], [MS-CONFBAS], [MS-CONFIM]. */
export function createLync(options: LyncOptions): Dialect {
  return new Lync(options);
}

/** `ms-diagnostics` ids of a registration that the server ended (`lync-wire` 9.2). */
const passwordChanged = 1000;

/**
 * idle ──► signingIn ──registered, loaded──► live ──lost──► lost ──registered, loaded──► live
 *              └─► ended                      └─signed out, refused, deregistered─► ended
 */
type State =
  | { is: 'idle' }
  | { is: 'signingIn'; onStep: (step: Step) => void; settle: (outcome: Outcome<Account>) => void }
  | { is: 'live' }
  | { is: 'lost' }
  | { is: 'ended' };

const moves: Record<State['is'], readonly State['is'][]> = {
  idle: ['signingIn', 'ended'],
  signingIn: ['live', 'ended'],
  live: ['lost', 'ended'],
  lost: ['live', 'ended'],
  ended: [],
};

class Lync implements Dialect {
  readonly im: Im;
  readonly conferences: Conferences;
  readonly contacts: Contacts;
  readonly directory: Directory;
  readonly presence: PresencePort;
  readonly media: Media;
  readonly sharing: Sharing;
  readonly store: FileStore;
  readonly files: Files;
  readonly #options: LyncOptions;
  readonly #ua: UserAgent;
  readonly #self: SelfPresence;
  readonly #greeting: Greeting;
  readonly #watching: Watching;
  readonly #provisioning: Provisioning;
  #state: State = { is: 'idle' };
  #isRegistered = false;
  #allowedEvents: readonly string[] = [];
  #provisioned: Provisioned = nothingProvisioned;

  constructor(options: LyncOptions) {
    this.#options = options;
    const { world, host, account, isQuiet = false } = options;
    this.#ua = new UserAgent({
      world,
      server: options.server,
      ...account,
      instanceId: options.instanceId,
      epid: options.epid,
      ...(options.openSocket === undefined ? {} : { openSocket: options.openSocket }),
      trace: (entry) => options.trace(entry),
      onState: (state) => this.#takeState(state),
      onInvite: (request, ring, refuse) => this.#takeInvite(request, ring, refuse),
    });
    const isLive = () => this.#isRegistered;
    const context: LyncContext = { world, host, aor: account.aor, ua: this.#ua, isLive };
    const im = new Im(context);
    this.im = im;
    this.conferences = new Conferences(context, {
      focusFactory: () => this.#provisioned.focusFactory,
      endpointIn: (thread) => im.endpointIn(thread),
    });
    this.media = new Media(context, () => this.#provisioned.mras);
    this.sharing = new Sharing(context, this.media, (focus) => this.conferences.sharingMcuOf(focus));
    this.store = new FileStore(context, options.server, () => this.#provisioned.fileStore);
    this.files = new Files(context, this.media);
    this.#watching = new Watching(context);
    this.contacts = new Contacts(context, (people) => this.#watching.setContacts(people));
    this.directory = new Directory(context);
    this.#self = new SelfPresence(context, options.instanceId, isQuiet);
    this.#greeting = new Greeting(context);
    this.#provisioning = new Provisioning(context, (provisioned) => this.#takeProvisioned(provisioned));
    if (isQuiet) this.#ua.handle('MESSAGE', (_request, reply) => reply(480, 'Temporarily Unavailable'));
    this.presence = {
      watch: (people) => this.#watching.watch(people),
      setStatus: (status) => this.#self.setStatus(status),
      setNote: (text) => this.#self.setNote(text),
      setActivity: (activity) => this.#self.setActivity(activity),
      setPresenting: (on) => this.#self.setPresenting(on),
    };
  }

  #become(next: State): void {
    if (!moves[this.#state.is].includes(next.is)) throw new Error(`lync: ${this.#state.is} cannot become ${next.is}`);
    this.#state = next;
  }

  // ---- In and out -------------------------------------------------------------------------------------------------------

  signIn(onStep: (step: Step) => void): Promise<Outcome<Account>> {
    return new Promise((settle) => {
      this.#become({ is: 'signingIn', onStep, settle });
      this.#ua.start();
    });
  }

  async signOut(): Promise<void> {
    if (this.#state.is === 'ended') return;
    this.#giveUp({ is: 'cancelled' });
    this.im.closeAll();
    this.media.endAll();
    await Promise.all([
      this.conferences.leaveAll(),
      this.contacts.stop(),
      this.#self.stop(),
      this.#watching.stop(),
      this.#provisioning.stop(),
    ]);
    this.#isRegistered = false;
    await this.#ua.stop();
  }

  get endpoint(): Gruu | null {
    return this.#ua.gruu;
  }

  greet(endpoint: Gruu): Promise<Outcome<void>> {
    return this.#greeting.say(endpoint);
  }

  setPassword(password: string): void {
    this.#ua.setPassword(password);
  }

  reconnectNow(): void {
    if (this.#state.is !== 'idle' && this.#state.is !== 'ended') this.#ua.reconnectNow();
  }

  /** Over for good; a sign-in under way fails so. */
  #giveUp(failure: Failure): void {
    const state = this.#state;
    this.#become({ is: 'ended' });
    if (state.is === 'signingIn') state.settle(failed(failure));
  }

  // ---- The order of signing in (`lync-wire` 10.1) -----------------------------------------------------------------------

  #takeState(state: UserAgentState): void {
    if (this.#state.is === 'ended') return;
    switch (state.is) {
      case 'connecting':
        return this.#step('connecting');
      case 'connected':
        return this.#step('authenticating');
      case 'registered':
        this.#isRegistered = true;
        this.#step('loading');
        return void this.#load(state.response);
      case 'lost':
        return this.#lost();
      case 'unreachable':
        this.#isRegistered = false;
        return this.#giveUp({ is: 'connectionLost', ...(state.closed === undefined ? {} : { closed: state.closed }) });
      case 'refused':
        return this.#ended(state.failure, whyRefused(state.failure));
      case 'deregistered':
        return this.#ended({ is: 'cancelled' }, whyDeregistered(state.event, state.diagnostics));
    }
  }

  #step(step: Step): void {
    if (this.#state.is === 'signingIn') this.#state.onStep(step);
  }

  /** Registered: everything is subscribed afresh, in parallel; who may not subscribe to something goes on without it. */
  async #load(response: SipResponse): Promise<void> {
    this.#allowedEvents = response.headers('Allow-Events').flatMap(splitCommas);
    await Promise.all([this.#provisioning.start(), this.contacts.start(), this.#self.start()]);
    if (!this.#isRegistered) return;
    const state = this.#state;
    if (state.is !== 'signingIn' && state.is !== 'lost') return;
    this.#become({ is: 'live' });
    this.#watching.start();
    if (state.is === 'lost') return this.#options.host.report({ type: 'connection.live' });
    const { aor } = this.#options.account;
    state.settle(ok({ aor, displayName: this.#self.displayName || bareAddress(aor) }));
  }

  #lost(): void {
    this.#isRegistered = false;
    // Lost while loading for the first time: registered again, loading begins again.
    if (this.#state.is !== 'live') return;
    this.#become({ is: 'lost' });
    this.#options.host.report({ type: 'connection.lost' });
    this.media.lose();
    this.files.lose();
    this.im.lose();
    this.conferences.lose();
  }

  #ended(failure: Failure, why: 'disabled' | 'elsewhere' | 'passwordChanged'): void {
    const wasIn = this.#state.is === 'live' || this.#state.is === 'lost';
    this.#isRegistered = false;
    this.#giveUp(failure);
    if (wasIn) this.#options.host.report({ type: 'connection.ended', why, failure });
    this.media.lose();
    this.im.lose();
    this.conferences.lose();
  }

  #takeProvisioned(provisioned: Provisioned): void {
    this.#provisioned = provisioned;
    const capabilities = capabilitiesOf(provisioned, this.#allowedEvents);
    this.#options.host.report({ type: 'capabilities.changed', capabilities });
    this.#options.host.report({ type: 'policy.changed', policy: provisioned.policy });
  }

  /** What an INVITE is about shows in its body; what is neither is refused with 488. */
  #takeInvite(request: SipRequest, ring: (handlers: InviteHandlers) => Invite, refuse: SipReply): void {
    if (!this.#isRegistered) return;
    if (this.#options.isQuiet) return this.#greeting.take(request, ring, refuse);
    const type = mediaType(request.contentType);
    if (type === conferenceInviteType) return this.conferences.takeInvite(request, ring);
    if (type !== 'application/sdp') return;
    if (sharingKindOf(request.body) !== null) return this.sharing.takeInvite(request, ring, refuse);
    if (isFileSdp(request.body)) return this.files.takeInvite(request, ring, refuse);
    if (isImOffer(request.body)) this.im.takeInvite(request, ring);
  }
}

/** A registrar that took us before and now does not: the password is another, or the account is closed. */
function whyRefused(failure: Failure): 'disabled' | 'passwordChanged' {
  if (failure.is !== 'rejected') return 'disabled';
  return failure.status === 401 || failure.diagnostics?.id === passwordChanged ? 'passwordChanged' : 'disabled';
}

/** [MS-SIPREGE]: `unregistered` signed in elsewhere, `rejected` disabled, `deactivated` moved (`lync-wire` 1.6). */
function whyDeregistered(event: string, diagnostics: string): 'disabled' | 'elsewhere' | 'passwordChanged' {
  if (parseDiagnostics(diagnostics)?.id === passwordChanged) return 'passwordChanged';
  return event === 'rejected' ? 'disabled' : 'elsewhere';
}
