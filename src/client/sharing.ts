import type { Report } from '../dialect/dialect';
import type { Outcome } from '../domain/failure';
import type { ConversationId, MediaSessionId, TabId } from '../domain/ids';
import type { OwnShare } from '../domain/sharing';
import type { SharingControl as Control } from '../protocol/shared/sharingControl';
import type { NewShare } from './commands';
import type { Floor } from './floor';
import type { Invitations } from './invitations';
import type { MediaSessions } from './media';
import { SharingControl } from './sharingControl';
import { SharingLedger } from './sharingLedger';
import { Showing } from './showing';
import { Watching } from './watching';

/** Shared programs: what we show, what we look at, and who may point. A conversation shows one thing at a time. */
export class Sharing {
  readonly #floor: Floor;
  readonly #media: MediaSessions;
  readonly #ledger: SharingLedger;
  readonly #showing: Showing;
  readonly #watching: Watching;
  readonly #control: SharingControl;

  constructor(floor: Floor, media: MediaSessions, invitations: Invitations) {
    this.#floor = floor;
    this.#media = media;
    this.#ledger = new SharingLedger(floor);
    this.#showing = new Showing(floor, media, this.#ledger);
    this.#watching = new Watching(floor, media, this.#ledger, invitations);
    this.#control = new SharingControl(floor, this.#ledger);
  }

  #isPairwise(id: ConversationId): boolean {
    return this.#floor.state().conversations[id]?.party.is === 'pairwise';
  }

  async start(id: ConversationId, share: NewShare): Promise<Outcome<{ answer: string }>> {
    const outcome = await this.#showing.start(id, share);
    // Between two the other end says it by hanging up, as we do in `watch`.
    if (outcome.ok && !this.#isPairwise(id)) this.#watching.leave(id);
    return outcome;
  }

  change(id: ConversationId, change: Pick<Partial<OwnShare>, 'surface' | 'isPaused'>): Outcome<void> {
    return this.#showing.change(id, change);
  }

  stop(id: ConversationId): Outcome<void> {
    return this.#showing.stop(id);
  }

  async watch(id: ConversationId, tab: TabId): Promise<Outcome<{ session: MediaSessionId; offer: string }>> {
    const outcome = await this.#watching.watch(id, tab);
    if (outcome.ok && this.#isPairwise(id)) this.#showing.stop(id);
    return outcome;
  }

  async answer(session: MediaSessionId, answer: string): Promise<Outcome<void>> {
    const outcome = await this.#media.answer(session, answer);
    if (outcome.ok) this.#watching.answered(session);
    return outcome;
  }

  stopWatching(id: ConversationId): Outcome<void> {
    return this.#watching.stop(id);
  }

  control(id: ConversationId, control: Control): Promise<Outcome<void>> {
    return this.#control.control(id, control);
  }

  take(report: Extract<Report, { type: `sharing.${string}` }>): void {
    switch (report.type) {
      case 'sharing.offered':
        return this.#watching.takeOffer(report);
      case 'sharing.withdrawn':
        return this.#watching.takeWithdrawn(report.session, report.elsewhere);
      case 'sharing.paused':
        return this.#watching.takePaused(report.session, report.paused);
      case 'sharing.controlled':
        return this.#control.take(report);
    }
  }

  takeRoster(id: ConversationId): void {
    this.#watching.takeRoster(id);
    this.#control.takeRoster(id);
  }

  /** We left the conversation, or were taken out of it. */
  leave(id: ConversationId): void {
    this.#showing.stop(id);
    this.#watching.leave(id);
  }

  tabGone(tab: TabId): void {
    this.#showing.tabGone(tab);
    this.#watching.tabGone(tab);
  }

  /** Signed out. */
  stopAll(): void {
    this.#ledger.stop();
  }
}
