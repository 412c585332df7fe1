import { describe, expect, it, vi } from 'vitest';
import type { CaptureController } from './capture';
import { CapturedSurface } from './capturedSurface';

const preview = {} as HTMLElement;
const verbs = () => ({
  forwardWheel: vi.fn(async () => undefined),
  increaseZoomLevel: vi.fn(async () => undefined),
  decreaseZoomLevel: vi.fn(async () => undefined),
});

describe('a captured tab', () => {
  it('takes another size once the person has allowed it', async () => {
    const controller = verbs();
    const surface = new CapturedSurface(controller as unknown as CaptureController);
    surface.zoom('in');
    expect([surface.canZoom, surface.asksFirst, controller.increaseZoomLevel.mock.calls.length]).toEqual([
      false,
      true,
      0,
    ]);
    await surface.allow(preview);
    await surface.allow(preview);
    expect(controller.forwardWheel.mock.calls).toEqual([[preview]]);
    for (const by of ['in', 'out'] as const) surface.zoom(by);
    expect([surface.canZoom, surface.asksFirst]).toEqual([true, false]);
    expect(controller.increaseZoomLevel).toHaveBeenCalledTimes(1);
    expect(controller.decreaseZoomLevel).toHaveBeenCalledTimes(1);
  });

  it('stays as it is when the person refuses, or the browser cannot', async () => {
    const refusing = { ...verbs(), forwardWheel: vi.fn(() => Promise.reject(new DOMException('', 'NotAllowedError'))) };
    for (const controller of [refusing, {}]) {
      const surface = new CapturedSurface(controller as unknown as CaptureController);
      await surface.allow(preview);
      surface.zoom('in');
      expect(surface.canZoom).toBe(false);
    }
    expect(refusing.increaseZoomLevel).not.toHaveBeenCalled();
  });

  it('is left alone at the end of its sizes', async () => {
    const controller = {
      ...verbs(),
      increaseZoomLevel: vi.fn(() => Promise.reject(new DOMException('', 'InvalidStateError'))),
    };
    const surface = new CapturedSurface(controller as unknown as CaptureController);
    await surface.allow(preview);
    surface.zoom('in');
    await Promise.resolve();
  });
});
