import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../protocol/bytes';
import { fuzzedRun, nameOf, people } from '../../testing/fuzzedRun';
import { recordSession } from '../../testing/recordedSession';
import type { NewEntry, TraceEntry } from '../entry';
import { TraceFileReader } from './readTrace';
import { UnreadableTrace } from './traceFormat';
import { type ExportFormat, TraceFileWriter } from './writeTrace';

let recorded: readonly TraceEntry[] = [];
beforeAll(async () => {
  recorded = await recordSession();
});

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
function written(entries: Iterable<NewEntry>, format: ExportFormat, hides = false): Uint8Array {
  const writer = new TraceFileWriter(format, hides);
  return concatBytes(...writer.push(entries), ...writer.end());
}

/** Read in pieces of these lengths, over and over. */
function read(file: Uint8Array, pieces: readonly number[] = [file.length]): { entries: NewEntry[]; skipped: number } {
  const reader = new TraceFileReader();
  const entries: NewEntry[] = [];
  for (let at = 0, turn = 0; at < file.length; turn += 1) {
    const length = Math.max(1, pieces[turn % pieces.length] ?? 1);
    entries.push(...reader.push(file.subarray(at, at + length)));
    at += length;
  }
  entries.push(...reader.end());
  return { entries, skipped: reader.skipped };
}

const essence = ({ at, direction, text }: NewEntry) => ({ at, direction, text });
const messages = (entries: readonly NewEntry[]) => entries.filter(({ kind }) => kind === 'sip');

/** Text as hostile as a peer can make it: pieces of the formats themselves. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\r\n$$end_record\r\n',
        '$$end_record',
        'TL_INFO(TF_PROTOCOL) [0]0001.0001::03/02/2026-08:00:01.417.00000042 (a)$$begin_record\r\n',
        '\r\nMessage-Body: x',
        '\r\nStart-Line: X',
        '-',
        '\n',
        '\r',
        '\r\n\r\n',
        ']}',
        '"',
        '\\',
        '🙂',
        'ß',
        '\0',
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
    ),
    { maxLength: 8 },
  )
  .map((pieces) => pieces.join(''));

const message = fc
  .record({
    body: nasty,
    subject: fc.string({ maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, ' ')),
    direction: fc.constantFrom('in' as const, 'out' as const),
    ms: fc.nat(10_000),
    length: fc.constantFrom('right', 'none', 'less', 'more'),
    url: fc.constantFrom('wss://fe1.contoso.example/sip', '10.0.0.21:50123', 'ws://[2001:db8::7]:8080/sip'),
  })
  .map(({ body, subject, direction, ms, length, url }): NewEntry => {
    const bytes = bytesOf(body).length;
    const told = { right: bytes, less: Math.max(0, bytes - 3), more: bytes + 7, none: 0 }[length];
    const lengthLine = length === 'none' ? '' : `Content-Length: ${told}\r\n`;
    const head = `MESSAGE sip:bob@contoso.example SIP/2.0\r\nCall-ID: c1\r\nSubject: ${subject}\r\nCSeq: 2 MESSAGE\r\n`;
    const text = `${head}${lengthLine}\r\n${body}`.toWellFormed();
    return { at: Date.UTC(2026, 2, 2, 8) + ms, direction, kind: 'sip', url, text };
  });

const note = fc
  .record({ text: nasty, level: fc.constantFrom('error' as const, 'warning' as const, undefined) })
  .map(({ text, level }): NewEntry => {
    const entry = { at: Date.UTC(2026, 2, 2, 9), direction: 'in' as const, kind: 'store' as const, url: '' };
    return { ...entry, text: text.toWellFormed(), ...(level === undefined ? {} : { level }) };
  });

const traces = fc.array(fc.oneof({ weight: 4, arbitrary: message }, note), { minLength: 1, maxLength: 12 });
const coarse = fc.array(fc.integer({ min: 200, max: 20_000 }), { minLength: 1, maxLength: 4 });
const pieces = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 4 });

describe('export and import', () => {
  it.each(['snooper', 'json'] as const)('%s: written, read and written again is the same, byte for byte', (format) => {
    const first = written(recorded, format);
    const { entries, skipped } = read(first, [777]);
    expect(skipped).toBe(0);
    expect(messages(entries).map(essence)).toEqual(messages(recorded).map(essence));
    expect(textOf(written(entries, format))).toBe(textOf(first));
  });

  it.each(['snooper', 'json'] as const)(
    '%s: also of hostile messages, in any pieces',
    (format) => {
      fc.assert(
        fc.property(traces, pieces, (entries, lengths) => {
          const first = written(entries, format);
          const back = read(first, lengths);
          expect(back.entries.map(essence)).toEqual(entries.map(essence));
          expect(textOf(written(back.entries, format))).toBe(textOf(first));
        }),
        { numRuns: 100 },
      );
    },
    60_000,
  );

  it('pcapng: every message comes back with its time, direction and URL', () => {
    const { entries, skipped } = read(written(recorded, 'pcapng'), [1_000]);
    expect(skipped).toBe(0);
    expect(entries).toEqual(
      messages(recorded).map(({ at, direction, kind, url, text }) => ({ at, direction, kind, url, text })),
    );
  });

  it('pcapng: also of hostile messages', () => {
    fc.assert(
      fc.property(traces, pieces, (entries, lengths) => {
        const back = read(written(entries, 'pcapng'), lengths);
        expect(back.entries).toEqual(messages(entries));
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('a message of several hundred KB survives all three', () => {
    const [entry] = messages(recorded);
    if (entry === undefined) throw new Error('no message');
    const long = { ...entry, text: `${entry.text}${'Grüße '.repeat(40_000)}` };
    for (const format of ['snooper', 'json', 'pcapng'] as const) {
      expect(read(written([long, entry], format), [10_000]).entries.map(essence)).toEqual([long, entry].map(essence));
    }
  });

  it('snooper: a note with the line separators of Unicode stays one line', () => {
    const note: NewEntry = { at: 0, direction: 'in', kind: 'store', url: '', text: 'one\u2028two\u2029' };
    expect(read(written([note], 'snooper')).entries.map(({ text }) => text)).toEqual([note.text]);
  });

  it('hides what people say when that is wanted, and nothing else', () => {
    for (const format of ['snooper', 'json', 'pcapng'] as const) {
      const { entries } = read(written(recorded, format, true));
      const said = entries.map(({ text }) => text).join('');
      expect(said).not.toContain('Are you there?');
      expect(said).toContain('In the lab');
      expect(entries.filter(({ kind }) => kind === 'sip')).toHaveLength(messages(recorded).length);
    }
  });

  it('masks credentials of a trace that somebody else made', () => {
    const entry: NewEntry = {
      at: 0,
      direction: 'out',
      kind: 'sip',
      url: 'x:1',
      text: 'REGISTER sip:contoso.example SIP/2.0\r\nAuthorization: Digest username="alice", response="0123456789"\r\n\r\n',
    };
    for (const format of ['snooper', 'json', 'pcapng'] as const) {
      expect(read(written([entry], format)).entries[0]?.text).toContain('response="***"');
    }
  });
});

describe('traces of random sessions', () => {
  it('of thousands of messages come back the same from each format', async () => {
    const { bench } = await fuzzedRun(21, 250);
    const whole = people.map((aor) => bench.traceOf(nameOf(aor)));
    await bench.close();
    expect(whole.flat().length).toBeGreaterThan(2_000);
    for (const entries of whole) {
      for (const format of ['snooper', 'json'] as const) {
        const first = written(entries, format);
        expect(textOf(written(read(first, [60_000]).entries, format)) === textOf(first)).toBe(true);
      }
      const { entries: back } = read(written(entries, 'pcapng'), [60_000]);
      expect(back.map(essence)).toEqual(messages(entries).map(essence));
    }
  }, 60_000);
});

describe('damaged files', () => {
  it.each(['snooper', 'json', 'pcapng'] as const)(
    '%s: cut, changed or stuffed, they give entries or a clear error',
    (format) => {
      const file = written(recorded, format);
      const change = fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(300),
        put: fc.uint8Array({ maxLength: 40 }),
        truncate: fc.boolean(),
      });
      fc.assert(
        fc.property(change, coarse, ({ at, cut, put, truncate }, lengths) => {
          const start = Math.floor(at * file.length);
          const rest = truncate ? new Uint8Array(0) : file.subarray(start + cut);
          try {
            const { entries } = read(concatBytes(file.subarray(0, start), put, rest), lengths);
            expect(entries.length).toBeLessThanOrEqual(recorded.length + 1);
          } catch (error) {
            expect(error).toBeInstanceOf(UnreadableTrace);
          }
        }),
        { numRuns: 60 },
      );
    },
    60_000,
  );

  it.each<[string, Uint8Array, UnreadableTrace['reason']]>([
    ['nothing', new Uint8Array(0), { is: 'empty' }],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0), { is: 'unknown' }],
    ['a letter', bytesOf('Dear Alice,\r\n'), { is: 'unknown' }],
    ['the binary file of OCSLogger', concatBytes(Uint8Array.of(0, 0, 1, 0), new Uint8Array(400)), { is: 'etl' }],
  ])('%s is refused', (_what, file, reason) => {
    let caught: unknown = null;
    try {
      read(file, [64]);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(UnreadableTrace);
    expect((caught as UnreadableTrace).reason).toEqual(reason);
  });

  it('says where JSON and a capture break, and keeps what came before', () => {
    const json = textOf(written(recorded, 'json')).split('\n');
    json[5] = '{"at":"yesterday"}';
    const capture = written(recorded, 'pcapng');
    const cut = capture.subarray(0, capture.length - 10);
    for (const [file, reason] of [
      [bytesOf(json.join('\n')), { is: 'damaged', format: 'json', at: 6 }],
      [cut, { is: 'damaged', format: 'pcapng', at: expect.any(Number) as number }],
    ] as const) {
      const reader = new TraceFileReader();
      const before: NewEntry[] = [];
      const readAll = () => {
        // Line by line, as it would come in small pieces.
        for (let at = 0; at < file.length; at += 70_000) before.push(...reader.push(file.subarray(at, at + 70_000)));
        before.push(...reader.end());
      };
      expect(readAll).toThrow(UnreadableTrace);
      try {
        read(file);
      } catch (error) {
        expect((error as UnreadableTrace).reason).toEqual(reason);
      }
    }
  });

  it('takes files made to be slow', () => {
    for (const text of [
      'TL_INFO(TF_PROTOCOL) [0]0001.0001::03/02/2026-08:00:01.417.00000042 (a)$$begin_record\r\n'.repeat(20_000),
      `TL_INFO(TF_PROTOCOL) [${'0'.repeat(2_000_000)}`,
      `TL_INFO(TF_PROTOCOL) [0]${':'.repeat(500_000)}$$begin_record\r\n`,
      `03/02/2026|08:00:01.417 1A2C:0B40 INFO  :: ${'x\r\n'.repeat(200_000)}`,
    ]) {
      expect(read(bytesOf(text), [65_536]).entries).toHaveLength(0);
    }
  }, 20_000);
});
