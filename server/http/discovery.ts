import type { IncomingMessage, ServerResponse } from 'node:http';
import { autodiscoverType, formatAutodiscover, webSocketToken } from '../../src/protocol/lync/autodiscover';
import { formatHostMeta } from '../../src/protocol/shared/hostMeta';
import { hostNameOf } from './hosts';

const autodiscoverPath = '/Autodiscover/AutodiscoverService.svc/root';

/** True for a request that asks where the server is, in the way of [MS-OCDISCWS]. */
export function asksAutodiscover(request: IncomingMessage, url: URL, domain: string): boolean {
  if (url.pathname.toLowerCase() === autodiscoverPath.toLowerCase()) return true;
  if (url.pathname !== '/') return false;
  const name = hostNameOf(request.headers.host);
  if (name === `lyncdiscover.${domain}` || name === `lyncdiscoverinternal.${domain}`) return true;
  return (request.headers.accept ?? '').includes(autodiscoverType) || url.searchParams.has('sipuri');
}

/** The discovery document of Lync, with the address of our WebSocket beside its own links. */
export function answerAutodiscover(response: ServerResponse, origin: Origin): void {
  const root = `${origin.http}${autodiscoverPath}`;
  const body = formatAutodiscover({
    accessLocation: 'Internal',
    links: [
      { token: 'Domain', href: `${root}/domain` },
      { token: webSocketToken, href: `${origin.webSocket}/sip` },
    ],
  });
  send(response, autodiscoverType, body);
}

export function answerHostMeta(response: ServerResponse, domain: string, origin: Origin): void {
  const body = formatHostMeta({ subject: origin.http, domain, webSocket: `${origin.webSocket}/sip` });
  send(response, 'application/json', body);
}

/** How the asking browser reaches us. */
export interface Origin {
  readonly http: string;
  readonly webSocket: string;
}

export function originOf(request: IncomingMessage, secure: boolean): Origin {
  const host = request.headers.host ?? 'localhost';
  return secure
    ? { http: `https://${host}`, webSocket: `wss://${host}` }
    : { http: `http://${host}`, webSocket: `ws://${host}` };
}

function send(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, {
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'Access-Control-Allow-Origin': '*',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
