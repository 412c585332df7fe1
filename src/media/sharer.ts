import { failed, type Outcome, ok } from '../domain/failure';
import type { ConversationId, MediaSessionId } from '../domain/ids';
import type { Relays } from '../domain/sharing';
import type { Surface } from '../protocol/lync/sharingSdp';
import { pointerChannel } from '../protocol/shared/relayedData';
import type { Aor } from '../protocol/sip/uri';
import { type Capture, capture, stopCapture } from './capture';
import { CapturedSurface } from './capturedSurface';
import type { Meter } from './meter';
import { type MediaParts, meterOf, peerBy, relaysOf } from './parts';
import type { Peer } from './peer';
import { Pointing } from './pointing';
import { Trouble } from './trouble';

/** Enough for moving text at 1920 x 1080; the browser uses what the way bears. */
const maxBitrate = 4_000_000;

/** What the screen shows of our own share. */
export interface Shown {
  stream: MediaStream;
  surface: Surface;
  hasSound: boolean;
  isPaused: boolean;
  /** Giving control makes the browser ask whether the tab may be zoomed. */
  asksForZoom: boolean;
}

/** A peer connection with an offer of ours, made while the person still chooses. */
interface Prepared {
  peer: Peer;
  video: RTCRtpTransceiver;
  audio: RTCRtpTransceiver;
  channel: RTCDataChannel;
  relays: Relays;
  offer: Promise<string>;
}

/** A session in which it is shown. */
interface Sending extends Prepared {
  session: MediaSessionId;
  trouble: Trouble;
  pointing: Pointing;
  meter: Meter;
}

async function prepare(parts: MediaParts): Promise<Prepared> {
  const relays = await relaysOf(parts);
  const peer = peerBy(parts, relays);
  const { connection } = peer;
  const video = connection.addTransceiver('video', { direction: 'sendonly', sendEncodings: [{ maxBitrate }] });
  // There from the beginning, so that what is shown can change without a new offer.
  const audio = connection.addTransceiver('audio', { direction: 'sendonly' });
  const channel = connection.createDataChannel(pointerChannel, { ordered: true });
  return { peer, video, audio, channel, relays, offer: peer.offer() };
}

/** What this tab shows in one conversation: the capture outlives the sessions in which it is sent. */
export class Sharer {
  readonly conversation: ConversationId;
  readonly #parts: MediaParts;
  readonly #onChange: () => void;
  #capture: Capture;
  #prepared: Prepared | null;
  #sending: Sending | null = null;
  #surface: CapturedSurface | null;
  #isPaused = false;
  #isConnecting = false;
  #isRecovering = false;
  #isClosed = false;
  #shown: Shown;

  private constructor(
    parts: MediaParts,
    conversation: ConversationId,
    chosen: { captured: Capture; prepared: Prepared },
    onChange: () => void,
  ) {
    this.#parts = parts;
    this.conversation = conversation;
    this.#capture = chosen.captured;
    this.#surface = surfaceOf(chosen.captured);
    this.#prepared = chosen.prepared;
    this.#onChange = onChange;
    this.#shown = this.#snapshot();
    this.#watchEnd(chosen.captured);
  }

  /** Lets the person choose what to show; must be called from a click. `start` then shows it. */
  static async choose(
    parts: MediaParts,
    conversation: ConversationId,
    surface: Surface,
    onChange: () => void,
  ): Promise<Outcome<Sharer>> {
    const [captured, prepared] = await Promise.all([capture(surface), prepare(parts)]);
    if (captured.ok) return ok(new Sharer(parts, conversation, { captured: captured.value, prepared }, onChange));
    prepared.peer.close();
    return captured;
  }

  get shown(): Shown {
    return this.#shown;
  }

  get session(): MediaSessionId | null {
    return this.#sending?.session ?? null;
  }

  /** Names the connection in the log. */
  get connectionId(): string | null {
    return this.#sending?.peer.id ?? null;
  }

  get connection(): RTCPeerConnection | null {
    return this.#sending?.peer.connection ?? null;
  }

  get pointing(): Pointing | null {
    return this.#sending?.pointing ?? null;
  }

  get meter(): Meter | null {
    return this.#sending?.meter ?? null;
  }

  #snapshot(): Shown {
    const { stream, surface, audio } = this.#capture;
    const asksForZoom = this.#surface?.asksFirst ?? false;
    return { stream, surface, hasSound: audio !== null, isPaused: this.#isPaused, asksForZoom };
  }

  #changed(): void {
    this.#shown = this.#snapshot();
    this.#onChange();
  }

  /** The browser's own "Stop sharing", or the window that was shown is closed. */
  #watchEnd(captured: Capture): void {
    captured.video.addEventListener('ended', () => {
      if (this.#capture === captured && !this.#isClosed) void this.#parts.commands.stopSharing(this.conversation);
    });
  }

  // ---- Sessions ---------------------------------------------------------------------------------------------------------

  /** Shows it in a new session: the first, in the conference that the conversation has become, or after a loss. */
  async start(): Promise<Outcome<void>> {
    if (this.#isConnecting || this.#isClosed) return failed({ is: 'cancelled' });
    this.#isConnecting = true;
    const prepared = this.#prepared ?? (await prepare(this.#parts));
    this.#prepared = null;
    const outcome = await this.#offer(prepared);
    this.#isConnecting = false;
    if (!outcome.ok) prepared.peer.close();
    return outcome;
  }

  async #offer(prepared: Prepared): Promise<Outcome<void>> {
    const { commands, tab, world } = this.#parts;
    const { peer } = prepared;
    const session = `share ${world.id()}` as MediaSessionId;
    await this.#send(prepared);
    const offer = await prepared.offer;
    if (this.#isClosed) return failed({ is: 'cancelled' });
    const { surface } = this.#capture;
    const answer = await commands.startSharing(this.conversation, { tab, session, surface, offer });
    if (!answer.ok) return answer;
    const taken = await peer.takeAnswer(answer.value.answer);
    if (!taken.ok) {
      await commands.stopSharing(this.conversation);
      return taken;
    }
    this.#stopSending();
    this.#sending = {
      ...prepared,
      session,
      trouble: this.#troubleOf(prepared),
      pointing: this.#pointingOver(prepared.channel),
      meter: meterOf(peer, 'out', { parts: this.#parts, onReading: this.#onChange }),
    };
    if (this.#isClosed) this.#stopSending();
    this.#changed();
    return ok(undefined);
  }

  #troubleOf({ peer, relays }: Prepared): Trouble {
    const trouble = new Trouble(peer.connection, this.#parts.world, {
      onLost: () => void this.#recover(),
      onStale: () => void this.#restart(),
    });
    trouble.goesBy(relays);
    return trouble;
  }

  #stopSending(): void {
    this.#sending?.trouble.stop();
    this.#sending?.pointing.stop();
    this.#sending?.meter.stop();
    this.#sending?.peer.close();
    this.#sending = null;
  }

  /** Puts what is captured, or while paused nothing, into a connection. */
  async #send({ video, audio }: Pick<Prepared, 'video' | 'audio'>): Promise<void> {
    const tracks = this.#isPaused ? { video: null, audio: null } : this.#capture;
    await video.sender.replaceTrack(tracks.video);
    // An end that takes no sound has refused its section.
    if (audio.currentDirection !== 'stopped') await audio.sender.replaceTrack(tracks.audio).catch(() => undefined);
  }

  /** The other end offers a change (it hides, or looks again). */
  async takeOffer(offer: string): Promise<void> {
    const sending = this.#sending;
    if (sending === null) return;
    const answer = await sending.peer.answer(offer);
    if (answer.ok) await this.#parts.commands.answerMedia(sending.session, answer.value);
    else await this.#parts.commands.stopSharing(this.conversation);
  }

  /** A new way for the packets; where none can be negotiated, a new session. */
  async #recover(): Promise<void> {
    const sending = this.#sending;
    if (this.#isRecovering || this.#isClosed || sending === null) return;
    this.#isRecovering = true;
    const outcome = await this.#restart();
    if (!outcome.ok && this.#sending === sending && !this.#isClosed) {
      const again = await this.start();
      if (!again.ok) await this.#parts.commands.stopSharing(this.conversation);
    }
    this.#isRecovering = false;
  }

  async #restart(): Promise<Outcome<void>> {
    const sending = this.#sending;
    if (sending === null) return failed({ is: 'cancelled' });
    const { peer, session, trouble } = sending;
    const relays = await relaysOf(this.#parts);
    peer.setRelays(relays);
    trouble.goesBy(relays);
    const exchange = (offer: string) => this.#parts.commands.reofferMedia(session, offer);
    return peer.renegotiate(exchange, { isCaller: true, iceRestart: true });
  }

  // ---- What is shown ----------------------------------------------------------------------------------------------------

  /** Something else, in the same session and without a new offer. Must be called from a click. */
  async replace(surface: Surface): Promise<Outcome<void>> {
    const captured = await capture(surface);
    if (!captured.ok) return captured;
    if (this.#isClosed) {
      stopCapture(captured.value);
      return failed({ is: 'cancelled' });
    }
    const before = this.#capture;
    this.#capture = captured.value;
    this.#surface = surfaceOf(captured.value);
    this.#watchEnd(captured.value);
    if (this.#sending !== null) await this.#send(this.#sending);
    stopCapture(before);
    await this.#parts.commands.changeSharing(this.conversation, { surface: captured.value.surface });
    this.pointing?.clear();
    this.announce();
    this.#changed();
    return ok(undefined);
  }

  // ---- Control ----------------------------------------------------------------------------------------------------------

  #pointingOver(channel: RTCDataChannel): Pointing {
    const { world, state, commands } = this.#parts;
    const own = () => state().sharing[this.conversation]?.own ?? null;
    const party = state().conversations[this.conversation]?.party;
    const pointing = new Pointing(channel, {
      world,
      me: state().account?.aor ?? ('' as Aor),
      peer: own()?.to === 'peer' && party?.is === 'pairwise' ? party.peer : null,
      mayDraw: (who) => own()?.controller === who,
      isSharer: () => false,
      onChange: () => this.#onChange(),
      onWord: (word) => word.is === 'zoom' && this.#surface?.zoom(word.by),
      onFlood: () => {
        // Nothing more is read of it; an MCU hangs up on who floods it.
        channel.close();
        const controller = own()?.controller;
        if (controller) void commands.controlSharing(this.conversation, { is: 'takeBack', to: controller });
      },
    });
    channel.addEventListener('open', () => this.announce());
    return pointing;
  }

  /** Tells whoever looks, also who has just come, what is shown and what may be done to it. */
  announce(): void {
    const { surface } = this.#capture;
    this.pointing?.say({ is: 'surface', surface, zoom: this.#surface?.canZoom ?? false });
  }

  /** Asks the browser's leave to let others change what is shown; must be called from a click. */
  async allowControl(preview: HTMLElement | null): Promise<void> {
    await this.#surface?.allow(preview);
    this.announce();
    this.#changed();
  }

  // ---- Silence ----------------------------------------------------------------------------------------------------------

  /** Nothing leaves from now on, whatever the other end answers; SHR-4 tells it. */
  async pause(isPaused: boolean): Promise<void> {
    if (this.#isPaused === isPaused) return;
    this.#isPaused = isPaused;
    const sending = this.#sending;
    if (sending !== null) await this.#send(sending);
    await this.#parts.commands.changeSharing(this.conversation, { isPaused });
    this.#changed();
    if (sending === null) return;
    const direction = isPaused ? 'inactive' : 'sendonly';
    sending.video.direction = direction;
    if (sending.audio.currentDirection !== 'stopped') sending.audio.direction = direction;
    const exchange = (offer: string) => this.#parts.commands.reofferMedia(sending.session, offer);
    await sending.peer.renegotiate(exchange, { isCaller: true });
  }

  /** The ledger has no share of this tab any more, or it never came about. */
  close(): void {
    this.#isClosed = true;
    this.#prepared?.peer.close();
    this.#stopSending();
    stopCapture(this.#capture);
  }
}

/** Only of a tab, and only where the browser lets a page do anything to it. */
function surfaceOf({ surface, controller }: Capture): CapturedSurface | null {
  return surface === 'tab' && controller !== null ? new CapturedSurface(controller) : null;
}
