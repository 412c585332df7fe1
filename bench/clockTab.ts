import type { BrowserContext, Page } from '@playwright/test';
import { sourceTitle } from '../e2e/sharedSource';

/** The clock of the source: milliseconds in so many squares, black or white, the highest first. */
const bits = 16;
const square = 40;
const size = { width: 1280, height: 720 };

/** A tab of moving text with a clock over it that `noteSight` reads in whatever picture it comes out. */
export async function openClockTab(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.setViewportSize(size);
  await page.setContent(`<!doctype html><title>${sourceTitle}</title>
    <body style="margin:0;overflow:hidden;background:#fff;font:20px/26px sans-serif"><canvas id="clock" width="${bits * square}"
    height="${square}" style="display:block"></canvas><pre id="text" style="margin:0"></pre></body>`);
  await page.evaluate(
    ({ bits, square }) => {
      const clock = (document.getElementById('clock') as HTMLCanvasElement).getContext('2d');
      const text = document.getElementById('text') as HTMLElement;
      let frame = 0;
      const draw = () => {
        frame += 1;
        const now = Math.round(performance.timeOrigin + performance.now()) % 2 ** bits;
        for (let bit = 0; bit < bits && clock !== null; bit += 1) {
          clock.fillStyle = (now >> (bits - 1 - bit)) & 1 ? '#fff' : '#000';
          clock.fillRect(bit * square, 0, square, square);
        }
        // Scrolls as somebody's reading does.
        text.textContent = Array.from({ length: 25 }, (_, row) => {
          return `${(frame >> 1) + row}: the quick brown fox jumps over the lazy dog, ${(frame >> 1) * 7919 + row * 104729}`;
        }).join('\n');
        requestAnimationFrame(draw);
      };
      draw();
    },
    { bits, square },
  );
  return page;
}

/** What a page saw of a video: on the clock that all pages of a machine share. */
export interface Sight {
  /** Epoch ms. */
  first: number | null;
  shown: number;
  /** From the clock's drawing to the picture's, ms. */
  delays: number[];
}

interface Sighted {
  sight: Sight;
}

/** Watches every video that there is and that comes. */
export async function noteSight(page: Page): Promise<void> {
  await page.evaluate(
    ({ bits, square, height, width }) => {
      const shared = window as unknown as Sighted;
      shared.sight = { first: null, shown: 0, delays: [] };
      const canvas = document.createElement('canvas');
      canvas.width = bits * 10;
      canvas.height = 10;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      const clockOf = (video: HTMLVideoElement): number => {
        const { videoWidth, videoHeight } = video;
        const wide = (videoWidth * bits * square) / width;
        const high = (videoHeight * square) / height;
        context?.drawImage(video, 0, 0, wide, high, 0, 0, canvas.width, canvas.height);
        const row = context?.getImageData(0, 5, canvas.width, 1).data ?? [];
        let read = 0;
        for (let bit = 0; bit < bits; bit += 1) read = read * 2 + ((row[(bit * 10 + 5) * 4] ?? 0) > 127 ? 1 : 0);
        return read;
      };
      const watch = (video: HTMLVideoElement): void => {
        let last = 0;
        const seen: VideoFrameRequestCallback = (now, { presentedFrames }) => {
          const { sight } = shared;
          const at = performance.timeOrigin + now;
          sight.first ??= at;
          sight.shown += last === 0 ? 1 : presentedFrames - last;
          last = presentedFrames;
          const delay = (Math.round(at) - clockOf(video) + 2 * 2 ** bits) % 2 ** bits;
          // A clock that could not be read is no delay.
          if (delay < 10_000) sight.delays.push(delay);
          video.requestVideoFrameCallback(seen);
        };
        video.requestVideoFrameCallback(seen);
      };
      const known = new WeakSet<Element>();
      const look = () => {
        for (const video of document.querySelectorAll('video')) {
          if (!known.has(video)) watch(video);
          known.add(video);
        }
      };
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
      look();
    },
    { bits, square, ...size },
  );
}

export async function forgetSight(page: Page): Promise<void> {
  await page.evaluate(() => {
    (window as unknown as Sighted).sight = { first: null, shown: 0, delays: [] };
  });
}

export function sightOf(page: Page): Promise<Sight> {
  return page.evaluate(() => (window as unknown as Sighted).sight);
}

/** Notes in `captured` when the browser gave what was chosen. */
export async function noteCapture(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const capture = mediaDevices.getDisplayMedia.bind(mediaDevices);
    mediaDevices.getDisplayMedia = async (options) => {
      const stream = await capture(options);
      (window as unknown as { captured: number }).captured = performance.timeOrigin + performance.now();
      return stream;
    };
  });
}

export function capturedAt(page: Page): Promise<number> {
  return page.evaluate(() => (window as unknown as { captured: number }).captured);
}
