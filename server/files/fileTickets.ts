import { createHash, randomBytes } from 'node:crypto';
import type { Aor } from '../../src/protocol/sip/uri';
import type { Clock } from '../clock';

/** What a ticket lets its holder do. */
export interface Grant {
  readonly aor: Aor;
  readonly file: string;
  readonly to: 'upload' | 'download';
}

export const ticketSeconds = 3600;
const mostOfPerson = 200;

interface Issued extends Grant {
  readonly until: number;
}

/** Tickets that were given over a signed-in SIP flow. Kept by their digest: who reads our memory has no ticket. */
export class FileTickets {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #issued = new Map<string, Issued>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  issue(grant: Grant): string {
    this.#forgetOld(grant.aor);
    const ticket = randomBytes(32).toString('base64url');
    this.#issued.set(keyOf(ticket), { ...grant, until: this.#clock.now() + ticketSeconds * 1000 });
    return ticket;
  }

  check(ticket: string): Grant | null {
    const issued = this.#issued.get(keyOf(ticket));
    return issued === undefined || issued.until < this.#clock.now() ? null : issued;
  }

  #forgetOld(aor: Aor): void {
    const now = this.#clock.now();
    let own = 0;
    // Newest first: a person's oldest tickets go when there are too many.
    for (const [key, issued] of [...this.#issued].reverse()) {
      if (issued.aor === aor) own += 1;
      if (issued.until < now || (issued.aor === aor && own >= mostOfPerson)) this.#issued.delete(key);
    }
  }
}

function keyOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64');
}
