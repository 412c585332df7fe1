import type { Audience } from '../dialect/dialect';
import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId, MediaSessionId, TabId } from '../domain/ids';
import type { SharingStop } from '../domain/message';
import type { OwnShare } from '../domain/sharing';
import type { Aor } from '../protocol/sip/uri';
import type { NewShare } from './commands';
import type { Floor } from './floor';
import type { MediaEnding, MediaSessions } from './media';
import type { SharingLedger } from './sharingLedger';

const stops = { ended: 'unwatched', takenOver: 'takenOver', tabGone: 'stopped' } as const;

const cannotShare: Failure = { is: 'unsupported', what: 'sharing in this conference' };

/** What we show to others. */
export class Showing {
  readonly #floor: Floor;
  readonly #media: MediaSessions;
  readonly #sharing: SharingLedger;

  constructor(floor: Floor, media: MediaSessions, sharing: SharingLedger) {
    this.#floor = floor;
    this.#media = media;
    this.#sharing = sharing;
  }

  get #me(): Aor | undefined {
    return this.#floor.state().account?.aor;
  }

  /** Who would see it; a failure says why nobody may. */
  #audience(id: ConversationId): Outcome<Audience> {
    const state = this.#floor.state();
    const conversation = state.conversations[id];
    if (conversation === undefined) return failed({ is: 'cancelled' });
    if (!state.policy.sharing) return failed({ is: 'forbidden', policy: 'sharing' });
    if (!this.#floor.isLive()) return failed({ is: 'offline' });
    const { party, key } = conversation;
    if (party.is === 'pairwise') return ok({ is: 'peer', peer: party.peer, key });
    const { membership, sharing, role } = party.conference;
    if (party.focus === null || membership.is !== 'joined' || sharing === 'nobody') return failed(cannotShare);
    if (sharing === 'presenters' && role !== 'presenter') return failed({ is: 'forbidden', policy: 'role' });
    return ok({ is: 'conference', focus: party.focus, key });
  }

  /** A share that runs goes on until the new one is accepted: so it moves to a conference without a gap. */
  async start(id: ConversationId, share: NewShare): Promise<Outcome<{ answer: string }>> {
    const audience = this.#audience(id);
    const dialect = this.#floor.dialect();
    if (!audience.ok) return audience;
    if (dialect === null) return failed({ is: 'offline' });
    const { tab, session, surface, offer } = share;
    const before = this.#sharing.of(id).own;
    const own: OwnShare = {
      ...{ tab, session, surface, state: 'calling' as const, to: audience.value.is },
      ...{ isPaused: false, canPoint: false, asking: [], controller: null },
    };
    if (before?.state === 'calling' && before.session !== null) this.#media.end(before.session);
    if (before?.state !== 'live') this.#sharing.set(id, { own });
    this.#media.begin(session, { conversation: id, tab }, (why) => this.#ended(id, session, why));
    const shown = await dialect.sharing.show(session, audience.value, surface, offer);
    if (!this.#media.isOpen(session)) return failed({ is: 'cancelled' });
    if (!shown.ok) {
      this.#media.forget(session);
      if (this.#sharing.of(id).own?.session !== session) return shown;
      this.#sharing.set(id, { own: this.#sharing.waits(id, 'own') ? before : null });
      return shown;
    }
    this.#accepted(id, { ...own, state: 'live', canPoint: shown.value.canPoint }, before);
    return ok({ answer: shown.value.sdp });
  }

  #accepted(id: ConversationId, own: OwnShare, before: OwnShare | null): void {
    const moved = this.#sharing.of(id).own?.session;
    if (moved && moved !== own.session) this.#media.end(moved);
    this.#sharing.stopWaiting(id, 'own');
    this.#sharing.set(id, { own });
    const goesOn = before?.state === 'live' || before?.state === 'interrupted';
    if (!goesOn) this.#sharing.tellStarted(id, this.#me, own.surface);
  }

  #ended(id: ConversationId, session: MediaSessionId, why: MediaEnding): void {
    const { own } = this.#sharing.of(id);
    if (own?.session !== session) return;
    if (why !== 'lost') {
      this.#sharing.set(id, { own: null });
      return this.#sharing.tellStopped(id, this.#me, stops[why]);
    }
    this.#sharing.changeOwn(id, { session: null, state: 'interrupted', asking: [], controller: null });
    this.#sharing.wait(id, 'own', () => {
      // What calls again just then has its own end.
      if (this.#sharing.of(id).own?.state === 'interrupted') this.stop(id, 'lost');
    });
  }

  change(id: ConversationId, change: Pick<Partial<OwnShare>, 'surface' | 'isPaused'>): Outcome<void> {
    this.#sharing.changeOwn(id, change);
    return done;
  }

  stop(id: ConversationId, why: SharingStop = 'stopped'): Outcome<void> {
    const { own } = this.#sharing.of(id);
    if (own === null) return done;
    this.#sharing.stopWaiting(id, 'own');
    if (own.session !== null) this.#media.end(own.session);
    this.#sharing.set(id, { own: null });
    if (own.state !== 'calling') this.#sharing.tellStopped(id, this.#me, why);
    return done;
  }

  /** What waits for its connection goes with its tab. */
  tabGone(tab: TabId): void {
    for (const id of this.#sharing.conversations) {
      const { own } = this.#sharing.of(id);
      if (own?.state === 'interrupted' && own.tab === tab) this.stop(id);
    }
  }
}
