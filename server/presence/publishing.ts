import { faultType, formatFault, type VersionConflict } from '../../src/protocol/lync/fault';
import { type Publication, parsePublish } from '../../src/protocol/lync/publish';
import { type Aor, aorOf } from '../../src/protocol/sip/uri';
import { formatXml, toNode, type XmlElement, type XmlNode } from '../../src/protocol/xml';
import { refuse } from '../refuse';
import type { Endpoint, Reply, Role, RoleContext, RoleRequest } from '../role';
import { keyOf, type PublicationAddress, type Publications, type Published } from '../store/publications';
import type { EventDocument } from '../subscriptions';
import { publishTimeOf, type RoamingSelf } from './self';
import type { Watchers } from './watchers';

const limits = { contentBytes: 25_000, publications: 200, seconds: 86_400 };

/** PUB-8: the server's own: aggregate states, the directory's card, what it makes of services. */
function isReadOnly({ category, instance }: PublicationAddress): boolean {
  if (category === 'state') return instance === 0 || instance === 1 || instance === 0x1000_0000;
  return category === 'services' || category === 'legacyInterop' || (category === 'contactCard' && instance === 0);
}

/** A publication ready to be kept; `content` null takes it away. */
interface Accepted {
  publication: Publication<XmlElement>;
  content: XmlNode | null;
}

/** SERVICE `publish` ([MS-PRES] 3.2, `lync-wire` 4.3, 4.4), and the end of what was published with its endpoint. */
export class Publishing implements Role {
  readonly #context: RoleContext;
  readonly #publications: Publications;
  readonly #self: RoamingSelf;
  readonly #watchers: Watchers;
  readonly #timers = new Map<string, () => void>();

  constructor(context: RoleContext, publications: Publications, told: { self: RoamingSelf; watchers: Watchers }) {
    this.#context = context;
    this.#publications = publications;
    this.#self = told.self;
    this.#watchers = told.watchers;
    context.onEndpointRemoved((endpoint, last) => this.#endpointRemoved(endpoint, last));
  }

  handle(request: RoleRequest, reply: Reply): void {
    const owner = request.from.aor;
    const { aor, publications } = parsePublish(request.body);
    if (aor !== owner || aorOf(request.uri) !== owner) {
      return this.#no(reply, 403, 'Forbidden', 2004, 'One publishes for oneself only');
    }
    if (publications.some(isReadOnly)) return this.#no(reply, 403, 'Forbidden', 2003, 'The server publishes this');
    const accepted = publications.map((publication): Accepted => {
      const { content } = publication;
      return { publication, content: content === null ? null : toNode(content) };
    });
    const known = this.#publications.of(owner);
    const isTooBig = accepted.some(
      ({ content }) => content !== null && Buffer.byteLength(formatXml(content)) > limits.contentBytes,
    );
    const keys = new Set([...known.keys(), ...publications.map(keyOf)]);
    if (isTooBig || keys.size > limits.publications) {
      return this.#no(reply, 413, 'Request Entity Too Large', 2010, 'The publication is too big');
    }
    const conflicts = conflictsOf(publications, known, request.from);
    // PUB-2: all or nothing.
    if (conflicts.length > 0) return reply(409, 'Conflict', { contentType: faultType, body: formatFault(conflicts) });
    this.#publications.batch(() => {
      for (const one of accepted) this.#put(request.from, one);
    });
    const gone = publications.filter(({ expiresSeconds }) => expiresSeconds === 0);
    const document = this.#self.afterPublishing(owner, new Set(publications.map(({ category }) => category)), gone);
    reply(200, 'OK', document);
    this.#tell(owner, document);
  }

  #no(reply: Reply, status: number, reason: string, id: number, why: string): void {
    refuse(this.#context, reply, status, reason, id, why);
  }

  #put(endpoint: Endpoint, { publication, content }: Accepted): void {
    const owner = endpoint.aor;
    const { expiresSeconds } = publication;
    this.#stopTimer(owner, publication);
    // PUB-6.
    if (expiresSeconds === 0) return this.#publications.delete(owner, publication);
    if (content === null || publication.content === null) return;
    const { category, instance, container, expireType } = publication;
    const version = (this.#publications.of(owner).get(keyOf(publication))?.version ?? 0) + 1;
    const publishTime = publishTimeOf(this.#context.now());
    const address = { category, instance, container };
    const kept = { ...address, version, expireType, publishTime, content, element: publication.content };
    this.#publications.put(owner, { ...kept, endpoint: endpoint.epid });
    if (expireType === 'time') this.#expire(owner, address, expiresSeconds ?? limits.seconds);
  }

  #stopTimer(owner: Aor, address: PublicationAddress): void {
    const timer = `${owner} ${keyOf(address)}`;
    this.#timers.get(timer)?.();
    this.#timers.delete(timer);
  }

  #expire(owner: Aor, address: PublicationAddress, seconds: number): void {
    const run = () => {
      this.#stopTimer(owner, address);
      this.#publications.delete(owner, address);
      this.#lapsed(owner, [address]);
    };
    const stop = this.#context.after(Math.min(seconds, limits.seconds) * 1000, run);
    this.#timers.set(`${owner} ${keyOf(address)}`, stop);
  }

  /** PUB-7. */
  #tell(owner: Aor, document: EventDocument): void {
    this.#watchers.changed(owner);
    this.#self.tell(owner, document);
  }

  #lapsed(owner: Aor, gone: readonly PublicationAddress[]): void {
    const names = new Set(gone.map(({ category }) => category));
    this.#tell(owner, this.#self.afterPublishing(owner, names, gone));
  }

  /** PUB-5: `endpoint` publications go with their endpoint, `user` and `time` ones with the last. */
  #endpointRemoved({ aor, epid }: Endpoint, last: boolean): void {
    const gone = this.#publications.lapse(
      aor,
      ({ expireType, endpoint }) =>
        (expireType === 'endpoint' && endpoint === epid) || (last && expireType !== 'static'),
    );
    if (gone.length === 0) return;
    for (const address of gone) this.#stopTimer(aor, address);
    if (last) this.#publications.setLastActive(aor, publishTimeOf(this.#context.now()));
    this.#lapsed(aor, gone);
  }
}

/** PUB-1, PUB-3; and PUB-4's safety net: version 0 over one's own publication is an endpoint that has forgotten. */
function conflictsOf(
  publications: readonly Publication<XmlElement>[],
  known: ReadonlyMap<string, Published>,
  by: Endpoint,
): VersionConflict[] {
  return publications.flatMap((publication, index) => {
    const current = known.get(keyOf(publication));
    const curVersion = current?.version ?? 0;
    const isForgotten = publication.version === 0 && current?.endpoint === by.epid;
    if (publication.version === curVersion || isForgotten) return [];
    return [{ index: index + 1, version: publication.version, curVersion }];
  });
}
