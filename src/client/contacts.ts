import { done, failed, type Outcome } from '../domain/failure';
import { type GroupId, otherContacts } from '../domain/ids';
import type { Contact, FoundPerson } from '../domain/people';
import { type Aor, aorOf } from '../protocol/sip/uri';
import type { Floor } from './floor';

const longestGroupName = 256; // bytes, [MS-SIP] 3.7; checked in characters here, by the server in bytes
const shortestSearch = 1;

/** The contact list: every change goes to the server and comes back as a delta, to this device as to the others. */
export class Contacts {
  readonly #floor: Floor;

  constructor(floor: Floor) {
    this.#floor = floor;
  }

  async find(text: string): Promise<Outcome<readonly FoundPerson[]>> {
    const dialect = this.#floor.dialect();
    if (dialect === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    const trimmed = text.trim();
    if (trimmed.length < shortestSearch) return { ok: true, value: [] };
    const found = await dialect.directory.find(trimmed);
    if (found.ok) dialect.presence.watch(found.value.map(({ aor }) => aor));
    return found;
  }

  #known(person: Aor): Contact | undefined {
    return this.#floor.state().contacts[person];
  }

  async #set(contact: Contact): Promise<Outcome<void>> {
    const dialect = this.#floor.dialect();
    if (dialect === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    return dialect.contacts.set(contact);
  }

  async add(person: Aor, group: GroupId): Promise<Outcome<void>> {
    const aor = aorOf(person);
    if (aor === null || aor === this.#floor.state().account?.aor) return failed({ is: 'invalid', what: 'address' });
    const known = this.#known(aor);
    if (known?.groups.includes(group)) return done;
    return this.#set({ aor, alias: known?.alias ?? '', groups: [...(known?.groups ?? []), group] });
  }

  async remove(person: Aor): Promise<Outcome<void>> {
    const dialect = this.#floor.dialect();
    if (dialect === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    return dialect.contacts.remove(person);
  }

  async move(person: Aor, from: GroupId | null, to: GroupId): Promise<Outcome<void>> {
    const known = this.#known(person);
    if (known === undefined) return this.add(person, to);
    const groups = [...new Set([...known.groups.filter((group) => group !== from), to])];
    return this.#set({ ...known, groups });
  }

  async removeFromGroup(person: Aor, group: GroupId): Promise<Outcome<void>> {
    const known = this.#known(person);
    if (known === undefined) return done;
    const groups = known.groups.filter((candidate) => candidate !== group);
    return this.#set({ ...known, groups: groups.length === 0 ? [otherContacts] : groups });
  }

  async createGroup(name: string): Promise<Outcome<GroupId>> {
    const dialect = this.#floor.dialect();
    const trimmed = name.trim();
    if (trimmed === '' || trimmed.length > longestGroupName) return failed({ is: 'invalid', what: 'name' });
    if (dialect === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    return dialect.contacts.addGroup(trimmed);
  }

  async renameGroup(group: GroupId, name: string): Promise<Outcome<void>> {
    const dialect = this.#floor.dialect();
    const trimmed = name.trim();
    if (trimmed === '' || trimmed.length > longestGroupName) return failed({ is: 'invalid', what: 'name' });
    if (dialect === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    return dialect.contacts.renameGroup(group, trimmed);
  }

  async removeGroup(group: GroupId): Promise<Outcome<void>> {
    const dialect = this.#floor.dialect();
    if (group === otherContacts) return failed({ is: 'invalid', what: 'name' });
    if (dialect === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    return dialect.contacts.removeGroup(group);
  }
}
