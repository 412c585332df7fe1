import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';

interface PageFile {
  readonly type: string;
  readonly bytes: Buffer;
  readonly encoded: ReadonlyMap<'br' | 'gzip', Buffer>;
  readonly etag: string;
  /** Its name has a hash of its content in it. */
  readonly immutable: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.mp3': 'audio/mpeg',
  '.txt': 'text/plain; charset=utf-8',
};

/** The built page: read once, served from memory, so that no request can name a file. */
export class Page {
  readonly #files = new Map<string, PageFile>();
  readonly #index: string | null;
  readonly #policy: string;

  constructor(dist: string | null, policy: { domain: string; loopback: boolean }) {
    this.#policy = contentSecurityPolicy(policy);
    const index = dist === null ? '' : path.join(dist, 'index.html');
    this.#index = existsSync(index) ? readFileSync(index, 'utf8') : null;
    if (dist !== null && this.#index !== null) this.#readAll(dist);
  }

  /** False when there is no such file. */
  serve(request: IncomingMessage, response: ServerResponse, pathname: string): boolean {
    if (pathname === '/' || pathname === '/index.html') {
      this.#serveIndex(request, response);
      return true;
    }
    const file = this.#files.get(pathname);
    if (file === undefined) return false;
    this.#serveFile(request, response, file);
    return true;
  }

  #serveIndex(request: IncomingMessage, response: ServerResponse): void {
    if (this.#index === null) {
      response.writeHead(503, { 'Content-Type': 'text/plain; charset=utf-8' });
      response.end('The page is not built yet. Run: npm run build\n');
      return;
    }
    const nonce = randomBytes(18).toString('base64');
    const body = Buffer.from(this.#index.replaceAll('__CSP_NONCE__', nonce));
    response.writeHead(200, {
      ...pageHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': body.length,
      'Cache-Control': 'no-store',
      'Content-Security-Policy': this.#policy.replace('__CSP_NONCE__', nonce),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  #serveFile(request: IncomingMessage, response: ServerResponse, file: PageFile): void {
    const headers = {
      ...pageHeaders,
      'Content-Type': file.type,
      'Cache-Control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: file.etag,
      Vary: 'Accept-Encoding',
      // A worker has a policy of its own: that of its script's response.
      'Content-Security-Policy': this.#policy.replace(" 'nonce-__CSP_NONCE__'", ''),
    };
    if (request.headers['if-none-match'] === file.etag) {
      response.writeHead(304, headers);
      response.end();
      return;
    }
    const accepted = String(request.headers['accept-encoding'] ?? '');
    const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name) && file.encoded.has(name));
    const bytes = (encoding && file.encoded.get(encoding)) ?? file.bytes;
    response.writeHead(200, {
      ...headers,
      'Content-Length': bytes.length,
      ...(encoding === undefined ? {} : { 'Content-Encoding': encoding }),
    });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  }

  #readAll(dist: string): void {
    for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
      const file = path.join(dist, name);
      const type = types[path.extname(name)];
      if (type === undefined || name === 'index.html' || !statSync(file).isFile()) continue;
      const stats = statSync(file);
      const encoded = new Map<'br' | 'gzip', Buffer>();
      if (existsSync(`${file}.br`)) encoded.set('br', readFileSync(`${file}.br`));
      if (existsSync(`${file}.gz`)) encoded.set('gzip', readFileSync(`${file}.gz`));
      this.#files.set(`/${name.split(path.sep).join('/')}`, {
        type,
        bytes: readFileSync(file),
        encoded,
        etag: `"${stats.size.toString(16)}-${Math.floor(stats.mtimeMs).toString(16)}"`,
        immutable: /^assets\//.test(name.split(path.sep).join('/')),
      });
    }
  }
}

const pageHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Servers are discovered, so `connect-src` cannot be a list; plain `http:` and `ws:` only on this computer. */
function contentSecurityPolicy({ domain, loopback }: { domain: string; loopback: boolean }): string {
  const hosts = ['localhost:*', '127.0.0.1:*', `*.${domain}:*`, `${domain}:*`];
  const plain = loopback ? ` ${hosts.map((host) => `http://${host} ws://${host}`).join(' ')}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self' 'nonce-__CSP_NONCE__'",
    `connect-src 'self' https: wss:${plain}`,
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
