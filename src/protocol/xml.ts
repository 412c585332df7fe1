import { SaxesParser, type SaxesTagNS } from 'saxes';
import { MalformedBody } from './malformed';

/** An element as read: names are local names, so that readers accept any prefix. */
export interface XmlElement {
  name: string;
  namespace: string;
  /** By local name, `xmlns` declarations left out. */
  attributes: ReadonlyMap<string, string>;
  /** The namespaces of those attributes that have one, by local name. */
  attributeNamespaces: ReadonlyMap<string, string>;
  children: readonly XmlElement[];
  /** The element's own character data, children's left out. */
  text: string;
}

const maxLength = 2 * 1024 * 1024;
const maxDepth = 64;

/**
 * Reads a document into its root element. No DTD and so no entities but the five of XML itself; at most 2 MiB and 64 deep.
 * Throws `MalformedBody` naming `what`.
 */
export function parseXml(text: string, what: string): XmlElement {
  if (text.length > maxLength) throw new MalformedBody(what, 'the XML is larger than 2 MiB');
  const parser = new SaxesParser({ xmlns: true, position: false });
  const stack: Building[] = [];
  let root: XmlElement | null = null;
  parser.on('error', (error) => {
    throw new MalformedBody(what, error.message);
  });
  parser.on('doctype', () => {
    throw new MalformedBody(what, 'a document type is not allowed');
  });
  parser.on('opentag', (tag) => {
    if (stack.length >= maxDepth) throw new MalformedBody(what, 'the XML is nested too deep');
    const element = begin(tag);
    stack.at(-1)?.children.push(element);
    stack.push(element);
  });
  const append = (piece: string): void => {
    const element = stack.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on('text', append);
  parser.on('cdata', append);
  parser.on('closetag', () => {
    const element = stack.pop();
    if (stack.length === 0 && element !== undefined) root = element;
  });
  parser.write(text).close();
  if (root === null) throw new MalformedBody(what, 'there is no element');
  return root;
}

interface Building extends XmlElement {
  children: XmlElement[];
}

function begin(tag: SaxesTagNS): Building {
  const attributes = new Map<string, string>();
  const attributeNamespaces = new Map<string, string>();
  for (const { prefix, name, local, uri, value } of Object.values(tag.attributes)) {
    if (prefix === 'xmlns' || name === 'xmlns') continue;
    // `a:x` and `x` may stand side by side: the one without a prefix is the element's own.
    if (prefix !== '' && attributes.has(local)) continue;
    attributes.set(local, value);
    if (prefix === '') attributeNamespaces.delete(local);
    else attributeNamespaces.set(local, uri);
  }
  return { name: tag.local, namespace: tag.uri, attributes, attributeNamespaces, children: [], text: '' };
}

/** The first child with this local name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((candidate) => candidate.name === name);
}

/** All children with this local name. */
export function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((candidate) => candidate.name === name);
}

/** The trimmed text of the first child with this local name; `undefined` when there is none. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text.trim();
}

/** An attribute, its name compared without case, as SIPE reads it (`lync-wire` 0.5). */
export function attribute(element: XmlElement, name: string): string | undefined {
  const exact = element.attributes.get(name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  for (const [candidate, value] of element.attributes) if (candidate.toLowerCase() === wanted) return value;
  return undefined;
}

/** An element to be written: `name` and attribute names may carry a prefix; declare it with an `xmlns:` attribute. */
export interface XmlNode {
  name: string;
  attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  children: readonly (XmlNode | string)[];
}

/** Builds an element; absent attributes and children (`undefined`, `null`, `false`) are left out. */
export function xml(
  name: string,
  attributes: XmlNode['attributes'] = {},
  ...children: (XmlNode | string | null | undefined | false)[]
): XmlNode {
  const present = children.filter((one): one is XmlNode | string => one !== null && one !== undefined && one !== false);
  return { name, attributes, children: present };
}

/** Writes an element without any white space of its own. The only place where XML is escaped. */
export function formatXml(node: XmlNode): string {
  let text = `<${node.name}`;
  for (const [name, value] of Object.entries(node.attributes)) {
    if (value !== undefined) text += ` ${name}="${escapeXml(String(value))}"`;
  }
  if (node.children.length === 0) return `${text}/>`;
  text += '>';
  for (const one of node.children) text += typeof one === 'string' ? escapeXml(one) : formatXml(one);
  return `${text}</${node.name}>`;
}

/** An element as read, to be written again inside one of the namespace `around`; prefixes become declarations. */
export function toNode(element: XmlElement, around = ''): XmlNode {
  const attributes: Record<string, string> = element.namespace === around ? {} : { xmlns: element.namespace };
  for (const [name, value] of element.attributes) {
    const namespace = element.attributeNamespaces.get(name);
    const prefix = namespace === undefined ? '' : declare(attributes, namespace);
    attributes[`${prefix}${name}`] = value;
  }
  const children = element.children.map((one) => toNode(one, element.namespace));
  return {
    name: element.name,
    attributes,
    children: element.text.trim() === '' ? children : [element.text, ...children],
  };
}

const usualPrefixes: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/XML/1998/namespace', 'xml'],
  ['http://www.w3.org/2001/XMLSchema-instance', 'xsi'],
]);

/** Declares a namespace for attributes, once; answers its prefix with the colon. */
function declare(attributes: Record<string, string>, namespace: string): string {
  const declared = Object.keys(attributes).find((name) => name.startsWith('xmlns:') && attributes[name] === namespace);
  if (declared !== undefined) return `${declared.slice('xmlns:'.length)}:`;
  const prefix = usualPrefixes.get(namespace) ?? `a${Object.keys(attributes).length}`;
  if (prefix !== 'xml') attributes[`xmlns:${prefix}`] = namespace;
  return `${prefix}:`;
}

/** What XML 1.0 §2.2 does not allow, lone surrogates among it. */
const illegal = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapeXml(text: string): string {
  return text.replace(illegal, '').replace(/[&<>"\t\n\r]/g, (character) => escapes[character] ?? character);
}
