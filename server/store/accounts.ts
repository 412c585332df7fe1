import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Aor, bareAddress } from '../../src/protocol/sip/uri';
import { type Database, dataVersionOf, inTransaction } from './database';
import { type Credentials, credentialsOf, type Vault } from './secrets';

/** What a person may do; told in provisioning and enforced by the roles. */
export interface Policy {
  /** May start conferences. */
  readonly conferences: boolean;
  /** Most people in a conference of theirs, themselves included; `null` is the server's own limit. */
  readonly meetingSize: number | null;
  /** What newcomers to a conference of theirs see of what was said before. */
  readonly history: 'all' | 'none';
  /** Who may share programs in a conference of theirs; with `no` they may not share anywhere either. */
  readonly sharing: SharingPolicy;
  /** May send and get files. */
  readonly files: boolean;
  /** Bytes of the largest file of theirs in the store; `null` is the server's own limit. */
  readonly fileSize: number | null;
}

export type SharingPolicy = 'everyone' | 'presenters' | 'no';

export interface Profile {
  readonly displayName: string;
  readonly title: string;
  readonly department: string;
  readonly company: string;
  readonly office: string;
  readonly email: string;
  readonly phone: string;
}

export interface Account extends Profile {
  readonly aor: Aor;
  readonly disabled: boolean;
  /** Has the password that is shown to everybody at start. */
  readonly demo: boolean;
  /** Goes up with every change of the password. */
  readonly secretVersion: number;
  readonly policy: Policy;
}

export interface AccountChange {
  readonly is: 'added' | 'removed' | 'disabled' | 'enabled' | 'password' | 'profile' | 'policy';
  /** As it is now; as it was, when removed. */
  readonly account: Account;
}

interface Row {
  aor: Aor;
  display_name: string;
  title: string;
  department: string;
  company: string;
  office: string;
  email: string;
  phone: string;
  secret: ArrayBuffer;
  secret_version: number;
  demo: number;
  disabled: number;
  conferences: number;
  meeting_size: number | null;
  history: 'all' | 'none';
  sharing: SharingPolicy;
  files: number;
  file_size: number | null;
}

interface Known {
  readonly account: Account;
  readonly secret: Buffer;
}

const emptyProfile = { title: '', department: '', company: '', office: '', email: '', phone: '' };

/** The people of this server: in the database, and in memory for speed. Changes of another process come in by `refresh`. */
export class Accounts {
  readonly #database: Database;
  readonly #vault: Vault;
  #known = new Map<Aor, Known>();
  #dataVersion: number;
  readonly #watchers: ((change: AccountChange) => void)[] = [];
  #batching = false;
  readonly #nobody = credentialsOf('nobody@nowhere.invalid', randomBytes(16).toString('hex'));

  constructor(database: Database, vault: Vault) {
    this.#database = database;
    this.#vault = vault;
    this.#dataVersion = dataVersionOf(database);
    this.#known = this.#read();
  }

  find(aor: Aor): Account | undefined {
    return this.#known.get(aor)?.account;
  }

  /** Everybody, disabled people too. */
  all(): Account[] {
    return [...this.#known.values()].map((entry) => entry.account);
  }

  credentialsOf(aor: Aor): Credentials | undefined {
    const entry = this.#known.get(aor);
    return entry === undefined ? undefined : this.#vault.open(aor, entry.secret);
  }

  /** Takes the same time whether or not the person exists. */
  verify(aor: Aor, password: string): boolean {
    const given = credentialsOf(bareAddress(aor), password);
    const kept = this.credentialsOf(aor) ?? this.#nobody;
    return timingSafeEqual(Buffer.from(given.ha1), Buffer.from(kept.ha1)) && kept !== this.#nobody;
  }

  onChange(run: (change: AccountChange) => void): void {
    this.#watchers.push(run);
  }

  /** False when the person is already there. */
  add(aor: Aor, profile: Pick<Profile, 'displayName'> & Partial<Profile>, password: string, demo = false): boolean {
    if (this.#known.has(aor)) return false;
    const { displayName, title, department, company, office, email, phone } = { ...emptyProfile, ...profile };
    const secret = this.#vault.seal(aor, credentialsOf(bareAddress(aor), password));
    this.#database
      .prepare(
        `INSERT INTO account (aor, display_name, title, department, company, office, email, phone, secret, demo)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(aor, displayName, title, department, company, office, email, phone, secret, demo ? 1 : 0);
    this.#reload();
    return true;
  }

  /** False when there is no such person; so do the following. */
  remove(aor: Aor): boolean {
    return this.#change('DELETE FROM account WHERE aor = ?', aor);
  }

  setDisabled(aor: Aor, disabled: boolean): boolean {
    return this.#change('UPDATE account SET disabled = ? WHERE aor = ?', disabled ? 1 : 0, aor);
  }

  setPassword(aor: Aor, password: string): boolean {
    const secret = this.#vault.seal(aor, credentialsOf(bareAddress(aor), password));
    return this.#change(
      'UPDATE account SET secret = ?, demo = 0, secret_version = secret_version + 1 WHERE aor = ?',
      secret,
      aor,
    );
  }

  setProfile(aor: Aor, profile: Partial<Profile>): boolean {
    const present = this.find(aor);
    if (present === undefined) return false;
    const { displayName, title, department, company, office, email, phone } = { ...present, ...profile };
    return this.#change(
      `UPDATE account SET display_name = ?, title = ?, department = ?, company = ?, office = ?, email = ?, phone = ?
       WHERE aor = ?`,
      displayName,
      title,
      department,
      company,
      office,
      email,
      phone,
      aor,
    );
  }

  setPolicy(aor: Aor, policy: Partial<Policy>): boolean {
    const present = this.find(aor)?.policy;
    if (present === undefined) return false;
    const { conferences, meetingSize, history, sharing, files, fileSize } = { ...present, ...policy };
    return this.#change(
      `UPDATE account SET conferences = ?, meeting_size = ?, history = ?, sharing = ?, files = ?, file_size = ?
       WHERE aor = ?`,
      conferences ? 1 : 0,
      meetingSize,
      history,
      sharing,
      files ? 1 : 0,
      fileSize,
      aor,
    );
  }

  /** Takes in what another process has committed, and tells the watchers. Cheap when nothing was. */
  refresh(): void {
    const version = dataVersionOf(this.#database);
    if (version === this.#dataVersion) return;
    this.#dataVersion = version;
    this.#reload();
  }

  /** Many changes in one transaction; nothing of it is kept when `work` throws. */
  batch(work: () => void): void {
    this.#batching = true;
    try {
      inTransaction(this.#database, work);
    } finally {
      this.#batching = false;
      this.#reload();
    }
  }

  #change(sql: string, ...values: unknown[]): boolean {
    const { changes } = this.#database.prepare(sql).run(...values);
    if (changes > 0) this.#reload();
    return changes > 0;
  }

  #reload(): void {
    if (this.#batching) return;
    const before = this.#known;
    this.#known = this.#read();
    for (const [aor, known] of before) {
      const now = this.#known.get(aor);
      if (now !== undefined && !isAnother(known, now)) continue;
      this.#tell('removed', known.account);
      before.delete(aor);
    }
    for (const [aor, { account }] of this.#known) {
      const known = before.get(aor)?.account;
      for (const is of known === undefined ? (['added'] as const) : differences(known, account))
        this.#tell(is, account);
    }
  }

  #tell(is: AccountChange['is'], account: Account): void {
    for (const watcher of this.#watchers) watcher({ is, account });
  }

  #read(): Map<Aor, Known> {
    const rows = this.#database.prepare('SELECT * FROM account ORDER BY aor').all() as Row[];
    return new Map(rows.map((row) => [row.aor, { account: accountOf(row), secret: Buffer.from(row.secret) }]));
  }
}

/** Removed, and somebody new added under the same address before we looked again. */
function isAnother(before: Known, now: Known): boolean {
  return now.account.secretVersion <= before.account.secretVersion && !now.secret.equals(before.secret);
}

function accountOf(row: Row): Account {
  return {
    aor: row.aor,
    displayName: row.display_name,
    title: row.title,
    department: row.department,
    company: row.company,
    office: row.office,
    email: row.email,
    phone: row.phone,
    disabled: row.disabled === 1,
    demo: row.demo === 1,
    secretVersion: row.secret_version,
    policy: {
      conferences: row.conferences === 1,
      meetingSize: row.meeting_size,
      history: row.history,
      sharing: row.sharing,
      files: row.files === 1,
      fileSize: row.file_size,
    },
  };
}

const profileFields = ['displayName', 'title', 'department', 'company', 'office', 'email', 'phone'] as const;

const policyFields = ['conferences', 'meetingSize', 'history', 'sharing', 'files', 'fileSize'] as const;

function differences(before: Account, now: Account): AccountChange['is'][] {
  const found: AccountChange['is'][] = [];
  if (before.disabled !== now.disabled) found.push(now.disabled ? 'disabled' : 'enabled');
  if (before.secretVersion !== now.secretVersion) found.push('password');
  if (profileFields.some((field) => before[field] !== now[field])) found.push('profile');
  if (policyFields.some((field) => before.policy[field] !== now.policy[field])) found.push('policy');
  return found;
}
