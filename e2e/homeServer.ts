import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const tsx = ['--import', 'tsx'];

/** A real home server in a process and a data directory of its own, on ports that stay the same across restarts. */
export class HomeServer {
  readonly #ports: { http: number; sip: number; sips: number };
  readonly #options: readonly string[];
  readonly data: string;
  #child: ChildProcess | null = null;
  #log = '';

  private constructor(ports: { http: number; sip: number; sips: number }, data: string, options: readonly string[]) {
    this.#ports = ports;
    this.data = data;
    this.#options = options;
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
    return this.#ports.http;
  }

  get url(): string {
    return `http://localhost:${this.#ports.http}`;
  }

  /** What the server has printed. */
  get log(): string {
    return this.#log;
  }

  /** `npm run users -- ...` on this server's data; answers what it printed. */
  users(args: readonly string[], input = ''): string {
    const command = [...tsx, 'server/users.ts', ...args, '--data', this.data];
    return execFileSync(process.execPath, command, { encoding: 'utf8', input });
  }

  async startAgain(): Promise<void> {
    const { http, sip, sips } = this.#ports;
    const ports = ['--port', String(http), '--sip-port', String(sip), '--sips-port', String(sips)];
    const child = spawn(process.execPath, [...tsx, 'server/main.ts', ...ports, '--data', this.data, ...this.#options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (bytes: Buffer) => this.#note(bytes));
    child.stderr.on('data', (bytes: Buffer) => this.#note(bytes));
    this.#child = child;
    await this.#untilListens(child);
  }

  #note(bytes: Buffer): void {
    this.#log += bytes.toString('utf8');
  }

  /** As a power cut or `kill -9` ends it: no farewell to anybody. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Ends it and deletes its data. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.data, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
    this.#child = null;
  }

  /** It says where it is once it listens. */
  #untilListens(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the home server did not start:\n${this.#log}`)), 20_000);
      const said = { text: '' };
      child.stdout?.on('data', (bytes: Buffer) => {
        said.text += bytes.toString('utf8');
        if (!said.text.includes('Confab is at')) return;
        clearTimeout(timer);
        resolve();
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`the home server ended with ${code}:\n${this.#log}`));
      });
    });
  }
}

/** A port nobody listens on now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
