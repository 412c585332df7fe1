import type { Dialect, DialectHost, IncomingMessage, Report } from '../../dialect/dialect';
import { done, failed, type Outcome, ok } from '../../domain/failure';
import type { Capabilities } from '../../domain/policy';
import type { Step } from '../../domain/signIn';
import type { Aor } from '../../protocol/sip/uri';
import type { World } from '../../world';

/** A sign-in of the doctor: a quiet endpoint, of which nothing is kept and nothing is left. */
export class Visit implements DialectHost {
  readonly #steps = new Map<Step, () => void>();
  #dialect: Dialect | null = null;
  #signedIn: Promise<Outcome<unknown>> = Promise.resolve(failed({ is: 'offline' }));
  #watched: Aor | null = null;
  #onWatched: () => void = () => undefined;
  capabilities: Capabilities | null = null;
  /** The connection is open. */
  readonly connected = this.#reached('authenticating');
  /** The server knows us. */
  readonly registered = this.#reached('loading');

  #reached(step: Step): Promise<Outcome<void>> {
    return new Promise((resolve) => this.#steps.set(step, () => resolve(done)));
  }

  get dialect(): Dialect {
    if (this.#dialect === null) throw new Error('the visit has not begun');
    return this.#dialect;
  }

  /** Begins to sign in. */
  begin(dialect: Dialect): void {
    this.#dialect = dialect;
    this.#signedIn = dialect.signIn((step) => this.#steps.get(step)?.());
  }

  /** The end of the sign-in, whichever comes first of it and of a step on the way. */
  until(step: Promise<Outcome<void>>): Promise<Outcome<unknown>> {
    return Promise.race([step, this.#signedIn]);
  }

  get loaded(): Promise<Outcome<unknown>> {
    return this.#signedIn;
  }

  /** Follows somebody's presence; settles when it was told. */
  async watch(aor: Aor): Promise<Outcome<void>> {
    const told = new Promise<void>((resolve) => {
      this.#onWatched = resolve;
    });
    this.#watched = aor;
    this.dialect.presence.watch([aor]);
    await told;
    return done;
  }

  /** Makes a conference, enters it, and ends it for good, also when entering failed. */
  async meet(world: World): Promise<Outcome<void>> {
    const { conferences } = this.dialect;
    const made = await conferences.create('Confab’s doctor');
    if (!made.ok) return made;
    const joined = await conferences.join(made.value, world.id(), 0);
    const ended = await conferences.end(made.value);
    return joined.ok ? ended : joined;
  }

  /** Signs out; nothing is left then, whether or not the server has answered. */
  async end(): Promise<Outcome<void>> {
    await this.#dialect?.signOut();
    return ok(undefined);
  }

  report(report: Report): void {
    if (report.type === 'capabilities.changed') this.capabilities = report.capabilities;
    if (report.type !== 'presence.changed') return;
    if (report.people.some(({ aor, presence }) => aor === this.#watched && presence !== undefined)) this.#onWatched();
  }

  /** Nobody writes to a quiet endpoint; who does is refused below. */
  keep(_message: IncomingMessage): Promise<void> {
    return Promise.reject(new Error('nothing is kept of a visit'));
  }
}
