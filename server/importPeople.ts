import { type Aor, aorOf } from '../src/protocol/sip/uri';
import { longestPassword, shortestPassword } from './http/password';
import type { Accounts, Profile } from './store/accounts';

export type ImportResult = { is: 'done'; added: number; present: number } | { is: 'refused'; why: string };

interface Person {
  aor: Aor;
  password: string;
  profile: Pick<Profile, 'displayName'> & Partial<Profile>;
}

/** Wrong lines that are named. */
const mostShown = 20;

const columns = ['address', 'name', 'password', 'title', 'department', 'company', 'office', 'email', 'phone'];

/** Adds the people of a CSV text (RFC 4180); all of them, or nobody when any row is wrong. */
export function importPeople(text: string, domain: string, accounts: Accounts): ImportResult {
  const [heading, ...rows] = rowsOf(text.replace(/^\uFEFF/, ''));
  const names = (heading?.cells ?? []).map((name) => name.trim().toLowerCase());
  const unknown = names.find((name) => !columns.includes(name));
  if (unknown !== undefined) return { is: 'refused', why: `there is no column "${unknown}"` };
  for (const needed of ['address', 'name', 'password']) {
    if (!names.includes(needed)) return { is: 'refused', why: `the column "${needed}" is missing` };
  }
  const people: Person[] = [];
  const wrong: string[] = [];
  for (const { line, cells } of rows) {
    const person =
      cells === null
        ? 'a quotation mark in the wrong place'
        : personOf(new Map(names.map((name, column) => [name, cells[column]?.trim() ?? ''])), domain);
    if (typeof person === 'string') wrong.push(`line ${line}: ${person}`);
    else people.push(person);
  }
  if (wrong.length > 0) return { is: 'refused', why: listed(wrong) };
  let added = 0;
  accounts.batch(() => {
    const seen = new Set<Aor>();
    for (const { aor, profile, password } of people) {
      if (seen.has(aor) || !accounts.add(aor, profile, password)) continue;
      seen.add(aor);
      added += 1;
    }
  });
  return { is: 'done', added, present: people.length - added };
}

function personOf(cells: ReadonlyMap<string, string>, domain: string): Person | string {
  const cell = (name: string): string => cells.get(name) ?? '';
  const address = cell('address');
  const aor = aorOf(address.includes('@') ? address : `${address}@${domain}`);
  if (aor === null || !aor.endsWith(`@${domain}`))
    return address === '' ? 'no address' : `no address of ${domain}: ${address}`;
  if (cell('name') === '') return 'no name';
  const { length } = cell('password');
  if (length < shortestPassword || length > longestPassword) {
    return `the password must have ${shortestPassword} to ${longestPassword} characters`;
  }
  const [title, department, company] = [cell('title'), cell('department'), cell('company')];
  const profile = {
    displayName: cell('name'),
    title,
    department,
    company,
    office: cell('office'),
    email: cell('email'),
    phone: cell('phone'),
  };
  return { aor, password: cell('password'), profile };
}

function listed(wrong: readonly string[]): string {
  const shown = wrong.slice(0, mostShown);
  return wrong.length === shown.length
    ? shown.join('; ')
    : `${shown.join('; ')}; and ${wrong.length - shown.length} more`;
}

export interface CsvRow {
  /** Where it begins; the first is 1. */
  line: number;
  /** `null`: quotation marks that do not fit. */
  cells: string[] | null;
}

/** Rows of cells; quotes may hold commas, line ends and doubled quotes. Empty rows are left out. */
export function rowsOf(text: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let row: string[] = [];
  let line = 1;
  let begins = 1;
  let position = 0;
  let isDamaged = false;
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/g)) {
    const [whole, quotedCell, plainCell = '', end] = match;
    if (whole === '' && row.length === 0) continue;
    // What was passed over fits no cell.
    isDamaged ||= match.index !== position;
    line += text.slice(position, match.index).split('\n').length - 1;
    position = match.index + whole.length;
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    row.push(quotedCell === undefined ? plainCell : quotedCell.replaceAll('""', '"'));
    if (end === ',') continue;
    if (isDamaged || row.some((cell) => cell !== '')) rows.push({ line: begins, cells: isDamaged ? null : row });
    row = [];
    begins = line;
    isDamaged = false;
  }
  return rows;
}
