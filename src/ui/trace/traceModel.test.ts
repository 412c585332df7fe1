import { afterEach, expect, it, vi } from 'vitest';
import { TraceScript } from '../../testing/traceScript';
import type { TraceEntry } from '../../trace/entry';
import { TraceModel } from './traceModel';

/** A server's log: its connections are told apart by `url`, and people register with it. */
function serversLog(): TraceEntry[] {
  const script = new TraceScript();
  for (const [name, url] of [
    ['bob', '10.0.0.21:50123'],
    ['carol', '10.0.0.22:50124'],
  ] as const) {
    script.url = url;
    const via = 'Via: SIP/2.0/TLS 10.0.0.22:50200;branch=z9hG4bK1';
    const request = script.gets('REGISTER', `sip:${name}@contoso.example`, { headers: [via] });
    script.answers(request, 200, 'OK');
  }
  return script.entries;
}

const many = (count: number): TraceEntry[] =>
  Array.from({ length: count }, (_, at) => ({
    seq: at + 1,
    at,
    direction: 'out',
    kind: 'ui',
    url: '',
    text: `note ${at}`,
  }));

afterEach(() => void vi.useRealTimers());

it('reads a long trace in pieces, in order, and tells the screen now and then only', async () => {
  vi.useFakeTimers();
  const model = new TraceModel();
  const told = vi.fn();
  model.subscribe(told);
  model.take(many(20_000));
  model.take([{ ...(many(1)[0] as TraceEntry), seq: 20_001 }]);
  expect(model.index.rows.length).toBeLessThan(20_000);
  await vi.runAllTimersAsync();
  await model.settled();
  expect(model.index.rows.map(({ entry }) => entry.seq)).toEqual(Array.from({ length: 20_001 }, (_, at) => at + 1));
  // 51 pieces in less than a blink: at the first, and at the end.
  expect(told.mock.calls.length).toBeLessThanOrEqual(2);
});

it('is whole when what was kept is read, not when it was taken', async () => {
  const model = new TraceModel();
  model.take(many(2_000));
  model.caughtUp();
  expect(model.isWhole).toBe(false);
  await model.settled();
  expect(model.isWhole).toBe(true);
});

it('shows nothing of what was logged before a moment', () => {
  const model = new TraceModel(7);
  model.take(many(10));
  expect(model.index.rows.map(({ entry }) => entry.at)).toEqual([7, 8, 9]);
});

it('gives the log of a server a lane for each connection', () => {
  const model = new TraceModel();
  model.take(serversLog());
  model.chooseLanes();
  expect(model.lanes.all.map(({ role, host }) => `${role} ${host}`)).toEqual([
    'peer bob@contoso.example',
    'server ',
    'peer carol@contoso.example',
  ]);
});
