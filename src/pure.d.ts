/** The two windows of the pure rooms: text to bytes and back. Everything else of DOM and Node stays outside. */
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes: Uint8Array): string;
}
