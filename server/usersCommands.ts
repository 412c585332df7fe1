import { parseArgs } from 'node:util';
import { type Aor, aorOf, bareAddress } from '../src/protocol/sip/uri';
import { environmentNameOf } from './commandLine';
import { longestPassword, shortestPassword } from './http/password';
import { importPeople } from './importPeople';
import type { Account, Accounts, Policy, Profile } from './store/accounts';

/** What the commands need of the process. */
export interface UsersWorld {
  open(data: string): Accounts;
  /** All of standard input. */
  readInput(): string;
  readFile(file: string): string;
}

export interface UsersResult {
  readonly out: string;
  readonly err: string;
  readonly code: 0 | 1 | 2;
}

export const usersHelp = `Usage: npm run users -- COMMAND [OPTIONS]

Manages the people of a home server, also while it runs (a change holds within a second).

  add ADDRESS --name NAME --password-stdin   a new person; also --title, --department, --company, --office, --email, --phone
  list                                       everybody, with what each may do
  remove ADDRESS                             signs the person out and forgets the account
  disable ADDRESS                            signs the person out and keeps the account
  enable ADDRESS                             takes that back
  password ADDRESS --password-stdin          a new password; signs the person out everywhere
  profile ADDRESS [--name NAME] [--title ...]  other words about a person, as for add
  policy ADDRESS [--conferences yes|no] [--meeting-size NUMBER|none] [--history all|none]
                 [--sharing everyone|presenters|no] [--files yes|no] [--file-size MB|none]
  import FILE.csv                            many people; the first row names the columns: address, name, password,
                                             and as wished title, department, company, office, email, phone.
                                             People who are already there are left as they are.

  --data DIR        where the server keeps its data (./data, or CONFAB_DATA)
  --domain DOMAIN   for addresses without one, and checked (contoso.example, or CONFAB_DOMAIN)
  --help            this text

A password is one line on standard input, of at least ${shortestPassword} characters.
`;

const texts = [
  'name',
  'title',
  'department',
  'company',
  'office',
  'email',
  'phone',
  'conferences',
  'meeting-size',
  'history',
  'sharing',
  'files',
  'file-size',
  'data',
  'domain',
] as const;
type Given = Partial<Record<(typeof texts)[number], string>> & { 'password-stdin'?: boolean; help?: boolean };

const megabyte = 1_000_000;

/** A refusal in words; everything else that is thrown is a bug. */
class Refused extends Error {}

interface Command {
  readonly accounts: Accounts;
  readonly domain: string;
  readonly given: Given;
  readonly world: UsersWorld;
}

export function runUsersCommand(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  world: UsersWorld,
): UsersResult {
  try {
    const { given, positionals } = readArguments(args);
    const [verb, subject = '', ...more] = positionals;
    if (given.help === true || verb === undefined)
      return { out: usersHelp, err: '', code: verb === undefined && !given.help ? 2 : 0 };
    if (more.length > 0) throw new Refused(`Do not know what to do with: ${more.join(' ')}`);
    const run = commands.get(verb);
    if (run === undefined) throw new Refused(`No such command: ${verb}. See --help.`);
    const data = given.data ?? environment[environmentNameOf('data')] ?? './data';
    const domain = (given.domain ?? environment[environmentNameOf('domain')] ?? 'contoso.example').toLowerCase();
    const out = run({ accounts: world.open(data), domain, given, world }, subject);
    return { out: `${out}\n`, err: '', code: 0 };
  } catch (error) {
    if (error instanceof Refused) return { out: '', err: `${error.message}\n`, code: 1 };
    throw error;
  }
}

const commands = new Map<string, (command: Command, subject: string) => string>([
  ['add', add],
  ['list', list],
  ['remove', (command, subject) => changed(command, subject, 'removed', (aor) => command.accounts.remove(aor))],
  [
    'disable',
    (command, subject) => changed(command, subject, 'disabled', (aor) => command.accounts.setDisabled(aor, true)),
  ],
  [
    'enable',
    (command, subject) => changed(command, subject, 'enabled', (aor) => command.accounts.setDisabled(aor, false)),
  ],
  ['password', password],
  ['profile', profile],
  ['policy', policy],
  ['import', importFile],
]);

function add(command: Command, subject: string): string {
  const { accounts, given } = command;
  const aor = personOf(command, subject);
  if (given.name === undefined || given.name.trim() === '') throw new Refused('A person needs a --name.');
  if (!accounts.add(aor, { ...profileOf(given), displayName: given.name.trim() }, passwordFrom(command)))
    throw new Refused(`${bareAddress(aor)} is already there.`);
  return `${bareAddress(aor)} added.`;
}

function list({ accounts }: Command): string {
  const people = accounts.all();
  return people.length === 0 ? 'Nobody yet.' : people.map(describe).join('\n');
}

function describe({
  aor,
  displayName,
  title,
  disabled,
  demo,
  policy: { conferences, meetingSize, history, sharing, files, fileSize },
}: Account): string {
  const notes = [
    title,
    disabled ? 'disabled' : '',
    demo ? 'demo password' : '',
    conferences ? '' : 'no conferences',
    meetingSize === null ? '' : `meetings of ${meetingSize}`,
    history === 'none' ? 'newcomers see no history' : '',
    files ? '' : 'no files',
    fileSize === null ? '' : `files of ${fileSize / megabyte} MB`,
    sharing === 'no' ? 'no sharing' : sharing === 'presenters' ? 'presenters share' : '',
  ].filter((note) => note !== '');
  return [bareAddress(aor), displayName, ...notes].join('\t');
}

function password(command: Command, subject: string): string {
  return changed(command, subject, 'has a new password', (aor) =>
    command.accounts.setPassword(aor, passwordFrom(command)),
  );
}

function profile(command: Command, subject: string): string {
  return changed(command, subject, 'has the new profile', (aor) =>
    command.accounts.setProfile(aor, profileOf(command.given)),
  );
}

function policy(command: Command, subject: string): string {
  const { conferences, history, sharing, files, 'meeting-size': size, 'file-size': fileSize } = command.given;
  const wish: { -readonly [Key in keyof Policy]?: Policy[Key] } = {};
  if (conferences !== undefined) wish.conferences = oneOf('conferences', conferences, ['yes', 'no']) === 'yes';
  if (history !== undefined) wish.history = oneOf('history', history, ['all', 'none']);
  if (sharing !== undefined) wish.sharing = oneOf('sharing', sharing, ['everyone', 'presenters', 'no']);
  if (size !== undefined) wish.meetingSize = sizeOf(size);
  if (files !== undefined) wish.files = oneOf('files', files, ['yes', 'no']) === 'yes';
  if (fileSize !== undefined) wish.fileSize = fileSizeOf(fileSize);
  return changed(command, subject, 'has the new policy', (aor) => command.accounts.setPolicy(aor, wish));
}

function importFile(command: Command, file: string): string {
  if (file === '') throw new Refused('Name a CSV file.');
  let text: string;
  try {
    text = command.world.readFile(file);
  } catch {
    throw new Refused(`Cannot read ${file}.`);
  }
  const result = importPeople(text, command.domain, command.accounts);
  if (result.is === 'refused') throw new Refused(`${file}: ${result.why}. Nobody was added.`);
  return `${result.added} added, ${result.present} already there.`;
}

function changed(command: Command, subject: string, what: string, change: (aor: Aor) => boolean): string {
  const aor = personOf(command, subject);
  if (!change(aor)) throw new Refused(`Nobody has the address ${bareAddress(aor)}.`);
  return `${bareAddress(aor)} ${what}.`;
}

function personOf({ domain }: Command, subject: string): Aor {
  if (subject === '') throw new Refused('Name an address, e.g. alice@contoso.example.');
  const aor = aorOf(subject.includes('@') ? subject : `${subject}@${domain}`);
  if (aor === null) throw new Refused(`Not an address: ${subject}`);
  if (!aor.endsWith(`@${domain}`))
    throw new Refused(`${bareAddress(aor)} is not of the domain ${domain}. Give the server's with --domain.`);
  return aor;
}

function profileOf({ name, title, department, company, office, email, phone }: Given): Partial<Profile> {
  const words = { displayName: name?.trim(), title, department, company, office, email, phone };
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
}

function passwordFrom({ given, world }: Command): string {
  if (given['password-stdin'] !== true)
    throw new Refused('Give the password on standard input, with --password-stdin.');
  const [line = ''] = world.readInput().split(/\r?\n/);
  if (line.length < shortestPassword || line.length > longestPassword) {
    throw new Refused(`The password must have ${shortestPassword} to ${longestPassword} characters.`);
  }
  return line;
}

function oneOf<const Word extends string>(option: string, given: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === given);
  if (word === undefined) throw new Refused(`--${option} is ${words.join(' or ')}.`);
  return word;
}

function sizeOf(given: string): number | null {
  if (given === 'none') return null;
  if (!/^\d{1,4}$/.test(given) || Number(given) < 2) throw new Refused('--meeting-size is a number from 2, or none.');
  return Number(given);
}

function fileSizeOf(given: string): number | null {
  if (given === 'none') return null;
  if (!/^\d{1,7}$/.test(given) || Number(given) < 1)
    throw new Refused('--file-size is a number of megabytes, or none.');
  return Number(given) * megabyte;
}

function readArguments(args: readonly string[]): { given: Given; positionals: string[] } {
  const options = {
    ...Object.fromEntries(texts.map((name) => [name, { type: 'string' as const }])),
    'password-stdin': { type: 'boolean' as const },
    help: { type: 'boolean' as const, short: 'h' },
  };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true });
    return { given: values as Given, positionals };
  } catch (error) {
    throw new Refused(`${(error as Error).message.split('. ')[0]}. See --help.`);
  }
}
