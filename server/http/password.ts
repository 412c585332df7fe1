import type { IncomingMessage, ServerResponse } from 'node:http';
import { aorOf } from '../../src/protocol/sip/uri';
import type { Home } from '../home';

export const shortestPassword = 8;
export const longestPassword = 256;
const longestBody = 4096;

interface Wish {
  address: string;
  current: string;
  next: string;
  /** The endpoint that asks: it stays signed in. */
  epid: string;
}

/**
 * `POST /account/password` with `{address, current, next, epid?}`. 204 when changed; 401 `credentials`, 422 `too-short` or
 * `too-long`, 429 with Retry-After, 400 for anything else, each as `{"error": WORD}`.
 */
export async function changePassword(home: Home, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const wish = wishOf(await bodyOf(request));
  const aor = wish === null ? null : aorOf(wish.address);
  if (wish === null || aor === null) return refuse(response, 400, 'malformed');
  if (wish.next.length < shortestPassword) return refuse(response, 422, 'too-short', { minimum: shortestPassword });
  if (wish.next.length > longestPassword) return refuse(response, 422, 'too-long', { maximum: longestPassword });
  const result = home.changePassword(aor, wish, request.socket.remoteAddress ?? '');
  if (result.is === 'wait') {
    response.setHeader('Retry-After', String(result.seconds));
    return refuse(response, 429, 'wait', { seconds: result.seconds });
  }
  if (result.is === 'refused') return refuse(response, 401, 'credentials');
  response.writeHead(204, { 'Cache-Control': 'no-store' });
  response.end();
}

function wishOf(body: string | null): Wish | null {
  if (body === null) return null;
  try {
    const { address, current, next, epid = '' } = JSON.parse(body) as Record<string, unknown>;
    const texts = [address, current, next, epid];
    if (!texts.every((text) => typeof text === 'string')) return null;
    return { address, current, next, epid } as Wish;
  } catch {
    return null;
  }
}

/** `null` when it is no JSON or too long. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refuse(response: ServerResponse, status: number, error: string, more: object = {}): void {
  const body = JSON.stringify({ error, ...more });
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(body);
}
