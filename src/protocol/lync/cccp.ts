import { MalformedBody } from '../malformed';
import { attribute, formatXml, parseXml, type XmlElement, type XmlNode, xml } from '../xml';

/** The C3P envelope ([MS-CONFBAS], `lync-wire` 6.1): one command a request. */
export const cccpType = 'application/cccp+xml';

export const cccpNamespace = 'urn:ietf:params:xml:ns:cccp';
const mscpNamespace = 'http://schemas.microsoft.com/rtc/2005/08/cccpextensions';

export interface CccpRequest {
  requestId: string;
  /** The sender's address, as written. */
  from: string;
  to: string;
  /** The command's element; its name is the command. */
  command: XmlElement;
}

export interface CccpResponse {
  requestId: string;
  from: string;
  to: string;
  code: 'success' | 'failure' | 'pending';
  reason: string | null;
  /** The command's answer, if there is one. */
  command: XmlElement | null;
}

export function formatCccpRequest(request: { requestId: string; from: string; to: string }, command: XmlNode): string {
  const { requestId, from, to } = request;
  return formatXml(
    xml('request', { xmlns: cccpNamespace, 'xmlns:mscp': mscpNamespace, C3PVersion: 1, requestId, from, to }, command),
  );
}

export function parseCccpRequest(text: string): CccpRequest {
  const root = parseXml(text, 'C3P request');
  const [command] = root.children;
  if (root.name !== 'request' || command === undefined || root.children.length > 1)
    throw new MalformedBody('C3P request', 'there is not one command');
  return {
    requestId: attribute(root, 'requestId') ?? '',
    from: attribute(root, 'from') ?? '',
    to: attribute(root, 'to') ?? '',
    command,
  };
}

export function formatCccpResponse(
  request: { requestId: string; from: string; to: string },
  code: CccpResponse['code'],
  command: XmlNode,
  reason?: string,
): string {
  // The answer goes the other way.
  const { requestId, from: to, to: from } = request;
  return formatXml(
    xml('response', { xmlns: cccpNamespace, C3PVersion: 1, requestId, from, to, code, reason }, command),
  );
}

export function parseCccpResponse(text: string): CccpResponse {
  const root = parseXml(text, 'C3P response');
  const code = attribute(root, 'code');
  if (root.name !== 'response' || (code !== 'success' && code !== 'failure' && code !== 'pending')) {
    throw new MalformedBody('C3P response', 'there is no code');
  }
  return {
    requestId: attribute(root, 'requestId') ?? '',
    from: attribute(root, 'from') ?? '',
    to: attribute(root, 'to') ?? '',
    code,
    reason: attribute(root, 'reason') ?? null,
    command: root.children[0] ?? null,
  };
}
