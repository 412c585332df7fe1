import { failed, type Outcome, ok } from '../domain/failure';
import type { Relays } from '../domain/sharing';
import type { World } from '../world';
import { gathered } from './gathering';
import { notePath, type PathParts } from './pathNotes';

/** How an offer of ours reaches the other end: settles with its answer. */
export type Exchange = (offer: string) => Promise<Outcome<string>>;

const requestPending = 491;
const mostTries = 4;

/** RFC 3261 §14.1: who made the call waits longer, so that the two do not meet again. */
function glareMs(isCaller: boolean, chance: number): number {
  return isCaller ? 2_100 + chance * 1_900 : chance * 2_000;
}

/**
 * One peer connection. Its SDP goes by SIP: whole, one offer at a time, with the candidates in it (RFC 8829 without trickle).
 * What changes it is done one after another.
 */
export class Peer {
  readonly connection: RTCPeerConnection;
  /** Names it in the log. */
  readonly id: string;
  readonly #world: World;
  readonly #lookAtPath: () => void;
  #work: Promise<unknown> = Promise.resolve();

  constructor(world: World, relays: Relays, note: PathParts['note'] = () => undefined) {
    this.#world = world;
    this.id = world.id();
    this.connection = new RTCPeerConnection(configurationOf(relays));
    this.#lookAtPath = notePath(this.connection, { id: this.id, relays: relays.servers.length, note });
  }

  get isClosed(): boolean {
    return this.connection.signalingState === 'closed';
  }

  /** The offer that begins a session. */
  offer(): Promise<string> {
    return this.#inTurn(() => this.#offer({}));
  }

  async #offer(options: RTCOfferOptions): Promise<string> {
    await this.connection.setLocalDescription(await this.connection.createOffer(options));
    await gathered(this.connection, this.#world);
    return this.#localSdp();
  }

  #localSdp(): string {
    return this.connection.localDescription?.sdp ?? '';
  }

  takeAnswer(sdp: string): Promise<Outcome<void>> {
    return this.#inTurn(() => this.#take({ type: 'answer', sdp }));
  }

  /** Takes an offer of the other end and answers it. Its nonsense is `malformed`. */
  answer(sdp: string): Promise<Outcome<string>> {
    return this.#inTurn(async () => {
      const taken = await this.#take({ type: 'offer', sdp });
      if (!taken.ok) return taken;
      await this.connection.setLocalDescription(await this.connection.createAnswer());
      await gathered(this.connection, this.#world);
      return ok(this.#localSdp());
    });
  }

  /** The browser reads what a stranger wrote: what it cannot bear is no fault of ours. */
  async #take(description: RTCSessionDescriptionInit): Promise<Outcome<void>> {
    try {
      await this.connection.setRemoteDescription(description);
      return ok(undefined);
    } catch {
      return failed({ is: 'malformed', what: 'SDP' });
    }
  }

  /**
   * Offers a change; when the other end offers at the same time (491), waits and offers anew. A refusal leaves the
   * connection as it was.
   */
  renegotiate(
    exchange: Exchange,
    { isCaller, iceRestart = false }: { isCaller: boolean; iceRestart?: boolean },
  ): Promise<Outcome<void>> {
    return this.#inTurn(async () => {
      for (let tries = 1; ; tries += 1) {
        if (this.isClosed) return failed({ is: 'cancelled' });
        const answer = await exchange(await this.#offer({ iceRestart }));
        if (this.isClosed) return failed({ is: 'cancelled' });
        if (answer.ok) return this.#take({ type: 'answer', sdp: answer.value });
        await this.connection.setLocalDescription({ type: 'rollback' });
        const { failure } = answer;
        const isGlare = failure.is === 'rejected' && failure.status === requestPending;
        if (!isGlare || tries === mostTries) return answer;
        await this.#pause(glareMs(isCaller, this.#world.random()));
      }
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#world.after(ms, resolve));
  }

  /** Fresh relays, for the next gathering (an ICE restart). */
  setRelays(relays: Relays): void {
    if (!this.isClosed) this.connection.setConfiguration(configurationOf(relays));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#work.then(work);
    this.#work = turn.catch(() => undefined);
    return turn;
  }

  close(): void {
    this.connection.close();
    this.#lookAtPath();
  }
}

function configurationOf({ servers }: Relays): RTCConfiguration {
  const iceServers = servers.map(({ urls, username, credential }) => ({ urls: [...urls], username, credential }));
  return { iceServers, bundlePolicy: 'max-bundle' };
}
