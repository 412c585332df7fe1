import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ItemId } from '../../domain/ids';
import type { FileMessage } from '../../protocol/shared/fileMessage';
import type { FileFacts, TicketRequest } from '../../protocol/shared/fileTicket';
import type { FocusUri } from '../../protocol/sip/uri';
import { bob, carol } from '../../testing/people';
import { key, type Person, type Scene } from './scene.contract';

const bytes = new TextEncoder().encode('0123456789');
const sha256 = '84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882';
const facts: FileFacts = { name: 'plan.pdf', size: 10, type: 'application/pdf', sha256: null };
const upload = (focus: FocusUri, changes: Partial<FileFacts> = {}): TicketRequest => {
  return { is: 'upload', to: { is: 'conference', focus }, file: { ...facts, ...changes } };
};

export function describeFileStore(opening: () => Promise<Scene>): void {
  let scene: Scene;
  beforeEach(async () => {
    scene = await opening();
  });
  afterEach(() => scene.bench.close());

  const ticket = async (person: Person, request: TicketRequest) => {
    const outcome = await scene.arrived(person.dialect.store.ticket(request));
    if (!outcome.ok) throw new Error(`no ticket: ${JSON.stringify(outcome.failure)}`);
    return outcome.value;
  };
  const refusal = async (person: Person, request: TicketRequest) => {
    const outcome = await scene.arrived(person.dialect.store.ticket(request));
    return outcome.ok ? null : outcome.failure;
  };
  const refused = (status: number, id: number) => ({ is: 'rejected', status, diagnostics: { id } });

  /** A complete file of a person's in a conference. */
  async function stored(person: Person, focus: FocusUri): Promise<FileMessage> {
    const given = await ticket(person, upload(focus));
    expect(await scene.arrived(scene.bench.put(given, bytes, facts.size))).toBe(200);
    return { id: given.id, name: facts.name, size: facts.size, type: facts.type, sha256 };
  }

  async function three() {
    const { focus, a, rest } = await scene.meeting(bob, carol);
    const [b, c] = rest;
    if (b === undefined || c === undefined) throw new Error('nobody came');
    return { focus, a, b, c };
  }

  describe('files in a conference', () => {
    it('are brought by one, told of in the chat, and got by the others', async () => {
      const { focus, a, b, c } = await three();
      const file = await stored(a, focus);
      const told = await scene.value(a.dialect.conferences.send(focus, { id: 'f1' as ItemId, file }));
      expect(told.number).toBe(1);
      await scene.elapse(1_000);
      for (const person of [b, c]) {
        expect(person.host.keptFiles).toMatchObject([
          { in: 'conference', focus, from: a.aor, id: 'f1', number: 1, file },
        ]);
        const given = await ticket(person, { is: 'download', id: file.id });
        expect(given).toMatchObject({ id: file.id, received: 10 });
        expect(await scene.arrived(scene.bench.get(given))).toEqual(bytes);
      }
    });

    it('have their place among the messages, also for who comes later', async () => {
      const { focus, a, rest } = await scene.meeting(bob);
      await scene.value(a.tell(focus, 'here it is'));
      const file = await stored(a, focus);
      await scene.value(a.dialect.conferences.send(focus, { id: 'f1' as ItemId, file }));
      await scene.value(a.tell(focus, 'look at page 2'));
      const c = await scene.signedIn(carol);
      await scene.value(c.dialect.conferences.join(focus, key, 0));
      await scene.elapse(1_000);
      for (const person of [rest[0], c]) {
        expect(person?.host.texts).toEqual(['here it is', 'look at page 2']);
        expect(person?.host.keptFiles).toMatchObject([{ number: 2, file }]);
      }
      const given = await ticket(c, { is: 'download', id: file.id });
      expect(await scene.arrived(scene.bench.get(given))).toEqual(bytes);
    });

    it('go on where they were interrupted, for their owner alone', async () => {
      const { focus, a, b } = await three();
      const given = await ticket(a, upload(focus));
      expect(given.received).toBe(0);
      await scene.arrived(scene.bench.put(given, bytes.subarray(0, 4), facts.size));
      const again = await ticket(a, { is: 'resume', id: given.id });
      expect(again).toMatchObject({ id: given.id, url: given.url, received: 4 });
      expect(await scene.arrived(scene.bench.put(again, bytes.subarray(4), facts.size))).toBe(200);
      expect(await refusal(b, { is: 'resume', id: given.id })).toMatchObject(refused(403, 3014));
    });

    it('are told of by their author only, and not before all is there', async () => {
      const { focus, a, b } = await three();
      const file = await stored(a, focus);
      const open = await ticket(a, upload(focus));
      for (const [person, id] of [
        [b, file.id],
        [a, open.id],
      ] as const) {
        const told = scene.answered(
          person.dialect.conferences.send(focus, { id: 'f1' as ItemId, file: { ...file, id } }),
        );
        expect(await told).toMatchObject({ ok: false, failure: refused(403, 3014) });
      }
      expect(await refusal(b, { is: 'download', id: open.id })).toMatchObject(refused(404, 60_000));
    });

    it('say what the store knows, whatever their author says', async () => {
      const { focus, a, b } = await three();
      const file = await stored(a, focus);
      const told = { ...file, name: 'harmless.txt', sha256: 'f'.repeat(64) };
      await scene.value(a.dialect.conferences.send(focus, { id: 'f1' as ItemId, file: told }));
      await scene.elapse(1_000);
      expect(b.host.keptFiles).toMatchObject([{ file }]);
    });

    it('are for who is there: not for who never was, nor for who was removed', async () => {
      const { focus, a, rest } = await scene.meeting(bob);
      const [b] = rest;
      if (b === undefined) throw new Error('nobody came');
      const outsider = await scene.signedIn(carol);
      const file = await stored(a, focus);
      expect(await refusal(outsider, upload(focus))).toMatchObject(refused(403, 3014));
      expect(await refusal(outsider, { is: 'download', id: file.id })).toMatchObject(refused(403, 3014));
      const given = await ticket(b, { is: 'download', id: file.id });
      await scene.value(a.dialect.conferences.remove(focus, bob));
      expect(await refusal(b, { is: 'download', id: file.id })).toMatchObject(refused(403, 3014));
      expect(await scene.arrived(scene.bench.get(given))).toBe(403);
    });

    it('cannot be asked for without a connection', async () => {
      const { focus, a } = await three();
      scene.bench.cut(a.dialect);
      await scene.elapse(1_000);
      expect(await refusal(a, upload(focus))).toMatchObject({ is: 'offline' });
    });
  });
}
