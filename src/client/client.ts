import type { Dialect, DialectHost } from '../dialect/dialect';
import type { Fact } from '../domain/facts';
import { done, failed, type Outcome } from '../domain/failure';
import type { TabId } from '../domain/ids';
import type { Account } from '../domain/people';
import type { SignIn, SignInRequest } from '../domain/signIn';
import type { History } from '../history/history';
import type { State } from '../state/state';
import { createLedger, recordFacts } from '../state/store';
import type { TraceEntry } from '../trace/entry';
import { Activity } from './activity';
import type { Commands } from './commands';
import { Conferences } from './conferences';
import { Contacts } from './contacts';
import { Conversations } from './conversations';
import type { Device } from './device';
import { Doctor } from './doctor/doctor';
import { escalate } from './escalation';
import { Files } from './files';
import type { Floor } from './floor';
import { Inbox } from './inbox';
import { Invitations } from './invitations';
import { Logging } from './logging';
import { MediaSessions } from './media';
import { Oneself } from './oneself';
import { Outbox } from './outbox';
import { SavedSignIn } from './savedSignIn';
import { Sharing } from './sharing';
import { changePassword, patient, SignInAttempt } from './signIn';
import { discard } from './transcripts';

/** So long a saved sign-in waits before it asks again for a server that is away. */
const [firstWaitMs, longestWaitMs] = [1_000, 4_000];

/** Everything a person can do, over one dialect at a time. Delegates; decides nothing of its own but signing in and out. */
export class Client implements Commands {
  readonly #device: Device;
  readonly #ledger = createLedger();
  readonly #outbox: Outbox;
  readonly #conferences: Conferences;
  readonly #invitations: Invitations;
  readonly #conversations: Conversations;
  readonly #contacts: Contacts;
  readonly #activity: Activity;
  readonly #oneself: Oneself;
  readonly #media: MediaSessions;
  readonly #sharing: Sharing;
  readonly #files: Files;
  readonly #inbox: Inbox;
  readonly #logging: Logging;
  readonly #saved: SavedSignIn;
  readonly #doctor: Doctor;
  readonly #floor: Floor;
  readonly #host: DialectHost;
  #attempt: SignInAttempt | null = null;
  #dialect: Dialect | null = null;
  #history: History | null = null;
  /** What we are signed in with. */
  #request: SignInRequest | null = null;
  #stopTrying: () => void = () => undefined;
  #server: string | null = null;
  #isLive = false;

  constructor(device: Device) {
    this.#device = device;
    const floor: Floor = {
      world: device.world,
      state: () => this.#ledger.getState(),
      record: (...facts) => this.#record(facts),
      history: () => {
        if (this.#history === null) throw new Error('nobody is signed in');
        return this.#history;
      },
      dialect: () => this.#dialect,
      isLive: () => this.#isLive,
    };
    this.#floor = floor;
    this.#logging = new Logging(floor, device);
    this.#saved = new SavedSignIn(device);
    this.#doctor = new Doctor(floor, {
      ...device,
      request: () => this.#request,
      server: () => this.#server,
      belongsTo: (aor) => this.#logging.belongsTo(aor),
      remembered: this.#saved.serverOf,
    });
    this.#outbox = new Outbox(floor);
    this.#conferences = new Conferences(floor, this.#outbox);
    this.#invitations = new Invitations(floor, this.#conferences);
    this.#conversations = new Conversations(floor, (id) => this.#files.recover(id));
    this.#contacts = new Contacts(floor);
    this.#activity = new Activity(floor);
    this.#oneself = new Oneself(floor);
    this.#media = new MediaSessions(floor);
    this.#sharing = new Sharing(floor, this.#media, this.#invitations);
    this.#files = new Files(floor, this.#media, this.#invitations);
    this.#inbox = new Inbox(floor, {
      conferences: this.#conferences,
      invitations: this.#invitations,
      outbox: this.#outbox,
      media: this.#media,
      sharing: this.#sharing,
      files: this.#files,
      onConnection: (report) => this.#takeConnection(report),
    });
    this.#host = {
      report: (report) => {
        if (report.type === 'policy.changed') device.log.bound(report.policy.mostLogged);
        this.#inbox.take(report);
      },
      keep: (message) => this.#inbox.keep(message).catch((error: unknown) => this.#logging.notStored('message', error)),
    };
  }

  get state(): State {
    return this.#ledger.getState();
  }

  #record(facts: readonly Fact[]): void {
    recordFacts(this.#ledger, facts);
    this.#device.publish(facts);
  }

  #recordSignIn(signIn: SignIn): void {
    this.#record([{ type: 'signIn.changed', signIn }]);
  }

  // ---- Signing in -------------------------------------------------------------------------------------------------------

  /** A tab came with the session id it keeps (or none): signs in with what is saved, once, at the engine's start. */
  async resume(sessionId: string | null): Promise<void> {
    if (this.state.signIn.is !== 'starting') return;
    void this.#logging.load();
    const request = await this.#saved.take(sessionId);
    if (this.state.signIn.is !== 'starting') return;
    if (request === null) return this.#recordSignIn({ is: 'signedOut' });
    await this.#keepTrying(request);
  }

  /** Nobody typed this: a server that is away just then is waited for, as by one who is signed in. */
  async #keepTrying(request: SignInRequest, waitMs = firstWaitMs): Promise<void> {
    // For the doctor, who may be asked meanwhile.
    this.#request = request;
    await this.#run(request, (signIn) => this.#recordSignIn(patient(signIn, this.state.signIn)));
    const { signIn } = this.state;
    if (signIn.is !== 'signingIn' || !signIn.isAway) return;
    this.#stopTrying = this.#device.world.after(
      waitMs,
      () => void this.#keepTrying(request, Math.min(2 * waitMs, longestWaitMs)),
    );
  }

  signIn(request: SignInRequest): Promise<Outcome<void>> {
    this.#stopTrying();
    void this.#doctor.cancelCheckup();
    return this.#run(request, (state) => this.#recordSignIn(state), true);
  }

  async #run(request: SignInRequest, record: (signIn: SignIn) => void, keepPassword = false): Promise<Outcome<void>> {
    if (this.#dialect !== null || this.#attempt !== null) return failed({ is: 'cancelled' });
    let last: SignIn = this.state.signIn;
    const attempt = new SignInAttempt(
      {
        world: this.#device.world,
        ask: this.#device.ask,
        pageOrigin: this.#device.pageOrigin,
        createDialect: async (dialectRequest) => {
          this.#dialect = await this.#device.createDialect({ ...dialectRequest, overhear: this.#doctor.overhear });
          return this.#dialect;
        },
        host: this.#host,
        record: (signIn) => {
          this.#logging.noteSignIn(signIn);
          last = signIn;
          record(signIn);
        },
        remembered: this.#saved.serverOf,
        remember: this.#saved.keepServer,
        prepare: (account) => this.#openHistory(account),
      },
      request,
    );
    this.#attempt = attempt;
    const outcome = await attempt.run();
    if (this.#attempt !== attempt) return failed({ is: 'cancelled' });
    this.#attempt = null;
    if (!outcome.ok) {
      this.#dialect = null;
      await this.#saved.doubtServer(request, last.is === 'failed' ? last.failure.is : null);
      return outcome;
    }
    if (keepPassword) await this.#saved.keep(request);
    this.#server = attempt.server ?? '';
    this.#request = request;
    this.#record([{ type: 'account.named', displayName: outcome.value.account.displayName }]);
    this.#isLive = true;
    this.#recordSignIn({ is: 'signedIn', server: this.#server });
    this.#activity.touched();
    this.#outbox.recover();
    this.#files.recover();
    this.#goOn();
    this.#outbox.resume();
    return done;
  }

  async #openHistory(account: Account): Promise<void> {
    await this.#logging.belongsTo(account.aor);
    this.#history?.close();
    this.#history = this.#device.openHistory(account.aor);
    this.#record([{ type: 'account.changed', account }]);
    this.#conversations.takeKept(await this.#history.load().catch(() => []));
  }

  #goOn(): void {
    this.#conversations.watchPeers();
    this.#conferences.rejoinAll();
  }

  #takeConnection(report: Parameters<ConstructorParameters<typeof Inbox>[1]['onConnection']>[0]): void {
    if (this.#attempt !== null || this.#dialect === null) return;
    const server = this.#server ?? '';
    switch (report.type) {
      case 'connection.lost':
        if (!this.#isLive) return;
        this.#isLive = false;
        this.#recordSignIn({ is: 'reconnecting', server, since: this.#device.world.now() });
        this.#record([{ type: 'presence.lost', at: this.#device.world.now() }]);
        return this.#conferences.takeLoss();
      case 'connection.live':
        this.#isLive = true;
        this.#recordSignIn({ is: 'signedIn', server });
        this.#goOn();
        return this.#outbox.recovered();
      case 'connection.ended':
        return this.#ended(report.why);
    }
  }

  #ended(why: 'byPerson' | 'disabled' | 'elsewhere' | 'passwordChanged'): void {
    this.#isLive = false;
    this.#dialect = null;
    this.#request = null;
    void this.#doctor.cancelCheckup();
    this.#activity.stop();
    this.#invitations.stop();
    this.#outbox.stop();
    this.#sharing.stopAll();
    this.#files.stop();
    this.#media.stop();
    void this.#saved.forget('session', ...(why === 'byPerson' ? [] : (['saved'] as const)));
    this.#history?.close();
    this.#history = null;
    this.#record([{ type: 'account.changed', account: null }]);
    this.#recordSignIn({ is: 'signedOut', why });
  }

  async cancelSignIn(): Promise<Outcome<void>> {
    this.#stopTrying();
    this.#attempt?.cancel();
    this.#attempt = null;
    this.#dialect = null;
    this.#request = null;
    this.#recordSignIn({ is: 'signedOut' });
    return done;
  }

  async signOut(): Promise<Outcome<void>> {
    const dialect = this.#dialect;
    if (dialect === null) return done;
    await this.#saved.forget('saved');
    this.#isLive = false;
    await dialect.signOut();
    this.#ended('byPerson');
    return done;
  }

  async forgetMe(): Promise<Outcome<void>> {
    await this.signOut();
    try {
      await Promise.all([this.#device.vault.clear(), this.#device.deleteAllHistory(), this.#logging.clearLog()]);
      return done;
    } catch {
      return failed({ is: 'storage' });
    }
  }

  async changePassword(current: string, next: string): Promise<Outcome<void>> {
    const { account } = this.state;
    if (account === null || this.#server === null || !this.#isLive) return failed({ is: 'offline' });
    const { post, epidOf } = this.#device;
    const wish = { aor: account.aor, epid: await epidOf(account.aor), current, next };
    const outcome = await changePassword(post, this.#server, wish);
    if (!outcome.ok) return outcome;
    this.#dialect?.setPassword(next);
    if (this.#request !== null) {
      this.#request = { ...this.#request, password: next };
      await this.#saved.keep(this.#request);
    }
    return outcome;
  }

  async checkConnection(): Promise<Outcome<void>> {
    this.#dialect?.reconnectNow();
    return done;
  }

  // ---- The log ----------------------------------------------------------------------------------------------------------

  setLogging: Commands['setLogging'] = (change) => this.#logging.setLogging(change);
  clearLog: Commands['clearLog'] = () => this.#logging.clearLog();
  seeLog: Commands['seeLog'] = () => this.#logging.seeLog();
  logged = (entry: TraceEntry): void => this.#logging.logged(entry);
  noteTrouble: Commands['noteTrouble'] = (text) => this.#logging.noteTrouble(text);
  noteMedia: Commands['noteMedia'] = (note, level) => this.#logging.noteMedia(note, level);

  // ---- The doctor -------------------------------------------------------------------------------------------------------

  startCheckup: Commands['startCheckup'] = (wish) => this.#doctor.startCheckup(wish);
  cancelCheckup: Commands['cancelCheckup'] = () => this.#doctor.cancelCheckup();
  checkupRelays: Commands['checkupRelays'] = () => this.#doctor.checkupRelays();
  tellCheckupRelays: Commands['tellCheckupRelays'] = (tried) => this.#doctor.tellCheckupRelays(tried);

  // ---- Oneself ----------------------------------------------------------------------------------------------------------

  setStatus: Commands['setStatus'] = (status) => this.#oneself.setStatus(status);
  setNote: Commands['setNote'] = (text) => this.#oneself.setNote(text);
  async touched(): Promise<Outcome<void>> {
    if (this.#dialect !== null) this.#activity.touched();
    return done;
  }

  // ---- People -----------------------------------------------------------------------------------------------------------

  findPeople: Commands['findPeople'] = (text) => this.#contacts.find(text);
  watch: Commands['watch'] = async (people) => {
    this.#dialect?.presence.watch(people);
    return done;
  };
  addContact: Commands['addContact'] = (person, group) => this.#contacts.add(person, group);
  removeContact: Commands['removeContact'] = (person) => this.#contacts.remove(person);
  moveContact: Commands['moveContact'] = (person, from, to) => this.#contacts.move(person, from, to);
  removeFromGroup: Commands['removeFromGroup'] = (person, group) => this.#contacts.removeFromGroup(person, group);
  createGroup: Commands['createGroup'] = (name) => this.#contacts.createGroup(name);
  renameGroup: Commands['renameGroup'] = (group, name) => this.#contacts.renameGroup(group, name);
  removeGroup: Commands['removeGroup'] = (group) => this.#contacts.removeGroup(group);

  // ---- Conversations ----------------------------------------------------------------------------------------------------

  openConversation: Commands['openConversation'] = (peer) =>
    this.#history === null ? Promise.resolve(failed({ is: 'offline' })) : this.#conversations.open(peer);
  send: Commands['send'] = (...message) => this.#outbox.send(...message);
  retry: Commands['retry'] = (conversation, message) => this.#outbox.retry(conversation, message);
  discard: Commands['discard'] = async (conversation, message) => discard(this.#floor, conversation, message);
  setTyping: Commands['setTyping'] = async (id, typing) => this.#conversations.setTyping(id, typing);
  accept: Commands['accept'] = (invitation) => this.#invitations.accept(invitation);
  ignore: Commands['ignore'] = async (invitation) => this.#invitations.ignore(invitation);
  markRead: Commands['markRead'] = async (id) => this.#conversations.markRead(id);
  loadOlder: Commands['loadOlder'] = (id) => this.#conversations.loadOlder(id);
  async closeConversation(id: Parameters<Commands['closeConversation']>[0]): Promise<Outcome<void>> {
    this.#sharing.leave(id);
    await this.#conferences.leave(id);
    return this.#conversations.close(id);
  }

  // ---- Conferences ------------------------------------------------------------------------------------------------------

  async invite(...[id, people]: Parameters<Commands['invite']>): Promise<Outcome<void>> {
    const party = this.state.conversations[id]?.party;
    if (party?.is === 'pairwise') return escalate(this.#floor, this.#conferences, id, people);
    return this.#conferences.invite(id, people);
  }

  meetNow: Commands['meetNow'] = () => this.#conferences.meetNow();
  rejoin: Commands['rejoin'] = (id) => this.#conferences.join(id);
  removeParticipant: Commands['removeParticipant'] = (id, person) => this.#conferences.remove(id, person);
  setLocked: Commands['setLocked'] = (id, locked) => this.#conferences.setLocked(id, locked);
  setRole: Commands['setRole'] = (id, person, role) => this.#conferences.setRole(id, person, role);
  leaveConference: Commands['leaveConference'] = (id) => {
    this.#sharing.leave(id);
    return this.#conferences.leave(id);
  };
  endConference: Commands['endConference'] = (id) => this.#conferences.end(id);

  // ---- Sharing and files ----------------------------------------------------------------------------------------------

  startSharing: Commands['startSharing'] = (id, share) => this.#sharing.start(id, share);
  changeSharing: Commands['changeSharing'] = async (id, change) => this.#sharing.change(id, change);
  stopSharing: Commands['stopSharing'] = async (id) => this.#sharing.stop(id);
  watchSharing: Commands['watchSharing'] = (id, tab) => this.#sharing.watch(id, tab);
  stopWatching: Commands['stopWatching'] = async (id) => this.#sharing.stopWatching(id);
  controlSharing: Commands['controlSharing'] = (id, control) => this.#sharing.control(id, control);
  addFile: Commands['addFile'] = async (id, file) => this.#files.add(id, file);
  offerFile: Commands['offerFile'] = (id, file, given) => this.#files.offer(id, file, given);
  receiveFile: Commands['receiveFile'] = async (id, file, tab) => this.#files.receive(id, file, tab);
  answerFile: Commands['answerFile'] = (session, from, answer) => this.#files.answer(session, from, answer);
  declineFile: Commands['declineFile'] = async (id, file) => this.#files.decline(id, file);
  cancelFile: Commands['cancelFile'] = async (id, file) => this.#files.cancel(id, file);
  storeFile: Commands['storeFile'] = async (id, file) => this.#files.store(id, file);
  bringFile: Commands['bringFile'] = (id, file, tab) => this.#files.stored.bring(id, file, tab);
  tellFile: Commands['tellFile'] = (id, file, sha256) => this.#files.stored.tell(id, file, sha256);
  getFile: Commands['getFile'] = (id, file, tab) => this.#files.stored.get(id, file, tab);
  noteFile: Commands['noteFile'] = async (id, file, note) => this.#files.note(id, file, note);
  relays: Commands['relays'] = () => this.#media.relays();
  answerMedia: Commands['answerMedia'] = (session, answer) => this.#sharing.answer(session, answer);
  reofferMedia: Commands['reofferMedia'] = (session, offer) => this.#media.reoffer(session, offer);
  refreshMedia: Commands['refreshMedia'] = (session) => this.#media.refresh(session);

  /** A tab is closed, or died: what it showed and looked at ends. */
  tabGone(tab: TabId): void {
    // The last one takes the engine with it.
    void this.#history?.flush();
    this.#media.tabGone(tab);
    this.#sharing.tabGone(tab);
    this.#files.tabGone(tab);
  }
}
