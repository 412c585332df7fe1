import { readFileSync } from 'node:fs';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect as connectTls, rootCertificates } from 'node:tls';
import { edgeClose } from '../../src/protocol/shared/edgeClose';
import { CannotServe } from '../listening';
import type { UpstreamOptions } from './edgeOptions';

/** Less than a browser waits for its WebSocket (8 s), so that it hears why. */
const connectedWithin = 6_000;

export type Connected =
  | { is: 'connected'; upstream: Upstream; socket: Socket }
  /** `code` is one of `edgeClose`; `why` is for the browser, `detail` for the log. */
  | { is: 'failed'; code: number; why: string; detail: string };

/** One server that SIP may go to. */
export class Upstream {
  /** `fe1.contoso.example:5061`: what a browser may ask for, and what the log says. */
  readonly name: string;
  readonly transport: 'tls' | 'tcp';
  readonly #place: { host: string; port: number };
  readonly #tls: ConnectionOptions;
  readonly #withinMs: number;

  /** Throws `CannotServe` when the file of a certificate authority cannot be read. */
  constructor(options: UpstreamOptions, withinMs = connectedWithin) {
    const { host, port, transport, ca, minVersion, ciphers, certificateName } = options;
    this.transport = transport;
    this.#withinMs = withinMs;
    this.#place = { host, port };
    this.name = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
    this.#tls = {
      // Whatever the environment says.
      rejectUnauthorized: true,
      minVersion,
      ...(ciphers === null ? {} : { ciphers }),
      ...(ca === null ? {} : { ca: [...rootCertificates, readCa(ca)] }),
      ...(isIP(certificateName) === 0 ? { servername: certificateName } : {}),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(certificateName, certificate),
    };
  }

  /** True for `fe1.contoso.example:5061`, and without the port for 5061. */
  isNamed(text: string): boolean {
    const wanted = text.toLowerCase();
    return wanted === this.name || `${wanted}:5061` === this.name;
  }

  connect(): Promise<Connected> {
    return new Promise((resolve) => {
      const secure = this.transport === 'tls';
      const socket = secure ? connectTls({ ...this.#place, ...this.#tls }) : connectTcp(this.#place);
      const failed = (code: number, why: string, detail: string): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve({ is: 'failed', code, why: `${this.name} ${why}`, detail });
      };
      const timer = setTimeout(() => failed(edgeClose.noAnswer, 'did not answer', 'timed out'), this.#withinMs);
      const refused = (error: NodeJS.ErrnoException): void => {
        const { code, why } = reasonOf(error, secure);
        failed(code, why, error.message);
      };
      socket.once('error', refused);
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        socket.off('error', refused);
        socket.setNoDelay(true);
        resolve({ is: 'connected', upstream: this, socket });
      });
    });
  }
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CannotServe(`Cannot read ${file}. Check ca= of --upstream.`);
  }
}

/** OpenSSL's and Node's names of a certificate that does not do. */
const certificateProblem = /CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME|HOSTNAME|INVALID_(?:CA|PURPOSE)|PATH_LENGTH/;

function reasonOf({ code = '' }: NodeJS.ErrnoException, secure: boolean): { code: number; why: string } {
  if (code === 'ECONNREFUSED') return { code: edgeClose.unreachable, why: 'refuses connections' };
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return { code: edgeClose.unreachable, why: 'is no known name' };
  if (code === 'ETIMEDOUT') return { code: edgeClose.noAnswer, why: 'did not answer' };
  if (secure && certificateProblem.test(code))
    return { code: edgeClose.certificate, why: `has a certificate that cannot be trusted (${code})` };
  if (secure && (/^ERR_SSL|^EPROTO/.test(code) || code === 'ECONNRESET'))
    return { code: edgeClose.handshake, why: `does not agree on TLS (${code})` };
  return { code: edgeClose.unreachable, why: `cannot be reached (${code})` };
}
