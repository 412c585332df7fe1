/** The only doorway to time, chance and ids; everything takes it as an argument, so that a test can own it. */
export interface World {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs once after `ms` milliseconds, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
  /** A fresh random identifier: 128 bits as a lower-case UUID. */
  id(): string;
  /** In [0, 1). */
  random(): number;
}

export const realWorld: World = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  id: () => crypto.randomUUID(),
  random: () => Math.random(),
};
