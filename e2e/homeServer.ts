import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ServerProcess } from './serverProcess';

interface Ports {
  http: number;
  sip: number;
  sips: number;
}

/** A real home server in a process and a data directory of its own, on ports that stay the same across restarts. */
export class HomeServer {
  readonly ports: Ports;
  readonly data: string;
  readonly #process: ServerProcess;

  private constructor(ports: Ports, data: string, options: readonly string[]) {
    this.ports = ports;
    this.data = data;
    const { http, sip, sips } = ports;
    const listening = ['--port', String(http), '--sip-port', String(sip), '--sips-port', String(sips)];
    this.#process = new ServerProcess(['server/main.ts', ...listening, '--data', data, ...options]);
  }

  /** Makes the data directory, lets `prepare` put people into it, starts the server and waits until it answers. */
  static async start(options: readonly string[] = [], prepare?: (server: HomeServer) => void): Promise<HomeServer> {
    const ports = { http: await freePort(), sip: await freePort(), sips: await freePort() };
    const server = new HomeServer(ports, mkdtempSync(path.join(tmpdir(), 'confab-')), options);
    prepare?.(server);
    await server.startAgain();
    return server;
  }

  get port(): number {
    return this.ports.http;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  /** What the server has printed. */
  get log(): string {
    return this.#process.log;
  }

  /** `npm run users -- ...` on this server's data; answers what it printed. */
  users(args: readonly string[], input = ''): string {
    const command = ['--import', 'tsx', 'server/users.ts', ...args, '--data', this.data];
    return execFileSync(process.execPath, command, { encoding: 'utf8', input });
  }

  startAgain(): Promise<void> {
    return this.#process.start();
  }

  /** As a power cut or `kill -9` ends it: no farewell to anybody. */
  kill(): Promise<void> {
    return this.#process.end('SIGKILL');
  }

  /** Ends it and deletes its data. */
  async stop(): Promise<void> {
    await this.#process.end('SIGTERM');
    rmSync(this.data, { recursive: true, force: true });
  }
}

/**
 * A port nobody listens on now, from below those that the system itself gives to outgoing connections (from 32768 on
 * Linux, 49152 elsewhere): such a one could be taken between this look and the server's start.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
