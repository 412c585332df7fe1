import { describe, expect, it } from 'vitest';
import { readRecording } from '../dialect/lync/recording';
import type { Conversation } from '../domain/conversation';
import type { ConversationId } from '../domain/ids';
import type { Message } from '../domain/message';
import { itemsOfConversation } from '../state/selectors';
import type { State } from '../state/state';
import { fuzzedRun, nameOf, people } from '../testing/fuzzedRun';
import { recordSession } from '../testing/recordedSession';
import type { TraceEntry } from '../trace/entry';
import { Replay } from './replay';

async function replayed(entries: readonly TraceEntry[], count = entries.length): Promise<Replay> {
  const replay = new Replay({ entries, read: readRecording, publish: () => undefined });
  for (let step = 0; step < count; step += 1) await replay.step();
  return replay;
}

/** What a person sees, without what only this device knows: ids of its own, times, and what is under way. */
function seen(state: State) {
  const conversations = Object.values<Conversation>(state.conversations).map(({ id, party }) => ({
    with: party.is === 'pairwise' ? party.peer : party.focus,
    membership: party.is === 'conference' ? party.conference.membership.is : null,
    role: party.is === 'conference' ? party.conference.role : null,
    roster:
      party.is === 'conference'
        ? party.conference.roster.map(({ aor, role, inChat, displayName }) => ({ aor, role, inChat, displayName }))
        : [],
    lines: itemsOfConversation(state, id as ConversationId).flatMap((item) =>
      item.kind === 'line' ? [item.event.is] : [],
    ),
    said: itemsOfConversation(state, id as ConversationId)
      .filter((item): item is Message => item.kind === 'message')
      .map(({ id: item, author, own, body, delivery, number }) => ({
        item,
        author,
        own,
        text: body.text,
        delivery: delivery.is,
        number,
      })),
  }));
  return {
    me: state.account,
    self: { status: state.self.presence.status, note: state.self.note },
    groups: state.groups,
    contacts: state.contacts,
    presence: Object.fromEntries(Object.entries(state.presence).map(([aor, { status }]) => [aor, status])),
    conversations: conversations.sort((a, b) => String(a.with).localeCompare(String(b.with))),
  };
}

describe('a recording played again', () => {
  it.each([1, 2, 3])(
    'shows what each of three people saw, from their bytes alone (run %i)',
    async (seed) => {
      const { bench, clients } = await fuzzedRun(seed);
      await bench.elapse(3_000);
      for (const aor of people) {
        const { state } = clients.get(aor) ?? {};
        const replay = await replayed(bench.traceOf(nameOf(aor)));
        if (state === undefined) throw new Error('nobody');
        expect(seen(replay.state)).toEqual(seen(state));
      }
      await bench.close();
    },
    60_000,
  );

  it('is the same at every moment, however often one goes there, and ends as nobody left', async () => {
    const entries = await recordSession();
    const { state } = await replayed(entries);
    expect(seen(state).conversations.map(({ membership, said }) => [membership, said.length])).toEqual([['ended', 3]]);
    for (const count of [0, 1, 20, 45, entries.length]) {
      expect((await replayed(entries, count)).state).toEqual((await replayed(entries, count)).state);
    }
  });

  it('shows what was said of every message that is in the trace, as it was asked for and answered', async () => {
    const entries = await recordSession();
    const asked = entries.findIndex(({ text }) => text.startsWith('MESSAGE') && text.includes('Are you there?'));
    const deliveryAt = async (count: number) =>
      seen((await replayed(entries, count)).state)
        .conversations.flatMap(({ said }) => said)
        .find(({ text }) => text === 'Are you there?')?.delivery;
    expect(await deliveryAt(asked)).toBeUndefined();
    expect(await deliveryAt(asked + 1)).toBe('sending');
    expect(await deliveryAt(entries.length)).toBe('sent');
  });

  it('begins where the recording begins, in the middle of a session too', async () => {
    const entries = await recordSession();
    for (let from = 0; from < entries.length; from += 7) {
      const { state } = await replayed(entries.slice(from));
      expect(state.signIn.is).not.toBe('failed');
    }
  });
});
