import { type ChildProcess, spawn } from 'node:child_process';

/** A server of ours in a process of its own; it says where it is once it listens. */
export class ServerProcess {
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;
  #log = '';

  /** `args` begin with the file, e.g. `server/main.ts`. */
  constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** What it has printed. */
  get log(): string {
    return this.#log;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', ...this.#args], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (bytes: Buffer) => this.#note(bytes));
    child.stderr.on('data', (bytes: Buffer) => this.#note(bytes));
    this.#child = child;
    await this.#untilListens(child);
  }

  #note(bytes: Buffer): void {
    this.#log += bytes.toString('utf8');
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
    this.#child = null;
  }

  #untilListens(child: ChildProcess): Promise<void> {
    const [file] = this.#args;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${file} did not start:\n${this.#log}`)), 20_000);
      const said = { text: '' };
      child.stdout?.on('data', (bytes: Buffer) => {
        said.text += bytes.toString('utf8');
        if (!said.text.includes('Confab is at')) return;
        clearTimeout(timer);
        resolve();
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`${file} ended with ${code}:\n${this.#log}`));
      });
    });
  }
}
