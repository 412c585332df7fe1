import { type BrowserContext, expect as baseExpect, type Locator, type Page } from '@playwright/test';
import { patienceMs } from './browser';

/** As patient outside the test runner as inside. */
const expect = baseExpect.configure({ timeout: patienceMs });

/** The title of the tab that Chromium's picker chooses by itself (`--auto-select-tab-capture-source-by-title`). */
export const sourceTitle = 'Confab source';

/** Switches with which a captured tab is chosen without a person; nothing else changes. */
export const captureSwitches = [
  `--auto-select-tab-capture-source-by-title=${sourceTitle}`,
  // The sharer's tab is not in front of everything all the time.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

interface Source {
  color?: string;
  /** Small, since every viewer's picture is coded and decoded on this machine. */
  size?: { width: number; height: number };
}

/** Something to be shared: text that moves, on a colour that a test can look for. */
export async function openSource(context: BrowserContext, source: Source = {}): Promise<Page> {
  const { color = 'rgb(200, 40, 40)', size = { width: 720, height: 450 } } = source;
  const page = await context.newPage();
  await page.setViewportSize(size);
  await page.setContent(`<!doctype html><title>${sourceTitle}</title>
    <body style="margin:0;background:${color};font:28px/40px sans-serif;color:#fff"><pre id="text"></pre></body>`);
  await page.evaluate(() => {
    let count = 0;
    const text = document.getElementById('text') as HTMLElement;
    const step = () => {
      count += 1;
      text.textContent = Array.from({ length: 14 }, (_, row) => `row ${row}: ${count + row} of moving text`).join('\n');
    };
    setInterval(step, 50);
  });
  return page;
}

/** The colour in a corner of what a video shows, to the nearest 32. */
export function colorOf(video: Locator): Promise<string> {
  return video.evaluate((element) => {
    const canvas = document.createElement('canvas');
    canvas.width = 8;
    canvas.height = 8;
    const context = canvas.getContext('2d');
    context?.drawImage(element as HTMLVideoElement, 0, 0, 8, 8);
    const [red = 0, green = 0, blue = 0] = context?.getImageData(7, 7, 1, 1).data ?? [];
    return [red, green, blue].map((value) => Math.round(value / 32) * 32).join(',');
  });
}

/** Frames that a video has shown. */
export function framesOf(video: Locator): Promise<number> {
  return video.evaluate((element) => (element as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames);
}

/** The picture moves. */
export async function isMoving(video: Locator): Promise<void> {
  const before = await framesOf(video);
  await expect.poll(() => framesOf(video)).toBeGreaterThan(before + 5);
}
