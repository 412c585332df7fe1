import { failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId, MediaSessionId } from '../domain/ids';
import type { Surface } from '../protocol/lync/sharingSdp';
import { pointerChannel } from '../protocol/shared/relayedData';
import type { Aor } from '../protocol/sip/uri';
import type { Meter } from './meter';
import { type MediaParts, meterOf, peerBy, relaysOf } from './parts';
import type { Peer } from './peer';
import { Pointing } from './pointing';
import { Trouble } from './trouble';

/** The sharer looks for a new way first. */
const sharersTurnMs = 5_000;

/** What the screen shows of somebody else's share. */
export interface Seen {
  /** Empty until the first track comes. */
  stream: MediaStream;
  hasSound: boolean;
  /** What the sharer said last; `null` when nothing. */
  surface: Surface | null;
  /** Who has control may change how large it is shown. */
  canZoom: boolean;
}

/** What this tab looks at in one conversation, in one session. */
export class Viewer {
  readonly conversation: ConversationId;
  readonly #parts: MediaParts;
  readonly #onChange: () => void;
  readonly #stream = new MediaStream();
  #peer: Peer | null = null;
  #session: MediaSessionId | null = null;
  #pointing: Pointing | null = null;
  #hasPeer = false;
  #trouble: Trouble | null = null;
  #meter: Meter | null = null;
  #isHidden = false;
  #isRecovering = false;
  #isClosed = false;
  #seen: Seen = { stream: this.#stream, hasSound: false, surface: null, canZoom: false };

  constructor(parts: MediaParts, conversation: ConversationId, onChange: () => void) {
    this.#parts = parts;
    this.conversation = conversation;
    this.#onChange = onChange;
  }

  get seen(): Seen {
    return this.#seen;
  }

  get session(): MediaSessionId | null {
    return this.#session;
  }

  /** Names the connection in the log. */
  get connectionId(): string | null {
    return this.#peer?.id ?? null;
  }

  get connection(): RTCPeerConnection | null {
    return this.#peer?.connection ?? null;
  }

  get pointing(): Pointing | null {
    return this.#pointing;
  }

  get meter(): Meter | null {
    return this.#meter;
  }

  #see(change: Partial<Seen>): void {
    this.#seen = { ...this.#seen, ...change };
    this.#onChange();
  }

  get #theirs() {
    return this.#parts.state().sharing[this.conversation]?.theirs ?? null;
  }

  /** Asks for the offer and answers it; settles when the answer is out. */
  async start(): Promise<Outcome<void>> {
    const { commands, tab, world } = this.#parts;
    // Made while the offer is still to come: the browser takes some time for it.
    const making = relaysOf(this.#parts).then((relays) => ({ relays, peer: peerBy(this.#parts, relays) }));
    // What rings comes from a person, else an MCU passes it on.
    this.#hasPeer = this.#theirs?.view.is === 'offered';
    const offered = await commands.watchSharing(this.conversation, tab);
    if (!offered.ok) {
      void making.then(({ peer }) => peer.close());
      return offered;
    }
    const { session, offer } = offered.value;
    this.#session = session;
    const { peer, relays } = await making;
    if (this.#isClosed) {
      peer.close();
      return failed({ is: 'cancelled' });
    }
    this.#peer = peer;
    peer.connection.addEventListener('track', ({ track }) => this.#takeTrack(track));
    // In the event itself: a message may come right after.
    peer.connection.addEventListener('datachannel', ({ channel }) => this.#takeChannel(channel));
    this.#trouble = new Trouble(peer.connection, world, {
      onLost: () => void this.#recover(),
      onStale: () => void (this.#hasPeer ? this.#reoffer(true) : this.#recoverWithMcu()),
    });
    this.#trouble.goesBy(relays);
    this.#meter = meterOf(peer, 'in', { parts: this.#parts, onReading: this.#onChange });
    const answer = await peer.answer(offer);
    if (!answer.ok) {
      await commands.stopWatching(this.conversation);
      return answer;
    }
    return commands.answerMedia(session, answer.value);
  }

  /** One picture and one sound, however many the other end would send. */
  #takeTrack(track: MediaStreamTrack): void {
    if (this.#stream.getTracks().some(({ kind }) => kind === track.kind)) return;
    this.#stream.addTrack(track);
    const told = (): void => {
      // A silent section is there from the beginning; sound is what comes.
      this.#see({ hasSound: this.#stream.getAudioTracks().some(({ muted }) => !muted) });
    };
    track.addEventListener('mute', told);
    track.addEventListener('unmute', told);
    told();
  }

  #takeChannel(channel: RTCDataChannel): void {
    if (channel.label !== pointerChannel || this.#pointing !== null) return channel.close();
    const { world, state, commands } = this.#parts;
    const sharer = this.#theirs?.sharer ?? null;
    this.#pointing = new Pointing(channel, {
      world,
      me: state().account?.aor ?? ('' as Aor),
      peer: this.#hasPeer ? sharer : null,
      mayDraw: (who) => this.#theirs?.controller === who,
      isSharer: (who) => this.#theirs?.sharer === who,
      onChange: this.#onChange,
      onWord: (word) => word.is === 'surface' && this.#see({ surface: word.surface, canZoom: word.zoom }),
      onFlood: () => void commands.stopWatching(this.conversation),
    });
    this.#onChange();
  }

  /** The sharer offers a change (a pause, a new way). */
  async takeOffer(offer: string): Promise<void> {
    if (this.#peer === null || this.#session === null) return;
    const answer = await this.#peer.answer(offer);
    if (answer.ok) await this.#parts.commands.answerMedia(this.#session, answer.value);
    else await this.#parts.commands.stopWatching(this.conversation);
  }

  /** SHR-5: nothing is sent to who cannot see it. */
  async hide(isHidden: boolean): Promise<void> {
    if (this.#isHidden === isHidden || this.#peer === null) return;
    this.#isHidden = isHidden;
    for (const transceiver of this.#peer.connection.getTransceivers()) {
      if (transceiver.currentDirection !== 'stopped') transceiver.direction = isHidden ? 'inactive' : 'recvonly';
    }
    await this.#reoffer(false);
  }

  async #reoffer(iceRestart: boolean): Promise<Outcome<void>> {
    const { peer, session } = { peer: this.#peer, session: this.#session };
    if (peer === null || session === null) return failed({ is: 'cancelled' });
    if (iceRestart) await this.#renew(peer);
    const exchange = (offer: string) => this.#parts.commands.reofferMedia(session, offer);
    return peer.renegotiate(exchange, { isCaller: false, iceRestart });
  }

  // ---- A broken way -----------------------------------------------------------------------------------------------------

  async #recover(): Promise<void> {
    if (this.#isRecovering || this.#isClosed) return;
    this.#isRecovering = true;
    const outcome = await (this.#hasPeer ? this.#recoverWithPeer() : this.#recoverWithMcu());
    this.#isRecovering = false;
    if (!outcome.ok && !this.#isClosed) await this.#parts.commands.stopWatching(this.conversation);
  }

  async #recoverWithPeer(): Promise<Outcome<void>> {
    await new Promise<void>((resolve) => void this.#parts.world.after(sharersTurnMs, resolve));
    if (this.#isClosed || this.connection?.connectionState === 'connected') return ok(undefined);
    return this.#reoffer(true);
  }

  async #renew(peer: Peer): Promise<void> {
    const relays = await relaysOf(this.#parts);
    peer.setRelays(relays);
    this.#trouble?.goesBy(relays);
  }

  /** SHR-6: an MCU is the one that offers. */
  async #recoverWithMcu(): Promise<Outcome<void>> {
    const session = this.#session;
    const peer = this.#peer;
    if (session === null || peer === null) return failed({ is: 'cancelled' });
    await this.#renew(peer);
    const fresh = await this.#parts.commands.refreshMedia(session);
    if (!fresh.ok) return fresh;
    const answer = await peer.answer(fresh.value);
    return answer.ok ? this.#parts.commands.answerMedia(session, answer.value) : answer;
  }

  close(): void {
    this.#isClosed = true;
    this.#trouble?.stop();
    this.#pointing?.stop();
    this.#meter?.stop();
    this.#peer?.close();
    for (const track of this.#stream.getTracks()) track.stop();
  }
}
