import { limits } from './codec';

/** What the framer found in a stream. */
export type Framed =
  | { is: 'message'; bytes: Buffer }
  /** CRLF CRLF between messages: a keep-alive that wants a CRLF (RFC 5626 §4.4.1). */
  | { is: 'ping' }
  /** Head of a message over the size limit; its body is skipped. */
  | { is: 'oversized'; bytes: Buffer }
  /** Nothing after this can be told apart any more: the connection has to go. */
  | { is: 'lost'; bytes: Buffer; why: string };

/** A body beyond this is not even skipped. */
const longestSkipped = 64 * 1024 * 1024;

/** Cuts messages out of a byte stream (FRM-1, FRM-2): head, empty line, `Content-Length` bytes. */
export class StreamFramer {
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes of the message whose head has been read; 0 while looking for the next head. */
  #awaited = 0;
  #toSkip = 0;
  #lineEnds = 0;
  #isLost = false;

  push(chunk: Buffer): Framed[] {
    const found: Framed[] = [];
    if (this.#isLost) return found;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (!this.#isLost && this.#step(found));
    return found;
  }

  /** Takes one thing off the buffer; false when more bytes are needed. */
  #step(found: Framed[]): boolean {
    if (this.#toSkip > 0) return this.#skip();
    if (this.#awaited > 0) return this.#body(found);
    const buffer = this.#joined();
    const noise = this.#noise(buffer, found);
    if (noise > 0) this.#drop(noise);
    const rest = this.#joined();
    const blank = rest.subarray(0, limits.head).indexOf('\r\n\r\n');
    if (blank >= 0) return this.#head(rest.subarray(0, blank + 4), found);
    if (rest.length >= limits.head) this.#lose(rest.subarray(0, limits.head), 'the headers are too long', found);
    return false;
  }

  #noise(buffer: Buffer, found: Framed[]): number {
    let at = 0;
    for (; at < buffer.length && (buffer[at] === 13 || buffer[at] === 10); at += 1) {
      if (buffer[at] === 10) this.#lineEnds += 1;
      if (this.#lineEnds === 2) {
        found.push({ is: 'ping' });
        this.#lineEnds = 0;
      }
    }
    if (at < buffer.length) this.#lineEnds = 0;
    return at;
  }

  #head(head: Buffer, found: Framed[]): boolean {
    if (!/^[^\r\n]*SIP\/\d/.test(head.toString('latin1', 0, 8400))) {
      this.#lose(Buffer.from(head), 'this is not SIP', found);
      return false;
    }
    const lengths = [...head.toString('latin1').matchAll(/^(?:content-length|l)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*$/gim)];
    const values = new Set(lengths.map((match) => match[1] ?? ''));
    const [value = '0'] = values;
    const length = /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
    if (values.size > 1 || Number.isNaN(length) || length > longestSkipped) {
      this.#lose(Buffer.from(head), 'the end of the body cannot be told', found);
      return false;
    }
    if (head.length + length > limits.message) {
      found.push({ is: 'oversized', bytes: Buffer.from(head) });
      this.#drop(head.length);
      this.#toSkip = length;
      return true;
    }
    this.#awaited = head.length + length;
    return true;
  }

  #body(found: Framed[]): boolean {
    if (this.#length < this.#awaited) return false;
    const buffer = this.#joined();
    found.push({ is: 'message', bytes: Buffer.from(buffer.subarray(0, this.#awaited)) });
    this.#drop(this.#awaited);
    this.#awaited = 0;
    return this.#length > 0;
  }

  #skip(): boolean {
    const bytes = Math.min(this.#toSkip, this.#length);
    this.#toSkip -= bytes;
    this.#drop(bytes);
    return this.#length > 0;
  }

  #lose(bytes: Buffer, why: string, found: Framed[]): void {
    this.#isLost = true;
    this.#chunks = [];
    this.#length = 0;
    found.push({ is: 'lost', bytes: Buffer.from(bytes), why });
  }

  #joined(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks, this.#length)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  #drop(bytes: number): void {
    const rest = this.#joined().subarray(bytes);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
  }
}
