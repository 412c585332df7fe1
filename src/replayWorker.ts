/** Plays a recording beside the page: the whole client over it, without a socket. */
import { Replay } from './client/replay';
import { readRecording } from './dialect/lync/recording';
import type { Fact } from './domain/facts';
import type { FromReplay, ToReplay } from './link/replayLink';
import type { TraceEntry } from './trace/entry';

/** So many steps are taken until it is looked whether one wants to be elsewhere. */
const stepsAtOnce = 50;
const tellEveryMs = 100;
/** More than this is told as the whole state. */
const mostFacts = 500;

let entries: readonly TraceEntry[] = [];
/** What changed since the tab was told; `null` when that began anew, or is much. */
let changes: Fact[] | null = null;
let replay = begin();
let wanted = 0;
let isGoing = false;

function begin(): Replay {
  const next = new Replay({
    entries,
    read: readRecording,
    publish: (facts) => {
      changes = changes === null || changes.length > mostFacts ? null : [...changes, ...facts];
    },
  });
  changes = null;
  return next;
}

const tell = (message: FromReplay): void => self.postMessage(message);

self.onmessage = ({ data }: MessageEvent<ToReplay>) => {
  if (data.is === 'load') {
    entries = data.entries;
    replay = begin();
    return;
  }
  wanted = Math.max(0, Math.min(entries.length, data.position));
  if (!isGoing) void go();
};

async function go(): Promise<void> {
  isGoing = true;
  let toldAt = performance.now();
  for (let steps = 1; replay.position !== wanted; steps += 1) {
    if (replay.position > wanted) replay = begin();
    if (replay.position < wanted) await replay.step();
    if (steps % stepsAtOnce !== 0) continue;
    await new Promise((resolve) => setTimeout(resolve));
    if (performance.now() - toldAt < tellEveryMs) continue;
    tell({ is: 'onTheWay', position: replay.position });
    toldAt = performance.now();
  }
  const { position, state } = replay;
  tell(changes === null ? { is: 'there', position, state } : { is: 'stepped', position, facts: changes });
  changes = [];
  isGoing = false;
}
