import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { attribute, childrenOf, formatXml, parseXml, type XmlElement, xml } from '../xml';
import { type ContainerMember, memberOf } from './roamingSelf';

/** Who may see what: SERVICE `setContainerMembers` (`lync-wire` 4.2). */
export const containerMembersType = 'application/msrtc-setcontainermembers+xml';

const namespace = 'http://schemas.microsoft.com/2006/09/sip/container-management';

/** Highest container number ([MS-PRES], `lync-wire` 4.1). */
const lastContainer = 32_767;

export interface ContainerChange {
  id: number;
  /** The version believed current. */
  version: number;
  members: readonly { action: 'add' | 'remove'; member: ContainerMember }[];
}

export function formatContainerMembers(changes: readonly ContainerChange[]): string {
  const containers = changes.map(({ id, version, members }) =>
    xml(
      'container',
      { id, version },
      ...members.map(({ action, member: { type, value } }) =>
        xml('member', { action, type, value: value === '' ? undefined : value }),
      ),
    ),
  );
  return formatXml(xml('setContainerMembers', { xmlns: namespace }, ...containers));
}

/** Throws `MalformedBody` for a container, an action or a kind of member that is none: half of a change is worse than none. */
export function parseContainerMembers(text: string): ContainerChange[] {
  const root = parseXml(text, 'setContainerMembers');
  if (root.name !== 'setContainerMembers') throw new MalformedBody('setContainerMembers', `found ${root.name}`);
  const changes = childrenOf(root, 'container').map((container) => {
    const id = parseNatural(attribute(container, 'id'), lastContainer);
    const version = parseNatural(attribute(container, 'version') ?? '0');
    if (id === null || version === null)
      throw new MalformedBody('setContainerMembers', 'a container has no id or version');
    return { id, version, members: childrenOf(container, 'member').map(changeOf) };
  });
  if (new Set(changes.map(({ id }) => id)).size < changes.length)
    throw new MalformedBody('setContainerMembers', 'a container is named twice');
  return changes;
}

function changeOf(element: XmlElement): ContainerChange['members'][number] {
  const member = memberOf(element);
  const action = attribute(element, 'action');
  if (member === null || (action !== 'add' && action !== 'remove'))
    throw new MalformedBody('setContainerMembers', 'a member is neither added nor removed, or of no known kind');
  return { action, member };
}
