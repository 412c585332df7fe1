import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { FileDisk } from '../files/fileDisk';
import type { FileRecord } from '../store/files';
import { plain, refuse } from './fileAnswers';
import type { Gate } from './fileGate';
import { rangeOf } from './ranges';

/** GET and HEAD of a complete file, whole or one range. Nothing of it is ever shown by a browser, only saved. */
export async function download(
  disk: FileDisk,
  { id, name, size, sha256 }: FileRecord,
  gate: Gate,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'malformed');
  // Somebody was at the disk: half a file is none.
  if ((await disk.sizeOf(id)) !== size) return refuse(response, 404, 'gone');
  const tag = `"${sha256}"`;
  const condition = request.headers['if-range'];
  const isSame = condition === undefined || condition === tag;
  const range = isSame ? rangeOf(request.headers.range, size) : null;
  if (range === 'unsatisfiable') return refuse(response, 416, 'offset', { 'Content-Range': `bytes */${size}` });
  const { from, to } = range ?? { from: 0, to: size - 1 };
  response.writeHead(range === null ? 200 : 206, {
    ...plain,
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeName(name)}`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Accept-Ranges': 'bytes',
    'Content-Length': to - from + 1,
    ...(range === null ? {} : { 'Content-Range': `bytes ${from}-${to}/${size}` }),
    ETag: tag,
    'Repr-Digest': `sha-256=:${Buffer.from(sha256 ?? '', 'hex').toString('base64')}:`,
  });
  if (request.method === 'HEAD' || size === 0) {
    response.end();
    return;
  }
  // A reader that goes away is no failure of ours.
  await pipeline(disk.read(id, from, to), gate, response).catch(() => response.destroy());
}

/** RFC 8187 §3.2: what is no `attr-char` is written as UTF-8 in per cents. */
function encodeName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
