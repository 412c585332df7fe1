import type {
  Audience,
  FileRefusal,
  FilesPort,
  MediaPort,
  OfferedFile,
  Report,
  SharingPort,
  Shown,
} from '../dialect/dialect';
import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { MediaSessionId } from '../domain/ids';
import type { MediaEnd, Relays } from '../domain/sharing';
import type { Surface } from '../protocol/lync/sharingSdp';
import type { SharingControl } from '../protocol/shared/sharingControl';
import type { Aor, FocusUri } from '../protocol/sip/uri';
import type { World } from '../world';
import type { FakeSharingMcu, McuLeg } from './fakeSharingMcu';

const answerWithinMs = 60_000;
const fileAnswerWithinMs = 170_000;

const refusals: Readonly<Record<FileRefusal, number>> = {
  declined: 603,
  busy: 486,
  forbidden: 403,
  tooLarge: 413,
  held: 410,
};
const gone: Failure = { is: 'rejected', status: 481, reason: 'The session has ended' };

/** What this file needs of an endpoint. */
export interface MediaEndpoint {
  readonly aor: Aor;
  readonly world: World;
  readonly media: FakeMedia;
  readonly isLive: boolean;
  report(report: Report): void;
  wire<T>(work: () => Outcome<T> | Promise<Outcome<T>>): Promise<Outcome<T>>;
  /** `undefined` when there is no such person. */
  endpointsOf(aor: Aor): readonly MediaEndpoint[] | undefined;
  /** The sharing MCU of a conference that the endpoint is in. */
  sharingMcuOf(focus: FocusUri): FakeSharingMcu | undefined;
}

/** The other end of a session. */
interface Far {
  reoffer(offer: string): Outcome<string> | Promise<Outcome<string>>;
  control(control: SharingControl): Outcome<void>;
  hangUp(why: MediaEnd): void;
}

interface Session {
  far: Far | null;
  /** Takes the answer to the offer that waits. */
  due: ((answer: string, from?: number) => void) | null;
  /** Rings here; ours that rings elsewhere has its callees in `withdraw`. */
  refuse: ((failure: Failure) => void) | null;
  withdraw: (() => void) | null;
}

/** What rings at a callee, and how it is told that it does not any more. */
interface Ringing {
  tell(session: MediaSessionId): Report;
  withdrawn: 'sharing.withdrawn' | 'file.withdrawn';
  ringsForMs: number;
}

interface Answered {
  sdp: string;
  from: number;
}

/** Media in the fake town: SDP goes to the other end as it is. */
export class FakeMedia implements MediaPort, SharingPort, FilesPort {
  readonly #endpoint: MediaEndpoint;
  readonly #sessions = new Map<MediaSessionId, Session>();
  #rung = 0;

  constructor(endpoint: MediaEndpoint) {
    this.#endpoint = endpoint;
  }

  #open(id: MediaSessionId): Session {
    const session: Session = { far: null, due: null, refuse: null, withdraw: null };
    this.#sessions.set(id, session);
    return session;
  }

  // ---- Sharing ----------------------------------------------------------------------------------------------------------

  show(id: MediaSessionId, to: Audience, surface: Surface, offer: string): Promise<Outcome<Shown>> {
    return this.#endpoint.wire(async () => {
      if (to.is === 'conference') return this.#atMcu(id, to.focus, (mcu, leg) => mcu.show(leg, surface, offer));
      const outcome = await this.#call(id, to.peer, {
        tell: (session) => {
          const told = { type: 'sharing.offered' as const, session, peer: this.#endpoint.aor, key: to.key };
          return { ...told, surface, offer, canPoint: true };
        },
        withdrawn: 'sharing.withdrawn',
        ringsForMs: answerWithinMs,
      });
      return outcome.ok ? ok({ sdp: outcome.value.sdp, surface: null, canPoint: true }) : outcome;
    });
  }

  watch(id: MediaSessionId, focus: FocusUri): Promise<Outcome<Shown>> {
    return this.#endpoint.wire(() =>
      this.#atMcu(id, focus, (mcu, leg, session) => {
        session.due = () => undefined;
        return mcu.watch(leg);
      }),
    );
  }

  #atMcu(
    id: MediaSessionId,
    focus: FocusUri,
    enter: (mcu: FakeSharingMcu, leg: McuLeg, session: Session) => Outcome<Shown>,
  ): Outcome<Shown> {
    const mcu = this.#endpoint.sharingMcuOf(focus);
    if (mcu === undefined) return failed(gone);
    const leg: McuLeg = {
      aor: this.#endpoint.aor,
      ended: (why) => this.#ended(id, why),
      controlled: (from, control) => this.#endpoint.report({ type: 'sharing.controlled', session: id, from, control }),
    };
    const session = this.#open(id);
    session.far = {
      reoffer: (offer) => mcu.reoffer(leg, offer),
      control: (control) => mcu.control(leg, control),
      hangUp: () => mcu.leave(leg),
    };
    const outcome = enter(mcu, leg, session);
    if (!outcome.ok) this.#sessions.delete(id);
    return outcome;
  }

  // ---- Files ------------------------------------------------------------------------------------------------------------

  offer(
    id: MediaSessionId,
    { peer, key }: { peer: Aor; key: string },
    file: OfferedFile,
    offer: string,
  ): Promise<Outcome<Answered>> {
    return this.#endpoint.wire(() =>
      this.#call(id, peer, {
        tell: (session) => ({ type: 'file.offered', session, peer: this.#endpoint.aor, key, file, offer }),
        withdrawn: 'file.withdrawn',
        ringsForMs: fileAnswerWithinMs,
      }),
    );
  }

  async accept(id: MediaSessionId, from: number, answer: string): Promise<Outcome<void>> {
    const session = this.#sessions.get(id);
    if (session?.refuse == null) return failed(gone);
    session.due?.(answer, from);
    session.due = null;
    return done;
  }

  // ---- Ringing ----------------------------------------------------------------------------------------------------------

  async #call(id: MediaSessionId, peer: Aor, rings: Ringing): Promise<Outcome<Answered>> {
    const outcome = await this.#ringAt(id, peer, rings);
    if (!outcome.ok) this.#sessions.delete(id);
    return outcome;
  }

  #ringAt(id: MediaSessionId, peer: Aor, rings: Ringing): Promise<Outcome<Answered>> {
    const callees = this.#endpoint.endpointsOf(peer);
    if (callees === undefined) return Promise.resolve(failed({ is: 'rejected', status: 404, reason: 'Not Found' }));
    const offline: Failure = { is: 'rejected', status: 480, reason: 'Temporarily Unavailable' };
    if (callees.length === 0) return Promise.resolve(failed(offline));
    const session = this.#open(id);
    return new Promise((resolve) => {
      const ringing = new Map<FakeMedia, MediaSessionId>();
      const settle = (outcome: Outcome<Answered>, elsewhere: boolean): void => {
        stop();
        session.withdraw = null;
        for (const [media, far] of ringing) media.#withdrawn(far, rings.withdrawn, elsewhere);
        ringing.clear();
        resolve(outcome);
      };
      const timedOut = failed({ is: 'timedOut', afterSeconds: rings.ringsForMs / 1000 });
      const stop = this.#endpoint.world.after(rings.ringsForMs, () => settle(timedOut, false));
      session.withdraw = () => settle(failed({ is: 'cancelled' }), false);
      for (const { media } of callees) {
        const far = media.#ring(this, id, rings, (outcome) => {
          ringing.delete(media);
          if (outcome.ok) session.far = media.#farOf(far, this.#endpoint.aor);
          settle(outcome, true);
        });
        ringing.set(media, far);
      }
    });
  }

  #ring(
    from: FakeMedia,
    fromId: MediaSessionId,
    rings: Ringing,
    answered: (outcome: Outcome<Answered>) => void,
  ): MediaSessionId {
    this.#rung += 1;
    const id = `offered ${this.#rung}` as MediaSessionId;
    const session = this.#open(id);
    session.refuse = (failure) => answered(failed(failure));
    session.due = (sdp, wantedFrom = 0) => {
      session.refuse = null;
      session.far = from.#farOf(fromId, this.#endpoint.aor);
      answered(ok({ sdp, from: wantedFrom }));
    };
    queueMicrotask(() => this.#endpoint.report(rings.tell(id)));
    return id;
  }

  #withdrawn(id: MediaSessionId, type: Ringing['withdrawn'], elsewhere: boolean): void {
    if (this.#sessions.delete(id)) this.#endpoint.report({ type, session: id, elsewhere });
  }

  decline(id: MediaSessionId, why: FileRefusal = 'declined'): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    session?.refuse?.({ is: 'rejected', status: refusals[why], reason: why });
  }

  control(id: MediaSessionId, control: SharingControl): Promise<Outcome<void>> {
    return this.#endpoint.wire(() => this.#sessions.get(id)?.far?.control(control) ?? failed(gone));
  }

  // ---- Every kind -------------------------------------------------------------------------------------------------------

  async answer(id: MediaSessionId, answer: string): Promise<Outcome<void>> {
    const session = this.#sessions.get(id);
    const due = session?.due;
    if (session === undefined || !due) return failed(gone);
    session.due = null;
    due(answer);
    return done;
  }

  reoffer(id: MediaSessionId, offer: string): Promise<Outcome<string>> {
    return this.#endpoint.wire(() => this.#sessions.get(id)?.far?.reoffer(offer) ?? failed(gone));
  }

  refresh(id: MediaSessionId): Promise<Outcome<string>> {
    return this.#endpoint.wire(() => {
      const session = this.#sessions.get(id);
      if (session === undefined) return failed(gone);
      session.due = () => undefined;
      return ok('a fresh offer');
    });
  }

  end(id: MediaSessionId, why: MediaEnd = 'ended'): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    if (session?.refuse) return session.refuse({ is: 'rejected', status: 603, reason: 'Decline' });
    session?.withdraw?.();
    session?.far?.hangUp(why);
  }

  drop(id: MediaSessionId): void {
    this.end(id, 'lost');
  }

  relays(): Promise<Outcome<Relays>> {
    return Promise.resolve(ok({ servers: [], renewAt: Number.MAX_SAFE_INTEGER }));
  }

  /** This session, as the other end of `from`'s. */
  #farOf(id: MediaSessionId, from: Aor): Far {
    return {
      reoffer: (offer) =>
        new Promise((resolve) => {
          const session = this.#sessions.get(id);
          if (session === undefined) return resolve(failed(gone));
          session.due = (answer) => resolve(ok(answer));
          this.#endpoint.report({ type: 'sharing.paused', session: id, paused: offer.includes('a=inactive') });
          this.#endpoint.report({ type: 'media.reoffered', session: id, offer });
        }),
      control: (control) => {
        this.#endpoint.report({ type: 'sharing.controlled', session: id, from, control });
        return done;
      },
      hangUp: (why) => this.#ended(id, why),
    };
  }

  #ended(id: MediaSessionId, why: MediaEnd): void {
    if (this.#sessions.delete(id)) this.#endpoint.report({ type: 'media.ended', session: id, why });
  }

  /** Signing out. */
  endAll(): void {
    for (const id of [...this.#sessions.keys()]) this.end(id);
  }

  /** The connection is gone. */
  loseAll(): void {
    for (const id of [...this.#sessions.keys()]) {
      this.end(id, 'lost');
      this.#endpoint.report({ type: 'media.ended', session: id, why: 'lost' });
    }
  }
}
