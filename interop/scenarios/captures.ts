import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { headerOf, parseMessage } from '../../src/protocol/sip/message';
import { fuzzedRun, nameOf, people } from '../../src/testing/fuzzedRun';
import type { NewEntry } from '../../src/trace/entry';
import { TraceFileWriter } from '../../src/trace/formats/writeTrace';
import { expect } from '../expect';
import type { Scenario } from '../scenario';

export const captures: readonly Scenario[] = [
  {
    name: 'tshark-dissects',
    shows: 'tshark finds every message of exported traces of random sessions, in order, and nothing malformed',
    seconds: 180,
    run: dissect,
  },
];

const seeds = [11, 12, 13, 14];
const turns = 120;
const largestOutput = 256_000_000;

/** What tells one message from another, as tshark calls it. */
const fields = ['sip.Request-Line', 'sip.Status-Line', 'sip.Call-ID', 'sip.CSeq', '_ws.malformed'];

async function dissect(): Promise<void> {
  const directory = mkdtempSync(path.join(tmpdir(), 'confab-capture-'));
  let count = 0;
  try {
    for (const seed of seeds) {
      const { bench } = await fuzzedRun(seed, turns);
      for (const aor of people) {
        const entries = bench.traceOf(nameOf(aor)).filter(({ kind }) => kind === 'sip');
        const file = path.join(directory, `${seed}-${nameOf(aor)}.pcapng`);
        const writer = new TraceFileWriter('pcapng', false);
        writeFileSync(file, Buffer.concat([...writer.push(entries), ...writer.end()]));
        expect(dissected(file)).toEqual(entries.map(wanted));
        count += entries.length;
      }
      await bench.close();
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  expect(count).toBeGreaterThan(2_000);
}

/** A line for each SIP message that tshark finds. */
function dissected(file: string): string[] {
  const columns = fields.flatMap((field) => ['-e', field]);
  const args = ['-r', file, '-Y', 'sip', '-T', 'fields', '-E', 'separator=|', ...columns];
  const output = execFileSync('tshark', args, {
    encoding: 'utf8',
    maxBuffer: largestOutput,
    // As root it warns of itself.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return output.split('\n').filter((line) => line !== '');
}

function wanted({ text }: NewEntry): string {
  const message = parseMessage(text);
  if (message === null) throw new Error('no SIP message was recorded');
  const [startLine = ''] = text.split('\r\n', 1);
  const lines = message.method === null ? ['', startLine] : [startLine, ''];
  return [...lines, headerOf(message, 'Call-ID'), headerOf(message, 'CSeq'), ''].join('|');
}
