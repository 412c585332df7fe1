/** How the edge is seen from its two sides, as it stands in Via and Contact. */
export interface Hop {
  /** As in Via: `WSS`, `TLS`. */
  readonly protocol: string;
  /** Host with port when there is one. */
  readonly sentBy: string;
}

/**
 * Via and Contact on the way through the edge (RFC 3261 §18.1.1): a server would not take a browser's `WSS` and `.invalid`
 * host, nor a browser the server's. Transport and host are exchanged, which no signature covers ([MS-SIPAE] §3.2.5.1);
 * everything else passes byte by byte. Messages are latin1 text.
 */
export class Hops {
  readonly #ours: Hop;
  /** What the browser calls itself: its last request said so. */
  #browsers: Hop | null = null;

  constructor(ours: Hop) {
    this.#ours = ours;
  }

  toServer(wire: string): string {
    const { head, body } = cut(wire);
    if (isResponse(head)) return this.#withContacts(head, this.#browsers, this.#ours) + body;
    const via = firstVia.exec(head);
    if (via === null) return wire;
    this.#browsers = { protocol: via[2] ?? '', sentBy: via[4] ?? '' };
    return this.#withContacts(withVia(head, this.#ours), this.#browsers, this.#ours) + body;
  }

  toBrowser(wire: string): string {
    const { head, body } = cut(wire);
    if (this.#browsers === null) return wire;
    const ownHead = isResponse(head) ? withVia(head, this.#browsers) : head;
    return this.#withContacts(ownHead, this.#ours, this.#browsers) + body;
  }

  /** A Contact of another place (a GRUU, another endpoint) stays as it is. */
  #withContacts(head: string, from: Hop | null, to: Hop): string {
    if (from === null) return head;
    const place = new RegExp(`(@|sips?:)${escaped(from.sentBy)}(?=[;>\\s,?]|$)((?:;[^<>"\\s,?]*)?)`, 'gi');
    return head.replace(contactLine, (line) =>
      line.replace(
        place,
        (_whole, before: string, params: string) =>
          before + to.sentBy + params.replace(transport, `$1${uriTransport(to)}`),
      ),
    );
  }
}

const firstVia = /^((?:via|v)[ \t]*:[ \t]*SIP[ \t]*\/[ \t]*2\.0[ \t]*\/[ \t]*)([A-Za-z]+)([ \t]+)([^\s;,]+)/im;
const contactLine = /^(?:contact|m)[ \t]*:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*/gim;
const transport = /(;transport=)[a-z]+/i;

function withVia(head: string, { protocol, sentBy }: Hop): string {
  return head.replace(
    firstVia,
    (_whole, before: string, _protocol, blank: string) => before + protocol + blank + sentBy,
  );
}

/** RFC 7118 §5: a WebSocket is `ws` in a URI, secure or not. */
function uriTransport({ protocol }: Hop): string {
  return /^wss?$/i.test(protocol) ? 'ws' : protocol.toLowerCase();
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isResponse(head: string): boolean {
  return head.startsWith('SIP/2.0 ');
}

function cut(wire: string): { head: string; body: string } {
  const end = wire.indexOf('\r\n\r\n');
  return end < 0 ? { head: wire, body: '' } : { head: wire.slice(0, end), body: wire.slice(end) };
}
