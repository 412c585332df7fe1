import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { AdminListener } from './admin/adminListener';
import { Traffic } from './admin/traffic';
import { type Certificate, namesOf } from './certificate';
import { realClock } from './clock';
import { Connection, standardLimits } from './connection';
import { makeDemoPeople } from './demo';
import { FileDisk } from './files/fileDisk';
import type { Transport } from './flow';
import { Home } from './home';
import { Page } from './http/page';
import { changePassword } from './http/password';
import { HttpListener } from './listeners/http';
import { SipListener } from './listeners/sip';
import { WebSocketListener } from './listeners/websocket';
import { certificateFor, listen, portOf, secretIn, turnOf, urlOf } from './listening';
import type { Log } from './log';
import { IsolatedForwarder } from './media/isolatedForwarder';
import { JanusForwarder } from './media/janus/janusForwarder';
import { mediaNetwork } from './media/network';
import type { Offers } from './offers';
import { listensOnLoopback, type Options, plainSipHost } from './options';
import type { Account } from './store/accounts';
import { openDatabase } from './store/database';
import { secretKeyOf } from './store/secrets';

/** How often the data is looked at for what another process changed. */
const refreshEvery = 400;
/** How long a polite end may take. */
const stopWithin = 1500;

export interface Running {
  readonly home: Home;
  readonly url: string;
  readonly ports: { http: number; sip: number; sips: number; admin: number | null };
  /** Who has the shown password; nobody away from loopback. */
  readonly demoPeople: readonly Account[];
  /** Things that the person who started it should know. */
  readonly remarks: readonly string[];
  stop(): Promise<void>;
}

/** Opens the data and the ports. `dist` is the built page. */
export async function serve(options: Options, dist: string | null, log: Log): Promise<Running> {
  const loopback = listensOnLoopback(options);
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  const { certificate, remark } = await certificateFor(options);
  const turn = turnOf(options);
  const media = mediaOf(options, log);
  const files =
    options.files === null ? null : { disk: new FileDisk(path.join(options.data, 'files')), limits: options.files };
  const database = openDatabase(path.join(options.data, 'confab.db'));
  const secretKey = secretKeyOf(options.data);
  const traffic = options.adminPort === null ? null : new Traffic();
  const home = new Home({
    domain: options.domain,
    database,
    secretKey,
    log,
    demoPasswordsWork: loopback,
    maxEndpoints: options.maxEndpoints,
    traceMost: options.traceMost,
    turn,
    media,
    tap: traffic,
    files,
  });
  if (loopback && options.demo) makeDemoPeople(database, home.accounts, options.domain);
  const listeners = listenersOf(home, options, dist, certificate);
  const admin = traffic === null ? null : new AdminListener(home, traffic, options.data);
  try {
    await listen(listeners.http.server, options.port, options.host, '--port');
    await listen(listeners.sip.server, options.sipPort, plainSipHost(options), '--sip-port');
    await listen(listeners.sips.server, options.sipsPort, options.host, '--sips-port');
    await admin?.listen(options.adminPort ?? 0);
  } catch (error) {
    admin?.close();
    stopListening(listeners);
    database.close();
    await media?.forwarder.stop();
    throw error;
  }
  const refreshing = setInterval(() => home.accounts.refresh(), refreshEvery);
  const withDemoPassword = home.accounts.all().filter((account) => account.demo && !account.disabled);
  const remarks = loopback ? [] : [remark, demoRemark(withDemoPassword)].filter((text) => text !== '');
  return {
    home,
    url: urlOf(options, portOf(listeners.http.server), loopback),
    ports: {
      http: portOf(listeners.http.server),
      sip: portOf(listeners.sip.server),
      sips: portOf(listeners.sips.server),
      admin: admin?.port ?? null,
    },
    demoPeople: loopback ? withDemoPassword : [],
    remarks,
    stop: async () => {
      clearInterval(refreshing);
      admin?.close();
      await stopAll(listeners);
      await media?.forwarder.stop();
      database.close();
    },
  };
}

interface Listeners {
  http: HttpListener;
  webSockets: WebSocketListener;
  sip: SipListener;
  sips: SipListener;
}

function listenersOf(home: Home, options: Options, dist: string | null, certificate: Certificate): Listeners {
  const loopback = listensOnLoopback(options);
  const { domain, allowOrigins } = options;
  const names = [...namesOf(certificate.cert), options.host, ...allowOrigins.map((origin) => new URL(origin).hostname)];
  const webSockets = new WebSocketListener();
  const accept = (transport: Transport): Connection | null => {
    const connection = Connection.accept(home, transport, standardLimits);
    if (connection === null) transport.close('too many connections that have not signed in', 1013);
    return connection;
  };
  const http = new HttpListener({
    page: new Page(dist, { domain, loopback }),
    rules: { domain, loopback, names, origins: allowOrigins },
    sip: {
      takes: (pathname) => pathname === '/sip',
      upgrade: (...upgrade) => webSockets.upgrade(...upgrade, accept),
    },
    files: home.transfers ?? undefined,
    changePassword: (request, response) => changePassword(home, request, response),
    log: home.core.log,
    certificate: loopback && options.tlsCert === null ? undefined : certificate,
  });
  const sip = new SipListener(home, standardLimits);
  return { http, webSockets, sip, sips: new SipListener(home, standardLimits, certificate) };
}

function mediaOf(options: Options, log: Log): Offers['media'] {
  const { engine, janus, hosts, ports, maxBitrate } = options.media;
  if (engine === 'none') return null;
  if (janus !== null) {
    const secret = secretIn(janus.secretFile, '--janus-secret-file');
    return { forwarder: new JanusForwarder({ url: janus.url, secret }, realClock), maxBitrate };
  }
  const network = mediaNetwork(hosts, ports, listensOnLoopback(options));
  return { forwarder: new IsolatedForwarder(network, log), maxBitrate };
}

function demoRemark(people: readonly Account[]): string {
  if (people.length === 0) return '';
  const names = people.map(({ aor }) => aor.slice('sip:'.length)).join(', ');
  return `These people still have the demo password and cannot sign in from here: ${names}. Give each a new one with: npm run users -- password ADDRESS`;
}

function stopListening({ http, webSockets, sip, sips }: Listeners): void {
  webSockets.close();
  sip.close();
  sips.close();
  http.close();
}

async function stopAll(listeners: Listeners): Promise<void> {
  const { http, webSockets, sip, sips } = listeners;
  const closed = Promise.all(
    [http.server, sip.server, sips.server].map((server) => new Promise((resolve) => server.once('close', resolve))),
  );
  stopListening(listeners);
  const timer = setTimeout(() => {
    webSockets.terminate();
    sip.terminate();
    sips.terminate();
    http.server.closeAllConnections();
  }, stopWithin);
  await closed;
  clearTimeout(timer);
}
