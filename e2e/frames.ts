/** Reads one direction of a TCP connection; after a WebSocket upgrade it yields the text frames (RFC 6455 §5.2). */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0);
  #is: 'http' | 'frames' | 'opaque' = 'http';
  #fragments: Buffer[] = [];

  read(bytes: Buffer): string[] {
    if (this.#is === 'opaque') return [];
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    if (this.#is === 'http' && !this.#passUpgrade()) return [];
    const texts: string[] = [];
    for (let text = this.#nextText(); text !== null; text = this.#nextText()) {
      if (text !== '') texts.push(text);
    }
    return texts;
  }

  /** True once an upgrade's header block is behind us; anything else is plain HTTP and of no interest. */
  #passUpgrade(): boolean {
    const end = this.#bytes.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const isUpgrade = /^upgrade:\s*websocket/im.test(this.#bytes.toString('latin1', 0, end));
    this.#bytes = this.#bytes.subarray(end + 4);
    this.#is = isUpgrade ? 'frames' : 'opaque';
    return isUpgrade;
  }

  /** The next text message, `''` for a frame that ends none, `null` when there is no whole frame. */
  #nextText(): string | null {
    const bytes = this.#bytes;
    if (bytes.length < 2) return null;
    const [first = 0, second = 0] = bytes;
    let length = second & 0x7f;
    let offset = 2;
    if (length === 126) {
      if (bytes.length < 4) return null;
      length = bytes.readUInt16BE(2);
      offset = 4;
    } else if (length === 127) {
      if (bytes.length < 10) return null;
      length = Number(bytes.readBigUInt64BE(2));
      offset = 10;
    }
    const masked = (second & 0x80) !== 0;
    const start = offset + (masked ? 4 : 0);
    if (bytes.length < start + length) return null;
    const payload = Buffer.from(bytes.subarray(start, start + length));
    if (masked)
      for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (bytes[offset + (at % 4)] ?? 0);
    this.#bytes = bytes.subarray(start + length);

    const opcode = first & 0x0f;
    if (opcode > 2) return '';
    this.#fragments.push(payload);
    if ((first & 0x80) === 0) return '';
    const whole = Buffer.concat(this.#fragments).toString('utf8');
    this.#fragments = [];
    return whole;
  }
}
