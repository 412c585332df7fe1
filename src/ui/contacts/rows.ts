import { type GroupId, otherContacts } from '../../domain/ids';
import type { Contact, Group, Status } from '../../domain/people';
import type { Aor } from '../../protocol/sip/uri';
import { compareContacts, isOnline, statusOf } from '../../state/selectors';
import { emptyState, type State } from '../../state/state';

/** A line of the contact list. */
export type Row =
  | {
      is: 'group';
      id: string;
      /** `null`: these are all people of one `status`. */
      group: GroupId | null;
      status: Status | null;
      name: string;
      online: number;
      total: number;
      isOpen: boolean;
    }
  | { is: 'contact'; id: string; aor: Aor; group: GroupId | null };

/** The group `~` is "Other contacts", or all there is when nobody has made a group (`features` 1.16). */
export function groupName(group: Group, groups: readonly Group[]): string {
  if (group.id !== otherContacts) return group.name;
  return groups.length > 1 ? 'Other contacts' : 'All contacts';
}

/** Without the conversations: the list must not wake at every message, and contacts have cards to be named by. */
type Parts = Pick<State, 'groups' | 'contacts' | 'presence' | 'cards' | 'account'>;

export function rowsByGroup(parts: Parts, closed: ReadonlySet<string>): Row[] {
  const state: State = { ...emptyState, ...parts };
  const contacts = Object.values<Contact>(state.contacts);
  const own = state.groups.filter(({ id }) => id !== otherContacts);
  const other = state.groups.filter(({ id }) => id === otherContacts);
  return [...own, ...other].flatMap((group): Row[] => {
    const members = contacts.filter((contact) => contact.groups.includes(group.id)).map(({ aor }) => aor);
    if (group.id === otherContacts && members.length === 0 && own.length > 0) return [];
    return section(state, { group: group.id, status: null, name: groupName(group, state.groups) }, members, closed);
  });
}

const sections: readonly { name: string; status: Status; all: readonly Status[] }[] = [
  { name: 'Available', status: 'available', all: ['available'] },
  { name: 'Busy', status: 'busy', all: ['busy', 'busy-inactive', 'do-not-disturb'] },
  { name: 'Away', status: 'away', all: ['inactive', 'away', 'be-right-back', 'off-work'] },
  { name: 'Offline', status: 'offline', all: ['offline'] },
  { name: 'Unknown', status: 'unknown', all: ['unknown'] },
];

export function rowsByStatus(parts: Parts, closed: ReadonlySet<string>): Row[] {
  const state: State = { ...emptyState, ...parts };
  const people = Object.values<Contact>(state.contacts).map(({ aor }) => aor);
  return sections.flatMap(({ name, status, all }) => {
    const members = people.filter((aor) => all.includes(statusOf(state, aor)));
    return members.length === 0 ? [] : section(state, { group: null, status, name }, members, closed);
  });
}

function section(
  state: State,
  what: Pick<Extract<Row, { is: 'group' }>, 'group' | 'status' | 'name'>,
  members: Aor[],
  closed: ReadonlySet<string>,
): Row[] {
  const id = what.group ?? what.name;
  const online = members.filter((aor) => isOnline(statusOf(state, aor))).length;
  const isOpen = !closed.has(id);
  const head: Row = { is: 'group', id, ...what, online, total: members.length, isOpen };
  if (!isOpen) return [head];
  members.sort((a, b) => compareContacts(state, a, b));
  return [head, ...members.map((aor): Row => ({ is: 'contact', id: `${id} ${aor}`, aor, group: what.group }))];
}
