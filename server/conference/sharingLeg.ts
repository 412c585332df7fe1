import type { SharingRole } from '../../src/protocol/lync/sharingSdp';
import type { Direction } from '../../src/protocol/sip/sdp';
import type { Aor } from '../../src/protocol/sip/uri';
import type { MediaPeer } from '../media/forwarder';
import type { HeaderLines, RoleDialog } from '../role';

const acknowledgedWithinMs = 32_000;

/** How the roster tells it: the direction is the endpoint's own. */
export interface SharingFlow {
  readonly direction: Direction;
  readonly state: 'connecting' | 'connected';
}

export interface SharingLegEvents {
  /** The roster would tell it otherwise. */
  changed(): void;
  ended(): void;
  /** Its person is presenter or attendee now. */
  roleChanged(): void;
}

/** One endpoint's dialog with the sharing MCU: the sharer's or a viewer's. */
export class SharingLeg {
  readonly role: SharingRole;
  readonly dialog: RoleDialog;
  readonly peer: MediaPeer;
  /** It reads and writes `com.confab.sharing-control`. */
  readonly controls: boolean;
  /** The last SDP of ours, and of the other end. */
  said = '';
  heard = '';
  #flow: SharingFlow;
  #isOver = false;
  #waiting: { cseq: number; take: (contentType: string, body: string) => void } | null = null;
  readonly #events: SharingLegEvents;
  readonly #after: (ms: number, run: () => void) => () => void;

  constructor(
    dialog: RoleDialog,
    role: SharingRole,
    controls: boolean,
    after: (ms: number, run: () => void) => () => void,
    events: SharingLegEvents,
  ) {
    this.dialog = dialog;
    this.role = role;
    this.controls = controls;
    this.peer = { id: dialog.localTag, aor: dialog.remote.aor };
    this.#after = after;
    this.#events = events;
    this.#flow = { direction: role === 'sharer' ? 'sendonly' : 'recvonly', state: 'connecting' };
    dialog.onGone(() => this.end(null));
    dialog.onAck(({ cseq, contentType, body }) => {
      if (this.#waiting?.cseq !== cseq) return;
      const { take } = this.#waiting;
      this.#waiting = null;
      take(contentType, body);
    });
  }

  get aor(): Aor {
    return this.peer.aor;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get flow(): SharingFlow {
    return this.#flow;
  }

  set flow(flow: SharingFlow) {
    if (this.#flow.direction === flow.direction && this.#flow.state === flow.state) return;
    this.#flow = flow;
    this.#events.changed();
  }

  roleChanged(): void {
    this.#events.roleChanged();
  }

  /** Waits for the ACK to our 2xx; without one the session is hung up on (RFC 3261 §13.3.1.4). */
  awaitAck(cseq: number, take: (contentType: string, body: string) => void): void {
    const cancel = this.#after(acknowledgedWithinMs, () => this.end([]));
    this.#waiting = {
      cseq,
      take: (contentType, body) => {
        cancel();
        take(contentType, body);
      },
    };
  }

  /** Over; with headers for a BYE that says so, `null` when the other end knows. */
  end(bye: HeaderLines | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (bye !== null) void this.dialog.request('BYE', { headers: bye });
    this.dialog.end();
    this.#events.ended();
  }
}
