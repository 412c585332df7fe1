import type { ItemId } from '../domain/ids';
import type { Aor } from '../protocol/sip/uri';
import type { TraceEntry } from '../trace/entry';
import { HomeBench } from './homeBench';
import { alice, bob, carol } from './people';
import { Recorder } from './recorder';

/**
 * The trace of Alice's client while she signs in, watches Bob, talks with him, makes a conference with Carol and signs out, all
 * with the real home server.
 */
export async function recordSession(): Promise<TraceEntry[]> {
  const bench = new HomeBench();
  const hosts = new Map<Aor, Recorder>([alice, bob, carol].map((aor) => [aor, new Recorder()]));
  const [alices, bobs, carols] = [...hosts].map(([aor, host]) => bench.dialect(aor, host));
  if (alices === undefined || bobs === undefined || carols === undefined) throw new Error('nobody is there');
  const signedIn = [alices, bobs, carols].map((dialect) => dialect.signIn(() => undefined));
  await bench.elapse(1_000);
  await Promise.all(signedIn);

  alices.presence.watch([bob]);
  const group = alices.contacts.addGroup('Friends');
  await bench.elapse(500);
  await group;
  void bobs.presence.setStatus('busy');
  void bobs.presence.setNote('In the lab');
  const thread = alices.im.thread(bob, 'k1');
  void alices.im.send(thread, { id: 'i1' as ItemId, body: { text: 'Grüße, Bob' } });
  await bench.elapse(500);
  const [invited] = hosts.get(bob)?.all('im.invited') ?? [];
  if (invited !== undefined) bobs.im.accept(invited.thread);
  await bench.elapse(500);
  void alices.im.send(thread, { id: 'i2' as ItemId, body: { text: 'Are you there?' } });
  alices.im.setTyping(thread, true);
  await bench.elapse(500);

  const created = alices.conferences.create('Budget');
  await bench.elapse(500);
  const made = await created;
  if (!made.ok) throw new Error('no conference');
  const joined = alices.conferences.join(made.value, 'k1', 0);
  await bench.elapse(500);
  await joined;
  void alices.conferences.invite(made.value, 'k1', 'Budget', carol);
  await bench.elapse(500);
  const [asked] = hosts.get(carol)?.all('conference.invited') ?? [];
  if (asked !== undefined) {
    carols.conferences.accept(asked.thread);
    void carols.conferences.join(made.value, 'k1', 0);
  }
  await bench.elapse(1_000);
  void alices.conferences.send(made.value, { id: 'i3' as ItemId, body: { text: 'Welcome' } });
  void alices.conferences.setLocked(made.value, true);
  await bench.elapse(1_000);
  void alices.conferences.end(made.value);
  alices.im.close(thread);
  await bench.elapse(1_000);
  await bench.close();
  return bench.traceOf('alice');
}
