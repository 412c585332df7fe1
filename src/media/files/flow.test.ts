import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FileTrouble } from '../../domain/file';
import { chunkSize, type FileWord, formatFileWord, pieceSize, windowSize } from '../../protocol/shared/fileChannel';
import { type FakeDataChannel, fakeDataChannels } from '../../testing/fakeDataChannels';
import { FileLine, type LineHandlers } from './fileLine';
import type { FileSink } from './fileSink';
import { Inflow } from './inflow';
import { Outflow, Source, SourceChanged } from './outflow';

/** A sink in memory, whose disk may be slow or full. */
class MemorySink implements FileSink {
  readonly place = 'browser';
  readonly pieces: Uint8Array[] = [];
  capacity = Number.POSITIVE_INFINITY;
  /** Writes wait for it. */
  gate: Promise<void> = Promise.resolve();
  fate: 'open' | 'kept' | 'discarded' = 'open';
  get bytes(): number {
    return this.pieces.reduce((sum, { length }) => sum + length, 0);
  }
  settled = () => Promise.resolve(this.bytes);
  async write(bytes: Uint8Array): Promise<void> {
    await this.gate;
    if (this.bytes + bytes.length > this.capacity) throw new DOMException('full', 'QuotaExceededError');
    this.pieces.push(bytes);
  }
  digest = () => Promise.resolve(sha256(Buffer.concat(this.pieces.map((piece) => sha256Of(piece)))));
  keep = async () => {
    this.fate = 'kept';
  };
  discard = async () => {
    this.fate = 'discarded';
  };
}

const sha256Of = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const sha256 = (bytes: Uint8Array): string => sha256Of(bytes).toString('hex');
const bytesOf = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7) & 255);
const fileOf = (bytes: Uint8Array<ArrayBuffer>): File => new File([bytes], 'plan.pdf');
const silent: LineHandlers = {
  onOpen: () => undefined,
  onWord: () => undefined,
  onBytes: () => undefined,
  onNonsense: () => undefined,
  onClosed: () => undefined,
};

let near: FakeDataChannel;
let far: FakeDataChannel;
let arrive: (isThere?: () => boolean) => Promise<void>;
const isOver = (): boolean => fate.length > 0 && far.queue.length === 0 && near.queue.length === 0;
let sink: MemorySink;
let heard: FileWord[];
let fate: ('done' | FileTrouble)[];
beforeEach(() => {
  ({ near, far, arrive } = fakeDataChannels());
  sink = new MemorySink();
  heard = [];
  fate = [];
});

const channel = (end: FakeDataChannel) => end as unknown as RTCDataChannel;

/** The receiving end of `size` bytes. */
function receive(size: number): Inflow {
  const inflow: Inflow = new Inflow(
    sink,
    new FileLine(channel(far), {
      ...silent,
      onBytes: (bytes) => inflow.takeBytes(bytes),
      onWord: (word) => (word.is === 'end' ? inflow.takeEnd(word.sha256) : inflow.fail('notAsOffered')),
      onNonsense: () => inflow.fail('notAsOffered'),
    }),
    {
      size,
      handlers: {
        onReceived: () => undefined,
        onDone: () => fate.push('done'),
        onTrouble: (trouble) => fate.push(trouble),
      },
    },
  );
  return inflow;
}

/** The sending end. */
function send(source: Source, from = 0, largestMessage = 262_144): Outflow {
  const outflow: Outflow = new Outflow(
    source,
    new FileLine(channel(near), {
      ...silent,
      onWord: (word) => {
        heard.push(word);
        if (word.is === 'taken') outflow.taken(word.bytes);
      },
    }),
    { from, largestMessage },
  );
  return outflow;
}

const say = (word: FileWord): void => near.send(formatFileWord(word));

describe('FTR-4 a file over a data channel', () => {
  it.each([0, 1, chunkSize, 3 * windowSize + 5])('of %i bytes arrives whole, and both ends know', async (size) => {
    const bytes = bytesOf(size);
    receive(size);
    const sent = send(new Source(fileOf(bytes), 'pieces')).run();
    await arrive(isOver);
    expect(await sent).toBe(true);
    expect(Buffer.concat(sink.pieces).equals(bytes)).toBe(true);
    expect([sink.fate, fate, heard.at(-1)]).toEqual(['kept', ['done'], { is: 'done' }]);
  });

  it('sends no message larger than the other end takes, nor than 64 kB', async () => {
    for (const [largest, expected] of [
      [16_384, 16_384],
      [262_144, chunkSize],
      [0, chunkSize],
    ] as const) {
      ({ near, far, arrive } = fakeDataChannels());
      void send(new Source(fileOf(bytesOf(chunkSize * 2)), 'pieces'), 0, largest).run();
      while (near.queue.length === 0) await new Promise((resolve) => setImmediate(resolve));
      const [first] = near.queue;
      expect((first as ArrayBuffer).byteLength).toBe(expected);
    }
  });

  it('waits for the disk of the other end: never more than the window is on its way', async () => {
    const size = 2 * windowSize;
    let open = (): void => undefined;
    sink.gate = new Promise((resolve) => {
      open = resolve;
    });
    receive(size);
    const outflow = send(new Source(fileOf(bytesOf(size)), 'pieces'));
    let came = 0;
    far.addEventListener('message', (event) => {
      const { data } = event as MessageEvent;
      if (data instanceof ArrayBuffer) came += data.byteLength;
    });
    const sent = outflow.run();
    await arrive(() => came === windowSize);
    await arrive();
    expect([came, fate]).toEqual([windowSize, []]);
    open();
    await arrive(isOver);
    expect([await sent, fate]).toEqual([true, ['done']]);
  });

  it('goes on from the piece that is there, with the digest of the whole', async () => {
    const bytes = bytesOf(3_000_000);
    const source = new Source(fileOf(bytes), 'pieces');
    receive(bytes.length);
    const first = send(source);
    const broken = first.run();
    while (sink.bytes < 1_500_000) {
      near.deliver();
      far.deliver();
      await new Promise((resolve) => setImmediate(resolve));
    }
    first.stop();
    expect(await broken).toBe(false);
    ({ near, far, arrive } = fakeDataChannels());
    receive(bytes.length);
    const again = send(source, sink.bytes).run();
    await arrive(isOver);
    expect([await again, fate]).toEqual([true, ['done']]);
    expect(Buffer.concat(sink.pieces).equals(bytes)).toBe(true);
  });

  it('goes on in a page that never sent its beginning: reads that for the digest', async () => {
    const bytes = bytesOf(2_500_000);
    for (let at = 0; at < 4 * pieceSize; at += pieceSize) sink.pieces.push(bytes.slice(at, at + pieceSize));
    receive(bytes.length);
    const sent = send(new Source(fileOf(bytes), 'pieces'), 4 * pieceSize).run();
    await arrive(isOver);
    expect([await sent, fate]).toEqual([true, ['done']]);
  });

  it('stops when the file is not any more what was chosen', async () => {
    const file = fileOf(bytesOf(10));
    Object.defineProperty(file, 'slice', { value: () => new Blob(['short']) });
    await expect(send(new Source(file, 'pieces')).run()).rejects.toThrow(SourceChanged);
  });

  it('takes no word of what cannot be', () => {
    const outflow = send(new Source(fileOf(bytesOf(10)), 'pieces'), 5);
    expect([outflow.taken(4), outflow.taken(6), outflow.taken(5)]).toEqual([false, false, true]);
  });
});

describe('FTR-4 refuses, says why, and keeps nothing', () => {
  it('another digest than that of what came', async () => {
    receive(3);
    near.send(bytesOf(3));
    say({ is: 'end', sha256: 'a'.repeat(64) });
    await arrive(isOver);
    expect(fate).toEqual(['damaged']);
    expect(far.queue).toEqual([]);
    expect(sink.fate).toBe('open');
  });

  it.each<[string, () => void]>([
    ['more bytes than offered', () => near.send(bytesOf(chunkSize))],
    ['an end before all is there', () => say({ is: 'end', sha256: 'a'.repeat(64) })],
    ['no bytes at all in a message', () => near.send(new Uint8Array())],
    ['a word that is the receiver’s', () => say({ is: 'done' })],
    ['nonsense', () => near.send('{"is":"begin"}')],
  ])('%s', async (_what, hostile) => {
    receive(100);
    hostile();
    await arrive();
    expect(fate).toEqual(['notAsOffered']);
    near.send(bytesOf(10));
    await arrive();
    expect(sink.bytes).toBe(0);
  });

  it('a message larger than any of ours', async () => {
    receive(10_000_000);
    near.send(bytesOf(chunkSize + 1));
    await arrive();
    expect(fate).toEqual(['notAsOffered']);
  });

  it('a flood: more than the window before it was asked for', async () => {
    sink.gate = new Promise(() => undefined);
    receive(10 * windowSize);
    for (let sent = 0; sent <= windowSize; sent += chunkSize) near.send(bytesOf(chunkSize));
    await arrive();
    expect(fate).toEqual(['notAsOffered']);
  });

  it('a flood of words', async () => {
    let nonsense = 0;
    new FileLine(channel(far), { ...silent, onNonsense: () => (nonsense += 1) });
    for (let said = 0; said < 500; said += 1) say({ is: 'taken', bytes: said });
    await arrive();
    expect(nonsense).toBeGreaterThan(0);
  });

  it('what the disk has no room for', async () => {
    sink.capacity = chunkSize;
    receive(2 * chunkSize);
    send(new Source(fileOf(bytesOf(2 * chunkSize)), 'pieces'))
      .run()
      .catch(() => undefined);
    await arrive(isOver);
    expect([fate, heard.at(-1)]).toEqual([['noRoom'], { is: 'stop', why: 'noRoom' }]);
  });
});

it('a line that is closed says so once', () => {
  let closed = 0;
  new FileLine(channel(near), { ...silent, onClosed: () => (closed += 1) });
  near.close();
  near.dispatchEvent(new Event('error'));
  expect(closed).toBe(1);
});
