import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { type Aor, aorOf } from '../sip/uri';
import { attribute, child, childrenOf, formatXml, parseXml, type XmlElement, type XmlNode, xml } from '../xml';

/** Publishing: SERVICE `application/msrtc-category-publish+xml` (`lync-wire` 4.3); `fault.ts` is its refusal. */
export const publishType = 'application/msrtc-category-publish+xml';

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
const categoryName = /^[\w.-]{1,64}$/;
/** [MS-PRES], `lync-wire` 4.1. */
const lastContainer = 32_767;

/** Throws `MalformedBody` when the document or one of its publications cannot be addressed. */
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
  if (!categoryName.test(category) || !expireTypes.includes(expireType))
    throw new MalformedBody('publish', 'a publication is not addressed');
  const expires = attribute(element, 'expires');
  return {
    category,
    instance: natural(element, 'instance'),
    container: natural(element, 'container', lastContainer),
    version: attribute(element, 'version') === undefined ? 0 : natural(element, 'version'),
    expireType: expireType as ExpireType,
    expiresSeconds: expires === undefined ? null : natural(element, 'expires'),
    content: element.children[0] ?? null,
  };
}

function natural(element: XmlElement, name: string, most?: number): number {
  const value = parseNatural(attribute(element, name), most);
  if (value === null) throw new MalformedBody('publish', `${name} is no number that fits`);
  return value;
}
