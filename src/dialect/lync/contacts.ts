import { done, failed, type Outcome } from '../../domain/failure';
import type { GroupId } from '../../domain/ids';
import type { Contact, Group } from '../../domain/people';
import {
  type ContactDelta,
  type ContactList,
  contactsEvent,
  contactsType,
  type ListedContact,
  type ListedGroup,
  parseContactDocument,
} from '../../protocol/lync/contactList';
import {
  type ContactOperation,
  formatContactOperation,
  parseGroupAdded,
  soapType,
} from '../../protocol/lync/contactService';
import type { Part } from '../../protocol/sip/multipart';
import { type Aor, bareAddress } from '../../protocol/sip/uri';
import type { SipResponse } from '../../sip/sipMessages';
import type { ContactsPort } from '../dialect';
import { type LyncContext, reading, type Subscribed } from './context';
import { Queue } from './queue';

/** The delta of our own change comes beside the answer; we wait for it no longer than this. */
const deltaWithinMs = 2_000;
const duplicateGroupName = 2015;

type Operation = Exclude<ContactOperation, { is: 'other' }>;
type DraftOf<T> = T extends Operation ? Omit<T, 'deltaNum'> : never;
type Draft = DraftOf<Operation>;

/** The contact list on the server (`lync-wire` 3): one kept subscription, deltas, and one operation at a time. */
export class Contacts implements ContactsPort {
  readonly #context: LyncContext;
  readonly #onPeople: (people: readonly Aor[]) => void;
  readonly #subscription: Subscribed;
  readonly #operations = new Queue();
  readonly #contacts = new Map<Aor, ListedContact>();
  readonly #groups = new Map<number, ListedGroup>();
  #waiting: (() => void)[] = [];
  #deltaNum = 0;

  /** `onPeople` hears who is in the list and to be watched, whenever that changes. */
  constructor(context: LyncContext, onPeople: (people: readonly Aor[]) => void) {
    this.#context = context;
    this.#onPeople = onPeople;
    this.#subscription = context.ua.subscription({
      target: context.aor,
      event: contactsEvent,
      accept: [contactsType],
      onDocument: (parts) => this.#take(parts),
    });
  }

  /** Subscribes in a new dialog; the list has been told when it settles. Where there is none for us, it is empty. */
  async start(): Promise<Outcome<SipResponse>> {
    const outcome = await this.#subscription.start();
    if (!outcome.ok && outcome.failure.is === 'rejected' && this.#deltaNum === 0) {
      this.#context.host.report({ type: 'contacts.replaced', groups: [], contacts: [] });
    }
    return outcome;
  }

  stop(): Promise<void> {
    return this.#subscription.stop();
  }

  // ---- What the server tells --------------------------------------------------------------------------------------------

  #take(parts: readonly Part[]): void {
    for (const part of parts) {
      const document = parseContactDocument(part.body);
      if (document.is === 'list') this.#replace(document.list);
      else this.#change(document.delta);
    }
    const watched = [...this.#contacts.values()].filter(({ subscribed }) => subscribed);
    this.#onPeople(watched.map(({ aor }) => aor));
    for (const resume of this.#waiting.splice(0)) resume();
  }

  #replace(list: ContactList): void {
    this.#deltaNum = list.deltaNum;
    this.#groups.clear();
    this.#contacts.clear();
    for (const group of list.groups) this.#groups.set(group.id, group);
    for (const contact of list.contacts) this.#contacts.set(contact.aor, contact);
    const [groups, contacts] = [list.groups.map(groupOf), list.contacts.map(contactOf)];
    this.#context.host.report({ type: 'contacts.replaced', groups, contacts });
  }

  #change(delta: ContactDelta): void {
    // A delta that we missed: only the whole list can help (`lync-wire` 3.2).
    if (delta.prevDeltaNum !== this.#deltaNum) return void this.start();
    this.#deltaNum = delta.deltaNum;
    const groups = [...delta.addedGroups, ...delta.modifiedGroups];
    const contacts = [...delta.addedContacts, ...delta.modifiedContacts];
    for (const group of groups) this.#groups.set(group.id, group);
    for (const contact of contacts) this.#contacts.set(contact.aor, contact);
    for (const aor of delta.deletedContacts) this.#contacts.delete(aor);
    for (const id of delta.deletedGroups) this.#groups.delete(id);
    this.#context.host.report({
      type: 'contacts.changed',
      groups: groups.map(groupOf),
      removedGroups: delta.deletedGroups.map(groupIdOf),
      contacts: contacts.map(contactOf),
      removedContacts: delta.deletedContacts,
    });
  }

  // ---- What the person does ---------------------------------------------------------------------------------------------

  async set(contact: Contact): Promise<Outcome<void>> {
    const { aor, alias: name } = contact;
    const groups = contact.groups.map(Number);
    const { subscribed = true, externalUri = '' } = this.#contacts.get(aor) ?? {};
    return ended(await this.#operate({ is: 'setContact', aor, name, groups, subscribed, externalUri }));
  }

  async remove(aor: Aor): Promise<Outcome<void>> {
    return ended(await this.#operate({ is: 'deleteContact', aor }));
  }

  async addGroup(name: string): Promise<Outcome<GroupId>> {
    const outcome = await this.#operate({ is: 'addGroup', name, externalUri: '' });
    return reading(outcome, (response) => groupIdOf(parseGroupAdded(response.body)));
  }

  async renameGroup(id: GroupId, name: string): Promise<Outcome<void>> {
    const { externalUri = '' } = this.#groups.get(Number(id)) ?? {};
    return ended(await this.#operate({ is: 'modifyGroup', id: Number(id), name, externalUri }));
  }

  async removeGroup(id: GroupId): Promise<Outcome<void>> {
    return ended(await this.#operate({ is: 'deleteGroup', id: Number(id) }));
  }

  /** CON-1: one at a time, so that each names the version that the one before has made. */
  #operate(draft: Draft): Promise<Outcome<SipResponse>> {
    if (!this.#context.isLive()) return Promise.resolve(failed({ is: 'offline' }));
    return this.#operations.run(async () => {
      const first = await this.#request(draft);
      if (!isStale(first)) return first;
      // CON-2: another endpoint was faster; with the whole list we know the version, and try once more.
      await this.start();
      return this.#request(draft);
    });
  }

  async #request(draft: Draft): Promise<Outcome<SipResponse>> {
    const { aor, ua } = this.#context;
    const before = this.#deltaNum;
    const operation = { ...draft, deltaNum: before === 0 ? null : before };
    const outcome = await ua.service(aor, { contentType: soapType, body: formatContactOperation(operation) });
    if (outcome.ok && this.#deltaNum === before) await this.#nextDocument();
    return outcome;
  }

  #nextDocument(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.#context.world.after(deltaWithinMs, resolve);
      this.#waiting.push(() => {
        stop();
        resolve();
      });
    });
  }
}

function isStale(outcome: Outcome<SipResponse>): boolean {
  if (outcome.ok || outcome.failure.is !== 'rejected') return false;
  return outcome.failure.status === 409 && outcome.failure.diagnostics?.id !== duplicateGroupName;
}

function ended(outcome: Outcome<unknown>): Outcome<void> {
  return outcome.ok ? done : outcome;
}

function groupIdOf(id: number): GroupId {
  return String(id) as GroupId;
}

function groupOf({ id, name }: ListedGroup): Group {
  return { id: groupIdOf(id), name };
}

/** SIPE writes the address where it was told no name. */
function contactOf({ aor, name, groups }: ListedContact): Contact {
  const isAddress = [aor, bareAddress(aor)].some((address) => address === name.toLowerCase());
  return { aor, alias: isAddress ? '' : name, groups: groups.map(groupIdOf) };
}
