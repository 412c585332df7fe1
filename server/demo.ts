import { type Aor, aorOf } from '../src/protocol/sip/uri';
import type { Accounts, Policy } from './store/accounts';
import { ContactLists } from './store/contacts';
import { type Database, setSetting, settingOf } from './store/database';

/** Shown to everybody at start, so it works on this computer only. */
export const demoPassword = 'confab';

interface DemoPerson {
  readonly user: string;
  readonly name: string;
  readonly title: string;
  readonly department: string;
  readonly office: string;
  readonly phone: string;
  readonly policy?: Partial<Policy>;
}

const people: readonly DemoPerson[] = [
  {
    user: 'alice',
    name: 'Alice Moreau',
    title: 'Product Manager',
    department: 'Product',
    office: '3.14',
    phone: '+31205550101',
  },
  {
    user: 'bob',
    name: 'Bob Barends',
    title: 'Software Engineer',
    department: 'Engineering',
    office: '2.07',
    phone: '+31205550102',
  },
  {
    user: 'carol',
    name: 'Carol Chen',
    title: 'Designer',
    department: 'Product',
    office: '3.15',
    phone: '+31205550103',
  },
  {
    user: 'dave',
    name: 'Dave Okafor',
    title: 'Software Engineer',
    department: 'Engineering',
    office: '2.08',
    phone: '+31205550104',
  },
  {
    user: 'erin',
    name: 'Erin Lindqvist',
    title: 'Head of Sales',
    department: 'Sales',
    office: '1.01',
    phone: '+31205550105',
  },
  {
    user: 'frank',
    name: 'Frank Sato',
    title: 'Contractor (may not start conferences)',
    department: 'Engineering',
    office: '2.20',
    phone: '+31205550106',
    policy: { conferences: false },
  },
  {
    user: 'grace',
    name: 'Grace Njoroge',
    title: 'Intern (meetings of 3 at most)',
    department: 'Sales',
    office: '1.09',
    phone: '+31205550107',
    policy: { meetingSize: 3 },
  },
  {
    user: 'heidi',
    name: 'Heidi Kovács',
    title: 'Accountant',
    department: 'Finance',
    office: '1.12',
    phone: '+31205550108',
  },
];

/** Makes the demo people, once for a database: who is removed stays removed. Answers those made. */
export function makeDemoPeople(database: Database, accounts: Accounts, domain: string): Aor[] {
  if (settingOf(database, 'demo') !== null) return [];
  const made = people.flatMap((person) => {
    const aor = aorOf(`${person.user}@${domain}`);
    return aor === null || accounts.find(aor) !== undefined ? [] : [{ ...person, aor }];
  });
  accounts.batch(() => {
    for (const { aor, name, user, title, department, office, phone } of made) {
      const profile = {
        displayName: name,
        title,
        department,
        office,
        phone,
        company: 'Contoso',
        email: `${user}@${domain}`,
      };
      accounts.add(aor, profile, demoPassword, true);
    }
    setSetting(database, 'demo', 'made');
  });
  for (const { aor, policy } of made) if (policy !== undefined) accounts.setPolicy(aor, policy);
  introduce(database, made);
  return made.map(({ aor }) => aor);
}

/** Puts everybody on everybody's contact list, in a group for each department. */
function introduce(database: Database, made: readonly { aor: Aor; department: string }[]): void {
  const lists = new ContactLists(database);
  const departments = [...new Set(made.map(({ department }) => department))];
  for (const { aor: owner } of made) {
    lists.change(owner, () => {
      for (const [index, name] of departments.entries())
        lists.putGroup(owner, { id: index + 2, name, externalUri: '' });
      for (const { aor, department } of made) {
        if (aor === owner) continue;
        const groups = [departments.indexOf(department) + 2];
        lists.putContact(owner, { aor, name: '', groups, subscribed: true, externalUri: '' });
      }
    });
  }
}
