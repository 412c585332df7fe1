import { MalformedBody } from '../malformed';
import { formatMultipart, type Part } from '../sip/multipart';
import { type Aor, aorOf, bareAddress } from '../sip/uri';
import { attribute, child, childrenOf, formatXml, parseXml, xml } from '../xml';

/** Resource list meta-information (RFC 4662 §5): many people's documents in one multipart body. */
export const rlmiType = 'application/rlmi+xml';

/** One person in the list: with a document, or gone (`terminated`) with a reason. */
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

/** The people whose subscription in the list is over, with the reason; the documents are the other parts. */
export function parseTerminated(part: Part): { aor: Aor; reason: string }[] {
  const root = parseXml(part.body, 'rlmi');
  if (root.name !== 'list') throw new MalformedBody('rlmi', `found ${root.name}`);
  return childrenOf(root, 'resource').flatMap((resource) => {
    const instance = child(resource, 'instance');
    const aor = aorOf(attribute(resource, 'uri') ?? '');
    if (aor === null || instance === undefined || attribute(instance, 'state') !== 'terminated') return [];
    return [{ aor, reason: attribute(instance, 'reason') ?? '' }];
  });
}
