import { soapType } from '../src/protocol/lync/contactService';
import { formatDirectoryAnswer, parseDirectoryQuery } from '../src/protocol/lync/directorySearch';
import { bareAddress } from '../src/protocol/sip/uri';
import type { Reply, Role, RoleContext, RoleRequest } from './role';
import type { Account, Accounts } from './store/accounts';

const mostResults = 50;
const mostWords = 8;
/** Searches as somebody types; more than this is no person. */
const searchesPerSecond = 20;

/**
 * Finds people by the beginnings of words in their name, address, title, department and company (SERVICE
 * `directorySearch`): each word of the search must begin one of theirs. There are no wildcards.
 */
export class Directory implements Role {
  readonly #context: RoleContext;
  readonly #accounts: Accounts;
  /** Accounts are replaced when they change, and their words with them. */
  readonly #words = new WeakMap<Account, readonly string[]>();
  #second = 0;
  #counts = new Map<string, number>();

  constructor(context: RoleContext, accounts: Accounts) {
    this.#context = context;
    this.#accounts = accounts;
  }

  handle(request: RoleRequest, reply: Reply): void {
    if (this.#isTooFast(request.from.aor))
      return reply(503, 'Service Unavailable', { headers: [['Retry-After', '1']] });
    const query = parseDirectoryQuery(request.body);
    const sought = [...query.terms.values()].flatMap(wordsOf);
    const found = sought.length === 0 || sought.length > mostWords ? [] : this.#find(sought);
    const limit = Math.min(query.maxResults, mostResults);
    const rows = found.slice(0, limit).map(({ aor, displayName, title, department, company, email }) => {
      return { aor, displayName, title, department, company, email: email || bareAddress(aor) };
    });
    const body = formatDirectoryAnswer({ rows, moreAvailable: found.length > limit });
    reply(200, 'OK', { contentType: soapType, body });
  }

  #find(sought: readonly string[]): Account[] {
    const found = this.#accounts.all().filter((account) => {
      const words = this.#wordsOf(account);
      return !account.disabled && sought.every((word) => words.some((candidate) => candidate.startsWith(word)));
    });
    return found.sort((a, b) => order.compare(a.displayName, b.displayName));
  }

  #wordsOf(account: Account): readonly string[] {
    const known = this.#words.get(account);
    if (known !== undefined) return known;
    const { displayName, title, department, company, email, aor } = account;
    const words = wordsOf(`${displayName} ${title} ${department} ${company} ${email} ${bareAddress(aor)}`);
    const all = [...new Set(words.flatMap((word) => [word, ...partsOf(word)]))];
    this.#words.set(account, all);
    return all;
  }

  #isTooFast(person: string): boolean {
    const second = Math.floor(this.#context.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts = new Map();
    }
    const count = (this.#counts.get(person) ?? 0) + 1;
    this.#counts.set(person, count);
    return count > searchesPerSecond;
  }
}

const order = new Intl.Collator('en');

/** Lower case, without accents, split at what is no letter, digit or part of an address. */
function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return plain.split(/[^\p{L}\p{N}@._+-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
}

/** `anna-maria` is found as `maria` too, and `bob.barends@contoso.example` as `barends`; its domain says nothing. */
function partsOf(word: string): string[] {
  const [name = ''] = word.split('@');
  return name.split(/[._+-]+/).filter(Boolean);
}
