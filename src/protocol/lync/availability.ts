/** Availability numbers of [MS-PRES] and the words for their ranges (`lync-wire` 4.5). */

export type AvailabilityWord =
  | 'available'
  | 'inactive'
  | 'busy'
  | 'busy-inactive'
  | 'do-not-disturb'
  | 'be-right-back'
  | 'away'
  | 'offline'
  | 'unknown';

/** Ranges by their lower bound, highest first, with the number that we write. */
const ranges: readonly { from: number; word: AvailabilityWord; canonical: number }[] = [
  { from: 18000, word: 'offline', canonical: 18500 },
  { from: 15000, word: 'away', canonical: 15500 },
  { from: 12000, word: 'be-right-back', canonical: 12500 },
  { from: 9000, word: 'do-not-disturb', canonical: 9500 },
  { from: 7500, word: 'busy-inactive', canonical: 7500 },
  { from: 6000, word: 'busy', canonical: 6500 },
  { from: 4500, word: 'inactive', canonical: 5000 },
  { from: 3000, word: 'available', canonical: 3500 },
  { from: 0, word: 'unknown', canonical: 0 },
];

export const offlineAvailability = 18500;

export function wordOf(availability: number): AvailabilityWord {
  return ranges.find(({ from }) => availability >= from)?.word ?? 'unknown';
}

export function availabilityOf(word: AvailabilityWord): number {
  return ranges.find((range) => range.word === word)?.canonical ?? 0;
}
