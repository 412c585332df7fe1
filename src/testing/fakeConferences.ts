import type { ConferencesPort, DialectHost, OutgoingFile, OutgoingMessage, Report } from '../dialect/dialect';
import type { Role } from '../domain/conference';
import { done, failed, type Outcome, ok } from '../domain/failure';
import type { ThreadId } from '../domain/ids';
import type { Policy } from '../domain/policy';
import type { Aor, FocusUri } from '../protocol/sip/uri';
import type { World } from '../world';
import { FakeConference, type FakeMember, noSuchConference } from './fakeConference';
import type { FakeIm } from './fakeIm';
import type { FakeStore } from './fakeStore';

/** What this file needs of an endpoint. */
export interface ConferenceEndpoint {
  readonly aor: Aor;
  readonly displayName: string;
  readonly host: DialectHost;
  readonly conferences: FakeConferences;
  readonly im: FakeIm;
  readonly isLive: boolean;
  readonly town: ConferenceTown;
  report(report: Report): void;
  wire<T>(work: () => Outcome<T> | Promise<Outcome<T>>): Promise<Outcome<T>>;
}

/** And of the town. */
export interface ConferenceTown {
  readonly world: World;
  readonly conferences: Map<FocusUri, FakeConference>;
  readonly history: 'all' | 'none';
  readonly store: FakeStore;
  policyOf(aor: Aor): Policy;
  endpointsOf(aor: Aor): readonly ConferenceEndpoint[] | undefined;
}

const answerWithinMs = 60_000;

/** One endpoint's conferences in the fake town. */
export class FakeConferences implements ConferencesPort {
  readonly #endpoint: ConferenceEndpoint;
  readonly #member: FakeMember;
  readonly #waiting = new Map<ThreadId, { answer(outcome: Outcome<void>): void }>();
  #invitations = 0;

  constructor(endpoint: ConferenceEndpoint) {
    this.#endpoint = endpoint;
    this.#member = {
      aor: endpoint.aor,
      get displayName() {
        return endpoint.displayName;
      },
      report: (report) => endpoint.report(report),
      keep: (message) => endpoint.host.keep(message),
    };
  }

  create(subject: string): Promise<Outcome<FocusUri>> {
    const { town, aor } = this.#endpoint;
    return this.#endpoint.wire(() => {
      const { conferences, meetingSize } = town.policyOf(aor);
      if (!conferences) return failed({ is: 'rejected', status: 403, reason: 'Forbidden' });
      const id = town.world.id().replaceAll('-', '').slice(-12);
      const focus = `${aor};gruu;opaque=app:conf:focus:id:${id}` as FocusUri;
      const { history, world, store } = town;
      const now = () => world.now();
      town.conferences.set(
        focus,
        new FakeConference({ focus, subject, organizer: aor, history, maxSize: meetingSize, now, store }),
      );
      return ok(focus);
    });
  }

  isIn(focus: FocusUri): boolean {
    return this.#endpoint.town.conferences.get(focus)?.has(this.#member) ?? false;
  }

  join(focus: FocusUri, _key: string, since: number) {
    return this.#at(focus, (conference) => conference.join(this.#member, since));
  }

  invite(focus: FocusUri, key: string, subject: string, person: Aor, thread?: ThreadId): Promise<Outcome<void>> {
    const { town, aor, im } = this.#endpoint;
    return this.#endpoint.wire(() => {
      const far = thread === undefined ? null : im.farEnd(thread);
      const callees = (town.endpointsOf(person) ?? []).filter((callee) => far === null || callee.im === far);
      if (callees.length === 0) return failed({ is: 'rejected', status: 480, reason: 'Temporarily Unavailable' });
      return new Promise<Outcome<void>>((resolve) => {
        const ringing = new Map<FakeConferences, ThreadId>();
        const finish = (outcome: Outcome<void>, by: FakeConferences | null) => {
          stop();
          for (const [port, thread] of ringing) if (port !== by) port.#withdraw(thread, by !== null);
          resolve(outcome);
        };
        const timedOut = failed({ is: 'timedOut', afterSeconds: answerWithinMs / 1000 });
        const stop = town.world.after(answerWithinMs, () => finish(timedOut, null));
        for (const { conferences } of callees) {
          const invitation = conferences.#ring({ focus, from: aor, key, subject }, (outcome) =>
            finish(outcome, conferences),
          );
          ringing.set(conferences, invitation);
        }
      });
    });
  }

  #ring(
    invitation: { focus: FocusUri; from: Aor; key: string; subject: string },
    answer: (outcome: Outcome<void>) => void,
  ) {
    this.#invitations += 1;
    const thread = `conference invitation ${this.#invitations}` as ThreadId;
    this.#waiting.set(thread, { answer });
    queueMicrotask(() => this.#endpoint.report({ type: 'conference.invited', thread, ...invitation }));
    return thread;
  }

  #withdraw(thread: ThreadId, elsewhere: boolean): void {
    if (this.#waiting.delete(thread)) this.#endpoint.report({ type: 'conference.withdrawn', thread, elsewhere });
  }

  accept(invitation: ThreadId): void {
    this.#answer(invitation, done);
  }

  decline(invitation: ThreadId): void {
    this.#answer(invitation, failed({ is: 'rejected', status: 603, reason: 'Decline' }));
  }

  #answer(thread: ThreadId, outcome: Outcome<void>): void {
    const waiting = this.#waiting.get(thread);
    this.#waiting.delete(thread);
    waiting?.answer(outcome);
  }

  send(focus: FocusUri, message: OutgoingMessage | OutgoingFile): Promise<Outcome<{ number: number | null }>> {
    return this.#at(focus, (conference) => conference.send(this.#member, message));
  }

  setTyping(focus: FocusUri, typing: boolean): void {
    if (this.#endpoint.isLive) this.#endpoint.town.conferences.get(focus)?.typing(this.#member, typing);
  }

  remove(focus: FocusUri, person: Aor): Promise<Outcome<void>> {
    return this.#at(focus, (conference) => conference.remove(this.#member, person));
  }

  setLocked(focus: FocusUri, locked: boolean): Promise<Outcome<void>> {
    return this.#at(focus, (conference) => conference.setLocked(this.#member, locked));
  }

  setRole(focus: FocusUri, person: Aor, role: Role): Promise<Outcome<void>> {
    return this.#at(focus, (conference) => conference.setRole(this.#member, person, role));
  }

  async leave(focus: FocusUri): Promise<void> {
    this.#endpoint.town.conferences.get(focus)?.leave(this.#member);
    await Promise.resolve();
  }

  end(focus: FocusUri): Promise<Outcome<void>> {
    return this.#at(focus, (conference) => conference.end(this.#member));
  }

  /** The connection is gone. */
  loseAll(): void {
    for (const conference of this.#endpoint.town.conferences.values()) conference.lose(this.#member);
    this.#waiting.clear();
  }

  #at<T>(focus: FocusUri, act: (conference: FakeConference) => Outcome<T>): Promise<Outcome<T>> {
    return this.#endpoint.wire(() => {
      const conference = this.#endpoint.town.conferences.get(focus);
      return conference === undefined ? failed(noSuchConference) : act(conference);
    });
  }
}
