import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, HomeServer } from '../e2e/homeServer';

export const benchDomain = 'contoso.example';
export const benchPassword = 'bench-password';

/** A server under measurement: where it listens, and how it ends. */
export interface RunningServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** The bare relay, with `contacts` names in its one list. */
export async function startRelay(contacts = 0): Promise<RunningServer> {
  const port = await freePort();
  const child = spawn(process.execPath, ['--import', 'tsx', 'bench/relay.ts', String(port), String(contacts)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    exited.then((code) => reject(new Error(`the relay ended with ${code}`)));
  });
  return {
    port,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

/** The home server with `count` people, `p0` to `pN`. */
export async function startHome(count: number): Promise<RunningServer> {
  return HomeServer.start(['--domain', benchDomain, '--no-demo'], (server) => {
    const rows = Array.from(
      { length: count },
      (_, index) => `p${index}@${benchDomain},Person ${index},${benchPassword}`,
    );
    const file = path.join(server.data, 'people.csv');
    writeFileSync(file, ['address,name,password', ...rows].join('\n'));
    server.users(['import', file, '--domain', benchDomain]);
  });
}
