/** A peer's document that cannot be read. Thrown by codecs, caught where requests are routed and answers awaited. */
export class MalformedBody extends Error {
  /** Names the document: `contactList`, `SDP`, ... */
  readonly what: string;

  constructor(what: string, why: string) {
    super(`${what}: ${why}`);
    this.name = 'MalformedBody';
    this.what = what;
  }
}
