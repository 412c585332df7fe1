import {
  type ConferenceEndpoint,
  type ConferenceInfo,
  type ConferenceUser,
  conferenceInfoType,
  formatConferenceInfo,
} from '../../src/protocol/shared/conferenceInfo';
import { type Aor, type FocusUri, mcuUriOf } from '../../src/protocol/sip/uri';
import { largestMeeting } from '../provisioning';
import type { Endpoint, RoleContext, RoleDialog } from '../role';
import type { Accounts } from '../store/accounts';
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
}

/** CNF: at most one notice per member in this long, the first at once. */
const noticeEveryMs = 200;

/** A conference that somebody is in or was: roster, roles, lock, and who is told of it. */
export class Conference {
  readonly record: ConferenceRecord;
  readonly participants = new Map<Aor, Participant>();
  readonly subscriptions = new Set<EventSubscription>();
  readonly #context: RoleContext;
  readonly #accounts: Accounts;
  readonly #store: ConferenceStore;
  /** Of what has been told to all; a full document is as of it, and only a change makes the next (CNF-15). */
  #version = 1;
  #changed = new Set<Aor>();
  #lockChanged = false;
  #isWaiting = false;

  constructor(context: RoleContext, accounts: Accounts, store: ConferenceStore, record: ConferenceRecord) {
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

  get maxSize(): number {
    return this.#accounts.find(this.record.organizer)?.policy.meetingSize ?? largestMeeting;
  }

  mayLead(aor: Aor): boolean {
    return this.participants.get(aor)?.role === 'presenter';
  }

  /** Seats an endpoint; a second INVITE of the same endpoint replaces the first (CNF-11). */
  seat(endpoint: Endpoint, leg: FocusLeg): Participant {
    const { aor, gruu } = endpoint;
    const participant = this.participants.get(aor) ?? this.#admit(endpoint);
    participant.focusLegs.get(gruu)?.dialog.end();
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
    return { aor, displayName, role, isNew: known === undefined, focusLegs: new Map(), chatLegs: new Map() };
  }

  /** An endpoint is out; its person too when it was the last. `forGood`: left, not lost. */
  unseat(aor: Aor, gruu: string, forGood: boolean): void {
    const participant = this.participants.get(aor);
    if (participant === undefined || !participant.focusLegs.delete(gruu)) return;
    const chatLeg = participant.chatLegs.get(gruu);
    participant.chatLegs.delete(gruu);
    if (participant.focusLegs.size === 0) {
      this.participants.delete(aor);
      if (forGood) this.#store.removeMember(this.focus, aor);
    }
    this.stopTelling((watcher) => watcher.gruu === gruu, 'deactivated');
    chatLeg?.end();
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
    participant.chatLegs.clear();
    this.participants.delete(aor);
    this.#store.removeMember(this.focus, aor);
    this.changed(aor);
    this.flush();
    this.stopTelling((watcher) => watcher.aor === aor, 'rejected');
    for (const { dialog } of participant.focusLegs.values()) {
      void dialog.request('BYE');
      dialog.end();
    }
    for (const leg of chatLegs) leg.end();
  }

  /** Ends the subscriptions to the roster of some endpoints. */
  stopTelling(of: (watcher: Endpoint) => boolean, reason: 'deactivated' | 'rejected'): void {
    for (const subscription of [...this.subscriptions]) if (of(subscription.watcher)) subscription.end(reason);
  }

  setRole(aor: Aor, role: Role): void {
    const participant = this.participants.get(aor);
    if (participant === undefined) return;
    participant.role = role;
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

  /** Tells what has changed since the last time. */
  flush(): void {
    if (this.#changed.size === 0 && !this.#lockChanged) return;
    const users = [...this.#changed].map((aor) => this.#userOf(aor));
    const locked = this.#lockChanged ? this.record.locked : null;
    this.#changed = new Set();
    this.#lockChanged = false;
    const document = this.#next({ state: 'partial', description: null, users, locked });
    for (const subscription of this.subscriptions) subscription.tell(document);
  }

  /** CNF-16: a user always complete; CNF-17: one who is gone is told as deleted. */
  #userOf(aor: Aor): ConferenceUser {
    const participant = this.participants.get(aor);
    if (participant === undefined) return { aor, displayName: '', role: 'attendee', endpoints: [], isDeleted: true };
    const { displayName, role } = participant;
    const endpoints: ConferenceEndpoint[] = [];
    for (const [gruu, { entity }] of participant.focusLegs) {
      endpoints.push({ entity, sessionType: 'focus', status: 'connected', uri: gruu });
      if (participant.chatLegs.has(gruu)) {
        endpoints.push({ entity: `${entity}-chat`, sessionType: 'chat', status: 'connected', uri: null });
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
        organizer: { aor: organizer, displayName },
        conferenceId: id,
        admissionPolicy: admission,
        history,
        maxSize: this.maxSize,
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

  /** CNF-24: told as deleted, then every dialog is hung up. */
  end(): void {
    const document = this.#next({ state: 'deleted', description: null, users: null, locked: null });
    for (const subscription of [...this.subscriptions]) subscription.end('noresource', document);
    for (const aor of [...this.participants.keys()]) this.remove(aor);
  }
}
