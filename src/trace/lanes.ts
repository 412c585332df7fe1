import { parseDiagnostics, parseNameAddr, parseValue } from '../protocol/sip/headers';
import { headerOf, headersOf, parseMessage, type SipMessage } from '../protocol/sip/message';
import type { Row } from './row';
import { isWithPerson } from './topic';

/** One column of the ladder. */
export interface Lane {
  role: 'client' | 'edge' | 'proxy' | 'server' | 'peer';
  /** `''` for the client, and for the peer of many. */
  host: string;
}

/** An arrow of the ladder, from the element that made the message to the last one it reached; numbers are lanes. */
export interface Span {
  from: number;
  to: number;
  /** Lanes that it passed through. */
  hops: readonly number[];
  /** It was on its way to this lane but ended at `to`. */
  missed: number | null;
}

/** Who answered: a host that names itself, some server, or the other person's endpoint. */
export type Origin = { is: 'host'; host: string } | { is: 'server' } | { is: 'peer' };

/** More hops than this are drawn as one. */
const mostBeside = 2;

/**
 * The elements that a client's messages pass, learnt from Via and Record-Route: client, what stands before our server, our
 * server, what stands behind it, the other person. Our server is the one that sends the notifications of our subscriptions.
 */
export class Lanes {
  #server = '';
  readonly #before: string[] = [];
  readonly #behind: string[] = [];
  readonly #edges = new Set<string>();
  #hasPeer = false;
  #version = 0;

  /** Changes when a lane has come. */
  get version(): number {
    return this.#version;
  }

  get all(): readonly Lane[] {
    const beside = (hosts: readonly string[]): Lane[] =>
      hosts.slice(0, mostBeside).map((host) => ({ role: this.#edges.has(host) ? 'edge' : 'proxy', host }));
    return [
      { role: 'client', host: '' },
      ...beside(this.#before),
      { role: 'server', host: this.#server },
      ...beside(this.#behind),
      ...(this.#hasPeer ? [{ role: 'peer', host: '' } as const] : []),
    ];
  }

  /** Learns from a message; cheap, since every message passes. */
  take(row: Row): void {
    const { frame, dialog } = row;
    if (dialog === null) return;
    if (!this.#hasPeer && isWithPerson(dialog.topic, frame.uri)) {
      this.#hasPeer = true;
      this.#version += 1;
    }
    if (frame.vias.length <= 1 && frame.recordRoutes.length === 0 && this.#server !== '') return;
    const origin = frame.vias.at(-1) ?? '';
    const isNotice = row.entry.direction === 'in' && (frame.method === 'NOTIFY' || frame.method === 'BENOTIFY');
    if (isNotice && frame.is === 'request' && origin !== '' && this.#server === '') this.#become(origin);
    this.#learn(pathOf(row));
    if (/\bms-user-logon-data:\s*RemoteUser/i.test(row.entry.text)) this.#isRemote(pathOf(row)[0]);
  }

  #become(server: string): void {
    this.#server = server;
    // What was taken for a proxy before it turned out to be the server.
    for (const hosts of [this.#before, this.#behind]) {
      const at = hosts.indexOf(server);
      if (at >= 0) hosts.splice(at, 1);
    }
    this.#version += 1;
  }

  #isRemote(first: string | undefined): void {
    if (first === undefined || this.#edges.has(first)) return;
    this.#edges.add(first);
    this.#version += 1;
  }

  #learn(path: readonly string[]): void {
    if (path.length === 0) return;
    // Nobody has notified us yet: the last one on the way to the other person is taken for the server.
    if (this.#server === '') return this.#become(path.at(-1) ?? '');
    const at = path.indexOf(this.#server);
    this.#note(this.#before, at < 0 ? path : path.slice(0, at));
    if (at >= 0) this.#note(this.#behind, path.slice(at + 1));
  }

  #note(known: string[], hosts: readonly string[]): void {
    for (const host of hosts) {
      if (host === '' || host === this.#server || this.#before.includes(host) || this.#behind.includes(host)) continue;
      known.push(host);
      if (/(^|[.-])edge/i.test(host)) this.#edges.add(host);
      this.#version += 1;
    }
  }

  /** Where the message of a row came from and how far it got. `null` for what is not SIP. */
  spanOf(row: Row): Span | null {
    const { frame, entry, dialog, transaction } = row;
    if (dialog === null || transaction === null) return null;
    const lanes = this.all;
    const far = this.#farLane(lanes, row);
    if (entry.direction === 'out') {
      const stopped = frame.is === 'request' ? this.#stoppedAt(lanes, row, far) : null;
      // The ACK of a refusal is for whoever refused (RFC 3261 §17.1.1.3).
      return span(0, stopped ?? far, stopped === null || frame.method === 'ACK' ? null : far);
    }
    if (frame.is === 'request') return span(far, 0);
    return span(this.#laneOf(lanes, originOf(row), far), 0);
  }

  #farLane(lanes: readonly Lane[], { frame, entry, dialog, transaction }: Row): number {
    const server = lanes.findIndex(({ role }) => role === 'server');
    const uri = transaction?.rows.find((one) => one.frame.is === 'request')?.frame.uri ?? frame.uri;
    const isNotice = entry.direction === 'in' && /^(BE)?NOTIFY$/.test(frame.method);
    if (dialog === null || isNotice || lanes.at(-1)?.role !== 'peer') return server;
    return isWithPerson(dialog.topic, uri) ? lanes.length - 1 : server;
  }

  /** The lane where a request of ours ended before it was where it should go; `null` when it got there. */
  #stoppedAt(lanes: readonly Lane[], { transaction }: Row, far: number): number | null {
    const refusal = transaction?.rows.findLast(({ frame }) => frame.is === 'response' && frame.status >= 200);
    if (refusal === undefined || refusal.frame.status < 300) return null;
    const at = this.#laneOf(lanes, originOf(refusal), far);
    return at < far ? at : null;
  }

  #laneOf(lanes: readonly Lane[], origin: Origin, far: number): number {
    const server = lanes.findIndex(({ role }) => role === 'server');
    if (origin.is === 'peer') return far;
    if (origin.is === 'server') return Math.min(server, far);
    const named = lanes.findIndex(({ host }) => host === origin.host);
    return named < 0 ? Math.min(server, far) : named;
  }
}

function span(from: number, to: number, missed: number | null = null): Span {
  const low = Math.min(from, to) + 1;
  return {
    from,
    to,
    hops: Array.from({ length: Math.max(0, Math.abs(to - from) - 1) }, (_, step) => low + step),
    missed,
  };
}

/** The hosts between us and the other end that a message names, the nearest first. */
function pathOf({ frame, entry }: Row): readonly string[] {
  // Via of what comes to us (and of our answers to it): the last line is the other end itself.
  const isTheirs = (entry.direction === 'in') === (frame.is === 'request');
  if (isTheirs) return frame.vias.slice(0, -1);
  // RFC 3261 §12.1.2: the route set of the caller is Record-Route backwards.
  return frame.is === 'response' ? frame.recordRoutes.toReversed() : [];
}

/** Who made a response: by `ms-diagnostics` source, by what only endpoints write, else the far end of the dialog. */
export function originOf({ entry, frame, dialog, transaction }: Row): Origin {
  const message = parseMessage(entry.text);
  if (message === null || dialog === null) return { is: 'server' };
  const source = sourceOf(message);
  if (source !== '') return { is: 'host', host: source };
  const uri = transaction?.rows.find((one) => one.frame.is === 'request')?.frame.uri ?? '';
  if (!isWithPerson(dialog.topic, uri)) return { is: 'server' };
  if (frame.status > 100 && frame.status < 300) return { is: 'peer' };
  return isOfEndpoint(message) ? { is: 'peer' } : { is: 'server' };
}

/** The host that `ms-diagnostics` names as its source ([MS-OCER] §2.2); `''` when none does. */
export function sourceOf(message: SipMessage): string {
  for (const text of headersOf(message, 'ms-diagnostics')) {
    const source = parseDiagnostics(text)?.source;
    if (source) return source.toLowerCase();
  }
  return '';
}

/** FRM-6, FRM-7: endpoints put their epid beside their tag, and a User-Agent; servers write `Server`. */
function isOfEndpoint(message: SipMessage): boolean {
  if (headerOf(message, 'ms-client-diagnostics') !== undefined || headerOf(message, 'User-Agent') !== undefined)
    return true;
  const to = parseNameAddr(headerOf(message, 'To') ?? '');
  return to?.params.has('epid') === true && parseValue(headerOf(message, 'Server') ?? '').value === '';
}
