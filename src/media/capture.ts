import { failed, type Outcome, ok } from '../domain/failure';
import type { Surface } from '../protocol/lync/sharingSdp';

/** What the browser captures, as the person chose it. */
export interface Capture {
  stream: MediaStream;
  video: MediaStreamTrack;
  /** A tab's sound, where the browser offers it and the person let it. */
  audio: MediaStreamTrack | null;
  surface: Surface;
  /** For what a page may do to a captured tab; `null` where the browser has none. */
  controller: CaptureController | null;
}

/** Chromium's, not in TypeScript's library yet (Screen Capture, Captured Surface Control). */
export interface CaptureController extends EventTarget {
  setFocusBehavior?(behavior: 'focus-captured-surface' | 'no-focus-change'): void;
  forwardWheel?(element: HTMLElement | null): Promise<void>;
  increaseZoomLevel?(): Promise<void>;
  decreaseZoomLevel?(): Promise<void>;
}

const hints: Record<Surface, string> = { desktop: 'monitor', program: 'window', tab: 'browser' };
const surfaces: Record<string, Surface> = { monitor: 'desktop', window: 'program', browser: 'tab' };

/** False where the browser cannot show anything to anybody (a phone). */
export function canCapture(): boolean {
  return navigator.mediaDevices?.getDisplayMedia !== undefined;
}

/** Lets the person choose; must be called from a click. What is chosen may be of another kind than asked for. */
export async function capture(surface: Surface): Promise<Outcome<Capture>> {
  if (!canCapture()) return failed({ is: 'unsupported', what: 'this browser cannot show your screen' });
  const controller = newController();
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: { displaySurface: hints[surface], frameRate: { ideal: 30, max: 30 } },
      audio: surface === 'tab',
      ...(controller === null ? {} : { controller }),
      selfBrowserSurface: 'exclude',
      surfaceSwitching: 'include',
      systemAudio: 'exclude',
      monitorTypeSurfaces: surface === 'desktop' ? 'include' : 'exclude',
    } as DisplayMediaStreamOptions);
    const [video] = stream.getVideoTracks();
    if (video === undefined) return failed({ is: 'unsupported', what: 'the browser captured no picture' });
    // Text must stay readable when bits are short: fewer frames rather than fewer pixels.
    video.contentHint = 'detail';
    const { displaySurface = '' } = video.getSettings();
    const [audio = null] = stream.getAudioTracks();
    return ok({ stream, video, audio, surface: surfaces[displaySurface] ?? surface, controller });
  } catch (error) {
    return failed(failureOf(error));
  }
}

function newController(): CaptureController | null {
  const { CaptureController } = globalThis as { CaptureController?: new () => CaptureController };
  if (CaptureController === undefined) return null;
  const controller = new CaptureController();
  // The person stays here and sees what others see.
  controller.setFocusBehavior?.('no-focus-change');
  return controller;
}

function failureOf(error: unknown) {
  const { name, message } = error instanceof Error ? error : { name: '', message: '' };
  const isByPerson = name === 'NotAllowedError' && !/system/i.test(message);
  if (isByPerson || name === 'AbortError') return { is: 'cancelled' } as const;
  if (name === 'NotAllowedError') {
    return { is: 'unsupported', what: 'this computer does not let the browser record the screen' } as const;
  }
  return { is: 'unsupported', what: 'the browser could not capture that' } as const;
}

export function stopCapture({ stream }: Capture): void {
  for (const track of stream.getTracks()) track.stop();
}
