import {
  type ContactDelta,
  contactsEvent,
  contactsType,
  formatContactDelta,
  formatContactList,
  type ListedContact,
  type ListedGroup,
} from '../src/protocol/lync/contactList';
import {
  type ContactOperation,
  formatGroupAdded,
  parseContactOperation,
  soapType,
} from '../src/protocol/lync/contactService';
import { type Aor, aorOf } from '../src/protocol/sip/uri';
import { PersonSubscriptions } from './personSubscriptions';
import { refuse } from './refuse';
import type { Reply, Role, RoleContext, RoleRequest } from './role';
import type { ContactLists } from './store/contacts';
import type { EventDocument } from './subscriptions';

const eventPackage = { event: contactsEvent, maxSeconds: 28_800 };
const limits = { contacts: 1000, groups: 63, nameBytes: 256, externalUriBytes: 1024 };
const otherContacts = 1;

type Change = Omit<ContactDelta, 'deltaNum' | 'prevDeltaNum'>;
const nothing: Change = {
  addedGroups: [],
  modifiedGroups: [],
  addedContacts: [],
  modifiedContacts: [],
  deletedContacts: [],
  deletedGroups: [],
};

/**
 * The contact list of each person ([MS-SIP] 3.7, `lync-wire` 3): subscribed by every endpoint, changed by SERVICE.
 *
 * CON-2: the `deltaNum` of a request is not compared. Native clients count it up by themselves and ignore refusals, so a
 * request with an old one is carried out; the delta that follows shows everybody the result.
 */
export class RoamingContacts implements Role {
  readonly #context: RoleContext;
  readonly #lists: ContactLists;
  readonly #subscriptions: PersonSubscriptions<null>;
  readonly #onAdded: (owner: Aor, contact: Aor) => void;

  /** `onAdded`: somebody put a person on their list, to watch them (CON-5). */
  constructor(context: RoleContext, lists: ContactLists, onAdded: (owner: Aor, contact: Aor) => void) {
    this.#context = context;
    this.#lists = lists;
    this.#subscriptions = new PersonSubscriptions(context, eventPackage);
    this.#onAdded = onAdded;
  }

  handle(request: RoleRequest, reply: Reply): void {
    const { aor } = request.from;
    if (aorOf(request.uri) !== aor) {
      return refuse(this.#context, reply, 403, 'Forbidden', 2004, 'A contact list is for its owner only');
    }
    if (request.method !== 'SUBSCRIBE') return this.#serve(aor, parseContactOperation(request.body), reply);
    this.#subscriptions.accept(request, reply, null, () => this.#whole(aor));
  }

  #whole(owner: Aor): EventDocument {
    return { contentType: contactsType, body: formatContactList(this.#lists.list(owner)) };
  }

  #serve(owner: Aor, operation: ContactOperation, reply: Reply): void {
    switch (operation.is) {
      case 'setContact':
        return this.#setContact(owner, operation, reply);
      case 'deleteContact':
        return this.#deleteContact(owner, operation.aor, reply);
      case 'addGroup':
        return this.#addGroup(owner, operation, reply);
      case 'modifyGroup':
        return this.#modifyGroup(owner, operation, reply);
      case 'deleteGroup':
        return this.#deleteGroup(owner, operation.id, reply);
      case 'other':
        return reply(501, 'Not Implemented');
    }
  }

  #no(reply: Reply, status: number, reason: string, id: number, why: string): void {
    refuse(this.#context, reply, status, reason, id, why);
  }

  #change(owner: Aor, work: () => void, change: Partial<Change>): void {
    const deltaNum = this.#lists.change(owner, work);
    const body = formatContactDelta({ ...nothing, ...change, deltaNum, prevDeltaNum: deltaNum - 1 });
    this.#subscriptions.tell(owner, () => ({ contentType: contactsType, body }));
  }

  #setContact(owner: Aor, operation: Extract<ContactOperation, { is: 'setContact' }>, reply: Reply): void {
    const known = this.#lists.contact(owner, operation.aor);
    if (known === undefined && this.#lists.countContacts(owner) >= limits.contacts) {
      return this.#no(reply, 403, 'Forbidden', 2007, 'The contact list is full');
    }
    if (Buffer.byteLength(operation.name) > limits.nameBytes) return reply(400, 'Name Too Long');
    if (Buffer.byteLength(operation.externalUri) > limits.externalUriBytes) {
      return this.#no(reply, 413, 'Request Entity Too Large', 2009, 'The contact extension is too large');
    }
    // SIPE still shows a group that another endpoint has deleted, and does not look at refusals: the contact must not be lost.
    const there = this.#lists.groups(owner).flatMap(({ id }) => (operation.groups.includes(id) ? id : []));
    const groups = there.length === 0 ? [otherContacts] : there;
    const { aor, name, subscribed, externalUri } = operation;
    const contact: ListedContact = { aor, name, groups, subscribed, externalUri };
    const change = known === undefined ? { addedContacts: [contact] } : { modifiedContacts: [contact] };
    this.#change(owner, () => this.#lists.putContact(owner, contact), change);
    reply(200, 'OK');
    if (subscribed && known?.subscribed !== true) this.#onAdded(owner, aor);
  }

  #deleteContact(owner: Aor, aor: Aor, reply: Reply): void {
    if (this.#lists.contact(owner, aor) === undefined) {
      return this.#no(reply, 404, 'Not Found', 2001, 'Contact does not exist');
    }
    this.#change(owner, () => this.#lists.deleteContact(owner, aor), { deletedContacts: [aor] });
    reply(200, 'OK');
  }

  #addGroup(owner: Aor, operation: Extract<ContactOperation, { is: 'addGroup' }>, reply: Reply): void {
    const groups = this.#lists.groups(owner);
    const name = operation.name.trim();
    if (groups.length >= limits.groups) return this.#no(reply, 403, 'Forbidden', 2008, 'There are too many groups');
    if (!this.#mayBeNamed(owner, { name, externalUri: operation.externalUri }, null, reply)) return;
    const group = { id: freeId(groups, this.#lists.deltaNum(owner)), name, externalUri: operation.externalUri };
    this.#change(owner, () => this.#lists.putGroup(owner, group), { addedGroups: [group] });
    reply(200, 'OK', { contentType: soapType, body: formatGroupAdded(group.id) });
  }

  #mayBeNamed(
    owner: Aor,
    { name, externalUri }: { name: string; externalUri: string },
    except: number | null,
    reply: Reply,
  ): boolean {
    if (name === '' || Buffer.byteLength(name) > limits.nameBytes) {
      reply(400, name === '' ? 'Name Missing' : 'Name Too Long');
      return false;
    }
    if (Buffer.byteLength(externalUri) > limits.externalUriBytes) {
      this.#no(reply, 413, 'Request Entity Too Large', 2009, 'The externalURI is too large');
      return false;
    }
    const isTaken = this.#lists
      .groups(owner)
      .some((group) => group.id !== except && group.name.toLowerCase() === name.toLowerCase());
    if (isTaken) this.#no(reply, 409, 'Conflict', 2015, 'There is a group with this name');
    return !isTaken;
  }

  #modifyGroup(owner: Aor, operation: Extract<ContactOperation, { is: 'modifyGroup' }>, reply: Reply): void {
    const { id, externalUri } = operation;
    const name = operation.name.trim();
    const known = this.#lists.groups(owner).some((group) => group.id === id);
    if (!known || id === otherContacts) return this.#no(reply, 404, 'Not Found', 2002, 'Group does not exist');
    if (!this.#mayBeNamed(owner, { name, externalUri }, id, reply)) return;
    const group = { id, name, externalUri };
    this.#change(owner, () => this.#lists.putGroup(owner, group), { modifiedGroups: [group] });
    reply(200, 'OK');
  }

  /**
   * `lync-wire` 3.2 c: first a delta that takes the members out, then the group is gone. That is told by the whole list: a delta with
   * `deletedGroup` ends the process of SIPE 1.25 when libpurple has nobody in the group any more (it frees the group twice).
   */
  #deleteGroup(owner: Aor, id: number, reply: Reply): void {
    const list = this.#lists.list(owner);
    if (id === otherContacts || !list.groups.some((group) => group.id === id)) {
      return this.#no(reply, 404, 'Not Found', 2002, 'Group does not exist');
    }
    const members = list.contacts
      .filter((contact) => contact.groups.includes(id))
      .map((contact) => {
        const groups = contact.groups.filter((group) => group !== id);
        return { ...contact, groups: groups.length === 0 ? [otherContacts] : groups };
      });
    if (members.length > 0) {
      const work = () => {
        for (const contact of members) this.#lists.putContact(owner, contact);
      };
      this.#change(owner, work, { modifiedContacts: members });
    }
    this.#lists.change(owner, () => this.#lists.deleteGroup(owner, id));
    const document = this.#whole(owner);
    this.#subscriptions.tell(owner, () => document);
    reply(200, 'OK');
  }
}

/** A new group's id: not soon one that was in use, since an endpoint may know it by that. */
function freeId(groups: readonly ListedGroup[], deltaNum: number): number {
  let id = (deltaNum % limits.groups) + 1;
  while (groups.some((group) => group.id === id)) id = (id % limits.groups) + 1;
  return id;
}
