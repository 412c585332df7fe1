import {
  ReceiverEstimatedMaxBitrate,
  type RTCDataChannel,
  type RTCPeerConnection,
  type RTCRtpSender,
  RtcpPayloadSpecificFeedback,
  RtpHeader,
  RtpPacket,
} from 'werift';
import { askNoStunServer, checkAgain } from '../werift/connection';
import { type MediaNetwork, makePeerConnection, videoPayloadType } from '../werift/peerConnection';
import { formatPicture } from './picture';

const pictureEveryMs = 20;
/** So that the numbers wrap in every test. */
const firstSequenceNumber = 65_470;

/** A browser that shares: it draws fifty pictures a second, and a key frame when asked. */
export class SharingPeer {
  readonly name: string;
  readonly pc: RTCPeerConnection;
  /** What came on its pointer channel. */
  readonly heard: string[] = [];
  /** How often it was asked for a key frame. */
  asked = 0;
  /** Of the last REMB, bits a second. */
  bitrate = 0;
  /** Which packets get lost on the way, by sequence number; when sent again they come through. */
  loses: (sequenceNumber: number) => boolean = () => false;
  lost = 0;
  /** Of the last picture. */
  number = 0;
  readonly #sender: RTCRtpSender;
  readonly #pointer: RTCDataChannel;
  #owesKeyFrame = true;
  #timer: NodeJS.Timeout | null = null;

  constructor(name: string, network: MediaNetwork) {
    this.name = name;
    this.pc = makePeerConnection(network);
    this.#sender = this.pc.addTransceiver('video', { direction: 'sendonly' }).sender;
    this.#loseOnTheWay();
    this.#pointer = this.pc.createDataChannel('pointer');
    this.#pointer.onMessage.subscribe((message) => this.heard.push(message.toString()));
    this.#sender.onPictureLossIndication.subscribe(() => {
      this.asked += 1;
      this.#owesKeyFrame = true;
    });
    this.#sender.onRtcp.subscribe((packet) => {
      if (packet.type !== RtcpPayloadSpecificFeedback.type) return;
      const { feedback } = packet as RtcpPayloadSpecificFeedback;
      if (feedback instanceof ReceiverEstimatedMaxBitrate) this.bitrate = Number(feedback.bitrate);
    });
  }

  async offer(iceRestart = false): Promise<string> {
    askNoStunServer(this.pc);
    await this.pc.setLocalDescription(await this.pc.createOffer({ iceRestart }));
    return this.pc.localDescription?.sdp ?? '';
  }

  /** Takes the answer, and draws from now on. */
  async answered(answer: string): Promise<void> {
    await this.pc.setRemoteDescription({ type: 'answer', sdp: answer });
    checkAgain(this.pc);
    this.#timer ??= setInterval(() => this.#draw(), pictureEveryMs);
  }

  get hasWrapped(): boolean {
    return this.number > 0x10000 - firstSequenceNumber + 10;
  }

  get isPointerOpen(): boolean {
    return this.#pointer.readyState === 'open';
  }

  say(message: string | Buffer): void {
    this.#pointer.send(message);
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.pc.close();
  }

  #draw(): void {
    if (this.pc.connectionState !== 'connected') return;
    this.number += 1;
    const isKey = this.#owesKeyFrame;
    this.#owesKeyFrame = false;
    const header = new RtpHeader({
      payloadType: videoPayloadType,
      sequenceNumber: (firstSequenceNumber + this.number) & 0xffff,
      timestamp: this.number * 1800,
      marker: true,
    });
    const payload = formatPicture({ source: this.name, number: this.number, isKey });
    void this.#sender.sendRtp(new RtpPacket(header, payload));
  }

  #loseOnTheWay(): void {
    const transport = this.#sender.dtlsTransport;
    const send = transport.sendRtp;
    transport.sendRtp = (payload, header) => {
      if (header.payloadType !== videoPayloadType || !this.loses(header.sequenceNumber)) {
        return send.call(transport, payload, header);
      }
      this.lost += 1;
      return Promise.resolve(0);
    };
  }
}
