import { MalformedBody } from '../malformed';
import { type Aor, aorOf } from '../sip/uri';
import { attribute, child, childrenOf, formatXml, parseXml, textOf, type XmlElement, type XmlNode, xml } from '../xml';

/** Publishing: SERVICE `application/msrtc-category-publish+xml` (`lync-wire` 4.3), and its refusal (4.4). */
export const publishType = 'application/msrtc-category-publish+xml';
export const faultType = 'application/msrtc-fault+xml';

export type ExpireType = 'static' | 'user' | 'endpoint' | 'time';

/** What addresses a publication: category, instance and container. `version` is the one believed current, 0 for none. */
export interface Publication<Content> {
  category: string;
  instance: number;
  container: number;
  version: number;
  expireType: ExpireType;
  /** For `time`: its life. 0 deletes (PUB-6). `null` when not said. */
  expiresSeconds: number | null;
  content: Content | null;
}

export function formatPublish(aor: Aor, publications: readonly Publication<XmlNode>[]): string {
  const elements = publications.map((publication) =>
    xml(
      'publication',
      {
        categoryName: publication.category,
        instance: publication.instance,
        container: publication.container,
        version: publication.version,
        expireType: publication.expireType,
        expires: publication.expiresSeconds ?? undefined,
      },
      publication.content,
    ),
  );
  return formatXml(
    xml(
      'publish',
      { xmlns: 'http://schemas.microsoft.com/2006/09/sip/rich-presence' },
      xml('publications', { uri: aor }, ...elements),
    ),
  );
}

const expireTypes: readonly string[] = ['static', 'user', 'endpoint', 'time'];

export function parsePublish(text: string): { aor: Aor; publications: Publication<XmlElement>[] } {
  const root = parseXml(text, 'publish');
  const list = child(root, 'publications');
  const aor = aorOf((list && attribute(list, 'uri')) ?? '');
  if (root.name !== 'publish' || list === undefined || aor === null)
    throw new MalformedBody('publish', 'there is no uri');
  return { aor, publications: childrenOf(list, 'publication').map(publicationOf) };
}

function publicationOf(element: XmlElement): Publication<XmlElement> {
  const category = attribute(element, 'categoryName') ?? '';
  const expireType = attribute(element, 'expireType') ?? 'static';
  if (category === '' || !expireTypes.includes(expireType))
    throw new MalformedBody('publish', 'a publication is not addressed');
  const expires = attribute(element, 'expires');
  return {
    category,
    instance: natural(element, 'instance'),
    container: natural(element, 'container'),
    version: natural(element, 'version'),
    expireType: expireType as ExpireType,
    expiresSeconds: expires === undefined ? null : natural(element, 'expires'),
    content: element.children[0] ?? null,
  };
}

function natural(element: XmlElement, name: string): number {
  const value = Number(attribute(element, name) ?? 0);
  if (!Number.isInteger(value) || value < 0) throw new MalformedBody('publish', `${name} is no number`);
  return value;
}

/** One refused operation of a SERVICE with versions; `index` counts from 1. */
export interface VersionConflict {
  index: number;
  version: number;
  curVersion: number;
}

export function formatFault(conflicts: readonly VersionConflict[]): string {
  const operations = conflicts.map(({ index, version, curVersion }) =>
    xml('operation', { index, version, curVersion }),
  );
  return formatXml(
    xml('Fault', {}, xml('Faultcode', {}, 'Client.BadCall.WrongDelta'), xml('details', {}, ...operations)),
  );
}

export function parseFault(text: string): { code: string; conflicts: VersionConflict[] } {
  const root = parseXml(text, 'Fault');
  const details = child(root, 'details');
  const conflicts = (details === undefined ? [] : childrenOf(details, 'operation')).map((operation) => ({
    index: natural(operation, 'index'),
    version: natural(operation, 'version'),
    curVersion: natural(operation, 'curVersion'),
  }));
  return { code: textOf(root, 'Faultcode') ?? '', conflicts };
}
