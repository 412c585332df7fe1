import { readFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { type Certificate, ownCertificate, ownNames } from './certificate';
import type { ListeningOptions, Options } from './options';
import type { Turn } from './relayCredentials';

/** A port could not be opened, or a file not be read: `message` is for the person who started the server. */
export class CannotServe extends Error {}

/** The given certificate, else the self-made one; `remark` is for the person who started the server. */
export async function certificateFor(options: ListeningOptions): Promise<{ certificate: Certificate; remark: string }> {
  const { tlsCert, tlsKey } = options;
  if (tlsCert !== null && tlsKey !== null) {
    const certificate = { cert: readText(tlsCert, '--tls-cert'), key: readText(tlsKey, '--tls-key') };
    return { certificate, remark: '' };
  }
  const own = await ownCertificate(options.data, ownNames(options.domain, options.host));
  const remark = `The certificate is self-made (${own.file}): browsers will warn until it is trusted. Give your own with --tls-cert and --tls-key.`;
  return { certificate: own, remark };
}

/** The TURN servers with the secret in its file. */
export function turnOf({ turn, turnSecretFile }: Pick<Options, 'turn' | 'turnSecretFile'>): Turn | null {
  return turnSecretFile === null ? null : { servers: turn, secret: secretIn(turnSecretFile, '--turn-secret-file') };
}

/** The one line of a secret's file. */
export function secretIn(file: string, option: string): string {
  const secret = readText(file, option).trim();
  if (secret === '') throw new CannotServe(`${file} is empty. Check ${option}.`);
  return secret;
}

function readText(file: string, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new CannotServe(`Cannot read ${file}. Check ${option}.`);
  }
}

export function listen(server: Server, port: number, host: string, option: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new CannotServe(portProblem(error, port, host, option))),
    );
    server.listen(port, host, 4096, () => {
      server.removeAllListeners('error');
      server.on('error', () => undefined);
      resolve();
    });
  });
}

function portProblem(error: NodeJS.ErrnoException, port: number, host: string, option: string): string {
  if (error.code === 'EADDRINUSE') {
    return `Port ${port} is in use by another program. Choose another one with ${option} (0 takes a free one).`;
  }
  if (error.code === 'EACCES') return `Port ${port} may not be opened by this user. Choose another one with ${option}.`;
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return `${host} is no address of this computer. Check --host.`;
  }
  return `Cannot listen on ${host} port ${port}: ${error.message}. Check --host and ${option}.`;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Where a browser finds the page. */
export function urlOf(options: ListeningOptions, port: number, loopback: boolean): string {
  const scheme = loopback && options.tlsCert === null ? 'http' : 'https';
  const host = loopback
    ? 'localhost'
    : options.host === '0.0.0.0' || options.host === '::'
      ? options.domain
      : options.host;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
