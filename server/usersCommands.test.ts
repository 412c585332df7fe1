import { beforeEach, describe, expect, it } from 'vitest';
import { rowsOf } from './importPeople';
import { Accounts } from './store/accounts';
import { openDatabase } from './store/database';
import { Vault } from './store/secrets';
import { runUsersCommand, type UsersResult } from './usersCommands';

let accounts: Accounts;
beforeEach(() => {
  accounts = new Accounts(openDatabase(':memory:'), new Vault(Buffer.alloc(32)));
});

function run(args: string[], input = '', csv = ''): UsersResult {
  return runUsersCommand(args, {}, { open: () => accounts, readInput: () => input, readFile: () => csv });
}

const addAlice = (): UsersResult =>
  run(['add', 'alice@contoso.example', '--name', 'Alice Moreau', '--password-stdin'], 'a long password\n');

describe('npm run users', () => {
  it('adds, lists, changes and removes a person', () => {
    expect(addAlice()).toEqual({ out: 'alice@contoso.example added.\n', err: '', code: 0 });
    run(['policy', 'alice', '--conferences', 'no', '--meeting-size', '3', '--history', 'none', '--sharing', 'no']);
    run(['policy', 'alice', '--files', 'no', '--file-size', '20']);
    run(['profile', 'alice', '--title', 'Boss']);
    run(['disable', 'alice']);
    expect(run(['list']).out).toBe(
      'alice@contoso.example\tAlice Moreau\tBoss\tdisabled\tno conferences\tmeetings of 3\tnewcomers see no history\tno files\tfiles of 20 MB\tno sharing\n',
    );
    run(['enable', 'alice']);
    run(['policy', 'alice', '--conferences', 'yes', '--meeting-size', 'none', '--history', 'all']);
    run(['policy', 'alice', '--files', 'yes', '--file-size', 'none', '--sharing', 'presenters']);
    expect(run(['list']).out).toBe('alice@contoso.example\tAlice Moreau\tBoss\tpresenters share\n');
    run(['policy', 'alice', '--sharing', 'everyone']);
    expect(run(['list']).out).toBe('alice@contoso.example\tAlice Moreau\tBoss\n');
    run(['password', 'alice', '--password-stdin'], 'another password\r\n');
    expect(accounts.verify(accounts.all()[0]?.aor ?? never(), 'another password')).toBe(true);
    run(['remove', 'alice']);
    expect(run(['list']).out).toBe('Nobody yet.\n');
  });

  it.each([
    [['add', 'alice', '--password-stdin'], 'A person needs a --name.'],
    [['add', 'alice', '--name', 'A'], 'Give the password on standard input, with --password-stdin.'],
    [['add', 'alice', '--name', 'A', '--password-stdin'], 'The password must have 8 to 256 characters.'],
    [['add', 'alice@fabrikam.example', '--name', 'A', '--password-stdin'], 'is not of the domain contoso.example'],
    [['add', 'a b', '--name', 'A', '--password-stdin'], 'Not an address: a b'],
    [['add'], 'Name an address'],
    [['remove', 'nobody'], 'Nobody has the address nobody@contoso.example.'],
    [['policy', 'nobody', '--conferences', 'maybe'], '--conferences is yes or no.'],
    [['policy', 'nobody', '--meeting-size', '1'], '--meeting-size is a number from 2, or none.'],
    [['policy', 'nobody', '--file-size', '0'], '--file-size is a number of megabytes, or none.'],
    [['policy', 'nobody', '--files', 'some'], '--files is yes or no.'],
    [['policy', 'nobody', '--sharing', 'yes'], '--sharing is everyone or presenters or no.'],
    [['fly'], 'No such command: fly.'],
    [['remove', 'a', 'b'], 'Do not know what to do with: b'],
    [['list', '--nam'], "Unknown option '--nam'"],
  ])('%j is refused in words', (args, why) => {
    const { err, code } = run(args, 'short\n');
    expect(err).toContain(why);
    expect(code).toBe(1);
  });

  it('does not add a person twice', () => {
    addAlice();
    expect(addAlice().err).toBe('alice@contoso.example is already there.\n');
  });

  it('imports people from CSV, leaving those who are there', () => {
    addAlice();
    const csv =
      '\uFEFFaddress,name,password,title\r\nbob,"Barends, Bob",password one,"The ""Bob"""\r\nalice,Alice,password two,\r\n';
    expect(run(['import', 'people.csv'], '', csv).out).toBe('1 added, 1 already there.\n');
    expect(run(['list']).out).toContain('bob@contoso.example\tBarends, Bob\tThe "Bob"\n');
  });

  it.each([
    ['address,name\na,A', 'the column "password" is missing'],
    ['address,name,password,pet\n', 'there is no column "pet"'],
    ['address,name,password\nbob,Bob,long enough\ncarol,,long enough', 'line 3: no name'],
    ['address,name,password\nbob@elsewhere.example,Bob,long enough', 'line 2: no address of contoso.example'],
    ['address,name,password\nbob,Bob,pass"word and more', 'line 2: a quotation mark in the wrong place'],
    ['address,name,password\nbob,Bob,"never closed\ncarol,Carol,long enough', 'line 2: a quotation mark'],
    ['address,name,password\nbob,Bob,"closed"too early', 'line 2: a quotation mark'],
    ['address,name,password\nbob,Bob,short', 'line 2: the password must have 8'],
  ])('imports nobody from %j', (csv, why) => {
    expect(run(['import', 'people.csv'], '', csv).err).toContain(why);
    expect(accounts.all()).toEqual([]);
  });

  it('RFC 4180: reads cells with commas, quotes and line ends', () => {
    expect(rowsOf('a,"b,""c""\nd",\r\n\r\n,e\n"",f')).toEqual([
      { line: 1, cells: ['a', 'b,"c"\nd', ''] },
      { line: 4, cells: ['', 'e'] },
      { line: 5, cells: ['', 'f'] },
    ]);
  });

  it('names every wrong line of an import as an editor counts it, but not endlessly many', () => {
    const csv =
      'address,name,password,title\n\nbob,Bob,long enough,"a\nb"\n,No address,long enough,\ncarol,,long enough,';
    const { err } = run(['import', 'people.csv'], '', csv);
    expect(err).toBe('people.csv: line 5: no address; line 6: no name. Nobody was added.\n');
    const many = `address,name,password\n${'x,,long enough\n'.repeat(25)}`;
    expect(run(['import', 'people.csv'], '', many).err).toContain('line 21: no name; and 5 more. Nobody was added.');
  });
});

function never(): never {
  throw new Error('nobody there');
}
