import { type GroupId, otherContacts } from '../../domain/ids';
import type { Contact, Group } from '../../domain/people';
import type { Aor } from '../../protocol/sip/uri';
import { compareContacts, isOnline, statusOf } from '../../state/selectors';
import { emptyState, type State } from '../../state/state';

/** A line of the contact list. */
export type Row =
  | { is: 'group'; id: string; group: GroupId | null; name: string; online: number; total: number; isOpen: boolean }
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
    return section(state, group.id, groupName(group, state.groups), members, closed);
  });
}

const sections: readonly [string, (online: ReturnType<typeof statusOf>) => boolean][] = [
  ['Available', (status) => status === 'available'],
  ['Busy', (status) => ['busy', 'busy-inactive', 'do-not-disturb', 'inactive'].includes(status)],
  ['Away', (status) => ['away', 'be-right-back', 'off-work'].includes(status)],
  ['Offline', (status) => status === 'offline'],
  ['Unknown', (status) => status === 'unknown'],
];

export function rowsByStatus(parts: Parts, closed: ReadonlySet<string>): Row[] {
  const state: State = { ...emptyState, ...parts };
  const people = Object.values<Contact>(state.contacts).map(({ aor }) => aor);
  return sections.flatMap(([name, fits]) => {
    const members = people.filter((aor) => fits(statusOf(state, aor)));
    return members.length === 0 ? [] : section(state, null, name, members, closed);
  });
}

function section(
  state: State,
  group: GroupId | null,
  name: string,
  members: Aor[],
  closed: ReadonlySet<string>,
): Row[] {
  const id = group ?? name;
  const online = members.filter((aor) => isOnline(statusOf(state, aor))).length;
  const isOpen = !closed.has(id);
  const head: Row = { is: 'group', id, group, name, online, total: members.length, isOpen };
  if (!isOpen) return [head];
  members.sort((a, b) => compareContacts(state, a, b));
  return [head, ...members.map((aor): Row => ({ is: 'contact', id: `${id} ${aor}`, aor, group }))];
}
