import type { Shown } from '../dialect/dialect';
import type { Participant } from '../domain/conference';
import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { MediaEnd } from '../domain/sharing';
import type { Surface } from '../protocol/lync/sharingSdp';
import type { SharingControl } from '../protocol/shared/sharingControl';
import type { Aor } from '../protocol/sip/uri';

/** One endpoint's session with the MCU. */
export interface McuLeg {
  readonly aor: Aor;
  ended(why: MediaEnd): void;
  controlled(from: Aor, control: SharingControl): void;
}

const nobodyShares: Failure = { is: 'rejected', status: 480, reason: 'Temporarily Unavailable' };

/** The sharing MCU of a fake conference: one sharer, any number of viewers, and made-up SDP towards each. */
export class FakeSharingMcu {
  readonly #onChange: () => void;
  #sharer: McuLeg | null = null;
  #surface: Surface | null = null;
  #isPaused = false;
  readonly #viewers = new Set<McuLeg>();
  readonly #hidden = new Set<McuLeg>();
  #granted: Aor | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  roleOf(aor: Aor): Participant['sharing'] {
    if (this.#sharer?.aor === aor) return this.#isPaused ? 'inactive' : 'sharer';
    const viewer = [...this.#viewers].find((leg) => leg.aor === aor);
    if (viewer === undefined) return null;
    return this.#hidden.has(viewer) ? 'inactive' : 'viewer';
  }

  show(leg: McuLeg, surface: Surface, offer: string): Outcome<Shown> {
    const before = this.#sharer;
    this.#sharer = leg;
    this.#surface = surface;
    this.#isPaused = false;
    this.#granted = null;
    before?.ended('takenOver');
    this.#onChange();
    return ok({ sdp: `answer to ${offer}`, surface: null, canPoint: true });
  }

  watch(leg: McuLeg): Outcome<Shown> {
    if (this.#sharer === null) return failed(nobodyShares);
    this.#viewers.add(leg);
    this.#onChange();
    if (this.#granted !== null) leg.controlled(this.#sharer.aor, { is: 'grant', to: this.#granted });
    return ok({ sdp: 'an offer', surface: this.#surface, canPoint: true });
  }

  reoffer(leg: McuLeg, offer: string): Outcome<string> {
    const isInactive = offer.includes('a=inactive');
    if (leg === this.#sharer) this.#isPaused = isInactive;
    else if (isInactive) this.#hidden.add(leg);
    else this.#hidden.delete(leg);
    this.#onChange();
    return ok(`answer to ${offer}`);
  }

  control(leg: McuLeg, control: SharingControl): Outcome<void> {
    const isSharer = leg === this.#sharer;
    if (isSharer === (control.is === 'request' || control.is === 'giveUp')) {
      return failed({ is: 'rejected', status: 403, reason: 'Forbidden' });
    }
    if (control.is === 'grant') this.#granted = control.to;
    if (control.is === 'takeBack') this.#granted = null;
    for (const other of isSharer ? this.#viewers : [this.#sharer]) other?.controlled(leg.aor, control);
    return done;
  }

  leave(leg: McuLeg): void {
    if (this.#viewers.delete(leg)) return this.#onChange();
    if (leg !== this.#sharer) return;
    this.#sharer = null;
    for (const viewer of this.#viewers) viewer.ended('ended');
    this.#viewers.clear();
    this.#onChange();
  }
}
