import { parseNameAddr } from '../../src/protocol/sip/headers';
import { hideText } from '../../src/protocol/sip/hideText';
import { maskSecrets } from '../../src/protocol/sip/mask';
import { headerOf, parseMessage, type SipMessage } from '../../src/protocol/sip/message';
import { type Aor, aorOf, bareAddress, opaqueOf } from '../../src/protocol/sip/uri';
import type { Flow } from '../flow';
import type { Direction } from './messageCounts';

/** One SIP message in a trace; `text` without credentials, and without what people say unless that was asked for. */
export interface TracedFrame {
  /** Epoch ms. */
  at: number;
  /** `client`: on a connection of the person; `peer`: from or to the person, on another's connection. */
  lane: 'client' | 'peer';
  /** As the server sees it. */
  direction: Direction;
  /** Names the connection in the server's log, too. */
  flow: string;
  transport: string;
  /** `192.0.2.7:50123` */
  address: string;
  /** Whose connection it is; `''` when it has not signed in. */
  owner: string;
  bytes: number;
  /** `''` when it is no SIP message: what cannot be read cannot be masked. */
  text: string;
}

export interface Following {
  readonly person: Aor;
  readonly withText: boolean;
  frame(frame: TracedFrame): void;
}

/** Who follows whom, live. */
export class Followers {
  readonly #all = new Set<Following>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Answers the end of it. */
  add(following: Following): () => void {
    this.#all.add(following);
    return () => void this.#all.delete(following);
  }

  /** Call when there is one at least. */
  show(flow: Flow, direction: Direction, bytes: Buffer): void {
    const text = bytes.toString('utf8');
    const message = parseMessage(text);
    const parties = message === null ? [] : [partyOf(message, 'From'), partyOf(message, 'To')];
    for (const following of this.#all) {
      const lane = laneOf(flow, parties, following.person);
      if (lane === null) continue;
      const masked = message === null ? '' : maskSecrets(text);
      following.frame({
        at: this.#now(),
        lane,
        direction,
        flow: flow.id,
        transport: flow.transport.protocol,
        address: `${flow.transport.address}:${flow.transport.port}`,
        owner: flow.owner === null ? '' : bareAddress(flow.owner),
        bytes: bytes.length,
        text: following.withText ? masked : hideText(masked),
      });
    }
  }
}

function laneOf({ owner }: Flow, parties: readonly (Aor | null)[], person: Aor): TracedFrame['lane'] | null {
  if (owner === person) return 'client';
  if (!parties.includes(person)) return null;
  // Before a connection has signed in it is that of the person whom it claims to be: so a failing sign-in is seen.
  return owner === null && parties[0] === person ? 'client' : 'peer';
}

/** The person in From or To; `null` for a service or a conference in a person's name. */
function partyOf(message: SipMessage, header: 'From' | 'To'): Aor | null {
  const uri = parseNameAddr(headerOf(message, header) ?? '')?.uri ?? '';
  return opaqueOf(uri)?.startsWith('app:') === true ? null : aorOf(uri);
}
