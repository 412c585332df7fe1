import type { Outcome } from '../../domain/failure';
import type { StoreTicket } from '../../domain/file';
import type { ItemId } from '../../domain/ids';
import type { Aor, FocusUri } from '../../protocol/sip/uri';
import { alice, bob } from '../../testing/people';
import { Recorder } from '../../testing/recorder';
import type { Dialect, DialectHost } from '../dialect';

export interface EndpointOptions {
  /** The right one when not given. */
  password?: string | undefined;
  /** Others do not notice it. */
  isQuiet?: boolean;
}

/** A server with alice, bob and carol, and the connections to it, in a test's hands. */
export interface DialectBench {
  /** A new endpoint of a person. */
  dialect(aor: Aor, host: DialectHost, options?: EndpointOptions): Dialect;
  /** Time passes, and everything under way arrives. */
  elapse(ms: number): Promise<void>;
  /** The connection of an endpoint breaks and cannot be made again until `mend`. */
  cut(dialect: Dialect): void;
  mend(dialect: Dialect): void;
  /** Brings more of a file of this size, as a tab does over HTTP; the status of the answer. */
  put(ticket: StoreTicket, bytes: Uint8Array, size: number): Promise<number>;
  /** Gets a file, as a tab does over HTTP: the bytes, or the status that refuses it. */
  get(ticket: StoreTicket): Promise<Uint8Array | number>;
  close(): Promise<void>;
}

export const key = 'AdK7Qm9sa1Rpbm55RXhhbXBsZQ==';
export const nobody = 'sip:nobody@contoso.example' as Aor;

/** An endpoint that is signed in, with what it was told. */
export class Person {
  readonly aor: Aor;
  readonly dialect: Dialect;
  readonly host: Recorder;
  #items = 0;

  constructor(aor: Aor, bench: DialectBench, options: EndpointOptions = {}) {
    this.aor = aor;
    this.host = new Recorder();
    this.dialect = bench.dialect(aor, this.host, options);
  }

  message(text: string) {
    this.#items += 1;
    return { id: `${this.aor}-${this.#items}` as ItemId, body: { text } };
  }

  say(to: Aor, text: string): Promise<Outcome<void>> {
    return this.dialect.im.send(this.dialect.im.thread(to, key), this.message(text));
  }

  tell(focus: FocusUri, text: string) {
    return this.dialect.conferences.send(focus, this.message(text));
  }
}

/** What the tests of the contract have in common. */
export class Scene {
  readonly bench: DialectBench;

  constructor(bench: DialectBench) {
    this.bench = bench;
  }

  elapse(ms: number): Promise<void> {
    return this.bench.elapse(ms);
  }

  /** An endpoint that is not signed in. */
  person(aor: Aor, options: EndpointOptions = {}): Person {
    return new Person(aor, this.bench, options);
  }

  /** Lets time pass until a command has its answer. */
  async answered<T>(command: Promise<T>): Promise<T> {
    let isSettled = false;
    void command.finally(() => {
      isSettled = true;
    });
    for (let turn = 0; turn < 1_000 && !isSettled; turn += 1) await this.elapse(100);
    if (!isSettled) throw new Error('the command has no answer after 100 seconds');
    return command;
  }

  /** What goes over a disk or HTTP comes, while the clock stands still. */
  async arrived<T>(command: Promise<T>): Promise<T> {
    let isSettled = false;
    void command.finally(() => {
      isSettled = true;
    });
    while (!isSettled) {
      await new Promise((resolve) => setImmediate(resolve));
      await this.elapse(0);
    }
    return command;
  }

  async value<T>(command: Promise<Outcome<T>>): Promise<T> {
    const outcome = await this.answered(command);
    if (!outcome.ok) throw new Error(`failed: ${JSON.stringify(outcome.failure)}`);
    return outcome.value;
  }

  async signedIn(aor: Aor, options: EndpointOptions = {}): Promise<Person> {
    const person = this.person(aor, options);
    await this.value(person.dialect.signIn(() => undefined));
    await this.elapse(1_000);
    return person;
  }

  /** Two people with an IM session; bob's thread is given. */
  async talking(): Promise<{ a: Person; b: Person }> {
    const [a, b] = [await this.signedIn(alice), await this.signedIn(bob)];
    const sent = a.say(bob, 'first');
    await this.elapse(100);
    b.dialect.im.accept(b.host.last('im.invited').thread);
    await this.value(sent);
    return { a, b };
  }

  /** Alice's conference with these people in the chat. */
  async meeting(...others: Aor[]): Promise<{ focus: FocusUri; a: Person; rest: Person[] }> {
    const a = await this.signedIn(alice);
    const focus = await this.value(a.dialect.conferences.create('Draft review'));
    await this.value(a.dialect.conferences.join(focus, key, 0));
    const rest: Person[] = [];
    for (const aor of others) {
      const person = await this.signedIn(aor);
      await this.value(person.dialect.conferences.join(focus, key, 0));
      rest.push(person);
    }
    await this.elapse(1_000);
    return { focus, a, rest };
  }
}
