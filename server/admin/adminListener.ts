import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { aorOf, bareAddress } from '../../src/protocol/sip/uri';
import type { Home } from '../home';
import { hostNameOf, isLoopback } from '../http/hosts';
import { listen, portOf } from '../listening';
import { type AdminAccess, newToken, removeAdminAccess, writeAdminAccess } from './accessFile';
import { Metrics, metricsType } from './metrics';
import type { Traffic } from './traffic';

/** A reader of a trace that has so much to read is given up. */
const longestQueue = 4 * 1024 * 1024;
const mostFollowers = 8;

/**
 * The administration port, on loopback only: `/healthz`, `/metrics`, and for who has the token of the data directory
 * `/trace?user=ADDRESS[&text=yes]`, one `TracedFrame` a line as it happens, after a line `{"following": ADDRESS}`.
 */
export class AdminListener {
  readonly #home: Home;
  readonly #traffic: Traffic;
  readonly #data: string;
  readonly #metrics: Metrics;
  readonly #access: AdminAccess = { port: 0, token: newToken() };
  readonly #server: Server = createServer({ maxHeaderSize: 8 * 1024, requestTimeout: 30_000 });

  constructor(home: Home, traffic: Traffic, dataDirectory: string) {
    this.#home = home;
    this.#traffic = traffic;
    this.#data = dataDirectory;
    this.#metrics = new Metrics(home, traffic.counts);
    this.#server.on('request', (request, response) => this.#request(request, response));
  }

  get port(): number {
    return this.#access.port;
  }

  async listen(port: number): Promise<void> {
    await listen(this.#server, port, '127.0.0.1', '--admin-port');
    this.#access.port = portOf(this.#server);
    writeAdminAccess(this.#data, this.#access);
  }

  /** Ends the traces too. */
  close(): void {
    removeAdminAccess(this.#data, this.#access);
    this.#metrics.stop();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    // A page whose name was made to resolve to this computer (DNS rebinding) has nothing to look for here.
    if (!isLoopback(hostNameOf(request.headers.host))) return answer(response, 421, 'Ask for 127.0.0.1 or localhost.');
    if (request.method !== 'GET') return answer(response, 405, 'Method not allowed.');
    const url = new URL(`http://localhost${/^\/[^\s]*$/.exec(request.url ?? '')?.[0] ?? '/'}`);
    if (url.pathname === '/healthz') return answer(response, 200, 'ok');
    if (url.pathname === '/metrics') return answer(response, 200, this.#metrics.text(), metricsType);
    if (url.pathname === '/trace') return this.#trace(request, response, url.searchParams);
    answer(response, 404, 'There are /healthz, /metrics and /trace.');
  }

  #trace(request: IncomingMessage, response: ServerResponse, asked: URLSearchParams): void {
    if (!this.#hasToken(request))
      return answer(response, 401, 'The token in admin.json of the data directory is wanted.');
    const user = asked.get('user') ?? '';
    const person = aorOf(user);
    if (person === null || this.#home.accounts.find(person) === undefined) {
      return answer(response, 404, `There is no person ${JSON.stringify(user)} on this server.`);
    }
    const { followers } = this.#traffic;
    if (followers.size >= mostFollowers) return answer(response, 503, 'Too many traces are running. End one first.');
    const withText = asked.get('text') === 'yes';
    // Reading what people say shall leave its own trace.
    const level = withText ? 'warn' : 'info';
    this.#home.core.log[level]({ person: bareAddress(person), withText }, 'a person is traced');
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' });
    const write = (line: object): void => {
      if (response.writableLength > longestQueue) response.destroy();
      else response.write(`${JSON.stringify(line)}\n`);
    };
    const end = followers.add({ person, withText, frame: write });
    response.on('close', end);
    write({ following: bareAddress(person) });
  }

  #hasToken(request: IncomingMessage): boolean {
    const given = Buffer.from(/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '');
    const right = Buffer.from(this.#access.token);
    return given.length === right.length && timingSafeEqual(given, right);
  }
}

function answer(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  const headers = { 'Content-Type': type, 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };
  response.writeHead(status, headers);
  response.end(text);
}
