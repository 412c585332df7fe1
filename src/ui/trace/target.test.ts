import { describe, expect, it } from 'vitest';
import { TraceScript } from '../../testing/traceScript';
import { formatNote } from '../../trace/notes';
import { rowOfTarget } from './target';

const bob = 'sip:bob@contoso.example';

function script(): TraceScript {
  const written = new TraceScript();
  const sent = written.sends('MESSAGE', bob, {
    headers: ['Confab-Item: item-1'],
    contentType: 'text/plain',
    body: 'one',
  });
  written.answers(sent, 200, 'OK');
  const refused = written.sends('MESSAGE', bob, {
    headers: ['Confab-Item: item-12'],
    contentType: 'text/plain',
    body: 'Confab-Item: item-1',
  });
  written.answers(refused, 480, 'Temporarily Unavailable');
  const path = { is: 'mediaPath', connection: 'c1', gathered: [], theirs: [], relays: 0 } as const;
  written.note('media', formatNote({ ...path, state: 'checking' }));
  written.note('media', formatNote({ ...path, state: 'connected' }));
  return written;
}

describe('what somebody wants to see in the trace', () => {
  const index = script().index();
  const seqOf = (target: Parameters<typeof rowOfTarget>[0]) => rowOfTarget(target, index)?.entry.seq;

  it('is the message with a number, as long as the log has it', () => {
    expect(seqOf({ is: 'frame', frame: 2 })).toBe(2);
    expect(seqOf({ is: 'frame', frame: 9 })).toBeUndefined();
  });

  it('is the request that carried an item of ours, and of a refused one the refusal', () => {
    expect(seqOf({ is: 'item', id: 'item-1' })).toBe(1);
    expect(seqOf({ is: 'item', id: 'item-12' })).toBe(4);
    expect(seqOf({ is: 'item', id: 'item' })).toBeUndefined();
  });

  it('is what a connection noted last', () => {
    expect(seqOf({ is: 'media', connection: 'c1' })).toBe(6);
    expect(seqOf({ is: 'media', connection: 'c2' })).toBeUndefined();
  });

  it('is what failed last', () => {
    expect(seqOf({ is: 'lastFailure' })).toBe(4);
  });
});
