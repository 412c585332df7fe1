import { failed, type Outcome } from '../domain/failure';
import type { ConversationId, MediaSessionId } from '../domain/ids';
import type { Surface } from '../protocol/lync/sharingSdp';
import type { Aor, FocusUri } from '../protocol/sip/uri';
import type { State } from '../state/state';
import { type Marks, noMarks } from './marks';
import type { Reading } from './meter';
import type { MediaParts } from './parts';
import type { Pointing } from './pointing';
import { Sharer, type Shown } from './sharer';
import { type Seen, Viewer } from './viewer';

/** A share that lost its connection is shown again so often, until the engine gives it up. */
const againMs = 3_000;
/** A tab that is looked away from for a moment costs nothing to leave on. */
const hiddenAfterMs = 5_000;

const none: readonly Reading[] = [];

export interface TabMediaParts extends MediaParts {
  subscribe(run: (state: State, before: State) => void): () => void;
}

/**
 * The media of this tab: what it shows and what it looks at. It follows the ledger: what the engine ended is closed here, an
 * offer of the other end is answered, and what was interrupted is begun again.
 */
export class TabMedia {
  readonly #parts: TabMediaParts;
  readonly #sharers = new Map<ConversationId, Sharer>();
  /** Where a share was moved to already, or could not be. */
  readonly #moved = new WeakMap<Sharer, FocusUri>();
  readonly #viewers = new Map<ConversationId, Viewer>();
  readonly #listeners = new Set<() => void>();
  /** Conversations whose viewer is in a window of its own, seen although this tab is not. */
  readonly #elsewhere = new Set<ConversationId>();
  #stopHiding: () => void = () => undefined;

  constructor(parts: TabMediaParts) {
    this.#parts = parts;
    parts.subscribe((state, before) => this.#follow(state, before));
    document.addEventListener('visibilitychange', () => this.#looked());
  }

  // ---- For the screen ---------------------------------------------------------------------------------------------------

  subscribe = (run: () => void): (() => void) => {
    this.#listeners.add(run);
    return () => this.#listeners.delete(run);
  };

  #changed = (): void => {
    for (const run of this.#listeners) run();
  };

  shown(id: ConversationId): Shown | null {
    return this.#sharers.get(id)?.shown ?? null;
  }

  seen(id: ConversationId): Seen | null {
    return this.#viewers.get(id)?.seen ?? null;
  }

  /** Where this tab draws and sees others draw; `null` where it cannot. */
  pointing(id: ConversationId): Pointing | null {
    return this.#sharers.get(id)?.pointing ?? this.#viewers.get(id)?.pointing ?? null;
  }

  marks(id: ConversationId): Marks {
    return this.pointing(id)?.marks ?? noMarks;
  }

  /** What the connection measured in the last two minutes, the oldest first. */
  readings(id: ConversationId): readonly Reading[] {
    return (this.#sharers.get(id)?.meter ?? this.#viewers.get(id)?.meter)?.readings ?? none;
  }

  /** Names the connection in the log. */
  connectionId(id: ConversationId): string | null {
    return this.#sharers.get(id)?.connectionId ?? this.#viewers.get(id)?.connectionId ?? null;
  }

  /** Before control is given away; must be called from a click. */
  allowControl(id: ConversationId, preview: HTMLElement | null): Promise<void> {
    return this.#sharers.get(id)?.allowControl(preview) ?? Promise.resolve();
  }

  // ---- Showing ----------------------------------------------------------------------------------------------------------

  /** Lets the person choose and shows it; must be called from a click. A share that runs here shows the new thing. */
  async share(id: ConversationId, surface: Surface): Promise<Outcome<void>> {
    const running = this.#sharers.get(id);
    if (running !== undefined) return running.replace(surface);
    const chosen = await Sharer.choose(this.#parts, id, surface, this.#changed);
    if (!chosen.ok) return chosen;
    const sharer = chosen.value;
    this.#sharers.set(id, sharer);
    this.#changed();
    const outcome = await sharer.start();
    if (!outcome.ok) this.#dropSharer(id, sharer);
    return outcome;
  }

  pause(id: ConversationId, isPaused: boolean): Promise<void> {
    return this.#sharers.get(id)?.pause(isPaused) ?? Promise.resolve();
  }

  #dropSharer(id: ConversationId, sharer: Sharer): void {
    sharer.close();
    if (this.#sharers.get(id) === sharer) this.#sharers.delete(id);
    this.#changed();
  }

  // ---- Looking ----------------------------------------------------------------------------------------------------------

  async watch(id: ConversationId): Promise<Outcome<void>> {
    // Who asks may have heard before us that the last session is over.
    const before = this.#viewers.get(id);
    if (before !== undefined) this.#followTheirs(id, before, this.#parts.state());
    if (this.#viewers.has(id)) return failed({ is: 'cancelled' });
    const viewer = new Viewer(this.#parts, id, this.#changed);
    this.#viewers.set(id, viewer);
    const outcome = await viewer.start();
    if (!outcome.ok) this.#dropViewer(id, viewer);
    this.#changed();
    return outcome;
  }

  #dropViewer(id: ConversationId, viewer: Viewer): void {
    viewer.close();
    if (this.#viewers.get(id) === viewer) this.#viewers.delete(id);
    this.#changed();
  }

  /** It is in a window of its own now, or back. */
  seenElsewhere(id: ConversationId, is: boolean): void {
    if (is) this.#elsewhere.add(id);
    else this.#elsewhere.delete(id);
    this.#looked();
  }

  #looked(): void {
    this.#stopHiding();
    const isVisible = document.visibilityState === 'visible';
    const tell = (): void => {
      for (const [id, viewer] of this.#viewers) void viewer.hide(!isVisible && !this.#elsewhere.has(id));
    };
    if (isVisible) tell();
    else this.#stopHiding = this.#parts.world.after(hiddenAfterMs, tell);
  }

  // ---- What the engine tells --------------------------------------------------------------------------------------------

  #follow(state: State, before: State): void {
    if (state.sharing !== before.sharing) {
      for (const [id, sharer] of [...this.#sharers]) this.#followOwn(id, sharer, state, before);
      for (const [id, viewer] of [...this.#viewers]) this.#followTheirs(id, viewer, state);
      this.#followControl(state, before);
      this.#lookAgain(state);
    }
    if (state.conversations !== before.conversations) {
      for (const [id, sharer] of this.#sharers) {
        this.#move(id, sharer, state);
        if (viewersIn(state, id) > viewersIn(before, id)) sharer.announce();
      }
    }
    if (state.media !== before.media) this.#answerOffers(state, before);
  }

  #followOwn(id: ConversationId, sharer: Sharer, state: State, before: State): void {
    const { tab, world } = this.#parts;
    const own = state.sharing[id]?.own;
    const was = before.sharing[id]?.own;
    if (own?.tab !== tab) {
      if (was?.tab === tab) this.#dropSharer(id, sharer);
      return;
    }
    if (own.state === 'interrupted' && was?.state !== 'interrupted') world.after(againMs, () => this.#showAgain(id));
  }

  #showAgain(id: ConversationId): void {
    const own = this.#parts.state().sharing[id]?.own;
    if (own?.state !== 'interrupted' || own.tab !== this.#parts.tab) return;
    if (this.#parts.state().signIn.is === 'signedIn') void this.#sharers.get(id)?.start();
    this.#parts.world.after(againMs, () => this.#showAgain(id));
  }

  /** Two people have become a conference: what one showed the other, all see. */
  #move(id: ConversationId, sharer: Sharer, state: State): void {
    const own = state.sharing[id]?.own;
    const party = state.conversations[id]?.party;
    if (own?.to !== 'peer' || own.state !== 'live' || party?.is !== 'conference') return;
    const { focus, conference } = party;
    if (conference.membership.is !== 'joined' || conference.sharing === 'nobody') return;
    if (focus === null || this.#moved.get(sharer) === focus) return;
    this.#moved.set(sharer, focus);
    void sharer.start();
  }

  /** Whose control is over points no more. */
  #followControl(state: State, before: State): void {
    for (const id of [...this.#sharers.keys(), ...this.#viewers.keys()]) {
      const was = controllerIn(before, id);
      if (was !== null && controllerIn(state, id) !== was) this.pointing(id)?.forget(was);
    }
  }

  #followTheirs(id: ConversationId, viewer: Viewer, state: State): void {
    const view = state.sharing[id]?.theirs?.view;
    const isOurs = view !== undefined && 'session' in view && view.session === viewer.session;
    // Before its first answer it has no session.
    if (viewer.session !== null && !isOurs) this.#dropViewer(id, viewer);
  }

  /** The sharer's connection broke and is back: this tab looked, and looks again. */
  #lookAgain(state: State): void {
    for (const [id, { theirs }] of Object.entries(state.sharing) as [
      ConversationId,
      State['sharing'][ConversationId],
    ][]) {
      if (theirs?.view.is === 'offered' && theirs.view.again === this.#parts.tab) void this.watch(id);
    }
  }

  #answerOffers(state: State, before: State): void {
    for (const [session, media] of Object.entries(state.media) as [MediaSessionId, State['media'][MediaSessionId]][]) {
      const { offer, tab, conversation } = media;
      if (offer === null || tab !== this.#parts.tab || before.media[session]?.offer === offer) continue;
      const ends = [this.#sharers.get(conversation), this.#viewers.get(conversation)];
      void ends.find((end) => end?.session === session)?.takeOffer(offer);
    }
  }
}

function controllerIn({ sharing }: State, id: ConversationId): Aor | null {
  return sharing[id]?.own?.controller ?? sharing[id]?.theirs?.controller ?? null;
}

function viewersIn({ conversations }: State, id: ConversationId): number {
  const party = conversations[id]?.party;
  return party?.is === 'conference' ? party.conference.roster.filter(({ sharing }) => sharing === 'viewer').length : 0;
}
