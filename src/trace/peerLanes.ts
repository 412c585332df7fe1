import type { Lane, Span } from './lanes';
import type { Row } from './row';

/** More connections than this share the last lane. */
const mostPeers = 5;

/** The lanes of a server's own log: the server, and a lane for each connection, called by who is at its other end. */
export class PeerLanes {
  readonly #peers = new Map<string, number>();
  readonly #names: string[] = [];
  #version = 0;

  get version(): number {
    return this.#version;
  }

  /** The first connection stands left of the server, the others right. */
  get all(): readonly Lane[] {
    const peers = this.#names.map((host): Lane => ({ role: 'peer', host }));
    return [...peers.slice(0, 1), { role: 'server', host: '' }, ...peers.slice(1)];
  }

  take({ entry, frame }: Row): void {
    if (frame.is !== 'request' && frame.is !== 'response') return;
    const known = this.#peers.get(entry.url);
    const at = known ?? Math.min(this.#peers.size, mostPeers - 1);
    if (known === undefined) {
      this.#peers.set(entry.url, at);
      this.#names[at] ??= entry.url;
      this.#version += 1;
    }
    // A request that passed nobody before comes from the endpoint itself.
    const isFirstHop = entry.direction === 'in' && frame.is === 'request' && frame.vias.length === 1;
    if (isFirstHop && frame.from.includes('@') && this.#names[at] === entry.url) {
      this.#names[at] = frame.from;
      this.#version += 1;
    }
  }

  spanOf({ entry, dialog }: Row): Span | null {
    const peer = this.#peers.get(entry.url);
    if (dialog === null || peer === undefined) return null;
    const server = this.#names.length === 0 ? 0 : 1;
    const lane = peer === 0 ? 0 : peer + 1;
    const [from, to] = entry.direction === 'in' ? [lane, server] : [server, lane];
    return { from, to, hops: [], missed: null };
  }
}

/** Whether a trace was logged by a server: people register with whoever logged it, or it sends on what others made. */
export function isServersView(rows: readonly Row[]): boolean {
  const requests = rows.filter(({ frame }) => frame.is === 'request');
  const registers = requests.filter(({ frame }) => frame.method === 'REGISTER' && frame.vias.length === 1);
  // A client never gets one; a server tells its own notices with one Via, as clients do.
  if (registers.length > 0) return isMost(registers, ({ entry }) => entry.direction === 'in');
  const sent = requests.filter(({ entry }) => entry.direction === 'out');
  return isMost(sent, ({ frame }) => frame.vias.length >= 2);
}

function isMost(rows: readonly Row[], test: (row: Row) => boolean): boolean {
  return rows.filter(test).length * 2 > rows.length;
}
