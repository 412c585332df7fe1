import type { Report } from '../dialect/dialect';
import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId, MediaSessionId, TabId } from '../domain/ids';
import type { SharingStop } from '../domain/message';
import type { PeerShare, View } from '../domain/sharing';
import type { Aor } from '../protocol/sip/uri';
import { conversationFrom } from './conversations';
import { changeConversation, type Floor } from './floor';
import type { Invitations } from './invitations';
import type { MediaEnding, MediaSessions } from './media';
import type { SharingLedger } from './sharingLedger';
import { addLine } from './transcripts';

type Offered = Extract<Report, { type: 'sharing.offered' }>;

/** So long the tab that looked before a loss may take the fresh offer; then the person is asked. */
const againWithinMs = 3_000;

/** What others show, and which tab of ours looks at it. */
export class Watching {
  readonly #floor: Floor;
  readonly #media: MediaSessions;
  readonly #sharing: SharingLedger;
  readonly #invitations: Invitations;
  /** SDP of what rings. */
  readonly #offers = new Map<MediaSessionId, string>();

  constructor(floor: Floor, media: MediaSessions, sharing: SharingLedger, invitations: Invitations) {
    this.#floor = floor;
    this.#media = media;
    this.#sharing = sharing;
    this.#invitations = invitations;
  }

  // ---- Being shown something by one person ------------------------------------------------------------------------------

  takeOffer(report: Offered): void {
    const { session, peer, surface, canPoint, offer } = report;
    const id = conversationFrom(this.#floor, peer, report.key);
    const { theirs } = this.#sharing.of(id);
    const again = theirs?.view.is === 'interrupted' && theirs.sharer === peer ? theirs.view.tab : null;
    this.#hangUp(theirs);
    this.#sharing.stopWaiting(id, 'theirs');
    this.#offers.set(session, offer);
    const share = { sharer: peer, surface, isPaused: false, canPoint, isAsking: false, controller: null };
    this.#sharing.set(id, { theirs: { ...share, view: { is: 'offered', session, again } } });
    if (again === null) return this.#ask(id, session, peer);
    this.#floor.world.after(againWithinMs, () => {
      if (this.#ringing(id) === session) this.#ask(id, session, peer);
    });
  }

  #ask(id: ConversationId, session: MediaSessionId, from: Aor): void {
    this.#invitations.ask({
      ...{ is: 'sharing', from, text: '', thread: session },
      accept: () => {
        changeConversation(this.#floor, id, { open: true });
        return id;
      },
      decline: () => {
        this.#floor.dialect()?.sharing.decline(session);
        this.#forget(id, session);
      },
      missed: () => {
        addLine(this.#floor, id, { is: 'sharingMissed', who: from });
        changeConversation(this.#floor, id, { missed: true });
      },
    });
  }

  #ringing(id: ConversationId): MediaSessionId | null {
    const view = this.#sharing.of(id).theirs?.view;
    return view?.is === 'offered' ? view.session : null;
  }

  #forget(id: ConversationId, session: MediaSessionId): void {
    this.#offers.delete(session);
    if (this.#ringing(id) === session) this.#sharing.set(id, { theirs: null });
  }

  takeWithdrawn(session: MediaSessionId, elsewhere: boolean): void {
    for (const id of this.#sharing.conversations) this.#forget(id, session);
    this.#invitations.takeWithdrawn(session, elsewhere);
  }

  // ---- Looking ----------------------------------------------------------------------------------------------------------

  /** Begins to look, in this tab; in another one it ends. */
  async watch(id: ConversationId, tab: TabId): Promise<Outcome<{ session: MediaSessionId; offer: string }>> {
    const ringing = this.#ringing(id);
    if (ringing !== null) {
      const offer = this.#offers.get(ringing) ?? '';
      this.#offers.delete(ringing);
      this.#invitations.takeAccepted(ringing);
      changeConversation(this.#floor, id, { open: true });
      this.#begin(id, ringing, tab);
      return ok({ session: ringing, offer });
    }
    const conversation = this.#floor.state().conversations[id];
    const dialect = this.#floor.dialect();
    const { theirs } = this.#sharing.of(id);
    if (conversation?.party.is !== 'conference' || conversation.party.focus === null || theirs === null) {
      return failed({ is: 'cancelled' });
    }
    if (dialect === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    // The roster may come before we are back in.
    if (conversation.party.conference.membership.is !== 'joined') return failed({ is: 'cancelled' });
    this.#hangUp(theirs);
    const session = `watch ${this.#floor.world.id()}` as MediaSessionId;
    this.#begin(id, session, tab);
    const shown = await dialect.sharing.watch(session, conversation.party.focus, conversation.key);
    if (!this.#media.isOpen(session)) return failed({ is: 'cancelled' });
    if (!shown.ok) {
      this.#media.forget(session);
      this.#over(id, true);
      return isOver(shown.failure) ? failed({ is: 'cancelled' }) : shown;
    }
    const { sdp: offer, surface, canPoint } = shown.value;
    this.#sharing.changeTheirs(id, { surface, canPoint });
    return ok({ session, offer });
  }

  #begin(id: ConversationId, session: MediaSessionId, tab: TabId): void {
    this.#sharing.stopWaiting(id, 'theirs');
    this.#sharing.changeTheirs(id, { view: { is: 'connecting', session, tab } });
    this.#media.begin(session, { conversation: id, tab }, (why) => this.#ended(id, session, why));
  }

  /** Our answer to what is shown is out. */
  answered(session: MediaSessionId): void {
    const id = this.#floor.state().media[session]?.conversation;
    const theirs = id === undefined ? null : this.#sharing.of(id).theirs;
    if (id === undefined || theirs?.view.is !== 'connecting' || theirs.view.session !== session) return;
    this.#sharing.changeTheirs(id, { view: { ...theirs.view, is: 'live' } });
    const isPairwise = this.#floor.state().conversations[id]?.party.is === 'pairwise';
    if (isPairwise) this.#sharing.tellStarted(id, theirs.sharer, theirs.surface);
  }

  takePaused(session: MediaSessionId, isPaused: boolean): void {
    const id = this.#floor.state().media[session]?.conversation;
    if (id !== undefined) this.#sharing.changeTheirs(id, { isPaused });
  }

  // ---- What a conference shows ------------------------------------------------------------------------------------------

  /** Who shows something, other than we. A sharer who has paused stays it, though viewers who hide look alike. */
  #sharerIn(id: ConversationId): Aor | undefined {
    const { conversations, account } = this.#floor.state();
    const party = conversations[id]?.party;
    if (party?.is !== 'conference') return undefined;
    const others = party.conference.roster.filter(({ aor }) => aor !== account?.aor);
    const known = this.#sharing.of(id).theirs?.sharer;
    const sharer = others.find(({ sharing }) => sharing === 'sharer');
    const inactive = others.filter(({ sharing }) => sharing === 'inactive');
    const only = inactive.length === 1 && this.#sharing.of(id).own === null ? inactive[0] : undefined;
    return (sharer ?? inactive.find(({ aor }) => aor === known) ?? only)?.aor;
  }

  takeRoster(id: ConversationId): void {
    const party = this.#floor.state().conversations[id]?.party;
    if (party?.is !== 'conference') return;
    const { theirs } = this.#sharing.of(id);
    const sharer = this.#sharerIn(id);
    if (sharer === undefined) return this.#nobodyShows(id, theirs);
    const isPaused = party.conference.roster.some(({ aor, sharing }) => aor === sharer && sharing === 'inactive');
    const available: View = { is: 'available', isDismissed: false };
    if (theirs?.sharer !== sharer) {
      // SHR-7: another picture comes in the session that we have.
      const view = hasSession(theirs?.view) ? theirs.view : available;
      const share = { sharer, surface: null, canPoint: theirs?.canPoint ?? false, isAsking: false, controller: null };
      this.#sharing.set(id, { theirs: { ...share, isPaused, view } });
      return this.#sharing.tellStarted(id, sharer, null);
    }
    if (theirs.view.is === 'interrupted') {
      this.#sharing.stopWaiting(id, 'theirs');
      return this.#sharing.changeTheirs(id, { isPaused, view: available });
    }
    if (theirs.isPaused !== isPaused) this.#sharing.changeTheirs(id, { isPaused });
  }

  #nobodyShows(id: ConversationId, theirs: PeerShare | null): void {
    // A session that lasts has its own end: the MCU's, or of a share between two that moves to the conference.
    if (theirs === null || hasSession(theirs.view)) return;
    this.#sharing.stopWaiting(id, 'theirs');
    this.#sharing.set(id, { theirs: null });
    this.#sharing.tellStopped(id, theirs.sharer);
  }

  // ---- The end ----------------------------------------------------------------------------------------------------------

  #ended(id: ConversationId, session: MediaSessionId, why: MediaEnding): void {
    const { theirs } = this.#sharing.of(id);
    if (theirs === null || !hasSession(theirs.view) || theirs.view.session !== session) return;
    if (why !== 'lost') return this.#over(id, why === 'tabGone');
    const { tab } = theirs.view;
    this.#sharing.changeTheirs(id, { view: { is: 'interrupted', tab }, isAsking: false, controller: null });
    this.#sharing.wait(id, 'theirs', () => this.#giveUp(id));
  }

  #giveUp(id: ConversationId): void {
    const { theirs } = this.#sharing.of(id);
    if (theirs?.view.is === 'interrupted') this.#over(id, false, 'lost');
  }

  /** We do not look any more. What a conference still shows can be looked at again, by itself unless we dismissed it. */
  #over(id: ConversationId, isDismissed: boolean, why: SharingStop = 'stopped'): void {
    const { theirs } = this.#sharing.of(id);
    if (theirs === null) return;
    this.#sharing.stopWaiting(id, 'theirs');
    const sharer = this.#sharerIn(id);
    if (sharer !== undefined) {
      const view: View = { is: 'available', isDismissed };
      return this.#sharing.changeTheirs(id, { sharer, view, isAsking: false, controller: null });
    }
    this.#sharing.set(id, { theirs: null });
    // Between two who looks away ends it; a conference where nobody shows anything any more has been told nothing yet.
    const isConference = this.#floor.state().conversations[id]?.party.is === 'conference';
    if (!isDismissed || isConference) this.#sharing.tellStopped(id, theirs.sharer, why);
  }

  #hangUp(theirs: PeerShare | null): void {
    if (hasSession(theirs?.view)) this.#media.end(theirs.view.session);
  }

  stop(id: ConversationId): Outcome<void> {
    this.#hangUp(this.#sharing.of(id).theirs);
    this.#over(id, true);
    return done;
  }

  /** We are not in the conversation any more. */
  leave(id: ConversationId): void {
    const { theirs } = this.#sharing.of(id);
    if (theirs === null) return;
    this.#hangUp(theirs);
    this.#sharing.stopWaiting(id, 'theirs');
    this.#sharing.set(id, { theirs: null });
  }

  /** What waits for its connection goes with its tab. */
  tabGone(tab: TabId): void {
    for (const id of this.#sharing.conversations) {
      const view = this.#sharing.of(id).theirs?.view;
      if (view?.is === 'interrupted' && view.tab === tab) this.#over(id, true);
    }
  }
}

/** SHR-3: what we wanted to see ended while we called; the roster says so too. */
function isOver(failure: Failure): boolean {
  return failure.is === 'rejected' && failure.status === 480;
}

/** This tab or another one looks. */
function hasSession(view: View | undefined): view is Extract<View, { is: 'connecting' | 'live' }> {
  return view?.is === 'connecting' || view?.is === 'live';
}
