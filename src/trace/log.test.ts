import { describe, expect, it } from 'vitest';
import { type LoggingChoice, usualLogging } from '../domain/logging';
import { fakeWorld } from '../testing/fakeWorld';
import { blocksToForget } from './dexieTraceStore';
import type { NewEntry, TraceEntry } from './entry';
import { TraceLog } from './log';

const message = (text: string, more: Partial<NewEntry> = {}): NewEntry => ({
  at: 0,
  direction: 'out',
  kind: 'sip',
  url: 'wss://fe1.contoso.example/sip',
  text,
  ...more,
});
const im = (text: string) => `MESSAGE sip:bob@contoso.example SIP/2.0\r\nContent-Type: text/plain\r\n\r\n${text}`;

function bench(choice: Partial<LoggingChoice> = {}) {
  const world = fakeWorld();
  const stored: TraceEntry[][] = [];
  const seen: TraceEntry[] = [];
  const pruned: unknown[] = [];
  const store = {
    fails: false,
    put: async (entries: readonly TraceEntry[]) => {
      if (store.fails) throw new Error('full');
      stored.push([...entries]);
    },
    prune: async (rule: unknown) => void pruned.push(rule),
    clear: async () => void stored.splice(0),
  };
  const log = new TraceLog({
    world,
    store,
    session: () => 's1',
    onEntry: (entry) => seen.push(entry),
    onClear: () => seen.splice(0),
  });
  log.configure({ ...usualLogging, ...choice });
  return { world, log, store, stored, seen, pruned };
}

describe('the log', () => {
  it('numbers rise, also over engines, and say nothing where nothing is logged', async () => {
    const { log, world } = bench();
    const numbers = [log.add(message('a')), log.add(message('b'))];
    await world.elapse(1);
    const later = new TraceLog({
      world,
      store: bench().store,
      session: () => 's2',
      onEntry: () => undefined,
      onClear: () => undefined,
    });
    numbers.push(later.add(message('c')));
    expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
    expect(numbers.every(Number.isSafeInteger)).toBe(true);
    expect(bench({ isOn: false }).log.add(message('a'))).toBe(0);
  });

  it.each<[string, Partial<LoggingChoice>, Partial<NewEntry>, boolean]>([
    ['a message', {}, {}, true],
    ['a keep-alive as usual', {}, { kind: 'ping' }, false],
    ['a keep-alive when everything is wanted', { level: 'verbose' }, { kind: 'ping' }, true],
    ['a message when only warnings are', { level: 'warning' }, {}, false],
    ['nonsense, which is an error', { level: 'error' }, { fault: 'This is not a SIP message' }, true],
    ['a note of a component that is wanted', { components: ['store'] }, { kind: 'store' }, true],
    ['a message when only the store is', { components: ['store'] }, {}, false],
    ['the socket, which belongs to SIP', { components: ['sip'] }, { kind: 'state' }, true],
    ['anything when it is off', { isOn: false }, { level: 'error' }, false],
  ])('%s', (_what, choice, entry, isLogged) => {
    const { log, seen } = bench(choice);
    log.add(message('a', entry));
    expect(seen.length > 0).toBe(isLogged);
    expect(log.recent()).toEqual(seen);
  });

  it('hides what people say when that is wanted', () => {
    const { log, seen } = bench({ hidesText: true });
    log.add(message(im('rose')));
    expect(seen[0]?.text).toBe(im('****'));
  });

  it('is stored once a second, in order, with each entry once', async () => {
    const { log, world, stored, pruned } = bench();
    log.add(message('a'));
    log.add(message('b'));
    await world.elapse(1_000);
    log.add(message('c'));
    await log.flush();
    await world.elapse(5_000);
    expect(stored.map((block) => block.map(({ text }) => text))).toEqual([['a', 'b'], ['c']]);
    expect(pruned).toEqual([{ session: 's1', keepsAll: false, most: 100_000 }]);
  });

  it('is bounded by policy', async () => {
    const { log, pruned } = bench({ keepsAll: true });
    log.bound(10_000);
    log.add(message('a'));
    await log.flush();
    expect(pruned).toEqual([{ session: 's1', keepsAll: true, most: 10_000 }]);
  });

  it('forgets what a new bound has no room for with the next that is stored', async () => {
    const { log, pruned } = bench();
    log.add(message('a'));
    await log.flush();
    log.bound(500);
    log.add(message('b'));
    await log.flush();
    log.bound(null);
    log.add(message('c'));
    await log.flush();
    expect(pruned).toMatchObject([{ most: 100_000 }, { most: 500 }, { most: 100_000 }]);
  });

  it('goes on in memory when the device refuses to store it', async () => {
    const { log, store } = bench();
    store.fails = true;
    log.add(message('a'));
    await log.flush();
    expect(log.recent().map(({ text }) => text)).toEqual(['a']);
  });

  it('is empty after it was cleared, on disk too', async () => {
    const { log, stored, seen } = bench();
    log.add(message('a'));
    await log.flush();
    log.add(message('b'));
    await log.clear();
    await log.flush();
    expect([log.recent(), stored, seen]).toEqual([[], [], []]);
  });

  it('holds the newest 10,000 in memory', () => {
    const { log } = bench();
    for (let at = 0; at < 10_005; at += 1) log.add(message(String(at)));
    expect(log.recent()).toHaveLength(10_000);
    expect(log.recent()[0]?.text).toBe('5');
  });
});

describe('what the store forgets', () => {
  const heads = [
    { first: 1, session: 'a', count: 10 },
    { first: 2, session: 'b', count: 10 },
    { first: 3, session: 'b', count: 10 },
    { first: 4, session: 'c', count: 10 },
    { first: 5, session: 'c', count: 5 },
  ];

  it.each([
    ['sessions before the last', { keepsAll: false, most: 100 }, [1]],
    ['nothing when all are kept', { keepsAll: true, most: 100 }, []],
    ['the oldest beyond the bound', { keepsAll: true, most: 30 }, [1, 2]],
    ['everything but what fits', { keepsAll: false, most: 14 }, [1, 2, 3, 4]],
    ['all, where policy wants nothing kept', { keepsAll: true, most: 0 }, [1, 2, 3, 4, 5]],
  ])('%s', (_what, rule, gone) => {
    expect(blocksToForget(heads, { session: 'c', ...rule })).toEqual(gone);
  });
});
