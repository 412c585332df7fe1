import { MalformedBody } from '../malformed';
import { type Aor, aorOf } from '../sip/uri';
import { attribute, child, childrenOf, formatXml, parseXml, type XmlElement, type XmlNode, xml } from '../xml';
import { categoriesNamespace } from './categories';
import type { ExpireType } from './publish';

/** Everything about oneself ([MS-PRES], `lync-wire` 4.2): event `vnd-microsoft-roaming-self`. */
export const selfType = 'application/vnd-microsoft-roaming-self+xml';
export const selfEvent = 'vnd-microsoft-roaming-self';

const selfNamespace = 'http://schemas.microsoft.com/2006/09/sip/roaming-self';

/** A publication of one's own, as the server keeps it. Without instance and container: cleared (SLF-3). */
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
  const categories = data.categories?.map((category) =>
    category.container === null && category.instance === null && category.content === null
      ? xml('category', { name: category.name })
      : xml(
          'category',
          {
            name: category.name,
            instance: category.instance ?? undefined,
            publishTime: category.publishTime,
            container: category.container ?? undefined,
            version: category.version,
            expireType: category.expireType,
          },
          category.content,
        ),
  );
  const containers = data.containers?.map((container) =>
    xml(
      'container',
      { id: container.id, version: container.version },
      ...container.members.map(({ type, value }) => xml('member', { type, value: value === '' ? undefined : value })),
    ),
  );
  const subscribers = data.subscribers?.map((subscriber) =>
    xml('subscriber', {
      user: subscriber.aor.slice('sip:'.length),
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

export function parseRoamingData(text: string): RoamingData<XmlElement> {
  const root = parseXml(text, 'roamingData');
  if (root.name !== 'roamingData') throw new MalformedBody('roamingData', `found ${root.name}`);
  const section = (name: string): XmlElement | undefined => child(root, name);
  const [categories, containers, subscribers] = [section('categories'), section('containers'), section('subscribers')];
  return {
    categories: categories === undefined ? null : childrenOf(categories, 'category').map(categoryOf),
    containers: containers === undefined ? null : childrenOf(containers, 'container').map(containerOf),
    subscribers: subscribers === undefined ? null : childrenOf(subscribers, 'subscriber').flatMap(subscriberOf),
  };
}

function categoryOf(element: XmlElement): OwnCategory<XmlElement> {
  const number = (name: string): number | null => {
    const text = attribute(element, name);
    return text === undefined || !Number.isFinite(Number(text)) ? null : Number(text);
  };
  return {
    name: attribute(element, 'name') ?? '',
    instance: number('instance'),
    container: number('container'),
    version: number('version') ?? 0,
    expireType: (attribute(element, 'expireType') ?? 'static') as ExpireType,
    publishTime: attribute(element, 'publishTime') ?? '',
    content: element.children[0] ?? null,
  };
}

const memberTypes: readonly string[] = ['user', 'domain', 'sameEnterprise', 'federated', 'publicCloud', 'everyone'];

/** Reads a `member`; `null` for a type nobody knows. */
export function memberOf(element: XmlElement): ContainerMember | null {
  const type = attribute(element, 'type') ?? '';
  if (!memberTypes.includes(type)) return null;
  return { type: type as ContainerMember['type'], value: (attribute(element, 'value') ?? '').toLowerCase() };
}

function containerOf(element: XmlElement): Container {
  return {
    id: Number(attribute(element, 'id') ?? 0),
    version: Number(attribute(element, 'version') ?? 0),
    members: childrenOf(element, 'member').flatMap((member) => memberOf(member) ?? []),
  };
}

function subscriberOf(element: XmlElement): Subscriber[] {
  const aor = aorOf(attribute(element, 'user') ?? '');
  if (aor === null) return [];
  return [
    {
      aor,
      displayName: attribute(element, 'displayName') ?? '',
      acknowledged: attribute(element, 'acknowledged') === 'true',
      type: attribute(element, 'type') ?? '',
    },
  ];
}

// ---- Changes: who may see what, and who was told -------------------------------------------------------------------------

export const containerMembersType = 'application/msrtc-setcontainermembers+xml';
export const subscribersType = 'application/msrtc-presence-setsubscriber+xml';

export interface ContainerChange {
  id: number;
  version: number;
  members: readonly { action: 'add' | 'remove'; member: ContainerMember }[];
}

export function parseContainerMembers(text: string): ContainerChange[] {
  const root = parseXml(text, 'setContainerMembers');
  if (root.name !== 'setContainerMembers') throw new MalformedBody('setContainerMembers', `found ${root.name}`);
  return childrenOf(root, 'container').map((container) => ({
    id: Number(attribute(container, 'id') ?? 0),
    version: Number(attribute(container, 'version') ?? 0),
    members: childrenOf(container, 'member').flatMap((element) => {
      const member = memberOf(element);
      const action = attribute(element, 'action') === 'remove' ? ('remove' as const) : ('add' as const);
      return member === null ? [] : [{ action, member }];
    }),
  }));
}

/** The people acknowledged by setSubscribers (`lync-wire` 4.7). */
export function parseSetSubscribers(text: string): { aor: Aor; acknowledged: boolean }[] {
  const root = parseXml(text, 'setSubscribers');
  if (root.name !== 'setSubscribers') throw new MalformedBody('setSubscribers', `found ${root.name}`);
  return childrenOf(root, 'subscriber')
    .flatMap(subscriberOf)
    .map(({ aor, acknowledged }) => ({ aor, acknowledged }));
}
