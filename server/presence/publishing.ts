import { containerMembersType, parseContainerMembers } from '../../src/protocol/lync/containerMembers';
import { faultType, formatFault, type VersionConflict } from '../../src/protocol/lync/fault';
import { type Publication, parsePublish, publishType } from '../../src/protocol/lync/publish';
import { parseSetSubscribers, subscribersType } from '../../src/protocol/lync/subscribers';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import { formatXml, toNode, type XmlElement } from '../../src/protocol/xml';
import { refuse } from '../refuse';
import type { Endpoint, Reply, Role, RoleContext, RoleRequest } from '../role';
import type { Containers } from '../store/containers';
import { keyOf, type Publications, type Published } from '../store/publications';
import type { EventDocument } from '../subscriptions';
import { publishTimeOf, type RoamingSelf } from './self';
import type { Watchers } from './watchers';

const limits = { contentBytes: 25_000, publications: 200, members: 1000 };
/** The server's own: the aggregate state and the directory's card. */
const isReadOnly = ({ category, instance }: Publication<XmlElement>): boolean =>
  category === 'state' ? instance === 0 || instance === 1 : category === 'services' || category === 'legacyInterop';

/** SERVICE of the enhanced presence model: publish, change who sees what, acknowledge subscribers ([MS-PRES] 3.2). */
export class Publishing implements Role {
  readonly #context: RoleContext;
  readonly #publications: Publications;
  readonly #containers: Containers;
  readonly #self: RoamingSelf;
  readonly #watchers: Watchers;
  readonly #timers = new Map<string, () => void>();

  constructor(
    context: RoleContext,
    stores: { publications: Publications; containers: Containers },
    told: { self: RoamingSelf; watchers: Watchers },
  ) {
    this.#context = context;
    this.#publications = stores.publications;
    this.#containers = stores.containers;
    this.#self = told.self;
    this.#watchers = told.watchers;
    context.onEndpointRemoved((endpoint, last) => this.#endpointRemoved(endpoint, last));
    context.onEndpointAdded(({ aor }) => this.#watchers.changed(aor));
  }

  handle(request: RoleRequest, reply: Reply): void {
    const { aor } = request.from;
    if (aorOf(request.uri) !== aor)
      return refuse(this.#context, reply, 403, 'Forbidden', 2004, 'One publishes for oneself only');
    if (request.contentType === publishType) return this.#publish(request, reply);
    if (request.contentType === containerMembersType) return this.#setContainerMembers(aor, request.body, reply);
    if (request.contentType === subscribersType) return this.#setSubscribers(aor, request.body, reply);
    reply(415, 'Unsupported Media Type');
  }

  #publish(request: RoleRequest, reply: Reply): void {
    const owner = request.from.aor;
    const { aor, publications } = parsePublish(request.body);
    if (aor !== owner) return refuse(this.#context, reply, 403, 'Forbidden', 2004, 'One publishes for oneself only');
    if (publications.some(isReadOnly))
      return refuse(this.#context, reply, 403, 'Forbidden', 2003, 'The server publishes this');
    const isTooBig = publications.some(
      ({ content }) => content !== null && formatXml(toNode(content)).length > limits.contentBytes,
    );
    const known = this.#publications.of(owner);
    if (isTooBig || known.size + publications.length > limits.publications) {
      return refuse(this.#context, reply, 413, 'Request Entity Too Large', 2010, 'The publication is too big');
    }
    const conflicts = conflictsOf(publications, known);
    // PUB-2: all or nothing.
    if (conflicts.length > 0) return reply(409, 'Conflict', { contentType: faultType, body: formatFault(conflicts) });
    const gone = publications.filter(({ expiresSeconds }) => expiresSeconds === 0);
    for (const publication of publications) this.#put(request.from, publication);
    const names = new Set(publications.map(({ category }) => category));
    const document = this.#self.afterPublishing(owner, names, gone);
    reply(200, 'OK', document);
    this.#tell(owner, document);
  }

  #put(endpoint: Endpoint, publication: Publication<XmlElement>): void {
    const owner = endpoint.aor;
    const { category, instance, container, version, expireType, expiresSeconds, content } = publication;
    const timer = `${owner} ${keyOf(publication)}`;
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
    if (expiresSeconds === 0) return this.#publications.delete(owner, publication);
    if (content === null) return;
    const publishTime = publishTimeOf(this.#context.now());
    const published = {
      category,
      instance,
      container,
      version: version + 1,
      expireType,
      publishTime,
      element: content,
    };
    this.#publications.put(owner, { ...published, content: toNode(content), endpoint: endpoint.epid });
    if (expireType !== 'time' || expiresSeconds === null) return;
    this.#timers.set(
      timer,
      this.#context.after(Math.min(expiresSeconds, 86_400) * 1000, () => {
        this.#timers.delete(timer);
        this.#publications.delete(owner, publication);
        this.#lapsed(owner, new Set([category]));
      }),
    );
  }

  #tell(owner: Aor, document: EventDocument): void {
    this.#watchers.changed(owner);
    this.#self.tell(owner, document);
  }

  #lapsed(owner: Aor, names: ReadonlySet<string>): void {
    this.#watchers.changed(owner);
    if (names.size > 0) this.#self.tell(owner, this.#self.afterPublishing(owner, names, []));
  }

  /** PUB-5: `endpoint` publications go with their endpoint, `user` ones with the last. */
  #endpointRemoved({ aor, epid }: Endpoint, last: boolean): void {
    const names = this.#publications.lapse(
      aor,
      ({ expireType, endpoint }) =>
        (expireType === 'endpoint' && endpoint === epid) || (last && expireType !== 'static'),
    );
    this.#lapsed(aor, names);
  }

  #setContainerMembers(owner: Aor, body: string, reply: Reply): void {
    const changes = parseContainerMembers(body);
    const conflicts: VersionConflict[] = [];
    const changed = changes.map(({ id, version, members }, index) => {
      const known = this.#containers.of(owner).find((container) => container.id === id) ?? {
        id,
        version: 0,
        members: [],
      };
      if (known.version !== version) conflicts.push({ index: index + 1, version, curVersion: known.version });
      const kept = known.members.filter(
        (member) =>
          !members.some((change) => change.member.type === member.type && change.member.value === member.value),
      );
      const added = members.filter(({ action }) => action === 'add').map(({ member }) => member);
      return { id, version: known.version + 1, members: [...kept, ...added] };
    });
    if (conflicts.length > 0) return reply(409, 'Conflict', { contentType: faultType, body: formatFault(conflicts) });
    if (changed.some(({ id, members }) => id < 0 || id > 32767 || members.length > limits.members)) {
      return refuse(this.#context, reply, 403, 'Forbidden', 2006, 'There are too many members');
    }
    for (const container of changed) this.#containers.put(owner, container);
    reply(200, 'OK');
    this.#watchers.changed(owner);
    this.#self.tellContainers(owner);
  }

  #setSubscribers(owner: Aor, body: string, reply: Reply): void {
    for (const { aor, acknowledged } of parseSetSubscribers(body))
      if (acknowledged) this.#containers.acknowledge(owner, aor);
    reply(200, 'OK');
    this.#self.tellSubscribers(owner);
  }

  /** CON-5: somebody put `owner` on a contact list. */
  addSubscriber(owner: Aor, watcher: Aor): void {
    if (this.#containers.addSubscriber(owner, watcher)) this.#self.tellSubscribers(owner);
  }
}

/** PUB-1, PUB-3; and PUB-4's safety net: version 0 over one's own publication is somebody who has forgotten. */
function conflictsOf(
  publications: readonly Publication<XmlElement>[],
  known: ReadonlyMap<string, Published>,
): VersionConflict[] {
  return publications.flatMap((publication, index) => {
    const current = known.get(keyOf(publication))?.version ?? 0;
    if (publication.version === current || publication.version === 0) {
      publication.version = current;
      return [];
    }
    return [{ index: index + 1, version: publication.version, curVersion: current }];
  });
}
