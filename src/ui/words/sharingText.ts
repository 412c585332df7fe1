import type { Surface } from '../../protocol/lync/sharingSdp';

const surfaces: Record<Surface, string> = { desktop: 'a desktop', program: 'a program', tab: 'a browser tab' };

/** `a program`; `something` when not told. */
export function surfaceText(surface: Surface | null): string {
  return surface === null ? 'something' : surfaces[surface];
}
