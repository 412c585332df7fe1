import type { XmlElement } from '../protocol/xml';

/** One line of a document that is laid out as a tree: an element that opens, closes, or both. */
export interface XmlLine {
  depth: number;
  element: XmlElement;
  opens: boolean;
  closes: boolean;
}

/** A document, an element a line; those without children in one. */
export function xmlLines(element: XmlElement, depth = 0): XmlLine[] {
  if (element.children.length === 0) return [{ depth, element, opens: true, closes: true }];
  return [
    { depth, element, opens: true, closes: false },
    ...element.children.flatMap((child) => xmlLines(child, depth + 1)),
    { depth, element, opens: false, closes: true },
  ];
}
