import { describe, expect, it } from 'vitest';
import { testPassword } from '../../server/testing/home';
import type { Conversation } from '../domain/conversation';
import type { ConversationId, InvitationId } from '../domain/ids';
import type { SettableStatus } from '../domain/people';
import { wordOf } from '../protocol/lync/availability';
import { parseTextFormat } from '../protocol/lync/textFormat';
import { headerOf, parseMessage } from '../protocol/sip/message';
import { type Aor, bareAddress } from '../protocol/sip/uri';
import { itemsOfConversation } from '../state/selectors';
import { HomeBench } from '../testing/homeBench';
import { alice, bob, carol } from '../testing/people';
import { testDevice } from '../testing/testDevice';
import { Client } from './client';

const people = [alice, bob, carol];
const nameOf = (aor: Aor): string => bareAddress(aor).split('@')[0] ?? '';

/** A small generator, so that a run is told by its seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

/** Three people at the real home server who write, invite and change their status at random. */
async function fuzzedRun(seed: number) {
  const bench = new HomeBench();
  const clients = new Map<Aor, Client>();
  for (const aor of people) {
    const client = new Client(
      testDevice({ world: bench.world, createDialect: async ({ host }) => bench.dialect(aor, host) }),
    );
    clients.set(aor, client);
    const signedIn = client.signIn({
      address: aor.slice(4),
      password: testPassword,
      server: 'x:1',
      savePassword: false,
    });
    await bench.elapse(500);
    expect((await signedIn).ok).toBe(true);
    for (const other of people) if (other !== aor) await client.watch([other]);
  }
  const next = chance(seed);
  const pick = <T>(of: readonly T[]): T => of[next(of.length)] as T;
  const statuses: readonly SettableStatus[] = ['busy', 'away', 'available', 'do-not-disturb'];
  for (let turn = 0; turn < 40; turn += 1) {
    const aor = pick(people);
    const client = clients.get(aor) as Client;
    const open = Object.values<Conversation>(client.state.conversations).filter((one) => one.open);
    switch (next(6)) {
      case 0:
        void client.setStatus(pick(statuses));
        break;
      case 1: {
        const peer = pick(people.filter((one) => one !== aor));
        const opened = await client.openConversation(peer);
        if (opened.ok) void client.send(opened.value, { text: `turn ${turn} of ${nameOf(aor)}` });
        break;
      }
      case 2:
        if (open.length > 0) void client.invite(pick(open).id, [pick(people.filter((one) => one !== aor))]);
        break;
      default:
        if (open.length > 0) void client.send(pick(open).id, { text: `Grüße, turn ${turn} of ${nameOf(aor)}` });
    }
    await bench.elapse(300);
    for (const one of clients.values()) {
      for (const id of Object.keys(one.state.invitations)) void one.accept(id as InvitationId);
    }
    await bench.elapse(400);
  }
  return { bench, clients };
}

/** The very bytes of a frame at somebody's socket. */
function bytesOf(bench: HomeBench, aor: Aor, frame: number | undefined) {
  const entry = bench.traceOf(nameOf(aor)).find(({ seq }) => seq === frame);
  const message = entry === undefined ? null : parseMessage(entry.text);
  if (entry === undefined || message === null) throw new Error(`nothing was logged under ${frame}`);
  expect(entry.direction).toBe('in');
  return message;
}

describe('how do we know', () => {
  it.each([1, 2, 3])(
    'every received message, presence and roster line leads to its bytes on the wire (run %i)',
    async (seed) => {
      const { bench, clients } = await fuzzedRun(seed);
      const found = { messages: 0, presences: 0, participants: 0 };
      for (const [aor, { state }] of clients) {
        for (const id of Object.keys(state.transcripts) as ConversationId[]) {
          for (const item of itemsOfConversation(state, id)) {
            if (item.kind !== 'message' || item.own) continue;
            const message = bytesOf(bench, aor, item.frame);
            const first = headerOf(message, 'ms-text-format');
            const text = message.method === 'INVITE' ? parseTextFormat(first ?? '').body : message.body;
            expect(text).toBe(item.body.text);
            found.messages += 1;
          }
        }
        for (const [person, { status, frame }] of Object.entries(state.presence)) {
          if (status === 'unknown' && frame === undefined) continue;
          const { body } = bytesOf(bench, aor, frame);
          const own = body
            .slice(body.indexOf(`<categories`))
            .split('</categories>')
            .find((part) => part.includes(`uri="${person}"`));
          const availability = Number(/<availability>(\d+)</.exec(own ?? '')?.[1]);
          expect(wordOf(availability)).toBe(status);
          found.presences += 1;
        }
        for (const { party } of Object.values<Conversation>(state.conversations)) {
          if (party.is !== 'conference') continue;
          for (const participant of party.conference.roster) {
            const { body } = bytesOf(bench, aor, participant.frame);
            expect(body).toContain('<conference-info');
            expect(body).toContain(`entity="${participant.aor}"`);
            expect(body).toContain(`<entry>${participant.role}</entry>`);
            found.participants += 1;
          }
        }
      }
      expect(found.messages).toBeGreaterThan(10);
      expect(found.presences).toBeGreaterThan(3);
      expect(found.participants).toBeGreaterThan(3);
      await bench.close();
    },
    60_000,
  );
});
