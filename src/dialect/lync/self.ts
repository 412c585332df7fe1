import { done, failed, type Outcome } from '../../domain/failure';
import type { Self, SettableStatus } from '../../domain/people';
import { deviceNode, noteNode, parseCard, parseNote, parseState, stateNode } from '../../protocol/lync/categories';
import { formatRoamingRequest, parseRoamingData, selfEvent, selfType } from '../../protocol/lync/roamingSelf';
import type { Part } from '../../protocol/sip/multipart';
import type { XmlElement, XmlNode } from '../../protocol/xml';
import type { SipResponse } from '../../sip/sipMessages';
import type { LyncContext, Subscribed } from './context';
import { machineStateOf, pickedOf, presenceOf, presentingState, userStateOf } from './presenceWords';
import { type Draft, Publications } from './publication';

/** Instance numbers of `lync-wire` 4.3. */
const aggregateInstance = 1;
const userStateInstance = 0x2000_0000;
const machineStateKind = 0x3000_0000;
/** What an endpoint's calls and meetings make of the state; it goes with the endpoint, so that no crash leaves it behind. */
const phoneStateKind = 0x8000_0000;

/** Containers 2 and 3 are the server's input for aggregation (4.1). */
const stateContainers = [2, 3];
/** Colleagues, workgroup, friends and family. */
const noteContainers = [200, 300, 400];

export type Activity = 'active' | 'inactive' | 'away';

/** Oneself (`lync-wire` 4.2 to 4.4): what the server says we look like, and what we publish. */
export class SelfPresence {
  readonly #context: LyncContext;
  readonly #instanceId: string;
  readonly #isQuiet: boolean;
  readonly #subscription: Subscribed;
  readonly #publications: Publications;
  #activity: Activity = 'active';
  #isPresenting = false;
  #displayName = '';

  /** `isQuiet`: nothing is published that others are told. */
  constructor(context: LyncContext, instanceId: string, isQuiet = false) {
    this.#context = context;
    this.#instanceId = instanceId;
    this.#isQuiet = isQuiet;
    this.#publications = new Publications(context, () => this.#report());
    this.#subscription = context.ua.subscription({
      target: context.aor,
      event: selfEvent,
      accept: [selfType],
      body: () => {
        return { contentType: selfType, body: formatRoamingRequest(['categories', 'containers', 'subscribers']) };
      },
      onDocument: (parts, source) => this.#take(parts, 'status' in source),
    });
  }

  /** The name on our own card, where the server keeps one for us. */
  get displayName(): string {
    return this.#displayName;
  }

  /** Subscribes in a new dialog, then publishes what this endpoint is and does (SLF-7). */
  async start(): Promise<Outcome<SipResponse>> {
    const outcome = await this.#subscription.start();
    if (!outcome.ok) return outcome;
    const presenting = this.#isPresenting ? this.#presenting() : [];
    const states = this.#isQuiet ? [] : [...this.#machineState(), ...presenting];
    await this.#publications.publish([this.#device(), ...states]);
    return outcome;
  }

  stop(): Promise<void> {
    return this.#subscription.stop();
  }

  /** SLF-1: what comes in the answer to a SUBSCRIBE is all there is. */
  #take(parts: readonly Part[], isAnswer: boolean): void {
    for (const part of parts) {
      const { categories } = parseRoamingData(part.body);
      if (categories === null) continue;
      if (isAnswer) this.#publications.replace(categories);
      else this.#publications.take(categories);
    }
  }

  // ---- What we look like ------------------------------------------------------------------------------------------------

  #report(): void {
    const card = this.#content('contactCard', 0, null);
    if (card !== null) this.#displayName = parseCard(card).displayName;
    const aggregate = this.#state(aggregateInstance);
    const picked = this.#state(userStateInstance);
    const knownAt = this.#context.world.now();
    const note = noteContainers.map((container) => this.#content('note', 0, container)).find((found) => found !== null);
    const self: Self = {
      presence: aggregate === null ? { status: 'unknown', knownAt } : presenceOf(aggregate, knownAt),
      picked: picked === null ? 'reset' : pickedOf(picked),
      note: note === undefined || note === null ? '' : parseNote(note),
    };
    this.#context.host.report({ type: 'self.changed', self });
  }

  #state(instance: number) {
    const content = this.#content('state', instance, 2);
    return content === null ? null : parseState(content);
  }

  #content(name: string, instance: number, container: number | null): XmlElement | null {
    return this.#publications.find(name, instance, container)?.content ?? null;
  }

  // ---- What we publish --------------------------------------------------------------------------------------------------

  setActivity(activity: Activity): void {
    if (this.#activity === activity) return;
    this.#activity = activity;
    if (this.#context.isLive()) void this.#publications.publish(this.#machineState());
  }

  setPresenting(on: boolean): void {
    if (this.#isPresenting === on) return;
    this.#isPresenting = on;
    if (this.#context.isLive()) void this.#publications.publish(this.#presenting());
  }

  setStatus(status: SettableStatus): Promise<Outcome<void>> {
    const content = status === 'reset' ? null : stateNode(userStateOf(status));
    return this.#publish(
      stateContainers.map((container) => {
        return { category: 'state', instance: userStateInstance, container, expireType: 'static', content };
      }),
    );
  }

  setNote(text: string): Promise<Outcome<void>> {
    const content = text === '' ? null : noteNode(text);
    return this.#publish(
      noteContainers.map((container) => {
        return { category: 'note', instance: 0, container, expireType: 'static', content };
      }),
    );
  }

  async #publish(drafts: readonly Draft[]): Promise<Outcome<void>> {
    if (!this.#context.isLive()) return failed({ is: 'offline' });
    const outcome = await this.#publications.publish(drafts);
    return outcome.ok ? done : outcome;
  }

  /** The endpoint's own bits in instance numbers. */
  get #endpointBits(): number {
    return Number.parseInt(this.#instanceId.replaceAll('-', '').slice(0, 8), 16) || 0;
  }

  #device(): Draft {
    const content = deviceNode(this.#context.aor, this.#instanceId, 'Browser');
    return { category: 'device', instance: this.#endpointBits, container: 2, expireType: 'endpoint', content };
  }

  #machineState(): Draft[] {
    return this.#endpointState(machineStateKind, stateNode(machineStateOf(this.#activity)));
  }

  #presenting(): Draft[] {
    return this.#endpointState(phoneStateKind, this.#isPresenting ? stateNode(presentingState) : null);
  }

  #endpointState(kind: number, content: XmlNode | null): Draft[] {
    const instance = kind + Math.floor(this.#endpointBits / 16);
    return stateContainers.map((container) => {
      return { category: 'state', instance, container, expireType: 'endpoint', content };
    });
  }
}
