import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';

const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** The built page on a web server that knows nothing of SIP, as an organization may host it. */
export class PageServer {
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const pathname = new URL(request.url ?? '/', 'http://page').pathname;
      const name = pathname === '/' ? '/index.html' : pathname;
      try {
        const bytes = readFileSync(path.join('dist', path.normalize(name)));
        response.writeHead(200, { 'Content-Type': types[path.extname(name)] ?? 'application/octet-stream' });
        response.end(bytes);
      } catch {
        response.writeHead(404).end();
      }
    });
  }

  static async start(): Promise<PageServer> {
    const server = new PageServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    const address = this.#server.address();
    return `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
