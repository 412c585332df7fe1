import {
  type ContainerChange,
  containerMembersType,
  parseContainerMembers,
} from '../../src/protocol/lync/containerMembers';
import { faultType, formatFault, type VersionConflict } from '../../src/protocol/lync/fault';
import type { Container } from '../../src/protocol/lync/roamingSelf';
import { parseSetSubscribers } from '../../src/protocol/lync/subscribers';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import { refuse } from '../refuse';
import type { Reply, Role, RoleContext, RoleRequest } from '../role';
import type { Containers } from '../store/containers';
import type { RoamingSelf } from './self';
import type { Watchers } from './watchers';

const limits = { members: 1000, containers: 32 };
/** Where clients publish for the server to aggregate, and below: nobody reads there (`lync-wire` 4.1). */
const lastInput = 3;

/** Who may see what, and who has been told that somebody watches: SERVICE setContainerMembers, setSubscribers ([MS-PRES]). */
export class Access implements Role {
  readonly #context: RoleContext;
  readonly #containers: Containers;
  readonly #self: RoamingSelf;
  readonly #watchers: Watchers;

  constructor(context: RoleContext, containers: Containers, told: { self: RoamingSelf; watchers: Watchers }) {
    this.#context = context;
    this.#containers = containers;
    this.#self = told.self;
    this.#watchers = told.watchers;
  }

  handle(request: RoleRequest, reply: Reply): void {
    const { aor } = request.from;
    if (aorOf(request.uri) !== aor) return this.#no(reply, 403, 'Forbidden', 2004, 'This is for oneself only');
    if (request.contentType === containerMembersType) return this.#setContainerMembers(aor, request.body, reply);
    this.#setSubscribers(aor, request.body, reply);
  }

  #no(reply: Reply, status: number, reason: string, id: number, why: string): void {
    refuse(this.#context, reply, status, reason, id, why);
  }

  #setContainerMembers(owner: Aor, body: string, reply: Reply): void {
    const changes = parseContainerMembers(body);
    if (changes.some(({ id }) => id <= lastInput))
      return this.#no(reply, 403, 'Forbidden', 2003, 'This container has no members');
    const known = this.#containers.of(owner);
    const before = changes.map(({ id }) => known.find((one) => one.id === id) ?? { id, version: 0, members: [] });
    const conflicts = changes.flatMap(({ version }, index): VersionConflict[] => {
      const curVersion = before[index]?.version ?? 0;
      return version === curVersion ? [] : [{ index: index + 1, version, curVersion }];
    });
    if (conflicts.length > 0) return reply(409, 'Conflict', { contentType: faultType, body: formatFault(conflicts) });
    const changed = changes.map((change, index) => withMembers(before[index] as Container, change));
    const ids = new Set([...known, ...changed].map(({ id }) => id));
    if (ids.size > limits.containers || changed.some(({ members }) => members.length > limits.members)) {
      return this.#no(reply, 403, 'Forbidden', 2006, 'There are too many members');
    }
    this.#containers.putAll(owner, changed);
    reply(200, 'OK');
    this.#watchers.changed(owner);
    this.#self.containersChanged(owner);
  }

  #setSubscribers(owner: Aor, body: string, reply: Reply): void {
    const acknowledgements = parseSetSubscribers(body);
    if (!acknowledgements.every(({ aor }) => this.#containers.isSubscriber(owner, aor)))
      return this.#no(reply, 404, 'Not Found', 2000, 'Subscriber does not exist');
    for (const { aor, acknowledged } of acknowledgements) this.#containers.acknowledge(owner, aor, acknowledged);
    reply(200, 'OK');
    this.#self.subscribersChanged(owner);
  }

  /** CON-5, `lync-wire` 4.7: somebody put `owner` on a contact list. */
  addSubscriber(owner: Aor, watcher: Aor): void {
    if (this.#containers.addSubscriber(owner, watcher)) this.#self.subscribersChanged(owner);
  }
}

/** A container after a change: removals first, so that one who is removed and added in one request is in it. */
function withMembers(container: Container, { members }: ContainerChange): Container {
  const isNamed = (type: string, value: string): boolean =>
    members.some(({ member }) => member.type === type && member.value === value);
  const kept = container.members.filter(({ type, value }) => !isNamed(type, value));
  const added = members.filter(({ action }) => action === 'add').map(({ member }) => member);
  const distinct = new Map(added.map((member) => [`${member.type} ${member.value}`, member]));
  return { id: container.id, version: container.version + 1, members: [...kept, ...distinct.values()] };
}
