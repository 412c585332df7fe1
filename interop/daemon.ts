import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';

/** A program of the system in a directory of its own, until it is stopped. */
export class Daemon {
  readonly directory: string;
  readonly #process: ChildProcess;
  #log = '';

  private constructor(directory: string, command: string, args: readonly string[]) {
    this.directory = directory;
    this.#process = spawn(command, args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (piece: Buffer) => {
        this.#log += piece.toString();
      });
    }
  }

  /** Writes the files, starts the program, and waits until it listens on this TCP port. */
  static async start(
    command: string,
    args: (directory: string) => readonly string[],
    files: Readonly<Record<string, string>>,
    port: number,
  ): Promise<Daemon> {
    const directory = mkdtempSync(path.join(tmpdir(), 'confab-interop-'));
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
      writeFileSync(path.join(directory, name), text);
    }
    const daemon = new Daemon(directory, command, args(directory));
    await daemon.#listens(port);
    return daemon;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  get log(): string {
    return this.#log;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #listens(port: number): Promise<void> {
    const end = Date.now() + 20_000;
    while (!(await canConnect(port))) {
      if (Date.now() > end || this.#process.exitCode !== null) {
        throw new Error(`${this.#process.spawnfile} does not listen: ${this.#log.slice(-400)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** An address of this machine that is not loopback: Janus takes no other candidates. Loopback when there is none. */
export function interfaceAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
}
