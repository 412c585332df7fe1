import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from '@playwright/test';
import { HomeServer } from '../e2e/homeServer';
import { demoPassword, Person } from '../e2e/person';
import { SipeClient } from './sipeClient';

/** What a scenario is run with. */
export interface StageOptions {
  browser: Browser;
  /** The built probe. */
  probe: string;
  /** Begins the names of log files; nothing is kept when `null`. */
  logs: string | null;
}

const names: Record<string, string> = {
  alice: 'Alice Moreau',
  bob: 'Bob Barends',
  carol: 'Carol Chen',
  dave: 'Dave Okafor',
};
export type User = 'alice' | 'bob' | 'carol' | 'dave';

export const addressOf = (user: User): string => `${user}@contoso.example`;
export const nameOf = (user: User): string => names[user] ?? user;

/** A home server of its own with the demo people, and whoever a scenario brings on: everybody leaves at its end. */
export class Stage {
  readonly server: HomeServer;
  readonly #options: StageOptions;
  readonly #sipes: SipeClient[] = [];
  readonly #people: Person[] = [];
  readonly #expected: RegExp[] = [];

  private constructor(server: HomeServer, options: StageOptions) {
    this.server = server;
    this.#options = options;
  }

  static async open(options: StageOptions): Promise<Stage> {
    if (options.logs !== null) mkdirSync(path.dirname(options.logs), { recursive: true });
    return new Stage(await HomeServer.start(), options);
  }

  /** A pidgin-sipe of this person, not signed in. `device` makes a second one of the same person. */
  sipe(user: User, device = 1): Promise<SipeClient> {
    return this.#start(user, device, this.server.ports.sip);
  }

  /** One that reaches the server over TCP through this port. */
  sipeThrough(user: User, port: number): Promise<SipeClient> {
    return this.#start(user, 1, port);
  }

  async #start(user: User, device: number, sip: number): Promise<SipeClient> {
    const { probe, logs } = this.#options;
    const name = `${user}-sipe${device === 1 ? '' : device}`;
    const client = await SipeClient.start({
      probe,
      name,
      address: addressOf(user),
      server: { sip, sips: this.server.ports.sips },
      ...(device === 1 ? {} : { localIp: `127.0.0.${device}` }),
      ...(logs === null ? {} : { logFile: `${logs}-${name}-${this.#sipes.length + 1}` }),
    });
    this.#sipes.push(client);
    return client;
  }

  async sipeSignedIn(user: User, device = 1): Promise<SipeClient> {
    const client = await this.sipe(user, device);
    await client.signIn(demoPassword);
    return client;
  }

  /** A browser profile of this person, signed in. */
  async browser(user: User): Promise<Person> {
    const person = await Person.signedIn(this.#options.browser, this.server.port, addressOf(user), nameOf(user));
    this.#people.push(person);
    return person;
  }

  /** An error answer that this scenario provokes: `480 INVITE sip:carol@...`. */
  expectRefusal(line: RegExp): void {
    this.#expected.push(line);
  }

  /** What went wrong without a scenario seeing it: error answers to SIPE, its attempts to leave loopback, troubles in the server's log. */
  troubles(): string[] {
    return [
      ...this.#sipes.flatMap((sipe) => refusals(sipe).map((line) => `${sipe.name} got ${line}`)),
      ...this.#sipes.flatMap((sipe) =>
        sipe.told('blocked').map(({ what, address }) => `${sipe.name} wanted to leave loopback: ${what} ${address}`),
      ),
      ...this.server.log
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => `the server logged ${line}`),
    ].filter((line) => !this.#expected.some((expected) => expected.test(line)));
  }

  async close(): Promise<void> {
    const { logs } = this.#options;
    await Promise.all([...this.#sipes.map((sipe) => sipe.quit()), ...this.#people.map((person) => person.leave())]);
    await this.server.stop();
    if (logs === null) return;
    writeFileSync(`${logs}-server.log`, this.server.log);
    for (const [index, { wire, address }] of this.#people.entries()) {
      const messages = wire.messages.map(({ direction, text }) => `${direction === 'out' ? '>>>' : '<<<'}\n${text}`);
      writeFileSync(`${logs}-${address.split('@')[0]}-browser-${index + 1}.sip`, messages.join('\n\n'));
    }
  }
}

/** Final error answers that a SIPE got, but challenges and the group chat that it always looks for (PRV-3). */
function refusals(sipe: SipeClient): string[] {
  return sipe.sip('in').flatMap((message) => {
    const status = /^SIP\/2\.0 ([3-6]\d\d)/.exec(message)?.[1];
    if (status === undefined) return [];
    const method = /^CSeq: *\d+ (\w+)/im.exec(message)?.[1] ?? '?';
    const to = /^To: *<?([^>;\r]*)/im.exec(message)?.[1] ?? '?';
    if ((status === '401' && method === 'REGISTER') || to.startsWith('sip:ocschat@')) return [];
    return [`${status} ${method} ${to}`];
  });
}
