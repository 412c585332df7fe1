import { testPassword } from '../../server/testing/home';
import { Client } from '../client/client';
import type { Conversation } from '../domain/conversation';
import type { InvitationId } from '../domain/ids';
import type { SettableStatus } from '../domain/people';
import { type Aor, bareAddress } from '../protocol/sip/uri';
import { HomeBench } from './homeBench';
import { alice, bob, carol } from './people';
import { testDevice } from './testDevice';

export const people = [alice, bob, carol];
export const nameOf = (aor: Aor): string => bareAddress(aor).split('@')[0] ?? '';

/** A small generator, so that a run is told by its seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

export interface FuzzedRun {
  bench: HomeBench;
  clients: Map<Aor, Client>;
  /** By name, the messages that the server sent, as it sent them. */
  sent: ReadonlyMap<string, readonly string[]>;
}

/** Three people at the real home server who write, invite and change their status at random. */
export async function fuzzedRun(seed: number, turns = 40): Promise<FuzzedRun> {
  const bench = new HomeBench();
  const sent = new Map<string, string[]>(people.map((aor) => [nameOf(aor), []]));
  bench.carry = ({ name, from, text, up, down }) => {
    if (from === 'client') return up(text);
    sent.get(name)?.push(text);
    down(text);
  };
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
    if (!(await signedIn).ok) throw new Error(`${aor} is not signed in`);
    for (const other of people) if (other !== aor) await client.watch([other]);
  }
  const next = chance(seed);
  const pick = <T>(of: readonly T[]): T => of[next(of.length)] as T;
  const statuses: readonly SettableStatus[] = ['busy', 'away', 'available', 'do-not-disturb'];
  for (let turn = 0; turn < turns; turn += 1) {
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
  return { bench, clients, sent };
}
