import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { type Aor, aorOf } from '../sip/uri';
import { child, formatXml, parseXml, textOf, type XmlElement, type XmlNode, xml } from '../xml';

/** Changes to the contact list: SERVICE with a SOAP body (`lync-wire` 3.3). */
export const soapType = 'application/SOAP+xml';

const soapNamespace = 'http://schemas.xmlsoap.org/soap/envelope/';
const contactsNamespace = 'http://schemas.microsoft.com/winrtc/2002/11/sip';

/** `deltaNum` is the caller's version of the list; `null` when the caller sent none. */
export type ContactOperation =
  | {
      is: 'setContact';
      aor: Aor;
      name: string;
      groups: readonly number[];
      subscribed: boolean;
      externalUri: string;
      deltaNum: number | null;
    }
  | { is: 'deleteContact'; aor: Aor; deltaNum: number | null }
  | { is: 'addGroup'; name: string; externalUri: string; deltaNum: number | null }
  | { is: 'modifyGroup'; id: number; name: string; externalUri: string; deltaNum: number | null }
  | { is: 'deleteGroup'; id: number; deltaNum: number | null }
  /** Any other operation, by its name. */
  | { is: 'other'; name: string };

/** Wraps elements of the contacts namespace (prefix `m`) into an envelope. */
export function formatSoap(...operations: readonly XmlNode[]): string {
  const elements = operations.map((operation) => ({
    ...operation,
    attributes: { 'xmlns:m': contactsNamespace, ...operation.attributes },
  }));
  return formatXml(
    xml('SOAP-ENV:Envelope', { 'xmlns:SOAP-ENV': soapNamespace }, xml('SOAP-ENV:Body', {}, ...elements)),
  );
}

/** The elements inside the envelope's body: at least one. */
export function parseSoapBody(text: string): readonly [XmlElement, ...XmlElement[]] {
  const root = parseXml(text, 'SOAP');
  const [first, ...others] = child(root, 'Body')?.children ?? [];
  if (root.name !== 'Envelope' || first === undefined) throw new MalformedBody('SOAP', 'there is no operation');
  return [first, ...others];
}

export function formatContactOperation(operation: Exclude<ContactOperation, { is: 'other' }>): string {
  const deltaNum = operation.deltaNum === null ? null : xml('m:deltaNum', {}, String(operation.deltaNum));
  switch (operation.is) {
    case 'setContact':
      return formatSoap(
        xml(
          'm:setContact',
          {},
          xml('m:displayName', {}, operation.name),
          xml('m:groups', {}, operation.groups.join(' ')),
          xml('m:subscribed', {}, String(operation.subscribed)),
          xml('m:URI', {}, operation.aor),
          xml('m:externalURI', {}, operation.externalUri),
          deltaNum,
        ),
      );
    case 'deleteContact':
      return formatSoap(xml('m:deleteContact', {}, xml('m:URI', {}, operation.aor), deltaNum));
    case 'addGroup':
      return formatSoap(
        xml(
          'm:addGroup',
          {},
          xml('m:name', {}, operation.name),
          xml('m:externalURI', {}, operation.externalUri),
          deltaNum,
        ),
      );
    case 'modifyGroup':
      return formatSoap(
        xml(
          'm:modifyGroup',
          {},
          xml('m:groupID', {}, String(operation.id)),
          xml('m:name', {}, operation.name),
          xml('m:externalURI', {}, operation.externalUri),
          deltaNum,
        ),
      );
    case 'deleteGroup':
      return formatSoap(xml('m:deleteGroup', {}, xml('m:groupID', {}, String(operation.id)), deltaNum));
  }
}

/** Throws `MalformedBody` when a known operation lacks what it needs. */
export function parseContactOperation(text: string): ContactOperation {
  const [element] = parseSoapBody(text);
  const deltaNum = parseNatural(textOf(element, 'deltaNum'));
  const externalUri = textOf(element, 'externalURI') ?? '';
  switch (element.name) {
    case 'setContact': {
      const subscribed = textOf(element, 'subscribed')?.toLowerCase() !== 'false';
      return {
        is: 'setContact',
        aor: aorIn(element),
        name: textOf(element, 'displayName') ?? '',
        groups: groupsIn(element),
        subscribed,
        externalUri,
        deltaNum,
      };
    }
    case 'deleteContact':
      return { is: 'deleteContact', aor: aorIn(element), deltaNum };
    case 'addGroup':
      return { is: 'addGroup', name: textOf(element, 'name') ?? '', externalUri, deltaNum };
    case 'modifyGroup':
      return { is: 'modifyGroup', id: groupIdIn(element), name: textOf(element, 'name') ?? '', externalUri, deltaNum };
    case 'deleteGroup':
      return { is: 'deleteGroup', id: groupIdIn(element), deltaNum };
    default:
      return { is: 'other', name: element.name };
  }
}

function aorIn(element: XmlElement): Aor {
  const aor = aorOf(textOf(element, 'URI') ?? '');
  if (aor === null) throw new MalformedBody('SOAP', 'URI is no address');
  return aor;
}

function groupsIn(element: XmlElement): number[] {
  const words = (textOf(element, 'groups') ?? '').split(/\s+/).filter(Boolean);
  return words.map((word) => {
    const id = parseNatural(word);
    if (id === null) throw new MalformedBody('SOAP', 'groups are no numbers');
    return id;
  });
}

function groupIdIn(element: XmlElement): number {
  const id = parseNatural(textOf(element, 'groupID'));
  if (id === null) throw new MalformedBody('SOAP', 'groupID is no number');
  return id;
}

/** CON-3: the answer to addGroup names the new group. */
export function formatGroupAdded(id: number): string {
  return formatSoap(xml('m:addGroup', {}, xml('m:groupID', {}, String(id))));
}

export function parseGroupAdded(text: string): number {
  const [element] = parseSoapBody(text);
  if (element.name !== 'addGroup') throw new MalformedBody('SOAP', `found ${element.name}`);
  return groupIdIn(element);
}
