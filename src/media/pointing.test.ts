import { beforeEach, describe, expect, it } from 'vitest';
import { formatPointerMessage, type PointerMessage, parsePointerMessage } from '../protocol/shared/pointerMessage';
import { formatRelayedData } from '../protocol/shared/relayedData';
import type { Aor } from '../protocol/sip/uri';
import { type FakeWorld, fakeWorld } from '../testing/fakeWorld';
import { Pointing, type Word } from './pointing';

const alice = 'sip:alice@contoso.example' as Aor;
const bob = 'sip:bob@contoso.example' as Aor;
const carol = 'sip:carol@contoso.example' as Aor;

class FakeChannel extends EventTarget {
  readyState: RTCDataChannelState = 'open';
  bufferedAmount = 0;
  readonly sent: PointerMessage[] = [];

  send(text: string): void {
    this.sent.push(parsePointerMessage(text));
  }

  hear(data: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

let world: FakeWorld;
let channel: FakeChannel;
let words: Word[];
let floods: number;
/** Alice shows, Bob has control. */
let controller: Aor | null;

beforeEach(() => {
  world = fakeWorld();
  channel = new FakeChannel();
  words = [];
  floods = 0;
  controller = bob;
});

function pointing(me: Aor, peer: Aor | null): Pointing {
  return new Pointing(channel as unknown as RTCDataChannel, {
    world,
    me,
    peer,
    mayDraw: (who) => who === controller,
    isSharer: (who) => who === alice,
    onChange: () => undefined,
    onWord: (word) => words.push(word),
    onFlood: () => {
      floods += 1;
    },
  });
}

const point = formatPointerMessage({ is: 'point', x: 0.25, y: 0.5, laser: false });
const ink = formatPointerMessage({ is: 'ink', stroke: 1, points: [[0.1, 0.1]] });

describe('what comes over the channel', () => {
  it('is of the other of two people', () => {
    const over = pointing(alice, bob);
    channel.hear(point);
    channel.hear(ink);
    expect(over.marks.pointers).toEqual([{ who: bob, x: 0.25, y: 0.5, laser: false }]);
    expect(over.marks.strokes).toMatchObject([{ who: bob }]);
    over.stop();
  });

  it('is of whom an MCU names', () => {
    const over = pointing(carol, null);
    channel.hear(formatRelayedData(bob, point));
    channel.hear(point);
    expect(over.marks.pointers.map(({ who }) => who)).toEqual([bob]);
    over.stop();
  });

  it('is passed over when its author has no control (any more)', () => {
    const over = pointing(carol, null);
    channel.hear(formatRelayedData(carol, point));
    controller = null;
    channel.hear(formatRelayedData(bob, ink));
    channel.hear(formatRelayedData(bob, formatPointerMessage({ is: 'zoom', by: 'in' })));
    expect(over.marks).toEqual({ pointers: [], strokes: [] });
    expect(words).toEqual([]);
  });

  it('of the sharer says what is shown, and wipes; of nobody else', () => {
    const over = pointing(carol, null);
    const surface = formatPointerMessage({ is: 'surface', surface: 'tab', zoom: true });
    channel.hear(formatRelayedData(bob, surface));
    expect(words).toEqual([]);
    channel.hear(formatRelayedData(alice, surface));
    expect(words).toEqual([{ is: 'surface', surface: 'tab', zoom: true }]);
    channel.hear(formatRelayedData(bob, ink));
    controller = null;
    channel.hear(formatRelayedData(bob, formatPointerMessage({ is: 'clear' })));
    expect(over.marks.strokes).toHaveLength(1);
    channel.hear(formatRelayedData(alice, formatPointerMessage({ is: 'clear' })));
    expect(over.marks.strokes).toEqual([]);
  });

  it('of who has control asks for another size', () => {
    pointing(alice, bob);
    channel.hear(formatPointerMessage({ is: 'zoom', by: 'out' }));
    expect(words).toEqual([{ is: 'zoom', by: 'out' }]);
  });

  it('does no harm when it is nonsense', () => {
    const over = pointing(alice, bob);
    for (const nonsense of ['', '{', '[]', 'null', '{"is":"point","x":2,"y":0}', new ArrayBuffer(8), null, 7]) {
      channel.hear(nonsense);
    }
    expect(over.marks).toEqual({ pointers: [], strokes: [] });
  });

  it('is dropped when it is more than hands do, and told when it does not stop', async () => {
    const over = pointing(alice, bob);
    for (let stroke = 0; stroke < 500; stroke += 1) {
      channel.hear(formatPointerMessage({ is: 'ink', stroke: 0, points: [[stroke / 500, 0]] }));
    }
    expect(over.marks.strokes[0]?.points).toHaveLength(400);
    await world.elapse(1_000);
    channel.hear(ink);
    expect(over.marks.strokes).toHaveLength(2);
    for (let more = 0; more < 5_000; more += 1) channel.hear(ink);
    expect(floods).toBe(1);
    over.stop();
    channel.hear(point);
    expect(over.marks.pointers).toEqual([]);
  });
});

describe('what we do', () => {
  it('is seen here at once, and said no more often than a screen is drawn', async () => {
    const over = pointing(bob, null);
    for (let step = 0; step <= 10; step += 1) over.point('pointer', [step / 10, 0.5], false);
    expect(over.marks.pointers).toEqual([{ who: bob, x: 1, y: 0.5, laser: false }]);
    expect(channel.sent).toEqual([]);
    await world.elapse(33);
    expect(channel.sent).toEqual([{ is: 'point', x: 1, y: 0.5, laser: false }]);
    over.away();
    expect(channel.sent.at(-1)).toEqual({ is: 'away' });
    expect(over.marks.pointers).toEqual([]);
    over.stop();
    expect(world.ticking).toBe(0);
  });

  it('with a pressed pen draws, one stroke until it is lifted', async () => {
    const over = pointing(bob, null);
    over.point('pen', [0, 0], true);
    over.point('pen', [0.5, 0.5], true);
    over.lift();
    over.point('pen', [1, 1], true);
    await world.elapse(33);
    const strokes = channel.sent.filter((message) => message.is === 'ink');
    expect(strokes.map(({ points }) => points)).toEqual([
      [
        [0, 0],
        [0.5, 0.5],
      ],
      [[1, 1]],
    ]);
    expect(new Set(strokes.map(({ stroke }) => stroke)).size).toBe(2);
    expect(over.marks.strokes).toHaveLength(2);
    over.stop();
  });

  it('is not said where the channel is closed or does not keep up', async () => {
    const over = pointing(bob, null);
    channel.bufferedAmount = 100_000;
    over.point('laser', [0, 0], false);
    await world.elapse(33);
    channel.bufferedAmount = 0;
    channel.readyState = 'closed';
    over.clear();
    expect(channel.sent).toEqual([]);
    over.stop();
  });
});
