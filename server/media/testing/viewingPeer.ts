import {
  GenericNack,
  type MediaStreamTrack,
  type RTCDataChannel,
  type RTCPeerConnection,
  type RTCRtpReceiver,
  RtcpReceiverInfo,
  RtcpRrPacket,
  RtcpTransportLayerFeedback,
  RtpHeader,
  type RtpPacket,
} from 'werift';
import { realClock } from '../../clock';
import { askNoStunServer, checkAgain } from '../werift/connection';
import { nackHandlerOf } from '../werift/internals';
import { MissingPackets } from '../werift/missingPackets';
import { type MediaNetwork, makePeerConnection, videoPayloadType } from '../werift/peerConnection';
import { formatPicture, type Picture, parsePicture } from './picture';

export interface Seen extends Picture {
  readonly ssrc: number;
  readonly sequenceNumber: number;
  readonly timestamp: number;
}

/** A browser that looks: it keeps what it gets. */
export class ViewingPeer {
  readonly pc: RTCPeerConnection;
  readonly seen: Seen[] = [];
  readonly heard: string[] = [];
  /** Which pictures get lost on the way; when sent again they come through. */
  loses: (picture: Picture) => boolean = () => false;
  lost = 0;
  #pointer: RTCDataChannel | null = null;
  #receiver: RTCRtpReceiver | null = null;
  #missing: MissingPackets | null = null;

  constructor(network: MediaNetwork) {
    this.pc = makePeerConnection(network);
    this.pc.onTrack.subscribe((track) => this.#take(track));
    this.pc.onDataChannel.subscribe((channel) => {
      this.#pointer = channel;
      channel.onMessage.subscribe((message) => this.heard.push(message.toString()));
    });
  }

  async answer(offer: string): Promise<string> {
    await this.pc.setRemoteDescription({ type: 'offer', sdp: offer });
    askNoStunServer(this.pc);
    await this.pc.setLocalDescription(await this.pc.createAnswer());
    checkAgain(this.pc);
    return this.pc.localDescription?.sdp ?? '';
  }

  get isPointerOpen(): boolean {
    return this.#pointer?.readyState === 'open';
  }

  say(message: string | Buffer): void {
    this.#pointer?.send(message);
  }

  /** Reports that this share of the packets was lost (RFC 3550 §6.4). */
  async report(loss: number): Promise<void> {
    const [last] = this.seen.slice(-1);
    if (last === undefined || this.#receiver === null) throw new Error('it has seen nothing');
    const { ssrc, sequenceNumber } = last;
    const info = { ssrc, fractionLost: Math.round(loss * 255), packetsLost: 1, highestSequence: sequenceNumber };
    const reports = [new RtcpReceiverInfo({ ...info, jitter: 0, lsr: 0, dlsr: 0 })];
    await this.#receiver.dtlsTransport.sendRtcp([new RtcpRrPacket({ ssrc: this.#receiver.rtcpSsrc, reports })]);
  }

  /** Sends a picture where it has nothing to send. */
  async intrude(): Promise<void> {
    const [sender] = this.pc.getSenders();
    if (sender === undefined) throw new Error('there is no sender');
    const header = new RtpHeader({ payloadType: videoPayloadType, sequenceNumber: 1, timestamp: 1, marker: true });
    const picture = { source: 'intruder', number: 1, isKey: true };
    await sender.dtlsTransport.sendRtp(formatPicture(picture), Object.assign(header, { ssrc: sender.ssrc }));
  }

  close(): Promise<void> {
    this.#missing?.stop();
    return this.pc.close();
  }

  /** As a browser does; werift itself gives up after 50 ms. */
  #askForMissing(receiver: RTCRtpReceiver): MissingPackets {
    nackHandlerOf(receiver).addPacket = () => undefined;
    this.#missing = new MissingPackets(realClock, {
      ask: (lost) => {
        const mediaSourceSsrc = this.seen.at(-1)?.ssrc ?? 0;
        const feedback = new GenericNack({ senderSsrc: receiver.rtcpSsrc, mediaSourceSsrc, lost: [...lost] });
        void receiver.dtlsTransport.sendRtcp([new RtcpTransportLayerFeedback({ feedback })]);
      },
      broken: () => undefined,
    });
    return this.#missing;
  }

  #loseOnTheWay(receiver: RTCRtpReceiver): void {
    const receive = receiver.handleRtpBySsrc;
    receiver.handleRtpBySsrc = (packet, extensions) => {
      const isFirstTime = packet.header.payloadType === videoPayloadType;
      if (isFirstTime && this.loses(parsePicture(packet.payload))) this.lost += 1;
      else receive(packet, extensions);
    };
  }

  #take(track: MediaStreamTrack): void {
    if (track.kind !== 'video') return;
    const receiver = this.pc.getTransceivers().find(({ kind }) => kind === 'video')?.receiver ?? null;
    if (receiver === null) return;
    this.#loseOnTheWay(receiver);
    const missing = this.#askForMissing(receiver);
    this.#receiver = receiver;
    track.onReceiveRtp.subscribe(({ header, payload }: RtpPacket) => {
      const { ssrc, sequenceNumber, timestamp } = header;
      missing.came(sequenceNumber);
      this.seen.push({ ...parsePicture(payload), ssrc, sequenceNumber, timestamp });
    });
  }
}
