import type { Socket } from 'node:net';
import { edgeClose } from '../../src/protocol/shared/edgeClose';
import type { Clock } from '../clock';
import { limits, parseMessage } from '../codec';
import { writeResponse } from '../compose';
import { answerToDamaged, headOf, unanswered } from '../damaged';
import { refusals } from '../diagnostics';
import type { Transport } from '../flow';
import { StreamFramer } from '../framing';
import { cork, longestQueue } from '../listeners/corked';
import type { WebSocketUser } from '../listeners/websocket';
import type { Log } from '../log';
import { Rate, type RateLimits } from '../rate';
import { Hops } from './hops';
import type { Upstream } from './upstream';

export interface RelayLimits extends RateLimits {
  /** A browser that has not signed in by then is closed. */
  readonly anonymousMs: number;
  /** A server that says nothing for this long after a request is gone: RFC 3261 gives it 32 s (timer F). */
  readonly silentMs: number;
}

export interface RelayOptions {
  /** For the log. */
  readonly id: string;
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: RelayLimits;
  /** The WebSocket is closed. */
  onEnd(): void;
}

/**
 * One browser and its connection to the server: what comes from either side goes to the other, whole messages only.
 * It holds no state of SIP but whether a REGISTER succeeded.
 */
export class Relay implements WebSocketUser {
  readonly #browser: Transport;
  readonly #server: Socket;
  readonly #options: RelayOptions;
  readonly #hops: Hops;
  readonly #rate: Rate;
  #isSignedIn = false;
  #stopWaiting: (() => void) | null = null;
  readonly #stopChecking: () => void;

  constructor(browser: Transport, server: Socket, options: RelayOptions) {
    this.#browser = browser;
    this.#server = server;
    this.#options = options;
    this.#hops = new Hops({ protocol: options.upstream.transport.toUpperCase(), sentBy: placeOf(server) });
    this.#rate = new Rate(options.clock, options.limits);
    this.#stopChecking = options.clock.after(options.limits.anonymousMs, () => {
      if (!this.#isSignedIn) browser.close('not signed in in time');
    });
    const framer = new StreamFramer();
    server.setKeepAlive(true, 60_000);
    server.on('data', (chunk: Buffer) => {
      this.#heard();
      for (const framed of framer.push(chunk)) this.#framed(framed);
    });
    server.on('error', (error) => options.log.info({ relay: options.id, why: error.message }, 'the server was lost'));
    server.on('close', () => this.#lost('closed the connection'));
  }

  get isSignedIn(): boolean {
    return this.#isSignedIn;
  }

  get address(): string {
    return this.#browser.address;
  }

  /** A message of the browser. */
  message(bytes: Buffer): void {
    const verdict = this.#rate.count();
    if (verdict === 'close') return this.#browser.close('too many messages');
    if (bytes.length > limits.message) return this.#refuse(answerToDamaged(headOf(bytes), 'over the size limit', 513));
    const parsed = parseMessage(bytes);
    if (parsed.is === 'damaged') {
      this.#options.log.warn({ relay: this.#options.id, why: parsed.why }, 'damaged SIP message of a browser');
      return this.#refuse(answerToDamaged(parsed.answerable, parsed.why, parsed.status));
    }
    const { message } = parsed;
    const isAnswered = message.isRequest && !unanswered.has(message.method);
    if (verdict === 'refuse') {
      const { status, reason } = refusals.tooFast;
      const headers = [['Retry-After', '1']] as const;
      return this.#refuse(isAnswered ? writeResponse(message, status, reason, 'edge', { headers }) : null);
    }
    this.#write(this.#hops.toServer(framedWire(bytes.toString('latin1'), message.rawBody)));
    if (isAnswered) this.#awaitServer();
  }

  /** A keep-alive of the browser keeps the way to the server open too. */
  pinged(): void {
    this.#write('\r\n\r\n');
  }

  /** The browser is gone. */
  ended(): void {
    this.#stopChecking();
    this.#heard();
    this.#server.destroy();
    this.#options.onEnd();
  }

  #refuse(answer: string | null): void {
    if (answer !== null) this.#browser.send(answer);
  }

  #framed(framed: ReturnType<StreamFramer['push']>[number]): void {
    const { id, log } = this.#options;
    if (framed.is === 'ping') return this.#write('\r\n');
    if (framed.is === 'oversized') return log.warn({ relay: id }, 'a message of the server is over the size limit');
    if (framed.is === 'lost') return this.#lost(`sent what is not SIP: ${framed.why}`);
    const wire = framed.bytes.toString('latin1');
    this.#isSignedIn ||= isRegistered(wire);
    this.#browser.send(this.#hops.toBrowser(wire));
  }

  #write(wire: string): void {
    if (this.#server.destroyed) return;
    if (this.#server.writableLength > longestQueue) return this.#lost('reads too slowly');
    cork(this.#server);
    this.#server.write(wire, 'latin1');
  }

  #awaitServer(): void {
    this.#stopWaiting ??= this.#options.clock.after(this.#options.limits.silentMs, () => this.#lost('fell silent'));
  }

  #heard(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = null;
  }

  #lost(why: string): void {
    this.#browser.close(`${this.#options.upstream.name} ${why}`, edgeClose.lost);
  }
}

/** A 2xx to REGISTER. */
function isRegistered(wire: string): boolean {
  const head = wire.slice(0, wire.indexOf('\r\n\r\n'));
  return head.startsWith('SIP/2.0 2') && /^CSeq[ \t]*:[ \t]*\d{1,10}[ \t]+REGISTER/im.test(head);
}

/** A stream needs a Content-Length (FRM-1), and nothing behind the body. */
function framedWire(wire: string, body: string): string {
  const end = wire.indexOf('\r\n\r\n');
  const head = wire.slice(0, end);
  const length = /^(?:content-length|l)[ \t]*:/im.test(head) ? '' : `\r\nContent-Length: ${body.length}`;
  return `${head}${length}\r\n\r\n${body}`;
}

function placeOf({ localAddress = '', localPort = 0 }: Socket): string {
  const address = localAddress.replace(/^::ffff:(?=\d+\.)/, '');
  return `${address.includes(':') ? `[${address}]` : address}:${localPort}`;
}
