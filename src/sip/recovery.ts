const firstMs = 2_000;
/** A restarted server has everybody back within five seconds: four of waiting and one of signing on. */
const mostMs = 4_000;

/**
 * How long to wait before connecting again, after `attempts` that failed: half of it by chance, so that a restarted server
 * is not met by everybody at once. `chance` in [0, 1).
 */
export function reconnectDelayMs(attempts: number, chance: number): number {
  const ceiling = Math.min(mostMs, firstMs * 1.5 ** attempts);
  return Math.round(ceiling * (0.5 + chance / 2));
}
