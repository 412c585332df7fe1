/** Another process: who shares and who looks, so that the forwarder's own time can be told from theirs. */
import { type RTCPeerConnection, type RTCRtpSender, RtpHeader, RtpPacket } from 'werift';
import { formatPicture } from '../server/media/testing/picture';
import { askNoStunServer } from '../server/media/werift/connection';
import { type MediaNetwork, makePeerConnection, videoPayloadType } from '../server/media/werift/peerConnection';

export type Asked =
  | { is: 'share'; network: MediaNetwork }
  | { is: 'shared'; answer: string }
  | { is: 'look'; network: MediaNetwork; offer: string }
  /** Bytes that came to everybody since the last time. */
  | { is: 'count' };

/** 166 packets of 1,130 bytes a second: 1.5 Mbit/s. */
const burst = { packets: 10, everyMs: 60, bytes: 1_130 };

let sharer: { pc: RTCPeerConnection; sender: RTCRtpSender } | null = null;
let received = 0;
let number = 0;

async function share(network: MediaNetwork): Promise<string> {
  const pc = makePeerConnection(network);
  sharer = { pc, sender: pc.addTransceiver('video', { direction: 'sendonly' }).sender };
  pc.addTransceiver('audio', { direction: 'sendonly' });
  pc.createDataChannel('pointer');
  askNoStunServer(pc);
  await pc.setLocalDescription(await pc.createOffer());
  return pc.localDescription?.sdp ?? '';
}

async function shared(answer: string): Promise<null> {
  await sharer?.pc.setRemoteDescription({ type: 'answer', sdp: answer });
  setInterval(draw, burst.everyMs);
  return null;
}

function draw(): void {
  if (sharer?.pc.connectionState !== 'connected') return;
  for (let packet = 0; packet < burst.packets; packet += 1) {
    number += 1;
    const picture = formatPicture({ source: 'bench', number, isKey: number % 100 === 1 });
    const header = new RtpHeader({
      payloadType: videoPayloadType,
      sequenceNumber: number & 0xffff,
      timestamp: Math.floor(number / burst.packets) * 5_400,
      marker: packet === burst.packets - 1,
    });
    const padding = Buffer.alloc(burst.bytes - picture.length);
    void sharer.sender.sendRtp(new RtpPacket(header, Buffer.concat([picture, padding])));
  }
}

async function look(network: MediaNetwork, offer: string): Promise<string> {
  const pc = makePeerConnection(network);
  pc.onTrack.subscribe((track) => track.onReceiveRtp.subscribe(({ payload }) => (received += payload.length)));
  await pc.setRemoteDescription({ type: 'offer', sdp: offer });
  askNoStunServer(pc);
  await pc.setLocalDescription(await pc.createAnswer());
  return pc.localDescription?.sdp ?? '';
}

function count(): number {
  const since = received;
  received = 0;
  return since;
}

process.on('message', async (asked: Asked) => {
  const answers = {
    share: () => asked.is === 'share' && share(asked.network),
    shared: () => asked.is === 'shared' && shared(asked.answer),
    look: () => asked.is === 'look' && look(asked.network, asked.offer),
    count,
  };
  process.send?.({ value: await answers[asked.is]() });
});
