import { soapType } from '../src/protocol/lync/contactService';
import { formatDirectoryAnswer, parseDirectoryQuery } from '../src/protocol/lync/directorySearch';
import { bareAddress } from '../src/protocol/sip/uri';
import type { Reply, Role, RoleContext, RoleRequest } from './role';
import type { Account, Accounts } from './store/accounts';

const mostResults = 50;
/** Searches as somebody types; more than this is no person. */
const searchesPerSecond = 20;

/** Finds people by the beginnings of words in their name, address, title and department (SERVICE `directorySearch`). */
export class Directory implements Role {
  readonly #context: RoleContext;
  readonly #accounts: Accounts;
  #second = 0;
  #counts = new Map<string, number>();

  constructor(context: RoleContext, accounts: Accounts) {
    this.#context = context;
    this.#accounts = accounts;
  }

  handle(request: RoleRequest, reply: Reply): void {
    if (this.#isTooFast(request.from.gruu))
      return reply(503, 'Service Unavailable', { headers: [['Retry-After', '1']] });
    const query = parseDirectoryQuery(request.body);
    const terms = [...query.terms.values()].flatMap(wordsOf);
    const limit = Math.min(query.maxResults, mostResults);
    const found =
      terms.length === 0 ? [] : this.#accounts.all().filter((account) => !account.disabled && fits(account, terms));
    found.sort((a, b) => a.displayName.localeCompare(b.displayName));
    const rows = found.slice(0, limit).map(({ aor, displayName, title, department, company, email }) => ({
      aor,
      displayName,
      title,
      department,
      company,
      email,
    }));
    reply(200, 'OK', {
      contentType: soapType,
      body: formatDirectoryAnswer({ rows, moreAvailable: found.length > limit }),
    });
  }

  #isTooFast(endpoint: string): boolean {
    const second = Math.floor(this.#context.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts = new Map();
    }
    const count = (this.#counts.get(endpoint) ?? 0) + 1;
    this.#counts.set(endpoint, count);
    return count > searchesPerSecond;
  }
}

/** Lower case, without accents, split at what is no letter, digit or part of an address. */
function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.split(/[^\p{L}\p{N}@._+-]+/u).filter(Boolean);
}

function fits(account: Account, terms: readonly string[]): boolean {
  const { displayName, title, department, aor } = account;
  const words = [...wordsOf(`${displayName} ${title} ${department}`), bareAddress(aor)];
  return terms.every((term) => words.some((word) => word.startsWith(term)));
}
