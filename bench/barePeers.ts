import type { Page } from '@playwright/test';

interface Bare {
  bare: RTCPeerConnection;
}

/** Shares the tab that stands ready from one page to another, with nothing but a peer connection; answers how to end it. */
export async function sharePlainly(sharer: Page, viewer: Page): Promise<() => Promise<void>> {
  await sharer.evaluate(() => {
    const button = document.createElement('button');
    button.id = 'bare';
    button.style.cssText = 'position:fixed;z-index:1000000;top:0;left:0;width:40px;height:40px';
    button.onclick = async () => {
      button.onclick = null;
      const connection = new RTCPeerConnection();
      (window as unknown as Bare).bare = connection;
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { displaySurface: 'browser', frameRate: { ideal: 30, max: 30 } },
      } as DisplayMediaStreamOptions);
      const [track] = stream.getVideoTracks();
      if (track === undefined) throw new Error('nothing was captured');
      track.contentHint = 'detail';
      connection.addTransceiver(track, { direction: 'sendonly', sendEncodings: [{ maxBitrate: 4_000_000 }] });
      await connection.setLocalDescription();
      button.dataset.is = 'offering';
    };
    document.body.append(button);
  });
  await sharer.locator('#bare').click();
  await sharer.locator('#bare[data-is=offering]').waitFor();
  const offer = await sharer.evaluate(gathered);
  await viewer.evaluate(async (sdp) => {
    const connection = new RTCPeerConnection();
    (window as unknown as Bare).bare = connection;
    const video = document.createElement('video');
    video.style.cssText = 'position:fixed;z-index:1000000;top:60px;left:90px;width:960px;height:540px';
    video.id = 'bare';
    video.muted = true;
    connection.ontrack = ({ track }) => {
      video.srcObject = new MediaStream([track]);
      void video.play();
    };
    document.body.append(video);
    await connection.setRemoteDescription({ type: 'offer', sdp });
    await connection.setLocalDescription();
  }, offer);
  const answer = await viewer.evaluate(gathered);
  await sharer.evaluate(
    (sdp) => (window as unknown as Bare).bare.setRemoteDescription({ type: 'answer', sdp }),
    answer,
  );
  return async () => {
    for (const page of [sharer, viewer]) await page.evaluate(end);
  };
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

function end(): void {
  const { bare } = window as unknown as Bare;
  for (const { track } of bare.getSenders()) track?.stop();
  bare.close();
  document.getElementById('bare')?.remove();
}
