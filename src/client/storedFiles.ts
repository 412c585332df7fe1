import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import { type FileItem, isFileOver, type StoreTicket, whyForbidden } from '../domain/file';
import type { ConversationId, ItemId, TabId } from '../domain/ids';
import type { TicketRequest } from '../protocol/shared/fileTicket';
import type { FocusUri } from '../protocol/sip/uri';
import type { FileLedger } from './fileLedger';
import type { Floor } from './floor';

/** So long a file waits for its connection, and for the conference. */
const waitsMs = 120_000;

/** Files that go through the server's store, to a conference and from one: the tickets, and what is told of them. */
export class StoredFiles {
  readonly #floor: Floor;
  readonly #ledger: FileLedger;

  constructor(floor: Floor, ledger: FileLedger) {
    this.#floor = floor;
    this.#ledger = ledger;
  }

  // ---- Ours -------------------------------------------------------------------------------------------------------------

  /** Leave to bring one of ours, from where the store is. */
  async bring(conversation: ConversationId, id: ItemId, tab: TabId): Promise<Outcome<StoreTicket>> {
    const item = this.#ledger.find(conversation, id);
    if (item?.own !== true || item.route.is !== 'store') return failed({ is: 'cancelled' });
    if (item.state.is === 'failed') this.#ledger.become(item, { is: 'offered' });
    this.#ledger.underWay(id, { ...this.#ledger.transferOf(item), tab });
    const { file, sha256 } = item.route;
    const asked = await this.#ask(item, (focus) => {
      if (file !== null) return { is: 'resume', id: file };
      return { is: 'upload', to: { is: 'conference', focus }, file: { ...item.file, sha256: null } };
    });
    if (!asked.ok) return asked;
    this.#ledger.become(item, { is: 'moving' }, { route: { is: 'store', file: asked.value.id, sha256 } });
    return asked;
  }

  /** All of it is in the store: the conference is told. */
  async tell(conversation: ConversationId, id: ItemId, sha256: string): Promise<Outcome<void>> {
    const item = this.#ledger.find(conversation, id);
    if (item?.route.is !== 'store' || item.route.file === null || isFileOver(item.state)) {
      return failed({ is: 'cancelled' });
    }
    const focus = this.#focusOf(conversation);
    const told = focus.ok ? await this.#tellAt(focus.value, item, { id: item.route.file, sha256 }) : focus;
    if (!told.ok) return this.#refused(item, told.failure);
    this.told(item, told.value.number, sha256);
    return done;
  }

  async #tellAt(focus: FocusUri, { id, file }: FileItem, stored: { id: string; sha256: string }) {
    const dialect = this.#floor.dialect();
    if (dialect === null) return failed({ is: 'offline' });
    return dialect.conferences.send(focus, { id, file: { ...file, ...stored } });
  }

  /** The conference knows of it, and gave it its place; also when only the answer had been lost. */
  told(item: FileItem, number: number | null, sha256: string | null = null): void {
    const route = item.route.is === 'store' ? { ...item.route, sha256: sha256 ?? item.route.sha256 } : item.route;
    this.#ledger.over(item, { is: 'done', at: this.#floor.world.now(), place: null }, { route, number });
  }

  // ---- Theirs -----------------------------------------------------------------------------------------------------------

  /** Leave to get one of somebody else's, in this tab. */
  async get(conversation: ConversationId, id: ItemId, tab: TabId): Promise<Outcome<StoreTicket>> {
    const item = this.#ledger.find(conversation, id);
    if (item === undefined || item.own || item.route.is !== 'store' || item.route.file === null) {
      return failed({ is: 'cancelled' });
    }
    const { file } = item.route;
    const transfer = this.#ledger.transferOf(item);
    if (transfer.tab !== null && transfer.tab !== tab) return failed({ is: 'cancelled' });
    const forbidden = whyForbidden(item.file, this.#floor.state().policy);
    if (forbidden !== null) return failed(forbidden);
    this.#ledger.underWay(id, { ...transfer, tab });
    const asked = await this.#ask(item, () => ({ is: 'download', id: file }));
    if (asked.ok) this.#ledger.become(item, { is: 'moving' });
    return asked;
  }

  // ---- Both -------------------------------------------------------------------------------------------------------------

  async #ask(item: FileItem, request: (focus: FocusUri) => TicketRequest): Promise<Outcome<StoreTicket>> {
    const dialect = this.#floor.dialect();
    const focus = this.#focusOf(item.conversation);
    if (!focus.ok) return this.#refused(item, focus.failure);
    const asked = dialect === null ? failed({ is: 'offline' }) : await dialect.store.ticket(request(focus.value));
    if (!asked.ok) return this.#refused(item, asked.failure);
    this.#ledger.stopWaiting(item.id);
    if (item.own) this.#ledger.changeTransfer(item.id, { bytes: asked.value.received });
    return asked;
  }

  /** Where we are in; `offline` while we are coming back. */
  #focusOf(conversation: ConversationId): Outcome<FocusUri> {
    const party = this.#floor.state().conversations[conversation]?.party;
    if (party?.is !== 'conference' || party.focus === null) return failed(notThere);
    const { is } = party.conference.membership;
    if (is === 'creating' || is === 'joining' || is === 'rejoining' || !this.#floor.isLive()) {
      return failed({ is: 'offline' });
    }
    return is === 'joined' ? ok(party.focus) : failed(notThere);
  }

  /** What a moment may mend waits for it; a file that the store has given up begins anew when it is tried again. */
  #refused(asked: FileItem, failure: Failure): Outcome<never> {
    const item = this.#ledger.find(asked.conversation, asked.id);
    if (item === undefined) return failed(failure);
    if (failure.is === 'offline' || failure.is === 'connectionLost' || failure.is === 'timedOut') {
      if (item.state.is !== 'interrupted') {
        const { bytes } = this.#ledger.transferOf(item);
        this.#ledger.interrupt(item, { bytes, isFree: false, waitsMs });
      }
      return failed(failure);
    }
    const isGone = failure.is === 'rejected' && failure.status === 404;
    const route = isGone && item.own && item.route.is === 'store' ? { ...item.route, file: null } : item.route;
    this.#ledger.over(item, { is: 'failed', failure }, { route });
    return failed(failure);
  }

  /** One of somebody else's is there for whoever gets it, as before. */
  putBack(item: FileItem): void {
    if (!this.#ledger.over(item, { is: 'offered' })) this.#ledger.forget(item.id);
  }
}

const notThere: Failure = { is: 'rejected', status: 481, reason: 'Not in the conference' };
