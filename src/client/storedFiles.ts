import { done, type Failure, failed, type Outcome, ok } from '../domain/failure';
import { type FileItem, isFileOver, type StoreTicket, whyForbidden } from '../domain/file';
import type { ConversationId, ItemId, TabId } from '../domain/ids';
import type { FileAudience, TicketRequest } from '../protocol/shared/fileTicket';
import type { FileLedger } from './fileLedger';
import type { Floor } from './floor';

/** So long a file waits for its connection, and for the conference. */
const waitsMs = 120_000;

/** Files that go through the server's store, of a conference or where two have no way to each other: the tickets, and what is told. */
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
    const asked = await this.#ask(item, (to) => {
      return file === null ? { is: 'upload', to, file: { ...item.file, sha256: null } } : { is: 'resume', id: file };
    });
    if (!asked.ok) return asked;
    this.#ledger.become(item, { is: 'moving' }, { route: { is: 'store', file: asked.value.id, sha256 } });
    return asked;
  }

  /** All of it is in the store: whom it is for is told. */
  async tell(conversation: ConversationId, id: ItemId, sha256: string): Promise<Outcome<void>> {
    const item = this.#ledger.find(conversation, id);
    if (item?.route.is !== 'store' || item.route.file === null || isFileOver(item.state)) {
      return failed({ is: 'cancelled' });
    }
    const audience = this.#audienceOf(conversation);
    const told = audience.ok ? await this.#tell(audience.value, item, { id: item.route.file, sha256 }) : audience;
    if (!told.ok) return this.#refused(item, told.failure);
    this.told(item, told.value.number, sha256);
    return done;
  }

  async #tell(
    to: FileAudience,
    { id, file, conversation }: FileItem,
    stored: { id: string; sha256: string },
  ): Promise<Outcome<{ number: number | null }>> {
    const dialect = this.#floor.dialect();
    const key = this.#floor.state().conversations[conversation]?.key;
    if (dialect === null || key === undefined) return failed({ is: 'offline' });
    const message = { id, file: { ...file, ...stored } };
    if (to.is === 'conference') return dialect.conferences.send(to.focus, message);
    const said = await dialect.im.send(dialect.im.thread(to.peer, key), message);
    return said.ok ? ok({ number: null }) : said;
  }

  /** Whom it is for knows of it, and a conference gave it its place; also when only the answer had been lost. */
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

  async #ask(item: FileItem, request: (to: FileAudience) => TicketRequest): Promise<Outcome<StoreTicket>> {
    const dialect = this.#floor.dialect();
    const to = this.#audienceOf(item.conversation);
    if (!to.ok) return this.#refused(item, to.failure);
    const asked = dialect === null ? failed({ is: 'offline' }) : await dialect.store.ticket(request(to.value));
    if (!asked.ok) return this.#refused(item, asked.failure);
    this.#ledger.stopWaiting(item.id);
    if (item.own) this.#ledger.changeTransfer(item.id, { bytes: asked.value.received });
    return asked;
  }

  /** The conference that we are in, or the other person; `offline` while we are coming back. */
  #audienceOf(conversation: ConversationId): Outcome<FileAudience> {
    const party = this.#floor.state().conversations[conversation]?.party;
    if (party?.is === 'pairwise') return this.#floor.isLive() ? ok({ is: 'peer', peer: party.peer }) : away;
    if (party === undefined || party.focus === null) return failed(notThere);
    const { is } = party.conference.membership;
    if (is === 'creating' || is === 'joining' || is === 'rejoining' || !this.#floor.isLive()) return away;
    return is === 'joined' ? ok({ is: 'conference', focus: party.focus }) : failed(notThere);
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

const away = failed({ is: 'offline' });
const notThere: Failure = { is: 'rejected', status: 481, reason: 'Not in the conference' };
