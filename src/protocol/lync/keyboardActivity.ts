import { MalformedBody } from '../malformed';
import { attribute, child, formatXml, parseXml, xml } from '../xml';

/** The typing notice of an IM session: INFO `application/xml` (`lync-wire` 5.5). */
export const keyboardActivityType = 'application/xml';

export function formatKeyboardActivity(typing: boolean): string {
  return `<?xml version="1.0"?>${formatXml(xml('KeyboardActivity', {}, xml('status', { status: typing ? 'type' : 'idle' })))}`;
}

/** True while typing. Throws `MalformedBody` for any other document. */
export function parseKeyboardActivity(text: string): boolean {
  const root = parseXml(text, 'KeyboardActivity');
  const status = child(root, 'status');
  const value = status === undefined ? undefined : attribute(status, 'status');
  if (root.name !== 'KeyboardActivity' || value === undefined)
    throw new MalformedBody('KeyboardActivity', 'there is no status');
  return value.toLowerCase() === 'type';
}
