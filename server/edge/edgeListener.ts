import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { edgeClose } from '../../src/protocol/shared/edgeClose';
import { type Clock, realClock } from '../clock';
import type { Transport } from '../flow';
import { isLoopback } from '../http/hosts';
import type { SipUpgrades } from '../listeners/http';
import { WebSocketListener } from '../listeners/websocket';
import type { Log } from '../log';
import { Relay, type RelayLimits } from './relay';
import type { Connected, Upstream } from './upstream';

export interface EdgeLimits extends RelayLimits {
  /** Browsers at once. */
  readonly maxConnections: number;
  /** Browsers of one address that have not signed in. */
  readonly anonymousPerAddress: number;
}

export const standardEdgeLimits: Omit<EdgeLimits, 'maxConnections'> = {
  anonymousMs: 30_000,
  anonymousPerAddress: 100,
  silentMs: 40_000,
  burst: 2_000,
  perSecond: 100,
  tooMany: 1_000,
};

/**
 * SIP over WebSocket for browsers, each with a connection of its own to one of the servers. The server is connected first and
 * the WebSocket opened then: an open one leads somewhere, and one that could not says why by its close code (`edgeClose`).
 */
export class EdgeListener implements SipUpgrades {
  readonly #upstreams: readonly Upstream[];
  readonly #limits: EdgeLimits;
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #webSockets = new WebSocketListener();
  readonly #relays = new Set<Relay>();
  /** Those whose server is being connected. */
  readonly #connecting = new Set<{ address: string }>();
  #count = 0;

  constructor(upstreams: readonly Upstream[], limits: EdgeLimits, log: Log, clock: Clock = realClock) {
    this.#upstreams = upstreams;
    this.#limits = limits;
    this.#log = log;
    this.#clock = clock;
  }

  takes(pathname: string): boolean {
    return pathname === '/sip' || pathname.startsWith('/sip/');
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, secure: boolean): void {
    const address = request.socket.remoteAddress ?? '';
    void this.#connect(address, serverNamedBy(request)).then((connection) => {
      let isOpen = false;
      this.#webSockets.upgrade(request, socket, head, secure, (browser) => {
        isOpen = true;
        if (connection.is === 'connected') return this.#relay(browser, connection.upstream, connection.socket);
        this.#log.warn({ address, code: connection.code, why: connection.detail }, connection.why);
        browser.close(connection.why, connection.code);
        return null;
      });
      // The browser is gone already.
      if (!isOpen && connection.is === 'connected') connection.socket.destroy();
    });
  }

  async #connect(address: string, wanted: string): Promise<Connected> {
    const upstream = wanted === '' ? this.#upstreams[0] : this.#upstreams.find((one) => one.isNamed(wanted));
    if (upstream === undefined) return refused(edgeClose.notAllowed, `${wanted} is no server of this edge`);
    if (this.#relays.size + this.#connecting.size >= this.#limits.maxConnections)
      return refused(1013, 'the edge takes no more browsers');
    if (this.#anonymousOf(address) >= this.#limits.anonymousPerAddress * (isLoopback(address) ? 50 : 1))
      return refused(1013, 'too many connections that have not signed in');
    const waiting = { address };
    this.#connecting.add(waiting);
    const connected = await upstream.connect();
    this.#connecting.delete(waiting);
    return connected;
  }

  #anonymousOf(address: string): number {
    const anonymous = [...this.#relays].filter(({ isSignedIn }) => !isSignedIn);
    return [...anonymous, ...this.#connecting].filter((one) => one.address === address).length;
  }

  #relay(browser: Transport, upstream: Upstream, server: Socket): Relay {
    this.#count += 1;
    const id = this.#count.toString(36);
    this.#log.info({ relay: id, address: browser.address, upstream: upstream.name }, 'a browser is connected');
    const relay = new Relay(browser, server, {
      id,
      upstream,
      clock: this.#clock,
      log: this.#log,
      limits: this.#limits,
      onEnd: () => {
        this.#relays.delete(relay);
        this.#log.info({ relay: id }, 'a browser is gone');
      },
    });
    this.#relays.add(relay);
    return relay;
  }

  close(): void {
    this.#webSockets.close();
  }

  terminate(): void {
    this.#webSockets.terminate();
  }
}

function refused(code: number, why: string): Connected {
  return { is: 'failed', code, why, detail: 'refused' };
}

/** `/sip/fe1.contoso.example:5061` names a server; `/sip` leaves it to us, as `''`. */
function serverNamedBy(request: IncomingMessage): string {
  const name = new URL(request.url ?? '/', 'http://edge').pathname.slice('/sip/'.length);
  try {
    return decodeURIComponent(name).toLowerCase();
  } catch {
    return name;
  }
}
