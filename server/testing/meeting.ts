import type { Aor, FocusUri } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import type { Policy } from '../store/accounts';
import { create, Member } from './conference';
import type { TestEndpoint } from './endpoint';
import { TestHome, type TestHomeOptions } from './home';
import { person } from './presence';

export const [alice, bob, carol] = [
  person('alice@contoso.example'),
  person('bob@contoso.example'),
  person('carol@contoso.example'),
];

/** A conference of Alice's, and people who come to it. */
export class Meeting {
  readonly home: TestHome;
  readonly organizer: TestEndpoint;
  readonly focus: FocusUri;

  constructor(policy: Partial<Policy> = {}, options: TestHomeOptions = {}) {
    this.home = new TestHome(options);
    this.setPolicy(policy);
    this.organizer = this.signIn(alice);
    this.focus = create(this.organizer);
  }

  /** A new device of a person. */
  signIn(aor: Aor): TestEndpoint {
    return this.home.signIn(aor.slice('sip:'.length));
  }

  /** Alice on the device that made it, others on new ones. */
  member(aor: Aor, since: string | null = '0'): Member {
    return new Member(aor === alice ? this.organizer : this.signIn(aor), this.focus, since);
  }

  /** Members who have been told of each other. */
  members<const People extends readonly Aor[]>(...people: People): { [Index in keyof People]: Member } {
    const all = people.map((aor) => this.member(aor));
    this.pause();
    for (const one of all) one.told();
    return all as { [Index in keyof People]: Member };
  }

  /** Long enough for every notice. */
  pause(): void {
    this.home.clock.advance(1_000);
  }

  /** What the organizer may do. */
  setPolicy(policy: Partial<Policy>): void {
    this.home.home.accounts.setPolicy(alice, policy);
  }
}

/** Status and number of `ms-diagnostics`. */
export function refusalIn(message: SipMessage): [status: number, id: number | null] {
  const id = /^\d+/.exec(message.header('ms-diagnostics') ?? '')?.[0];
  return [message.status, id === undefined ? null : Number(id)];
}
