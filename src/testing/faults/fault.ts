import type { Device } from '../../client/device';
import type { Dialect } from '../../dialect/dialect';
import type { Link, Owner } from '../../domain/checkup';
import type { ConversationId, InvitationId } from '../../domain/ids';
import type { Aor, FocusUri } from '../../protocol/sip/uri';
import { type Explanation, explain, explanationsOf } from '../../trace/explain/explain';
import { TraceIndex } from '../../trace/traceIndex';
import { HomeBench, type HomeBenchOptions } from '../homeBench';
import { HomeClient } from '../homeClient';
import { alice, bob } from '../people';
import { Recorder } from '../recorder';
import { FaultyWire } from './wire';

type TabKnows = NonNullable<Parameters<HomeClient['checkup']>[1]>;

/**
 * Something that goes wrong, and what an administrator who knows the field would say of it. The descriptions were written by
 * somebody who had not read the causes of `trace/explain`; `causes` are those of ours that say the same.
 */
export interface Fault {
  id: string;
  /** The cause in the words of that description. */
  says: string;
  causes: readonly string[];
  owners: readonly Owner[];
  /** Which the doctor is to name first; none: it is to find everything in order. */
  links: readonly Link[];
  bench?: HomeBenchOptions;
  device?: Partial<Device>;
  /** Who signs in; Alice when not given. */
  person?: Aor;
  password?: string;
  /** The server is found by itself. */
  isAutomatic?: boolean;
  tab?: TabKnows;
  inject(scene: FaultScene): void;
  /**
   * What the person does; without it, signs in. Answers which message is asked about; without, it is what failed last, where
   * “Explain” leads to.
   */
  happens?(scene: FaultScene): Promise<RegExp | undefined>;
}

const turn = { servers: [{ host: 'edge1.contoso.example', port: 3478 }], secret: 'relay secret' };

/** One fault between a real client and the real home server. */
export class FaultScene {
  readonly fault: Fault;
  readonly bench: HomeBench;
  readonly wire: FaultyWire;
  readonly a: HomeClient;

  constructor(fault: Fault) {
    this.fault = fault;
    this.bench = new HomeBench({ turn, ...fault.bench });
    this.wire = new FaultyWire(this.bench);
    this.a = new HomeClient(this.bench, fault.person ?? alice, fault.device);
    fault.inject(this);
  }

  get form() {
    const { password, isAutomatic = false } = this.fault;
    return this.a.form(password, isAutomatic ? null : undefined);
  }

  async signIn(): Promise<undefined> {
    void this.a.client.signIn({ ...this.form, savePassword: false });
    await this.bench.elapse(1_000);
    return undefined;
  }

  /** Another person's endpoint, who takes every invitation unless told otherwise. */
  async peer(aor: Aor, takes = true): Promise<Dialect> {
    const host = new Recorder();
    const dialect = this.bench.dialect(aor, host);
    if (takes) {
      host.onReport = (report) => {
        if (report.type === 'im.invited') dialect.im.accept(report.thread);
        if (report.type !== 'conference.invited') return;
        dialect.conferences.accept(report.thread);
        void dialect.conferences.join(report.focus, 'k1', 0);
      };
    }
    void dialect.signIn(() => undefined);
    await this.bench.elapse(1_000);
    return dialect;
  }

  /** Alice is in, Bob too, and they talk. */
  async talksWithBob(text = 'hello'): Promise<ConversationId> {
    await this.signIn();
    await this.peer(bob);
    return this.writes(bob, text);
  }

  /** Alice is in a conference of her own with Bob. */
  async meetsBob(): Promise<{ id: ConversationId; bobs: Dialect; focus: FocusUri }> {
    await this.signIn();
    const bobs = await this.peer(bob);
    const made = this.a.client.meetNow();
    await this.bench.elapse(1_000);
    const outcome = await made;
    if (!outcome.ok) throw new Error('no conference');
    void this.a.client.invite(outcome.value, [bob]);
    await this.bench.elapse(2_000);
    const party = this.a.client.state.conversations[outcome.value]?.party;
    if (party?.is !== 'conference' || party.focus === null) throw new Error('no focus');
    return { id: outcome.value, bobs, focus: party.focus };
  }

  /** Alice is in a conference of Bob's. */
  async comesToBob(): Promise<{ bobs: Dialect; focus: FocusUri }> {
    await this.signIn();
    const bobs = await this.peer(bob);
    const made = bobs.conferences.create('Budget');
    await this.bench.elapse(500);
    const outcome = await made;
    if (!outcome.ok) throw new Error('no conference');
    const focus = outcome.value;
    void bobs.conferences.join(focus, 'k1', 0);
    await this.bench.elapse(500);
    void bobs.conferences.invite(focus, 'k1', 'Budget', alice);
    await this.bench.elapse(500);
    for (const id of Object.keys(this.a.client.state.invitations)) void this.a.client.accept(id as InvitationId);
    await this.bench.elapse(1_000);
    return { bobs, focus };
  }

  /** Alice writes to somebody; time passes. */
  async writes(peer: Aor, text: string, ms = 1_000): Promise<ConversationId> {
    const opened = await this.a.client.openConversation(peer);
    if (!opened.ok) throw new Error('not opened');
    void this.a.client.send(opened.value, { text });
    await this.bench.elapse(ms);
    return opened.value;
  }

  /** What the explainer says who sees the trace and nothing else. */
  async explained(): Promise<Explanation | null> {
    const asked = await (this.fault.happens?.(this) ?? this.signIn());
    const index = new TraceIndex();
    index.add(this.a.trace);
    const { rows } = index;
    if (asked === undefined) return explanationsOf(rows).at(-1) ?? null;
    const row = rows.find(({ entry }) => asked.test(entry.text));
    return row === undefined ? null : explain(row, rows);
  }

  /** What the doctor names first, and after how many ms of the client's time. */
  async diagnosed(): Promise<{ link: Link | null; ms: number | null }> {
    const ms = await this.a.checkup(this.form, this.fault.tab);
    const [link = null] = this.a.broken;
    return { link, ms };
  }

  async close(): Promise<void> {
    this.bench.carry = ({ from, text, up, down }) => (from === 'client' ? up(text) : down(text));
    void this.a.client.signOut();
    await this.bench.close();
  }
}
