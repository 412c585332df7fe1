import {
  type ConferenceEndpoint,
  type ConferenceInfo,
  type ConferenceUser,
  conferenceInfoType,
  formatConferenceInfo,
} from '../../src/protocol/shared/conferenceInfo';
import type { Direction } from '../../src/protocol/sip/sdp';
import { type Aor, type FocusUri, mcuUriOf } from '../../src/protocol/sip/uri';
import type { Offers } from '../offers';
import { superseded } from '../personSubscriptions';
import { largestMeeting } from '../provisioning';
import type { Endpoint, HeaderLines, RoleContext, RoleDialog } from '../role';
import type { Accounts, SharingPolicy } from '../store/accounts';
import type { ConferenceRecord, ConferenceStore, Role } from '../store/conferences';
import type { EventDocument, EventSubscription } from '../subscriptions';

/** One endpoint of a participant: its focus dialog, and its name in the document. */
export interface FocusLeg {
  dialog: RoleDialog;
  entity: string;
}

export interface Participant {
  aor: Aor;
  displayName: string;
  role: Role;
  /** Joined for the first time just now: the newcomers' rule is for these. */
  isNew: boolean;
  /** By GRUU. */
  focusLegs: Map<string, FocusLeg>;
  chatLegs: Map<string, { end(): void }>;
  sharingLegs: Map<string, SharedLeg>;
}

/** An endpoint that shares or looks, as the roster tells it. */
export interface SharedLeg {
  readonly flow: { readonly direction: Direction; readonly state: string };
  end(bye: HeaderLines | null): void;
  /** Its person is presenter or attendee now. */
  roleChanged(): void;
}

/** An endpoint needs one subscription to the roster; a few more may stand while it changes from one to the next. */
const mostSubscriptions = 4;

/** CNF: at most one notice per member in this long, the first at once. */
const noticeEveryMs = 200;

/** A conference that somebody is in or was: roster, roles, lock, and who is told of it. */
export class Conference {
  readonly record: ConferenceRecord;
  readonly participants = new Map<Aor, Participant>();
  readonly #subscriptions = new Set<EventSubscription>();
  readonly #context: RoleContext;
  readonly #accounts: Accounts;
  readonly #offers: Offers;
  readonly #store: ConferenceStore;
  /** Of what has been told to all; a full document is as of it, and only a change makes the next (CNF-15). */
  #version = 1;
  #changed = new Set<Aor>();
  #lockChanged = false;
  #isWaiting = false;

  constructor(
    context: RoleContext,
    accounts: Accounts,
    offers: Offers,
    store: ConferenceStore,
    record: ConferenceRecord,
  ) {
    this.#offers = offers;
    this.#context = context;
    this.#accounts = accounts;
    this.#store = store;
    this.record = { ...record };
  }

  get focus(): FocusUri {
    return this.record.focus;
  }

  get chatUri(): string {
    return mcuUriOf(this.focus, 'chat');
  }

  get sharingUri(): string {
    return mcuUriOf(this.focus, 'applicationsharing');
  }

  /** Who may share programs: the organizer's policy, where the house has media at all. */
  get sharing(): SharingPolicy {
    return this.#offers.media === null ? 'no' : (this.#accounts.find(this.record.organizer)?.policy.sharing ?? 'no');
  }

  get maxSize(): number {
    return this.#accounts.find(this.record.organizer)?.policy.meetingSize ?? largestMeeting;
  }

  mayLead(aor: Aor): boolean {
    return this.participants.get(aor)?.role === 'presenter';
  }

  /** Who is in, or was and only lost the connection, may come back to a locked conference. */
  isMember(aor: Aor): boolean {
    return aor === this.record.organizer || this.#store.member(this.focus, aor) !== undefined;
  }

  /** Seats the endpoint of a focus dialog; its second INVITE replaces the first, and its chat with it (CNF-11). */
  seat(endpoint: Endpoint, leg: FocusLeg): Participant {
    const { aor, gruu } = endpoint;
    const participant = this.participants.get(aor) ?? this.#admit(endpoint);
    participant.focusLegs.get(gruu)?.dialog.end();
    participant.chatLegs.get(gruu)?.end();
    participant.sharingLegs.get(gruu)?.end([]);
    participant.focusLegs.set(gruu, leg);
    this.participants.set(aor, participant);
    this.changed(aor);
    return participant;
  }

  #admit({ aor, displayName }: Endpoint): Participant {
    const known = this.#store.member(this.focus, aor);
    const role = aor === this.record.organizer ? 'presenter' : (known?.role ?? 'attendee');
    if (known === undefined) {
      const firstNumber = aor === this.record.organizer ? 0 : this.#store.lastNumber(this.focus);
      this.#store.putMember(this.focus, aor, { role, firstNumber });
    }
    return {
      aor,
      displayName,
      role,
      isNew: known === undefined,
      focusLegs: new Map(),
      chatLegs: new Map(),
      sharingLegs: new Map(),
    };
  }

  /** The endpoint of a focus dialog is out, and hears no more of the roster. `forGood`: it left, and was not lost. */
  unseat(dialog: RoleDialog, forGood: boolean): void {
    const { aor, gruu } = dialog.remote;
    const participant = this.participants.get(aor);
    if (participant?.focusLegs.get(gruu)?.dialog !== dialog) return;
    const chatLeg = participant.chatLegs.get(gruu);
    const sharingLeg = participant.sharingLegs.get(gruu);
    participant.focusLegs.delete(gruu);
    participant.chatLegs.delete(gruu);
    participant.sharingLegs.delete(gruu);
    if (participant.focusLegs.size === 0) {
      this.participants.delete(aor);
      if (forGood) this.#store.removeMember(this.focus, aor);
    }
    dialog.end();
    this.stopTelling(({ watcher }) => watcher === dialog.remote, 'deactivated');
    chatLeg?.end();
    sharingLeg?.end([]);
    this.changed(aor);
  }

  /**
   * Takes a person out. The roster says so first, and nothing more to them: at each roster that comes after the chat's BYE, SIPE
   * calls the chat again. The focus hangs up before the chat, since it says what happened.
   */
  remove(aor: Aor): void {
    const participant = this.participants.get(aor);
    if (participant === undefined) return;
    const chatLegs = [...participant.chatLegs.values()];
    const sharingLegs = [...participant.sharingLegs.values()];
    participant.chatLegs.clear();
    participant.sharingLegs.clear();
    this.participants.delete(aor);
    this.#store.removeMember(this.focus, aor);
    this.changed(aor);
    this.flush();
    this.stopTelling(({ watcher }) => watcher.aor === aor, 'rejected');
    for (const { dialog } of participant.focusLegs.values()) {
      void dialog.request('BYE');
      dialog.end();
    }
    for (const leg of chatLegs) leg.end();
    for (const leg of sharingLegs) leg.end([]);
  }

  setRole(aor: Aor, role: Role): void {
    const participant = this.participants.get(aor);
    if (participant === undefined) return;
    participant.role = role;
    for (const leg of [...participant.sharingLegs.values()]) leg.roleChanged();
    const firstNumber = this.#store.member(this.focus, aor)?.firstNumber ?? 0;
    this.#store.putMember(this.focus, aor, { role, firstNumber });
    this.changed(aor);
  }

  setLocked(locked: boolean): void {
    this.record.locked = locked;
    this.#store.setLocked(this.focus, locked);
    this.#lockChanged = true;
    this.#tellSoon();
  }

  // ---- The document -----------------------------------------------------------------------------------------------------

  /** Somebody's line in the roster is other than it was. */
  changed(aor: Aor): void {
    this.#changed.add(aor);
    this.#tellSoon();
  }

  #tellSoon(): void {
    if (this.#isWaiting) return;
    this.flush();
    this.#isWaiting = true;
    this.#context.after(noticeEveryMs, () => {
      this.#isWaiting = false;
      if (this.#changed.size > 0 || this.#lockChanged) this.#tellSoon();
    });
  }

  /** Before somebody is heard: all know by then that they are here. */
  introduce(aor: Aor): void {
    if (this.#changed.has(aor)) this.flush();
  }

  /** Tells what has changed since the last time. */
  flush(): void {
    if (this.#changed.size === 0 && !this.#lockChanged) return;
    const users = [...this.#changed].map((aor) => this.#userOf(aor));
    const locked = this.#lockChanged ? this.record.locked : null;
    this.#changed = new Set();
    this.#lockChanged = false;
    const document = this.#next({ state: 'partial', description: null, users, locked });
    for (const subscription of this.#subscriptions) subscription.tell(document);
  }

  /** CNF-16: a user always complete; CNF-17: one who is gone is told as deleted. */
  #userOf(aor: Aor): ConferenceUser {
    const participant = this.participants.get(aor);
    if (participant === undefined) return { aor, displayName: '', role: 'attendee', endpoints: [], isDeleted: true };
    const { displayName, role } = participant;
    const endpoints: ConferenceEndpoint[] = [];
    for (const [gruu, { entity }] of participant.focusLegs) {
      endpoints.push({ entity, sessionType: 'focus', status: 'connected', uri: gruu, flow: null });
      if (participant.chatLegs.has(gruu)) {
        endpoints.push({ entity: `${entity}-chat`, sessionType: 'chat', status: 'connected', uri: null, flow: null });
      }
      const flow = participant.sharingLegs.get(gruu)?.flow;
      if (flow !== undefined) {
        const sharing = { sessionType: 'applicationsharing', status: 'connected', uri: null } as const;
        endpoints.push({ entity: `${entity}-sharing`, ...sharing, flow });
      }
    }
    return { aor, displayName, role, endpoints, isDeleted: false };
  }

  full(): EventDocument {
    const { organizer, subject, id, admission, history, locked } = this.record;
    const displayName = this.#accounts.find(organizer)?.displayName ?? '';
    return this.#document({
      state: 'full',
      description: {
        subject,
        chatUri: this.chatUri,
        sharingUri: this.sharing === 'no' ? null : this.sharingUri,
        organizer: { aor: organizer, displayName },
        conferenceId: id,
        admissionPolicy: admission,
        history,
        maxSize: this.maxSize,
        sharing: this.sharing === 'no' ? null : this.sharing,
      },
      users: [...this.participants.keys()].map((aor) => this.#userOf(aor)),
      locked,
    });
  }

  #next(info: Omit<ConferenceInfo, 'entity' | 'version'>): EventDocument {
    this.#version += 1;
    return this.#document(info);
  }

  #document(info: Omit<ConferenceInfo, 'entity' | 'version'>): EventDocument {
    return {
      contentType: conferenceInfoType,
      body: formatConferenceInfo({ ...info, entity: this.focus, version: this.#version }),
    };
  }

  // ---- Who is told, and the end ----------------------------------------------------------------------------------------

  subscribed(subscription: EventSubscription): void {
    this.#subscriptions.add(subscription);
    const { watcher } = subscription;
    const [oldest, ...rest] = [...this.#subscriptions].filter((other) => other.watcher === watcher);
    if (rest.length >= mostSubscriptions) oldest?.end('deactivated', null, [['ms-diagnostics-public', superseded]]);
  }

  unsubscribed(subscription: EventSubscription): void {
    this.#subscriptions.delete(subscription);
  }

  /** Ends the subscriptions of some endpoints. */
  stopTelling(which: (subscription: EventSubscription) => boolean, reason: 'deactivated' | 'rejected'): void {
    for (const subscription of [...this.#subscriptions].filter(which)) subscription.end(reason);
  }

  /** CNF-24: told as deleted, then every dialog is hung up. */
  end(): void {
    const document = this.#next({ state: 'deleted', description: null, users: null, locked: null });
    for (const subscription of [...this.#subscriptions]) subscription.end('noresource', document);
    for (const person of [...this.participants.keys()]) this.remove(person);
  }
}
