import type { ServerResponse } from 'node:http';

/** What every answer about a file says: it is nobody else's, it is no document, and no cache keeps it. */
export const plain = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-site',
} as const;

/** `{"received": N}`, with `"sha256"` when the file is complete. */
export function received(response: ServerResponse, bytes: number, sha256: string | null): void {
  answer(response, 200, sha256 === null ? { received: bytes } : { received: bytes, sha256 }, {
    'Upload-Offset': String(bytes),
  });
}

/** `{"error": WORD}`. */
export function refuse(
  response: ServerResponse,
  status: number,
  error: 'ticket' | 'gone' | 'forbidden' | 'offset' | 'size' | 'digest' | 'busy' | 'full' | 'malformed',
  headers: Record<string, string> = {},
): void {
  answer(response, status, { error }, headers);
}

function answer(response: ServerResponse, status: number, value: object, headers: Record<string, string>): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify(value);
  response.writeHead(status, {
    ...plain,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
