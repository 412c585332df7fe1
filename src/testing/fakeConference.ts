import type { IncomingFile, IncomingMessage, OutgoingFile, OutgoingMessage, Report } from '../dialect/dialect';
import type { Role } from '../domain/conference';
import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { ItemId } from '../domain/ids';
import type { Body } from '../domain/message';
import type { FileMessage } from '../protocol/shared/fileMessage';
import type { Aor, FocusUri } from '../protocol/sip/uri';
import { FakeSharingMcu } from './fakeSharingMcu';
import { type FakeStore, noFileOfYours } from './fakeStore';

/** One endpoint's place in a fake conference. */
export interface FakeMember {
  readonly aor: Aor;
  readonly displayName: string;
  report(report: Report): void;
  keep(message: IncomingMessage | IncomingFile): Promise<void>;
}

interface Said {
  number: number;
  from: Aor;
  id: ItemId;
  what: { body: Body } | { file: FileMessage };
  at: number;
}

interface Place {
  role: Role;
  /** What is on its way to this member, in order. */
  inbound: Promise<void>;
}

export const notAllowed: Failure = {
  is: 'rejected',
  status: 403,
  reason: 'Forbidden',
  diagnostics: { id: 3014, reason: 'Not authorized' },
};
export const noSuchConference: Failure = {
  is: 'rejected',
  status: 404,
  reason: 'Not Found',
  diagnostics: { id: 3012, reason: 'No such conference' },
};
const lockedOrFull: Failure = { is: 'rejected', status: 480, reason: 'Temporarily Unavailable' };

/** Focus, roster and IM MCU of one conference in the fake town. It numbers its messages. */
export class FakeConference {
  readonly focus: FocusUri;
  readonly #subject: string;
  readonly #organizer: Aor;
  readonly #history: 'all' | 'none';
  readonly #maxSize: number;
  readonly #now: () => number;
  readonly #store: FakeStore;
  readonly #places = new Map<FakeMember, Place>();
  readonly #roles = new Map<Aor, Role>();
  readonly #said: Said[] = [];
  readonly sharing = new FakeSharingMcu(() => this.#tellRoster());
  #locked = false;
  #ended = false;

  constructor(options: {
    focus: FocusUri;
    subject: string;
    organizer: Aor;
    history: 'all' | 'none';
    maxSize: number;
    now: () => number;
    store: FakeStore;
  }) {
    this.focus = options.focus;
    this.#subject = options.subject;
    this.#organizer = options.organizer;
    this.#history = options.history;
    this.#maxSize = options.maxSize;
    this.#now = options.now;
    this.#store = options.store;
  }

  has(member: FakeMember): boolean {
    return this.#places.has(member);
  }

  hasPerson(aor: Aor): boolean {
    return this.#people().has(aor);
  }

  join(member: FakeMember, since: number): Outcome<{ role: Role; history: 'all' | 'none' }> {
    if (this.#ended) return failed(noSuchConference);
    if (!this.#people().has(member.aor) && member.aor !== this.#organizer) {
      if (this.#locked || this.#people().size >= this.#maxSize) return failed(lockedOrFull);
    }
    const role = this.#roleOf(member.aor);
    const place: Place = { role, inbound: Promise.resolve() };
    this.#places.set(member, place);
    this.#tellRoster();
    const first = this.#history === 'all' || since > 0 ? since : this.#said.length;
    for (const said of this.#said.slice(first)) this.#deliver(member, place, said, said.at);
    return ok({ role, history: this.#history });
  }

  send(member: FakeMember, { id, ...said }: OutgoingMessage | OutgoingFile): Outcome<{ number: number }> {
    if (!this.#places.has(member)) return failed({ is: 'rejected', status: 481, reason: 'Dialog ended' });
    const before = this.#said.find((said) => said.id === id && said.from === member.aor);
    if (before !== undefined) return ok({ number: before.number });
    const what = 'file' in said ? this.#known(member.aor, said.file) : said;
    if (what === null) return failed(noFileOfYours);
    const next = { number: this.#said.length + 1, from: member.aor, id, what, at: this.#now() };
    this.#said.push(next);
    for (const [other, place] of this.#places) if (other !== member) this.#deliver(other, place, next, null, member);
    return ok({ number: next.number });
  }

  #known(author: Aor, told: FileMessage): { file: FileMessage } | null {
    const file = this.#store.known(author, { is: 'conference', focus: this.focus }, told);
    return file === null ? null : { file };
  }

  #deliver(to: FakeMember, place: Place, said: Said, sentAt: number | null, author?: FakeMember): void {
    const { number, from, id, what } = said;
    place.inbound = place.inbound
      .then(() => to.keep({ in: 'conference', focus: this.focus, number, sentAt, from, id, ...what }))
      .catch(() => {
        const failure: Failure = { is: 'rejected', status: 500, reason: 'Server Internal Error' };
        author?.report({ type: 'conference.undelivered', focus: this.focus, id, recipient: to.aor, failure });
      });
  }

  typing(member: FakeMember, typing: boolean): void {
    for (const other of this.#places.keys()) {
      if (other !== member) other.report({ type: 'conference.typing', focus: this.focus, who: member.aor, typing });
    }
  }

  remove(member: FakeMember, person: Aor): Outcome<void> {
    const refusal = this.#refusalOf(member);
    if (refusal !== null) return failed(refusal);
    for (const other of [...this.#places.keys()].filter(({ aor }) => aor === person)) {
      this.#places.delete(other);
      other.report({ type: 'conference.left', focus: this.focus, why: 'removed' });
    }
    this.#tellRoster();
    return done;
  }

  setLocked(member: FakeMember, locked: boolean): Outcome<void> {
    const refusal = this.#refusalOf(member);
    if (refusal !== null) return failed(refusal);
    this.#locked = locked;
    this.#tellRoster();
    return done;
  }

  setRole(member: FakeMember, person: Aor, role: Role): Outcome<void> {
    const refusal = this.#refusalOf(member);
    if (refusal !== null) return failed(refusal);
    this.#roles.set(person, role);
    this.#tellRoster();
    return done;
  }

  end(member: FakeMember): Outcome<void> {
    const refusal = this.#refusalOf(member);
    if (refusal !== null) return failed(refusal);
    this.#ended = true;
    const members = [...this.#places.keys()];
    this.#places.clear();
    for (const other of members) other.report({ type: 'conference.left', focus: this.focus, why: 'ended' });
    return done;
  }

  leave(member: FakeMember): void {
    if (this.#places.delete(member)) this.#tellRoster();
  }

  /** The member's connection broke. */
  lose(member: FakeMember): void {
    if (!this.#places.delete(member)) return;
    member.report({ type: 'conference.left', focus: this.focus, why: 'lost' });
    this.#tellRoster();
  }

  #people(): Set<Aor> {
    return new Set([...this.#places.keys()].map(({ aor }) => aor));
  }

  #roleOf(person: Aor): Role {
    return this.#roles.get(person) ?? (person === this.#organizer ? 'presenter' : 'attendee');
  }

  #refusalOf(member: FakeMember): Failure | null {
    if (this.#ended) return noSuchConference;
    if (!this.#places.has(member)) return { is: 'rejected', status: 481, reason: 'Dialog ended' };
    return this.#roleOf(member.aor) === 'presenter' ? null : notAllowed;
  }

  #tellRoster(): void {
    const people = new Map([...this.#places.keys()].map((member) => [member.aor, member.displayName]));
    const roster = [...people].map(([aor, displayName]) => {
      return { aor, displayName, role: this.#roleOf(aor), inChat: true, sharing: this.sharing.roleOf(aor) };
    });
    for (const member of this.#places.keys()) {
      member.report({
        type: 'conference.changed',
        focus: this.focus,
        subject: this.#subject,
        organizer: this.#organizer,
        locked: this.#locked,
        maxSize: this.#maxSize,
        sharing: 'everyone',
        roster,
      });
    }
  }
}
