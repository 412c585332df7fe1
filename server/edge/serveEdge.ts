import { mkdirSync } from 'node:fs';
import { namesOf } from '../certificate';
import { Page } from '../http/page';
import { HttpListener } from '../listeners/http';
import { certificateFor, listen, portOf, urlOf } from '../listening';
import type { Log } from '../log';
import { listensOnLoopback } from '../options';
import { type EdgeLimits, EdgeListener, standardEdgeLimits } from './edgeListener';
import type { EdgeOptions } from './edgeOptions';
import { Upstream } from './upstream';

/** How long a polite end may take. */
const stopWithin = 1500;

export interface RunningEdge {
  readonly url: string;
  readonly port: number;
  /** `fe1.contoso.example:5061`, the first one first. */
  readonly upstreams: readonly string[];
  /** Things that the person who started it should know. */
  readonly remarks: readonly string[];
  stop(): Promise<void>;
}

/** Opens the port of an edge. `dist` is the built page. Throws `CannotServe`. */
export async function serveEdge(
  options: EdgeOptions,
  dist: string | null,
  log: Log,
  changes: Partial<EdgeLimits> = {},
): Promise<RunningEdge> {
  const { domain, allowOrigins, maxConnections } = options;
  const loopback = listensOnLoopback(options);
  const upstreams = options.upstreams.map((upstream) => new Upstream(upstream));
  const isPlain = loopback && options.tlsCert === null;
  if (!isPlain) mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const own = isPlain ? null : await certificateFor(options);
  const edge = new EdgeListener(upstreams, { ...standardEdgeLimits, maxConnections, ...changes }, log);
  const names = own === null ? [] : namesOf(own.certificate.cert);
  const allowedNames = allowOrigins.map((origin) => new URL(origin).hostname);
  const http = new HttpListener({
    page: new Page(dist, { domain, loopback }),
    rules: { domain, loopback, names: [...names, options.host, ...allowedNames], origins: allowOrigins },
    sip: edge,
    ...(own === null ? {} : { certificate: own.certificate }),
    log,
  });
  await listen(http.server, options.port, options.host, '--port');
  return {
    url: urlOf(options, portOf(http.server), loopback),
    port: portOf(http.server),
    upstreams: upstreams.map(({ name }) => name),
    remarks: own === null || own.remark === '' ? [] : [own.remark],
    stop: () => stop(http, edge),
  };
}

async function stop(http: HttpListener, edge: EdgeListener): Promise<void> {
  const closed = new Promise((resolve) => http.server.once('close', resolve));
  edge.close();
  http.close();
  const timer = setTimeout(() => {
    edge.terminate();
    http.server.closeAllConnections();
  }, stopWithin);
  await closed;
  clearTimeout(timer);
}
