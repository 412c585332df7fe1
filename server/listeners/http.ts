import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Certificate } from '../certificate';
import { answerAutodiscover, answerHostMeta, asksAutodiscover, originOf } from '../http/discovery';
import { type FileTransfers, filesPath } from '../http/files';
import { type HostRules, isAllowedOrigin, isLoopback, isOurHost } from '../http/hosts';
import type { Page } from '../http/page';
import type { Log } from '../log';
import { refuseUpgrade } from './websocket';

/** Where SIP over WebSocket is spoken. */
export interface SipUpgrades {
  /** True when a WebSocket may be opened at this path. */
  takes(pathname: string): boolean;
  /** Origin, Host and subprotocol are checked; `secure`: the browser came by TLS. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, secure: boolean): void;
}

export interface HttpListenerOptions {
  page: Page;
  rules: HostRules;
  sip: SipUpgrades;
  /** `/files/ID`, where there is a file store. */
  files?: FileTransfers;
  /** `POST /account/password`, where there are accounts. */
  changePassword?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  certificate?: Certificate;
  log: Log;
}

/** The one HTTP(S) port: the page, discovery, the WebSocket, the account. Does not listen yet. */
export class HttpListener {
  readonly server: Server;
  readonly #options: HttpListenerOptions;

  constructor(options: HttpListenerOptions) {
    this.#options = options;
    const { certificate } = options;
    const limits = { maxHeaderSize: 16 * 1024, requestTimeout: 30_000, headersTimeout: 15_000 };
    this.server =
      certificate === undefined
        ? createServer(limits)
        : createSecureServer({ ...limits, ...certificate, minVersion: 'TLSv1.2' });
    this.server.on('request', (request, response) => this.#request(request, response));
    this.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  close(): void {
    this.server.close();
    this.server.closeIdleConnections();
  }

  #request(request: IncomingMessage, response: ServerResponse) {
    const { rules, page } = this.#options;
    const url = urlOf(request);
    if (url === null) return answer(response, 400, 'Bad request.');
    if (url.pathname === '/healthz') return answer(response, 200, 'ok');
    if (!isOurHost(request.headers.host, rules)) return answer(response, 421, unknownHost);
    if (this.#options.sip.takes(url.pathname)) return this.#withoutUpgrade(request, response);
    if (url.pathname.startsWith(filesPath)) return this.#file(request, response, url.pathname);
    if (url.pathname === '/account/password') return this.#account(request, response);
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(response, 405, 'Method not allowed.');
    const origin = originOf(request, this.#isSecure(request));
    if (asksAutodiscover(request, url, rules.domain)) return answerAutodiscover(response, origin);
    if (url.pathname === '/.well-known/host-meta.json') return answerHostMeta(response, rules.domain, origin);
    if (!page.serve(request, response, url.pathname)) answer(response, 404, 'Not found.');
  }

  /** For a page whose WebSocket did not open: a browser tells it nothing, so that it asks here whether it may at all. */
  #withoutUpgrade(request: IncomingMessage, response: ServerResponse) {
    const { origin, host } = request.headers;
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (!isAllowedOrigin(origin, host, this.#options.rules)) return answer(response, 403, refusedPage);
    response.setHeader('Upgrade', 'websocket');
    answer(response, 426, 'SIP is spoken here over WebSocket.');
  }

  #account(request: IncomingMessage, response: ServerResponse) {
    const { changePassword, log } = this.#options;
    if (changePassword === undefined) return answer(response, 404, 'Not found.');
    if (!this.#isForPage(request, response, passwordAccess)) return;
    if (request.method !== 'POST') return answer(response, 405, 'Method not allowed.');
    changePassword(request, response).catch((error: unknown) => {
      log.error({ error }, 'changing a password failed');
      if (!response.headersSent) answer(response, 500, 'Internal error.');
    });
  }

  #file(request: IncomingMessage, response: ServerResponse, pathname: string) {
    const { files, log } = this.#options;
    if (files === undefined) return answer(response, 404, 'Not found.');
    if (!this.#isForPage(request, response, filesAccess)) return;
    files.handle(request, response, pathname).catch((error: unknown) => {
      log.error({ error }, 'a file transfer failed');
      if (!response.headersSent) answer(response, 500, 'Internal error.');
      else response.destroy();
    });
  }

  /** False when it is answered: the page may not, or it only asked whether it may (Fetch standard, CORS). */
  #isForPage(request: IncomingMessage, response: ServerResponse, access: Readonly<Record<string, string>>): boolean {
    const { origin, host } = request.headers;
    if (!isAllowedOrigin(origin, host, this.#options.rules)) {
      answer(response, 403, 'This page may not do that.');
      return false;
    }
    if (origin !== undefined) {
      response.setHeader('Access-Control-Allow-Origin', origin);
      response.setHeader('Vary', 'Origin');
      for (const [name, value] of Object.entries(access)) response.setHeader(name, value);
    }
    if (request.method === 'OPTIONS') answer(response, 204, '');
    return request.method !== 'OPTIONS';
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer) {
    socket.on('error', () => socket.destroy());
    const { rules, sip } = this.#options;
    const { origin, host } = request.headers;
    if (!sip.takes(urlOf(request)?.pathname ?? '')) return refuseUpgrade(socket, 404, 'SIP is spoken at /sip.');
    if (!isOurHost(host, rules)) return refuseUpgrade(socket, 421, unknownHost);
    if (!isAllowedOrigin(origin, host, rules)) return refuseUpgrade(socket, 403, refusedPage);
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!offered.includes('sip')) return refuseUpgrade(socket, 400, 'The WebSocket subprotocol must be sip.');
    sip.upgrade(request, socket, head, this.#isSecure(request));
  }

  /** Also when a proxy on this computer speaks TLS for us. */
  #isSecure(request: IncomingMessage): boolean {
    if (this.#options.certificate !== undefined) return true;
    return request.headers['x-forwarded-proto'] === 'https' && isLoopback(request.socket.remoteAddress ?? '');
  }
}

/** For a page of `--allow-origin`, beside its origin. */
const passwordAccess = { 'Access-Control-Allow-Methods': 'POST', 'Access-Control-Allow-Headers': 'Content-Type' };
const filesAccess = {
  'Access-Control-Allow-Methods': 'GET, HEAD, PUT, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Range, Content-Type, If-Range, Range',
  'Access-Control-Expose-Headers': 'Content-Range, ETag, Repr-Digest, Retry-After, Upload-Offset',
  'Access-Control-Max-Age': '600',
};

const refusedPage = 'This page may not connect here. Add its address with --allow-origin.';
const unknownHost = 'This server does not answer to that name. Add it with --allow-origin.';

function urlOf(request: IncomingMessage): URL | null {
  const target = request.url ?? '/';
  return target.startsWith('/') && URL.canParse(target, 'http://host') ? new URL(target, 'http://host') : null;
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.end(text);
}
