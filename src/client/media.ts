import type { Report } from '../dialect/dialect';
import { failed, type Outcome, ok } from '../domain/failure';
import type { MediaSessionId, TabId } from '../domain/ids';
import type { MediaEnd, MediaSession, Relays } from '../domain/sharing';
import type { Floor } from './floor';

/** `tabGone`: the tab that held the media is closed. */
export type MediaEnding = MediaEnd | 'tabGone';

/** What whoever began a session hears of its end. */
type OnEnded = (why: MediaEnding) => void;

interface Open {
  onEnded: OnEnded;
  /** What it carries may go on in another session: the other end is told that it was lost. */
  goesOn: boolean;
}

/** Sessions of media that tabs hold, of whatever kind: their offers and answers pass here, and with its tab each ends. */
export class MediaSessions {
  readonly #floor: Floor;
  readonly #open = new Map<MediaSessionId, Open>();

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  begin(session: MediaSessionId, media: Omit<MediaSession, 'offer'>, onEnded: OnEnded, goesOn = false): void {
    this.#open.set(session, { onEnded, goesOn });
    this.#floor.record({ type: 'media.changed', session, media: { ...media, offer: null } });
  }

  isOpen(session: MediaSessionId): boolean {
    return this.#open.has(session);
  }

  /** Hangs up; nobody is told. */
  end(session: MediaSessionId): void {
    this.forget(session);
    this.#floor.dialect()?.media.end(session);
  }

  /** Its media is lost: the same, and the other end is told so. */
  drop(session: MediaSessionId): void {
    this.forget(session);
    this.#floor.dialect()?.media.drop(session);
  }

  /** It is over already. */
  forget(session: MediaSessionId): void {
    if (this.#open.delete(session)) this.#floor.record({ type: 'media.changed', session, media: null });
  }

  take(report: Extract<Report, { type: `media.${string}` }>): void {
    const { session } = report;
    if (report.type === 'media.reoffered') return this.#change(session, { offer: report.offer });
    const ended = this.#open.get(session);
    this.forget(session);
    ended?.onEnded(report.why);
  }

  #change(session: MediaSessionId, change: Partial<MediaSession>): void {
    const media = this.#floor.state().media[session];
    if (media !== undefined) this.#floor.record({ type: 'media.changed', session, media: { ...media, ...change } });
  }

  /** A tab is closed, or died. */
  tabGone(tab: TabId): void {
    for (const [session, { onEnded, goesOn }] of [...this.#open]) {
      if (this.#floor.state().media[session]?.tab !== tab) continue;
      if (goesOn) this.drop(session);
      else this.end(session);
      onEnded('tabGone');
    }
  }

  /** Signed out: nothing is left. */
  stop(): void {
    this.#open.clear();
  }

  async answer(session: MediaSessionId, answer: string): Promise<Outcome<void>> {
    this.#change(session, { offer: null });
    return this.#floor.dialect()?.media.answer(session, answer) ?? failed({ is: 'offline' });
  }

  async reoffer(session: MediaSessionId, offer: string): Promise<Outcome<string>> {
    return this.#floor.dialect()?.media.reoffer(session, offer) ?? failed({ is: 'offline' });
  }

  async refresh(session: MediaSessionId): Promise<Outcome<string>> {
    return this.#floor.dialect()?.media.refresh(session) ?? failed({ is: 'offline' });
  }

  async relays(): Promise<Outcome<Relays>> {
    return this.#floor.dialect()?.media.relays() ?? ok({ servers: [], renewAt: 0 });
  }
}
