import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { formatMultipart, type Part } from '../sip/multipart';
import { type Aor, aorOf, bareAddress } from '../sip/uri';
import { attribute, child, childrenOf, formatXml, parseXml, type XmlElement, xml } from '../xml';

/** Resource list meta-information (RFC 4662 §5): many people's documents in one multipart body. */
export const rlmiType = 'application/rlmi+xml';

/** One person in the list: with a document, or gone (`terminated`) with a reason (PRS-8). */
export type Resource =
  | { aor: Aor; state: 'active'; contentType: string; body: string }
  | { aor: Aor; state: 'terminated'; reason: string };

const boundary = 'confab-7f3d9a21';

/** Writes the list and a part for each person that has a document. Every instance has a state (PRS-4). */
export function formatResourceList(
  owner: Aor,
  resources: readonly Resource[],
  version: number,
): { contentType: string; body: string } {
  const entries = resources.map((resource) =>
    xml(
      'resource',
      { uri: resource.aor },
      resource.state === 'active'
        ? xml('instance', { id: 0, state: 'active', cid: bareAddress(resource.aor) })
        : xml('instance', { id: 0, state: 'terminated', reason: resource.reason }),
    ),
  );
  const list = xml('list', { xmlns: 'urn:ietf:params:xml:ns:rlmi', uri: owner, version, fullState: false }, ...entries);
  const head = (id: string, contentType: string): [string, string][] => [
    ['Content-Transfer-Encoding', 'binary'],
    ['Content-ID', id],
    ['Content-Type', contentType],
  ];
  const documents = resources.flatMap((resource) =>
    resource.state === 'active'
      ? [{ headers: head(bareAddress(resource.aor), resource.contentType), body: resource.body }]
      : [],
  );
  return formatMultipart(
    `multipart/related;type="${rlmiType}";start=resourceList`,
    [{ headers: head('resourceList', rlmiType), body: formatXml(list) }, ...documents],
    boundary,
  );
}

/** One person in a list as read; the document of an `active` one is the part whose Content-ID is `cid`. */
export type ListedResource = { aor: Aor } & (
  | { state: 'active'; cid: string | null }
  | { state: 'terminated'; reason: string }
  /** PRS-7: subscribe to this person anew, at another pool where one is named. */
  | { state: 'resubscribe'; poolFqdn: string | null }
);

export interface ResourceList {
  owner: Aor | null;
  version: number;
  fullState: boolean;
  resources: readonly ListedResource[];
}

/** Reads the list itself. Who cannot be told, or has an instance of another state, is left out. */
export function parseResourceList(text: string): ResourceList {
  const root = parseXml(text, 'rlmi');
  if (root.name !== 'list') throw new MalformedBody('rlmi', `found ${root.name}`);
  return {
    owner: aorOf(attribute(root, 'uri') ?? ''),
    version: parseNatural(attribute(root, 'version')) ?? 0,
    fullState: attribute(root, 'fullState')?.toLowerCase() === 'true',
    resources: childrenOf(root, 'resource').flatMap((resource) => resourceOf(resource) ?? []),
  };
}

function resourceOf(resource: XmlElement): ListedResource | null {
  const instance = child(resource, 'instance');
  const aor = aorOf(attribute(resource, 'uri') ?? '');
  if (aor === null || instance === undefined) return null;
  switch (attribute(instance, 'state')) {
    case 'active':
      return { aor, state: 'active', cid: attribute(instance, 'cid') ?? null };
    case 'terminated':
      return { aor, state: 'terminated', reason: attribute(instance, 'reason') ?? '' };
    case 'resubscribe':
      return { aor, state: 'resubscribe', poolFqdn: attribute(instance, 'poolFqdn') ?? null };
    default:
      return null;
  }
}

/** The people whose subscription in the list is over, with the reason; the documents are the other parts. */
export function parseTerminated(part: Part): { aor: Aor; reason: string }[] {
  return parseResourceList(part.body).resources.flatMap((resource) =>
    resource.state === 'terminated' ? [{ aor: resource.aor, reason: resource.reason }] : [],
  );
}
