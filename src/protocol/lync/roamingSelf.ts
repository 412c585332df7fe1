import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { type Aor, aorOf, bareAddress } from '../sip/uri';
import { attribute, child, childrenOf, formatXml, parseXml, type XmlElement, type XmlNode, xml } from '../xml';
import { categoriesNamespace } from './categories';
import type { ExpireType } from './publish';

/** Everything about oneself ([MS-PRES], `lync-wire` 4.2): event `vnd-microsoft-roaming-self`. */
export const selfType = 'application/vnd-microsoft-roaming-self+xml';
export const selfEvent = 'vnd-microsoft-roaming-self';

const selfNamespace = 'http://schemas.microsoft.com/2006/09/sip/roaming-self';

/**
 * A publication of one's own, as the server keeps it. SLF-3: `instance` null means that the category was cleared, in its
 * container, or everywhere where that is null too; the other fields then say nothing.
 */
export interface OwnCategory<Content> {
  name: string;
  instance: number | null;
  container: number | null;
  version: number;
  expireType: ExpireType;
  publishTime: string;
  content: Content | null;
}

/** Who is in a container: a person, a domain, or a kind of people ([MS-PRES] 2.2). */
export interface ContainerMember {
  type: 'user' | 'domain' | 'sameEnterprise' | 'federated' | 'publicCloud' | 'everyone';
  /** `bob@contoso.example` or a domain. */
  value: string;
}

export interface Container {
  id: number;
  version: number;
  members: readonly ContainerMember[];
}

export interface Subscriber {
  /** Without `sip:` on the wire. */
  aor: Aor;
  displayName: string;
  acknowledged: boolean;
  type: string;
}

/** A section that is `null` is not in the document: unchanged. */
export interface RoamingData<Content> {
  categories: readonly OwnCategory<Content>[] | null;
  containers: readonly Container[] | null;
  subscribers: readonly Subscriber[] | null;
}

export function formatRoamingRequest(types: readonly string[]): string {
  return formatXml(xml('roamingList', { xmlns: selfNamespace }, ...types.map((type) => xml('roaming', { type }))));
}

/** The sections asked for. */
export function parseRoamingRequest(text: string): string[] {
  const root = parseXml(text, 'roamingList');
  if (root.name !== 'roamingList') throw new MalformedBody('roamingList', `found ${root.name}`);
  return childrenOf(root, 'roaming').flatMap((element) => attribute(element, 'type') ?? []);
}

export function formatRoamingData(aor: Aor, data: RoamingData<XmlNode>): string {
  const categories = data.categories?.map(categoryNode);
  const containers = data.containers?.map((container) =>
    xml(
      'container',
      { id: container.id, version: container.version },
      ...container.members.map(({ type, value }) => xml('member', { type, value: value === '' ? undefined : value })),
    ),
  );
  const subscribers = data.subscribers?.map((subscriber) =>
    xml('subscriber', {
      user: bareAddress(subscriber.aor),
      displayName: subscriber.displayName,
      acknowledged: subscriber.acknowledged,
      type: subscriber.type,
    }),
  );
  const sip = 'http://schemas.microsoft.com/2006/09/sip/';
  return formatXml(
    xml(
      'roamingData',
      { xmlns: selfNamespace },
      categories && xml('categories', { xmlns: categoriesNamespace, uri: aor }, ...categories),
      containers && xml('containers', { xmlns: `${sip}containers` }, ...containers),
      subscribers && xml('subscribers', { xmlns: `${sip}presence-subscribers` }, ...subscribers),
    ),
  );
}

function categoryNode(category: OwnCategory<XmlNode>): XmlNode {
  const { name, instance, container, version, expireType, publishTime, content } = category;
  if (instance === null) return xml('category', { name, container: container ?? undefined });
  const address = { name, instance, publishTime, container: container ?? undefined };
  return xml('category', { ...address, version, expireType }, content);
}

/** Throws `MalformedBody` for a document that is none. What is in it but cannot be read is left out. */
export function parseRoamingData(text: string): RoamingData<XmlElement> {
  const root = parseXml(text, 'roamingData');
  if (root.name !== 'roamingData') throw new MalformedBody('roamingData', `found ${root.name}`);
  const section = (name: string): XmlElement | undefined => child(root, name);
  const [categories, containers, subscribers] = [section('categories'), section('containers'), section('subscribers')];
  return {
    categories: categories === undefined ? null : childrenOf(categories, 'category').flatMap(categoryOf),
    containers: containers === undefined ? null : childrenOf(containers, 'container').flatMap(containerOf),
    subscribers: subscribers === undefined ? null : childrenOf(subscribers, 'subscriber').flatMap(subscriberOf),
  };
}

const expireTypes: readonly string[] = ['static', 'user', 'endpoint', 'time'];

function categoryOf(element: XmlElement): OwnCategory<XmlElement>[] {
  const name = attribute(element, 'name');
  if (name === undefined) return [];
  const expireType = attribute(element, 'expireType') ?? '';
  return [
    {
      name,
      instance: parseNatural(attribute(element, 'instance')),
      container: parseNatural(attribute(element, 'container')),
      version: parseNatural(attribute(element, 'version')) ?? 0,
      expireType: expireTypes.includes(expireType) ? (expireType as ExpireType) : 'static',
      publishTime: attribute(element, 'publishTime') ?? '',
      content: element.children[0] ?? null,
    },
  ];
}

const memberTypes: readonly string[] = ['user', 'domain', 'sameEnterprise', 'federated', 'publicCloud', 'everyone'];

/** Reads a `member`; `null` for a type nobody knows, and for a person or domain without a name. */
export function memberOf(element: XmlElement): ContainerMember | null {
  const type = attribute(element, 'type') ?? '';
  if (!memberTypes.includes(type)) return null;
  const value = (attribute(element, 'value') ?? '').trim().toLowerCase();
  if (type === 'user') {
    const aor = aorOf(value);
    return aor === null ? null : { type, value: bareAddress(aor) };
  }
  if (type === 'domain') return /^[^\s@:]{1,255}$/.test(value) ? { type, value } : null;
  return { type: type as ContainerMember['type'], value: '' };
}

function containerOf(element: XmlElement): Container[] {
  const id = parseNatural(attribute(element, 'id'));
  if (id === null) return [];
  const version = parseNatural(attribute(element, 'version')) ?? 0;
  return [{ id, version, members: childrenOf(element, 'member').flatMap((member) => memberOf(member) ?? []) }];
}

function subscriberOf(element: XmlElement): Subscriber[] {
  const aor = aorOf(attribute(element, 'user') ?? '');
  if (aor === null) return [];
  return [
    {
      aor,
      displayName: attribute(element, 'displayName') ?? '',
      acknowledged: attribute(element, 'acknowledged')?.toLowerCase() === 'true',
      type: attribute(element, 'type') ?? '',
    },
  ];
}
