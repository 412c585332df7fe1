import { done, type Outcome } from '../../domain/failure';
import { faultType, parseFault } from '../../protocol/lync/fault';
import { type ExpireType, formatPublish, publishType } from '../../protocol/lync/publish';
import { type OwnCategory, parseRoamingData, selfType } from '../../protocol/lync/roamingSelf';
import { mediaType } from '../../protocol/sip/multipart';
import type { XmlElement, XmlNode } from '../../protocol/xml';
import type { SipResponse } from '../../sip/sipMessages';
import { type LyncContext, reading } from './context';
import { Queue } from './queue';

const answeredWithinMs = 15_000;

/** A publication to be made; `content` null deletes it. */
export interface Draft {
  category: string;
  instance: number;
  container: number;
  expireType: ExpireType;
  content: XmlNode | null;
}

type Published = OwnCategory<XmlElement>;

/**
 * What is published under our name, by category, instance and container, each with its version (`lync-wire` 4.4). One SERVICE
 * at a time; when the server knows newer versions (409), they are taken from its fault and the SERVICE is sent once more.
 */
export class Publications {
  readonly #context: LyncContext;
  readonly #onChange: () => void;
  readonly #queue = new Queue();
  #known: Published[] = [];

  constructor(context: LyncContext, onChange: () => void) {
    this.#context = context;
    this.#onChange = onChange;
  }

  /** `container` null: in any. */
  find(name: string, instance: number, container: number | null): Published | undefined {
    return this.#known.find(
      (one) => one.name === name && one.instance === instance && (container === null || one.container === container),
    );
  }

  /** SLF-2: of each category that is named, what is listed is all there is. SLF-3: named without content, it is cleared. */
  take(categories: readonly Published[]): void {
    const named = new Set(categories.map(({ name }) => name));
    const others = this.#known.filter(({ name }) => !named.has(name));
    this.#known = [...others, ...categories.filter(({ instance }) => instance !== null)];
    this.#onChange();
  }

  /** SLF-1: all that is published, in all categories. */
  replace(categories: readonly Published[]): void {
    this.#known = [];
    this.take(categories);
  }

  publish(drafts: readonly Draft[]): Promise<Outcome<void>> {
    return this.#queue.run(async () => {
      const first = await this.#request(drafts);
      return isConflict(first) ? this.#request(drafts) : first;
    });
  }

  async #request(drafts: readonly Draft[]): Promise<Outcome<void>> {
    const { aor, ua } = this.#context;
    // What is not there need not be deleted (PUB-6 wants the current version, and there is none).
    const sent = drafts.filter((draft) => draft.content !== null || this.#versionOf(draft) > 0);
    if (sent.length === 0) return done;
    const publications = sent.map(({ category, instance, container, expireType, content }) => {
      const version = this.#versionOf({ category, instance, container });
      const expiresSeconds = content === null ? 0 : null;
      return { category, instance, container, version, expireType, expiresSeconds, content };
    });
    const outcome = await ua.request('SERVICE', aor, {
      content: { contentType: publishType, body: formatPublish(aor, publications) },
      timeoutMs: answeredWithinMs,
      onRefusal: (response) => this.#takeFault(response, sent),
    });
    return reading(outcome, (response) => {
      if (mediaType(response.contentType) !== selfType) return;
      const { categories } = parseRoamingData(response.body);
      if (categories !== null) this.take(categories);
    });
  }

  /** PUB-3: `index` counts from 1; `curVersion` is the one to use next time. */
  #takeFault(response: SipResponse, sent: readonly Draft[]): void {
    if (mediaType(response.contentType) !== faultType) return;
    const fault = reading({ ok: true, value: response }, ({ body }) => parseFault(body));
    if (!fault.ok) return;
    for (const { index, curVersion } of fault.value.conflicts) {
      const draft = sent[index - 1];
      if (draft === undefined) continue;
      const { category: name, instance, container, expireType } = draft;
      const known = this.find(name, instance, container);
      const current = { name, instance, container, expireType, publishTime: '', content: null, ...known };
      this.#known = [...this.#known.filter((one) => one !== known), { ...current, version: curVersion }];
    }
  }

  #versionOf({ category, instance, container }: Pick<Draft, 'category' | 'instance' | 'container'>): number {
    return this.find(category, instance, container)?.version ?? 0;
  }
}

function isConflict(outcome: Outcome<void>): boolean {
  return !outcome.ok && outcome.failure.is === 'rejected' && outcome.failure.status === 409;
}
