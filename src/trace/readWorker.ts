import { type ReadStep, readFile } from './formats/readFile';

/** Down the file, then `next` for each step that was taken; up its steps. `gone`: the file cannot be read any more. */
export type ToReadWorker = { is: 'read'; file: Blob } | { is: 'next' };
export type FromReadWorker = ReadStep | { is: 'gone' };

let steps: AsyncGenerator<ReadStep> | null = null;

/** A file is read no faster than the page takes it in: a large one is never in memory as a whole. */
async function step(): Promise<FromReadWorker | null> {
  try {
    const { value, done } = (await steps?.next()) ?? { value: undefined, done: true };
    return done === true ? null : (value ?? null);
  } catch {
    return { is: 'gone' };
  }
}

self.onmessage = async ({ data }: MessageEvent<ToReadWorker>) => {
  if (data.is === 'read') steps = readFile(chunksOf(data.file));
  const taken = await step();
  if (taken !== null) self.postMessage(taken);
};

async function* chunksOf(file: Blob): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}
