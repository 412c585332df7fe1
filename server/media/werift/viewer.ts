import {
  ReceiverEstimatedMaxBitrate,
  type RTCDataChannel,
  type RTCPeerConnection,
  type RTCRtpSender,
  type RtcpPacket,
  RtcpPayloadSpecificFeedback,
  RtcpRrPacket,
  type RtpPacket,
} from 'werift';
import { pointerChannel } from '../../../src/protocol/shared/relayedData';
import { announceAddresses, cleanViewerAnswer } from '../cleanSdp';
import type { MediaPeer } from '../forwarder';
import type { LinkReport } from './bitrateLimit';
import { askNoStunServer, checkAgain, isOverfilled, watchConnection } from './connection';
import { Outlet } from './outlet';
import { audioClockRate, type MediaNetwork, makePeerConnection, videoClockRate } from './peerConnection';
import { isKeyFrameStart } from './vp8';

export interface ViewerEvents {
  connected(): void;
  lost(): void;
  /** It cannot go on without a key frame. */
  needsKeyFrame(): void;
  /** On the pointer channel. */
  said(message: string | Buffer): void;
}

/** A viewer's peer connection: it gets one sharer's picture and sound, and is offered to. */
export class Viewer {
  readonly peer: MediaPeer;
  /** What it says on the pointer channel is passed on. */
  isGranted = false;
  readonly #pc: RTCPeerConnection;
  readonly #network: MediaNetwork;
  readonly #events: ViewerEvents;
  readonly #sender: RTCRtpSender;
  readonly #video: Outlet;
  readonly #audio: Outlet;
  readonly #pointer: RTCDataChannel;
  #isConnected = false;
  #isPaused = false;
  #bytes = 0;
  #loss: number | null = null;
  #estimate: number | null = null;

  constructor(peer: MediaPeer, network: MediaNetwork, events: ViewerEvents) {
    this.peer = peer;
    this.#network = network;
    this.#events = events;
    this.#pc = makePeerConnection(network);
    this.#sender = this.#pc.addTransceiver('video', { direction: 'sendonly' }).sender;
    const audio = this.#pc.addTransceiver('audio', { direction: 'sendonly' }).sender;
    this.#video = new Outlet(this.#sender, videoClockRate, isKeyFrameStart);
    this.#audio = new Outlet(audio, audioClockRate, () => true);
    this.#pointer = this.#pc.createDataChannel(pointerChannel);
    this.#pointer.onMessage.subscribe((message) => events.said(message));
    this.#sender.onPictureLossIndication.subscribe(() => events.needsKeyFrame());
    this.#sender.onRtcp.subscribe((packet) => this.#heard(packet));
    watchConnection(this.#pc, {
      connected: () => {
        this.#isConnected = true;
        events.connected();
      },
      lost: events.lost,
    });
  }

  get isLooking(): boolean {
    return this.#isConnected && !this.#isPaused;
  }

  /** An offer; every one but the first restarts ICE. Throws what werift throws. */
  async offer(): Promise<string> {
    const iceRestart = this.#pc.localDescription !== null;
    askNoStunServer(this.#pc);
    await this.#pc.setLocalDescription(await this.#pc.createOffer({ iceRestart }));
    return announceAddresses(this.#pc.localDescription?.sdp ?? '', this.#network.announce);
  }

  async accept(answer: string): Promise<void> {
    await this.#pc.setRemoteDescription({ type: 'answer', sdp: cleanViewerAnswer(answer) });
    checkAgain(this.#pc);
  }

  /** From now on nothing, or everything from a key frame on. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.#video.interrupt();
    this.#audio.interrupt();
    if (this.isLooking) this.#events.needsKeyFrame();
  }

  /** True when a packet was one that it could not begin with. */
  send(kind: 'video' | 'audio', packet: RtpPacket, feed: string, now: number): boolean {
    if (!this.isLooking) return false;
    if (kind === 'audio') {
      this.#audio.send(packet, feed, now);
      return false;
    }
    this.#video.send(packet, feed, now);
    if (this.#video.isWaitingFor(feed)) return true;
    this.#bytes += packet.payload.length + 12;
    return false;
  }

  say(text: string): void {
    // A viewer that does not read misses some.
    if (this.#pointer.readyState === 'open' && this.#pointer.bufferedAmount < 64 * 1024) this.#pointer.send(text);
  }

  get isOverfilled(): boolean {
    return isOverfilled(this.#pc);
  }

  /** Of the way from us to the viewer, since the last time. */
  report(ms: number): LinkReport {
    const bitrate = (this.#bytes * 8000) / ms;
    // An estimate above what is sent says nothing: a viewer never tells much more than it gets.
    const overuse = this.#estimate !== null && this.#estimate < bitrate * 0.95 ? this.#estimate : null;
    const report = { bitrate, loss: this.#loss, overuse, ms };
    this.#bytes = 0;
    this.#loss = null;
    this.#estimate = null;
    return report;
  }

  close(): Promise<void> {
    return this.#pc.close();
  }

  #heard(packet: RtcpPacket): void {
    if (packet.type === RtcpRrPacket.type) {
      const own = (packet as RtcpRrPacket).reports.find(({ ssrc }) => ssrc === this.#sender.ssrc);
      if (own !== undefined) this.#loss = Math.max(this.#loss ?? 0, own.fractionLost / 256);
    }
    if (packet.type !== RtcpPayloadSpecificFeedback.type) return;
    const { feedback } = packet as RtcpPayloadSpecificFeedback;
    if (feedback instanceof ReceiverEstimatedMaxBitrate) this.#estimate = Number(feedback.bitrate);
  }
}
