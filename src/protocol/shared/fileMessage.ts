import { MalformedBody } from '../malformed';
import { isFileName } from './fileName';
import { sizeInWords } from './sizeInWords';

/** Ours: a message that says that a file is in the store. To an end that does not announce it goes `plainFileLine`. */
export const fileMessageType = 'application/vnd.confab.file+json';
/** The extension by which an end says that it reads them, on INVITE and its 200. */
export const fileMessages = 'com.confab.file';

export interface FileMessage {
  /** Of the file in the store: 32 hexadecimal digits. */
  id: string;
  name: string;
  /** Bytes. */
  size: number;
  type: string;
  /** 64 hexadecimal digits. */
  sha256: string;
}

export function formatFileMessage({ id, name, size, type, sha256 }: FileMessage): string {
  return JSON.stringify({ id, name, size, type, sha256 });
}

/** Throws `MalformedBody`, also for a name that is no file name. */
export function parseFileMessage(text: string): FileMessage {
  const { id, name, size, type, sha256 } = fieldsOf(text);
  if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id)) throw new MalformedBody('file message', 'there is no id');
  if (typeof name !== 'string' || !isFileName(name)) throw new MalformedBody('file message', 'that is no file name');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new MalformedBody('file message', 'there is no size');
  }
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
    throw new MalformedBody('file message', 'that is no SHA-256');
  }
  return { id, name, size, type: typeof type === 'string' ? type.slice(0, 127) : '', sha256 };
}

function fieldsOf(text: string): Record<string, unknown> {
  if (text.length > 4096) throw new MalformedBody('file message', 'it is too long');
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw new MalformedBody('file message', 'it is no JSON');
  }
}

/** `plan.pdf (1.2 MB)`: what a client reads that knows nothing of the store. */
export function plainFileLine({ name, size }: Pick<FileMessage, 'name' | 'size'>): string {
  return `${name} (${sizeInWords(size)})`;
}
