import { concatBytes } from '../../protocol/bytes';

const longestHead = 65_536;
const longestMessage = 4_000_000;
const startLine = /(?:^|\r\n)(?=SIP\/2\.0 \d{3}|[A-Z]{3,20} sips?:\S{1,2000} SIP\/2\.0\r\n)/;

/** SIP messages in one direction of a TCP stream (RFC 3261 §18.3), found again where the capture lost some of it. */
export class SipStream {
  #bytes: Uint8Array = new Uint8Array(0);
  #next: number | null = null;
  readonly #early = new Map<number, Uint8Array>();
  #isForeign = false;

  /** Messages that are complete with this segment. */
  push(seq: number, payload: Uint8Array): string[] {
    if (payload.length === 0 || this.#isForeign) return [];
    this.#next ??= seq;
    // Modulo 2^32: how far this segment is ahead of what is expected; one before it was sent again.
    const ahead = (seq - this.#next) | 0;
    if (ahead + payload.length <= 0) return [];
    if (ahead > 0) return this.#hold(seq, payload);
    const messages = this.#take(payload.subarray(-ahead));
    for (let held = this.#early.get(this.#next); held !== undefined; held = this.#early.get(this.#next)) {
      this.#early.delete(this.#next);
      messages.push(...this.#take(held));
    }
    return messages;
  }

  /** A segment is missing: later ones wait for it a while. */
  #hold(seq: number, payload: Uint8Array): string[] {
    this.#early.set(seq, payload);
    if (this.#early.size < 64) return [];
    const [first] = [...this.#early.keys()].sort((one, other) => (one - other) | 0);
    const found = first === undefined ? undefined : this.#early.get(first);
    if (first === undefined || found === undefined) return [];
    this.#early.delete(first);
    this.#next = first;
    this.#bytes = new Uint8Array(0);
    return this.push(first, found);
  }

  #take(payload: Uint8Array): string[] {
    this.#next = ((this.#next ?? 0) + payload.length) >>> 0;
    this.#bytes = this.#bytes.length === 0 ? payload.slice() : concatBytes(this.#bytes, payload);
    const messages: string[] = [];
    for (let message = this.#message(); message !== null; message = this.#message()) messages.push(message);
    return messages;
  }

  #message(): string | null {
    // Latin-1, so that a character is a byte.
    const text = latin(this.#bytes.subarray(0, longestHead));
    const start = startLine.exec(text);
    if (start === null) {
      if (text.trim() === '') this.#bytes = new Uint8Array(0);
      if (text.length === longestHead) this.#isForeign = true;
      return null;
    }
    const begin = start.index + start[0].length;
    const end = text.indexOf('\r\n\r\n', begin);
    if (end < 0) return null;
    const length = /\r\n(?:Content-Length|l)[ \t]*:[ \t]*(\d{1,8})/i.exec(text.slice(begin, end))?.[1];
    // Without a length there is no telling; what came at once belongs together.
    const whole = length === undefined ? this.#bytes.length : end + 4 + Number(length);
    if (whole > longestMessage) {
      this.#isForeign = true;
      return null;
    }
    if (this.#bytes.length < whole) return null;
    const message = new TextDecoder().decode(this.#bytes.subarray(begin, whole));
    this.#bytes = this.#bytes.slice(whole);
    return message;
  }
}

function latin(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
