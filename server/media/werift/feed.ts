import {
  type Extensions,
  GenericNack,
  type MediaStreamTrack,
  ReceiverEstimatedMaxBitrate,
  type RTCDataChannel,
  type RTCPeerConnection,
  type RTCRtpReceiver,
  RTP_EXTENSION_URI,
  RtcpPayloadSpecificFeedback,
  RtcpTransportLayerFeedback,
  type RtpPacket,
} from 'werift';
import { pointerChannel } from '../../../src/protocol/shared/relayedData';
import type { Clock } from '../../clock';
import { announceAddresses, cleanOffer, withFormat } from '../cleanSdp';
import type { MediaPeer } from '../forwarder';
import type { LinkReport } from './bitrateLimit';
import { askNoStunServer, checkAgain, isOverfilled, letOfferersBegin, watchConnection } from './connection';
import { countsOf, nackHandlerOf } from './internals';
import { KeyFrames } from './keyFrames';
import { MissingPackets } from './missingPackets';
import { type MediaNetwork, makePeerConnection, videoPayloadType } from './peerConnection';
import { QueueDelay } from './queueDelay';
import { isKeyFrameStart } from './vp8';

export interface FeedEvents {
  flowing(): void;
  connected(): void;
  lost(): void;
  packet(kind: 'video' | 'audio', packet: RtpPacket): void;
  /** Of the pointer channel. */
  said(message: string | Buffer): void;
}

/** What an overfull way carries is a little less than what came through it (draft-ietf-rmcat-gcc-02 §5.5). */
const ofWhatCameThrough = 0.85;
const startKilobits = 1500;

/** A sharer's peer connection. */
export class Feed {
  readonly peer: MediaPeer;
  readonly keyFrames: KeyFrames;
  readonly #pc: RTCPeerConnection;
  readonly #network: MediaNetwork;
  readonly #events: FeedEvents;
  readonly #delay: QueueDelay;
  readonly #missing: MissingPackets;
  #video: { receiver: RTCRtpReceiver; ssrc: number } | null = null;
  #hasVideo = false;
  #hasAudio = false;
  #pointer: RTCDataChannel | null = null;
  #bytes = 0;
  #counted = { expected: 0, lost: 0 };

  constructor(peer: MediaPeer, network: MediaNetwork, clock: Clock, events: FeedEvents) {
    this.peer = peer;
    this.#network = network;
    this.#events = events;
    this.#delay = new QueueDelay(clock);
    this.keyFrames = new KeyFrames(clock, () => this.#askKeyFrame());
    this.#missing = new MissingPackets(clock, {
      ask: (lost) => this.#askFor(lost),
      broken: () => this.keyFrames.want(),
    });
    this.#pc = makePeerConnection(network);
    watchConnection(this.#pc, events);
    this.#pc.onTrack.subscribe((track) => this.#take(track));
    this.#pc.onDataChannel.subscribe((channel) => {
      if (channel.label !== pointerChannel || this.#pointer !== null) return;
      this.#pointer = channel;
      channel.onMessage.subscribe((message) => events.said(message));
    });
  }

  /** The answer to an offer, the first or a later one. Throws what werift throws. */
  async negotiate(offer: string): Promise<string> {
    await this.#pc.setRemoteDescription({ type: 'offer', sdp: cleanOffer(offer) });
    askNoStunServer(this.#pc);
    letOfferersBegin(this.#pc);
    await this.#pc.setLocalDescription(await this.#pc.createAnswer());
    checkAgain(this.#pc);
    const answer = announceAddresses(this.#pc.localDescription?.sdp ?? '', this.#network.announce);
    return withFormat(answer, videoPayloadType, `x-google-start-bitrate=${startKilobits}`);
  }

  say(text: string): void {
    if (this.#pointer?.readyState === 'open' && this.#pointer.bufferedAmount < 64 * 1024) this.#pointer.send(text);
  }

  get isOverfilled(): boolean {
    return isOverfilled(this.#pc);
  }

  /** Of the way from the sharer to us, since the last time. */
  report(ms: number): LinkReport {
    const bitrate = (this.#bytes * 8000) / ms;
    this.#bytes = 0;
    const overuse = this.#delay.isGrowing() ? bitrate * ofWhatCameThrough : null;
    return { bitrate, loss: this.#loss(), overuse, ms };
  }

  /** REMB: tells the sharer how many bits a second it may send. */
  limit(bitrate: number): void {
    if (this.#video === null) return;
    const exponent = Math.max(0, Math.ceil(Math.log2(bitrate / 0x3ffff)));
    const feedback = new ReceiverEstimatedMaxBitrate({
      senderSsrc: this.#video.receiver.rtcpSsrc,
      mediaSsrc: 0,
      ssrcNum: 1,
      brExp: exponent,
      brMantissa: Math.floor(bitrate / 2 ** exponent),
      ssrcFeedbacks: [this.#video.ssrc],
    });
    void this.#video.receiver.dtlsTransport.sendRtcp([new RtcpPayloadSpecificFeedback({ feedback })]);
  }

  async close(): Promise<void> {
    this.keyFrames.stop();
    this.#missing.stop();
    await this.#pc.close();
  }

  #take(track: MediaStreamTrack): void {
    if (track.kind === 'audio' && !this.#hasAudio) {
      this.#hasAudio = true;
      track.onReceiveRtp.subscribe((packet) => this.#events.packet('audio', packet));
    }
    const receiver = this.#pc.getTransceivers().find(({ kind }) => kind === 'video')?.receiver;
    if (track.kind !== 'video' || receiver === undefined || this.#hasVideo) return;
    this.#hasVideo = true;
    nackHandlerOf(receiver).addPacket = () => undefined;
    track.onReceiveRtp.subscribe((packet, extensions) => this.#takeVideo(receiver, packet, extensions));
  }

  #takeVideo(receiver: RTCRtpReceiver, packet: RtpPacket, extensions: Extensions | undefined): void {
    const isFirst = this.#video === null;
    this.#video ??= { receiver, ssrc: packet.header.ssrc };
    this.#bytes += packet.payload.length + 12;
    this.#missing.came(packet.header.sequenceNumber);
    const sentAt = extensions?.[RTP_EXTENSION_URI.absSendTime];
    if (typeof sentAt === 'number') this.#delay.packet(sentAt);
    this.#events.packet('video', packet);
    if (isKeyFrameStart(packet.payload)) this.keyFrames.came();
    if (isFirst) this.#events.flowing();
  }

  #askFor(lost: readonly number[]): void {
    if (this.#video === null) return;
    const { receiver, ssrc } = this.#video;
    const feedback = new GenericNack({ senderSsrc: receiver.rtcpSsrc, mediaSourceSsrc: ssrc, lost: [...lost] });
    void receiver.dtlsTransport.sendRtcp([new RtcpTransportLayerFeedback({ feedback })]);
  }

  #askKeyFrame(): void {
    if (this.#video !== null) void this.#video.receiver.sendRtcpPLI(this.#video.ssrc);
  }

  /** Before retransmission, as the receiver reports count it. */
  #loss(): number | null {
    const stream = this.#video === null ? undefined : countsOf(this.#video.receiver, this.#video.ssrc);
    if (stream === undefined) return null;
    const [expected, lost] = [stream.packets_expected, stream.packets_lost];
    const [newExpected, newLost] = [expected - this.#counted.expected, lost - this.#counted.lost];
    this.#counted = { expected, lost };
    return newExpected <= 0 ? null : Math.min(1, Math.max(0, newLost / newExpected));
  }
}
