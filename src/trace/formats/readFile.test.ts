import { expect, it } from 'vitest';
import type { NewEntry } from '../entry';
import { type ReadStep, readFile } from './readFile';
import { TraceFileWriter } from './writeTrace';

const entries: NewEntry[] = Array.from({ length: 5_000 }, (_, at) => ({
  at,
  direction: at % 2 === 0 ? 'out' : 'in',
  kind: 'sip',
  url: 'wss://fe1.contoso.example/sip',
  text: `OPTIONS sip:contoso.example SIP/2.0\r\nCall-ID: c${at}\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n`,
}));
const writer = new TraceFileWriter('json', false);
const json = new Blob([...writer.push(entries), ...writer.end()]);

async function* chunksOf(blob: Blob, size = 100_000): AsyncGenerator<Uint8Array> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function stepsOf(blob: Blob): Promise<ReadStep[]> {
  const steps: ReadStep[] = [];
  for await (const step of readFile(chunksOf(blob))) steps.push(step);
  return steps;
}

const readIn = (steps: readonly ReadStep[]): NewEntry[] =>
  steps.flatMap((step) => (step.is === 'entries' ? step.entries : []));

it('hands over a file in batches with how far it is, and ends with what was passed over', async () => {
  const steps = await stepsOf(json);
  expect(readIn(steps)).toEqual(entries);
  const batches = steps.filter((step) => step.is === 'entries');
  expect(batches.length).toBeGreaterThan(1);
  expect(batches.at(-1)?.read).toBe(json.size);
  expect(steps.at(-1)).toEqual({ is: 'done', skipped: 0 });
});

it('hands over what is known only at the end in batches too, large messages a few at a time', async () => {
  const large = Array.from({ length: 20 }, (_, at) => ({ ...(entries[0] as NewEntry), at, text: 'x'.repeat(900_000) }));
  const file = new TraceFileWriter('json', false);
  const steps = await stepsOf(new Blob([...file.push(large), ...file.end()]));
  const lengths = steps.flatMap((step) => (step.is === 'entries' ? [step.entries.length] : []));
  expect(Math.max(...lengths)).toBeLessThanOrEqual(3);
  expect(readIn(steps)).toHaveLength(20);
});

it('keeps what came before the damage, and says where it is', async () => {
  const text = await json.text();
  const steps = await stepsOf(new Blob([text.slice(0, text.lastIndexOf('{"at"')), 'nonsense\n']));
  expect(readIn(steps)).toEqual(entries.slice(0, -1));
  expect(steps.at(-1)).toEqual({ is: 'unreadable', reason: { is: 'damaged', format: 'json', at: 5_001 } });
});

it('says of something else that it is none', async () => {
  expect(await stepsOf(new Blob(['hello']))).toContainEqual({ is: 'unreadable', reason: { is: 'unknown' } });
  expect(await stepsOf(new Blob([]))).toContainEqual({ is: 'unreadable', reason: { is: 'empty' } });
});

it('passes on that the file itself cannot be read any more', async () => {
  const gone = async () => {
    for await (const _step of readFile(failing()));
  };
  await expect(gone()).rejects.toThrow('gone');
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(10);
  throw new Error('gone');
}
