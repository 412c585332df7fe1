import { MalformedBody } from '../malformed';

/**
 * What goes over the data channel of a file, ordered and reliable: the bytes, binary, from where the answer wants them on;
 * and these words, as text.
 */
export const fileChannel = { label: 'file', protocol: 'com.confab.file' } as const;

/** The most bytes in one binary message. */
export const chunkSize = 64 * 1024;

/** A file is digested, written down and begun again in pieces of so many bytes; the last one may be shorter. */
export const pieceSize = 256 * 1024;

/** The most bytes on the way: what was sent and is not yet `taken`. */
export const windowSize = 4 * 1024 * 1024;

export type FileWord =
  /** Of the receiver: so many bytes of the whole file are written down. */
  | { is: 'taken'; bytes: number }
  /** Of the sender: that was all; SHA-256 of the SHA-256s of all pieces in order, 64 hexadecimal digits. */
  | { is: 'end'; sha256: string }
  /** Of the receiver: all is there, and it is right. The sender hangs up. */
  | { is: 'done' }
  /** Of either: it cannot go on. Who hears it hangs up. */
  | { is: 'stop'; why: FileStop };

const stops = ['damaged', 'notAsOffered', 'changed', 'noRoom'] as const;
export type FileStop = (typeof stops)[number];

const longestWord = 200;

export function formatFileWord(word: FileWord): string {
  return JSON.stringify(word);
}

/** Throws `MalformedBody`. */
export function parseFileWord(text: string): FileWord {
  const { is, bytes, sha256, why } = fieldsOf(text);
  if (is === 'taken' && typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0) return { is, bytes };
  if (is === 'end' && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)) return { is, sha256 };
  if (is === 'done') return { is };
  const stop = stops.find((known) => known === why);
  if (is === 'stop' && stop !== undefined) return { is, why: stop };
  throw new MalformedBody('file word', 'it is none');
}

function fieldsOf(text: string): Record<string, unknown> {
  if (text.length > longestWord) throw new MalformedBody('file word', 'it is too long');
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw new MalformedBody('file word', 'it is no JSON');
  }
}
