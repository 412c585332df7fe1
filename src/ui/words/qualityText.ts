import type { Grade } from '../../media/grade';
import type { Path, Quality } from '../../media/quality';

export const gradeTexts: Record<Grade, string> = { good: 'Good', fair: 'Fair', poor: 'Poor' };

/**
 * How long after a change it is seen here: the way and the waiting at its end. Of what we show ourselves only the way is
 * known. `null` when not told.
 */
export function lagMs({ direction, delayMs, roundTripMs }: Quality): number | null {
  if (direction === 'out') return roundTripMs === null ? null : roundTripMs / 2;
  return delayMs === null ? null : delayMs + (roundTripMs ?? 0) / 2;
}

/** One sentence for everybody; `sharer` is whose screen we look at, by first name. */
export function lagText(quality: Quality, sharer: string | null): string {
  const lag = lagMs(quality);
  if (sharer === null) return 'How your picture leaves this device.';
  if (lag === null) return `Nothing moves in what ${sharer} shows.`;
  return `You see changes about ${(Math.max(lag, 50) / 1000).toFixed(1)} seconds after ${sharer} makes them.`;
}

const ways: Record<Path['by'], string> = {
  host: 'Direct, in the same network',
  reflexive: 'Direct, between networks',
  relay: 'Relay through the edge',
};

/** Names and values, without what is not known. */
export function factsOf(quality: Quality): readonly (readonly [string, string])[] {
  const { direction, bitrate, framesPerSecond, width, height, loss, roundTripMs, path } = quality;
  const lag = direction === 'in' ? lagMs(quality) : null;
  const facts: (readonly [string, string | null])[] = [
    ['Delay', lag === null ? null : `${Math.round(lag)} ms`],
    ['Round trip', roundTripMs === null ? null : `${Math.round(roundTripMs)} ms`],
    ['Frames', framesPerSecond === null ? null : `${Math.round(framesPerSecond)} per second`],
    ['Resolution', width === null || height === null ? null : `${width} × ${height}`],
    ['Bandwidth', bitrate === null ? null : bandwidthText(bitrate)],
    ['Lost packets', loss === null ? null : `${(loss * 100).toFixed(1)}%`],
    ['Path', path === null ? null : `${ways[path.by]}, ${path.protocol.toUpperCase()}`],
  ];
  return facts.filter((fact): fact is readonly [string, string] => fact[1] !== null);
}

function bandwidthText(bitrate: number): string {
  return bitrate >= 1_000_000 ? `${(bitrate / 1_000_000).toFixed(1)} Mbit/s` : `${Math.round(bitrate / 1000)} kbit/s`;
}
