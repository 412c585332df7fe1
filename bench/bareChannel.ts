import type { Page } from '@playwright/test';

interface Bare {
  bare: RTCPeerConnection;
  bareFirst: number | null;
  bareLast: Promise<number>;
}

/** Bytes a second over a bare ordered data channel from one page to another: out of memory, and to nobody. */
export async function sendPlainly(sender: Page, receiver: Page, size: number): Promise<number> {
  await sender.evaluate((size) => {
    const connection = new RTCPeerConnection();
    (window as unknown as Bare).bare = connection;
    const channel = connection.createDataChannel('bare', { ordered: true });
    const chunk = new Uint8Array(64 * 1024).map((_, index) => index * 31);
    const [high, low] = [1024 * 1024, 256 * 1024];
    channel.bufferedAmountLowThreshold = low;
    let left = size;
    const send = () => {
      while (left > 0 && channel.bufferedAmount < high) {
        channel.send(left < chunk.length ? chunk.subarray(0, left) : chunk);
        left -= Math.min(left, chunk.length);
      }
    };
    channel.onbufferedamountlow = send;
    channel.onopen = send;
    return connection.setLocalDescription();
  }, size);
  const offer = await sender.evaluate(gathered);
  await receiver.evaluate(
    async ({ sdp, size }) => {
      const connection = new RTCPeerConnection();
      const shared = window as unknown as Bare;
      shared.bare = connection;
      shared.bareFirst = null;
      shared.bareLast = new Promise((resolve) => {
        connection.ondatachannel = ({ channel }) => {
          let received = 0;
          shared.bareFirst = performance.now();
          channel.binaryType = 'arraybuffer';
          channel.onmessage = ({ data }) => {
            received += (data as ArrayBuffer).byteLength;
            if (received === size) resolve(performance.now());
          };
        };
      });
      await connection.setRemoteDescription({ type: 'offer', sdp });
      await connection.setLocalDescription();
    },
    { sdp: offer, size },
  );
  const answer = await receiver.evaluate(gathered);
  await sender.evaluate(
    (sdp) => (window as unknown as Bare).bare.setRemoteDescription({ type: 'answer', sdp }),
    answer,
  );
  const ms = await receiver.evaluate(async () => {
    const shared = window as unknown as Bare;
    return (await shared.bareLast) - (shared.bareFirst ?? Number.NaN);
  });
  for (const page of [sender, receiver]) await page.evaluate(() => (window as unknown as Bare).bare.close());
  return (size / ms) * 1000;
}

function gathered(): Promise<string> {
  const { bare } = window as unknown as Bare;
  return new Promise((resolve) => {
    const look = () => {
      if (bare.iceGatheringState === 'complete') resolve(bare.localDescription?.sdp ?? '');
    };
    bare.addEventListener('icegatheringstatechange', look);
    look();
  });
}
