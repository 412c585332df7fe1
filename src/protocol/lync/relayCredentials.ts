import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { attribute, child, childrenOf, formatXml, parseXml, textOf, type XmlElement, type XmlNode, xml } from '../xml';

/** Asking for a relay and the right to use it ([MS-AVEDGEA], `lync-wire` 8): SERVICE to the `mrasUri` of provisioning. */
export const relayCredentialsType = 'application/msrtc-media-relay-auth+xml';

const namespace = 'http://schemas.microsoft.com/2006/09/sip/mrasp';
const version = '1.0';
/** MRS-4. */
export const mostCredentialsRequests = 100;

export type RelayLocation = 'intranet' | 'internet';

export interface CredentialsRequest {
  id: string;
  /** For whom, as written. */
  identity: string;
  location: RelayLocation;
  durationMinutes: number;
}

export interface RelayRequest {
  requestId: string;
  version: string;
  to: string;
  from: string;
  requests: readonly CredentialsRequest[];
}

export interface MediaRelay {
  location: RelayLocation;
  hostName: string;
  udpPort: number | null;
  tcpPort: number | null;
}

export interface CredentialsResponse {
  /** Of the request that it answers. */
  id: string;
  username: string;
  password: string;
  durationMinutes: number;
  realm: string;
  relays: readonly MediaRelay[];
}

/** MRS-4: this decides, not the SIP status. */
export type RelayOutcome =
  | 'OK'
  | 'Request Malformed'
  | 'Request Too Large'
  | 'Not Supported'
  | 'Server Busy'
  | 'Time Out'
  | 'Forbidden'
  | 'Internal Server Error'
  | 'Other Failure'
  | 'Version Mismatch';

const outcomes: ReadonlySet<string> = new Set<RelayOutcome>([
  'OK',
  'Request Malformed',
  'Request Too Large',
  'Not Supported',
  'Server Busy',
  'Time Out',
  'Forbidden',
  'Internal Server Error',
  'Version Mismatch',
]);

export interface RelayResponse {
  requestId: string;
  /** As in the request: the service. */
  to: string;
  from: string;
  outcome: RelayOutcome;
  responses: readonly CredentialsResponse[];
}

export function formatRelayRequest(request: Omit<RelayRequest, 'version'>): string {
  const { requestId, to, from, requests } = request;
  const nodes = requests.map(({ id, identity, location, durationMinutes }) =>
    xml(
      'credentialsRequest',
      { credentialsRequestID: id },
      xml('identity', {}, identity),
      xml('location', {}, location),
      xml('duration', {}, String(durationMinutes)),
    ),
  );
  return formatXml(xml('request', { requestID: requestId, version, xmlns: namespace, to, from }, ...nodes));
}

/** Throws `MalformedBody`. How many may be asked for, and which version, is for the server to say (MRS-4). */
export function parseRelayRequest(text: string): RelayRequest {
  const root = parseXml(text, 'relay request');
  if (root.name !== 'request') throw new MalformedBody('relay request', `found ${root.name}`);
  return {
    requestId: attribute(root, 'requestID') ?? '',
    version: attribute(root, 'version') ?? '',
    to: attribute(root, 'to') ?? '',
    from: attribute(root, 'from') ?? '',
    requests: childrenOf(root, 'credentialsRequest').map(credentialsRequestOf),
  };
}

function credentialsRequestOf(element: XmlElement): CredentialsRequest {
  return {
    id: needed(attribute(element, 'credentialsRequestID'), 'credentialsRequestID'),
    identity: needed(textOf(element, 'identity'), 'identity'),
    location: locationOf(element),
    durationMinutes: natural(element, 'duration') ?? 0,
  };
}

/** MRS-1: who does not say is inside. */
function locationOf(element: XmlElement): RelayLocation {
  return textOf(element, 'location') === 'internet' ? 'internet' : 'intranet';
}

function natural(element: XmlElement, name: string, most?: number): number | null {
  return parseNatural(textOf(element, name), most);
}

function needed(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new MalformedBody('relay credentials', `there is no ${name}`);
  return value;
}

export function formatRelayResponse(response: RelayResponse): string {
  const { requestId, to, from, outcome, responses } = response;
  return formatXml(
    xml(
      'response',
      { requestID: requestId, version, serverVersion: '2.0', xmlns: namespace, to, from, reasonPhrase: outcome },
      ...responses.map(credentialsResponseNode),
    ),
  );
}

function credentialsResponseNode(response: CredentialsResponse): XmlNode {
  return xml(
    'credentialsResponse',
    { credentialsRequestID: response.id },
    xml(
      'credentials',
      {},
      xml('username', {}, response.username),
      xml('password', {}, response.password),
      xml('duration', {}, String(response.durationMinutes)),
      xml('realm', {}, response.realm),
    ),
    xml('mediaRelayList', {}, ...response.relays.map(mediaRelayNode)),
  );
}

function mediaRelayNode({ location, hostName, udpPort, tcpPort }: MediaRelay): XmlNode {
  return xml(
    'mediaRelay',
    {},
    xml('location', {}, location),
    xml('hostName', {}, hostName),
    udpPort !== null && xml('udpPort', {}, String(udpPort)),
    tcpPort !== null && xml('tcpPort', {}, String(tcpPort)),
  );
}

/**
 * An answer without a `reasonPhrase` that we know is an `Other Failure`. MRS-3: a relay without a host name is reached by
 * its `directIPAddress`; one with neither is left out. Throws `MalformedBody`.
 */
export function parseRelayResponse(text: string): RelayResponse {
  const root = parseXml(text, 'relay response');
  if (root.name !== 'response') throw new MalformedBody('relay response', `found ${root.name}`);
  const phrase = attribute(root, 'reasonPhrase') ?? '';
  return {
    requestId: attribute(root, 'requestID') ?? '',
    to: attribute(root, 'to') ?? '',
    from: attribute(root, 'from') ?? '',
    outcome: outcomes.has(phrase) ? (phrase as RelayOutcome) : 'Other Failure',
    responses: childrenOf(root, 'credentialsResponse').map(credentialsResponseOf),
  };
}

function credentialsResponseOf(element: XmlElement): CredentialsResponse {
  const credentials = child(element, 'credentials');
  const list = child(element, 'mediaRelayList');
  return {
    id: needed(attribute(element, 'credentialsRequestID'), 'credentialsRequestID'),
    username: needed(credentials && textOf(credentials, 'username'), 'username'),
    password: needed(credentials && textOf(credentials, 'password'), 'password'),
    durationMinutes: (credentials && natural(credentials, 'duration')) ?? 0,
    realm: (credentials && textOf(credentials, 'realm')) ?? '',
    relays: list === undefined ? [] : childrenOf(list, 'mediaRelay').flatMap(mediaRelayOf),
  };
}

function mediaRelayOf(element: XmlElement): MediaRelay[] {
  const hostName = textOf(element, 'hostName') || textOf(element, 'directIPAddress') || '';
  const [udpPort, tcpPort] = [natural(element, 'udpPort', 65535), natural(element, 'tcpPort', 65535)];
  return hostName === '' ? [] : [{ location: locationOf(element), hostName, udpPort, tcpPort }];
}
