import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { type Aor, aorOf, bareAddress } from '../sip/uri';
import { attribute, childrenOf, formatXml, parseXml, type XmlElement, type XmlNode, xml } from '../xml';

/** Roaming contacts ([MS-SIP] 2.2.4, 3.7, `lync-wire` 3): event `vnd-microsoft-roaming-contacts`. */
export const contactsType = 'application/vnd-microsoft-roaming-contacts+xml';
export const contactsEvent = 'vnd-microsoft-roaming-contacts';

export interface ListedGroup {
  /** 1 to 63; group 1 named `~` is "Other contacts". */
  id: number;
  name: string;
  externalUri: string;
}

export interface ListedContact {
  aor: Aor;
  /** The alias this user gave; `''`: use the card's name. */
  name: string;
  groups: readonly number[];
  subscribed: boolean;
  externalUri: string;
}

export interface ContactList {
  /** Version of the whole list, from 1. */
  deltaNum: number;
  groups: readonly ListedGroup[];
  contacts: readonly ListedContact[];
}

export interface ContactDelta {
  deltaNum: number;
  prevDeltaNum: number;
  addedGroups: readonly ListedGroup[];
  modifiedGroups: readonly ListedGroup[];
  addedContacts: readonly ListedContact[];
  modifiedContacts: readonly ListedContact[];
  deletedContacts: readonly Aor[];
  deletedGroups: readonly number[];
}

export type ContactDocument = { is: 'list'; list: ContactList } | { is: 'delta'; delta: ContactDelta };

function groupNode(name: string, group: ListedGroup): XmlNode {
  return xml(name, { id: group.id, name: group.name, externalURI: group.externalUri });
}

function contactNode(name: string, contact: ListedContact, uri: string): XmlNode {
  return xml(name, {
    uri,
    name: contact.name,
    groups: contact.groups.join(' '),
    subscribed: contact.subscribed,
    externalURI: contact.externalUri,
  });
}

/** The full list: addresses without `sip:` (`lync-wire` 3.2 a). */
export function formatContactList(list: ContactList): string {
  return formatXml(
    xml(
      'contactList',
      { deltaNum: list.deltaNum },
      ...list.groups.map((group) => groupNode('group', group)),
      ...list.contacts.map((contact) => contactNode('contact', contact, bareAddress(contact.aor))),
    ),
  );
}

/** A change: addresses with `sip:`; groups before the contacts that name them, deletions last. */
export function formatContactDelta(delta: ContactDelta): string {
  return formatXml(
    xml(
      'contactDelta',
      { deltaNum: delta.deltaNum, prevDeltaNum: delta.prevDeltaNum },
      ...delta.addedGroups.map((group) => groupNode('addedGroup', group)),
      ...delta.modifiedGroups.map((group) => groupNode('modifiedGroup', group)),
      ...delta.addedContacts.map((contact) => contactNode('addedContact', contact, contact.aor)),
      ...delta.modifiedContacts.map((contact) => contactNode('modifiedContact', contact, contact.aor)),
      ...delta.deletedContacts.map((aor) => xml('deletedContact', { uri: aor })),
      ...delta.deletedGroups.map((id) => xml('deletedGroup', { id })),
    ),
  );
}

/**
 * Reads either document, with `sip:` or without. Contacts whose address is none are left out; no groups means "Other
 * contacts". Throws `MalformedBody` when a version or a group's id is no number.
 */
export function parseContactDocument(text: string): ContactDocument {
  const root = parseXml(text, 'contactList');
  const deltaNum = integer(root, 'deltaNum');
  if (root.name === 'contactList') {
    const groups = childrenOf(root, 'group').map(groupOf);
    return { is: 'list', list: { deltaNum, groups, contacts: childrenOf(root, 'contact').flatMap(contactOf) } };
  }
  if (root.name !== 'contactDelta') throw new MalformedBody('contactList', `found ${root.name}`);
  return {
    is: 'delta',
    delta: {
      deltaNum,
      prevDeltaNum: integer(root, 'prevDeltaNum'),
      addedGroups: childrenOf(root, 'addedGroup').map(groupOf),
      modifiedGroups: childrenOf(root, 'modifiedGroup').map(groupOf),
      addedContacts: childrenOf(root, 'addedContact').flatMap(contactOf),
      modifiedContacts: childrenOf(root, 'modifiedContact').flatMap(contactOf),
      deletedContacts: childrenOf(root, 'deletedContact').flatMap(
        (element) => aorOf(attribute(element, 'uri') ?? '') ?? [],
      ),
      deletedGroups: childrenOf(root, 'deletedGroup').map((element) => integer(element, 'id')),
    },
  };
}

function integer(element: XmlElement, name: string): number {
  const value = parseNatural(attribute(element, name));
  if (value === null) throw new MalformedBody('contactList', `${name} is no number`);
  return value;
}

function groupOf(element: XmlElement): ListedGroup {
  return {
    id: integer(element, 'id'),
    name: attribute(element, 'name') ?? '',
    externalUri: attribute(element, 'externalURI') ?? '',
  };
}

function contactOf(element: XmlElement): ListedContact[] {
  const aor = aorOf(attribute(element, 'uri') ?? '');
  if (aor === null) return [];
  const groups = (attribute(element, 'groups') ?? '').split(/\s+/).flatMap((word) => parseNatural(word) ?? []);
  return [
    {
      aor,
      name: attribute(element, 'name') ?? '',
      groups: groups.length === 0 ? [1] : groups,
      subscribed: attribute(element, 'subscribed')?.toLowerCase() !== 'false',
      externalUri: attribute(element, 'externalURI') ?? '',
    },
  ];
}
