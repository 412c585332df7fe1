import type { Zoom } from '../protocol/shared/pointerMessage';
import type { CaptureController } from './capture';

/**
 * What a page may do to the tab that it captures (Captured Surface Control, where the browser has it): its size, for
 * whoever has control, and the wheel, but only that of the person here, over the preview.
 */
export class CapturedSurface {
  readonly #controller: CaptureController;
  #isAllowed = false;

  constructor(controller: CaptureController) {
    this.#controller = controller;
  }

  get canZoom(): boolean {
    return this.#isAllowed;
  }

  /** The browser knows how, and will ask. */
  get asksFirst(): boolean {
    return !this.#isAllowed && this.#controller.forwardWheel !== undefined;
  }

  /** Asks the person, by the browser's own question; must be called from a click. From then on the wheel over `preview` turns there. */
  async allow(preview: HTMLElement | null): Promise<void> {
    if (this.#controller.forwardWheel === undefined || this.#isAllowed) return;
    try {
      await this.#controller.forwardWheel(preview);
      this.#isAllowed = this.#controller.increaseZoomLevel !== undefined;
    } catch {
      // Refused, or the browser cannot: it stays as it is.
    }
  }

  zoom(by: Zoom): void {
    if (!this.#isAllowed) return;
    const done = {
      in: () => this.#controller.increaseZoomLevel?.(),
      out: () => this.#controller.decreaseZoomLevel?.(),
    }[by]();
    // At the end of its levels, or the tab is gone.
    done?.catch(() => undefined);
  }
}
