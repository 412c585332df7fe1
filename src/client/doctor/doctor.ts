import type { Dialect } from '../../dialect/dialect';
import type { Checkup, CheckupWish, RelayTried, Room } from '../../domain/checkup';
import { done, failed, type Outcome } from '../../domain/failure';
import type { Relays } from '../../domain/sharing';
import type { SignInRequest } from '../../domain/signIn';
import { type Aor, aorOf, bareAddress } from '../../protocol/sip/uri';
import type { NewEntry } from '../../trace/entry';
import type { Commands } from '../commands';
import type { Ask } from '../discovery';
import type { Floor } from '../floor';
import type { DialectRequest } from '../signIn';
import { nothingChecked } from './findings';
import { type Visitor, Walk } from './walk';

interface DoctorParts {
  ask: Ask;
  pageOrigin: string;
  createDialect(request: DialectRequest): Promise<Dialect>;
  log: { add(entry: NewEntry): number };
  room(): Promise<Room>;
  /** What we are signed in with, or were saved for; `null` when signed out. */
  request(): SignInRequest | null;
  /** Where we are signed in. */
  server(): string | null;
  /** The log is this person's from now on. */
  belongsTo(aor: Aor): Promise<void>;
  /** The server found last time for this person. */
  remembered(aor: Aor): Promise<string | null>;
}

/** Of more than this nobody needs to know. */
const mostRelays = 32;

type DoctorCommands = Pick<Commands, 'startCheckup' | 'cancelCheckup' | 'checkupRelays' | 'tellCheckupRelays'>;

/** Walks from link to link for a person who asks what is wrong, and tells the ledger what it finds. One walk at a time. */
export class Doctor implements DoctorCommands {
  readonly #floor: Floor;
  readonly #parts: DoctorParts;
  #walk: Walk | null = null;

  constructor(floor: Floor, parts: DoctorParts) {
    this.#floor = floor;
    this.#parts = parts;
  }

  /** The live session's messages pass here, too. */
  overhear = (entry: NewEntry, frame: number): void => this.#walk?.overhear(entry, frame);

  async startCheckup(wish: CheckupWish): Promise<Outcome<void>> {
    this.#walk?.cancel();
    const { world } = this.#floor;
    const request = wish.signIn ?? this.#parts.request();
    const aor = request === null ? null : aorOf(request.address);
    let checkup: Checkup = {
      tab: wish.tab,
      beganAt: world.now(),
      endedAt: null,
      address: aor === null ? '' : bareAddress(aor),
      server: null,
      checks: nothingChecked,
    };
    const show = (change: Partial<Checkup>): void => {
      checkup = { ...checkup, ...change };
      if (this.#walk === walk) this.#floor.record({ type: 'checkup.changed', checkup });
    };
    const { ask, pageOrigin, log, room, createDialect } = this.#parts;
    const walk: Walk = new Walk({
      world,
      ask,
      pageOrigin,
      room,
      log: (entry) => log.add(entry),
      notifications: wish.notifications,
      visitor: async () => (aor === null || request === null ? null : this.#visitorOf(aor, request)),
      live: wish.signIn === null && this.#floor.isLive() ? this.#floor.dialect() : null,
      connect: ({ aor, userName, password }, quietName, server, host, overhear) =>
        createDialect({ server, aor, userName, password, host, quietName, overhear }),
      onChange: (checks, server) => show({ checks, server }),
    });
    this.#walk = walk;
    show({});
    await walk.run();
    show({ endedAt: world.now() });
    if (this.#walk === walk) this.#walk = null;
    return done;
  }

  async #visitorOf(aor: Aor, request: Omit<SignInRequest, 'savePassword'>): Promise<Visitor> {
    await this.#parts.belongsTo(aor);
    const { userName = null, password, server } = request;
    const knownServer = this.#parts.server() ?? (await this.#parts.remembered(aor));
    return { aor, userName, password, server: server === '' ? null : server, knownServer };
  }

  async cancelCheckup(): Promise<Outcome<void>> {
    this.#walk?.cancel();
    return done;
  }

  async checkupRelays(): Promise<Outcome<Relays>> {
    return this.#walk?.relays ?? failed({ is: 'cancelled' });
  }

  async tellCheckupRelays(tried: readonly RelayTried[]): Promise<Outcome<void>> {
    this.#walk?.takeRelayed(tried.slice(0, mostRelays));
    return done;
  }
}
