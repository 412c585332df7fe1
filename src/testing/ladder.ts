import { sharingKindOf } from '../protocol/lync/sharingSdp';
import { headerOf, methodOf, parseMessage, type SipMessage } from '../protocol/sip/message';
import { opaqueOf } from '../protocol/sip/uri';
import type { TraceEntry } from '../trace/entry';

/** One message seen at somebody's socket. */
export interface Rung {
  who: string;
  direction: 'in' | 'out';
  message: SipMessage;
}

/** The messages at several people's sockets in the order they were seen, for tests that assert what is on the wire. */
export class Ladder {
  readonly rungs: Rung[] = [];

  /** What takes one person's trace entries. */
  tap(who: string): (entry: Pick<TraceEntry, 'direction' | 'kind' | 'text'>) => void {
    return ({ direction, kind, text }) => {
      const message = kind === 'sip' ? parseMessage(text) : null;
      if (message !== null) this.rungs.push({ who, direction, message });
    };
  }

  /** One line a message: `alice -> server INVITE sip:bob@contoso.example (im)`, `server -> alice 200 INVITE`. */
  get lines(): string[] {
    return this.rungs.map(lineOf);
  }

  /** The lines of one person's socket that have all these words. */
  linesOf(who: string, ...words: string[]): string[] {
    return this.rungs
      .filter((rung) => rung.who === who)
      .map(lineOf)
      .filter((line) => words.every((word) => line.includes(word)));
  }

  /** The messages a person sent or got, of one method (requests and responses alike). */
  of(who: string, direction: Rung['direction'], method: string): SipMessage[] {
    return this.rungs
      .filter((rung) => rung.who === who && rung.direction === direction && methodOf(rung.message) === method)
      .map((rung) => rung.message);
  }

  clear(): void {
    this.rungs.length = 0;
  }
}

/** Prints one person's trace as a ladder. */
export function ladderOf(who: string, entries: readonly TraceEntry[]): string[] {
  const ladder = new Ladder();
  for (const entry of entries) ladder.tap(who)(entry);
  return ladder.lines;
}

function lineOf({ who, direction, message }: Rung): string {
  const arrow = direction === 'out' ? `${who} -> server` : `server -> ${who}`;
  if (message.method === null) return `${arrow} ${message.status} ${methodOf(message)}`;
  const kind = kindOf(message);
  return `${arrow} ${message.method} ${targetOf(message.uri)}${kind === '' ? '' : ` (${kind})`}`;
}

/** The URI without what differs from run to run: `sip:bob@contoso.example;gruu`, `sip:alice@contoso.example;chat`. */
function targetOf(uri: string): string {
  const opaque = opaqueOf(uri);
  if (opaque === null) return uri;
  const person = uri.split(';', 1)[0] ?? uri;
  const application = /^app:conf:([a-z-]+)/.exec(opaque)?.[1];
  return `${person};${application ?? 'gruu'}`;
}

const kinds: Record<string, string> = {
  'application/sdp': 'im',
  'application/ms-conf-invite+xml': 'conf-invite',
  'application/msrtc-category-publish+xml': 'publish',
  'application/ms-imdn+xml': 'imdn',
  'application/xml': 'typing',
  'text/plain': 'text',
  'text/html': 'html',
};

/** What a request is about: its event package, C3P command, SOAP operation, or kind of body. */
function kindOf(message: SipMessage): string {
  const event = headerOf(message, 'Event');
  if (event !== undefined && message.method !== 'REGISTER') return event;
  const type = (headerOf(message, 'Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/cccp+xml')
    return /<(?:\w+:)?(?:request|response)\b[^>]*>\s*<(?:\w+:)?(\w+)/.exec(message.body)?.[1] ?? type;
  if (type === 'application/soap+xml') return /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(message.body)?.[1] ?? type;
  if (type === 'application/sdp' && sharingKindOf(message.body) !== null) return 'sharing';
  return kinds[type] ?? type;
}
