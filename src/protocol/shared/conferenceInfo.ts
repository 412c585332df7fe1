import { MalformedBody } from '../malformed';
import { parseNatural } from '../natural';
import { type Direction, isDirection } from '../sip/sdp';
import { type Aor, aorOf } from '../sip/uri';
import { attribute, child, childrenOf, formatXml, parseXml, textOf, type XmlElement, type XmlNode, xml } from '../xml';

/** The conference event package's document: RFC 4575 with Microsoft's extensions (`lync-wire` 6.4). */
export const conferenceInfoType = 'application/conference-info+xml';

const ci = 'urn:ietf:params:xml:ns:conference-info';
const msci = 'http://schemas.microsoft.com/rtc/2005/08/confinfoextensions';
/** Ours: the conference's rules that Lync has no element for. Readers that do not know it skip it. */
const confab = 'urn:confab:conference';

export interface ConferenceEndpoint {
  entity: string;
  sessionType: 'focus' | 'chat' | 'applicationsharing' | 'audio-video';
  /** `connected`, `pending`, `on-hold`, ... (RFC 4575 §5.7.3). */
  status: string;
  /** GRUU of the endpoint, where told. */
  uri: string | null;
  /** Of shared programs: the sharer's is `sendonly`, a viewer's `recvonly` (RFC 4575 §5.8.4), `state` is `connected`. */
  flow: { direction: Direction; state: string } | null;
}

export interface ConferenceUser {
  aor: Aor;
  displayName: string;
  role: 'presenter' | 'attendee';
  endpoints: readonly ConferenceEndpoint[];
  /** True for `state="deleted"`: gone (CNF-17). */
  isDeleted: boolean;
}

export interface ConferenceDescription {
  subject: string;
  chatUri: string | null;
  /** The MCU for shared programs; `null` where nobody can share. */
  sharingUri: string | null;
  organizer: { aor: Aor; displayName: string } | null;
  conferenceId: string;
  admissionPolicy: string;
  history: 'all' | 'none' | null;
  maxSize: number | null;
  /** Who may share programs, where anybody can. */
  sharing: 'everyone' | 'presenters' | null;
}

/** What is `null` is not in the document: unchanged. */
export interface ConferenceInfo {
  entity: string;
  state: 'full' | 'partial' | 'deleted';
  version: number;
  description: ConferenceDescription | null;
  users: readonly ConferenceUser[] | null;
  locked: boolean | null;
}

export function formatConferenceInfo(info: ConferenceInfo): string {
  return formatXml(
    xml(
      'conference-info',
      { xmlns: ci, 'xmlns:msci': msci, entity: info.entity, state: info.state, version: info.version },
      info.description && descriptionNode(info.description),
      info.users && xml('users', { state: info.state === 'full' ? 'full' : 'partial' }, ...info.users.map(userNode)),
      info.locked === null ? null : viewNode(info, info.locked),
    ),
  );
}

function descriptionNode(description: ConferenceDescription): XmlNode {
  const { organizer, chatUri, sharingUri } = description;
  const uris = [
    ...(chatUri === null ? [] : [['chat', chatUri] as const]),
    ...(sharingUri === null ? [] : [['applicationsharing', sharingUri] as const]),
  ];
  return xml(
    'conference-description',
    {},
    xml('subject', {}, description.subject),
    uris.length === 0
      ? null
      : xml(
          'conf-uris',
          {},
          ...uris.map(([purpose, uri]) =>
            xml('entry', {}, xml('uri', {}, uri), xml('display-text', {}, purpose), xml('purpose', {}, purpose)),
          ),
        ),
    organizer &&
      xml('organizer', { xmlns: msci }, xml('display-name', {}, organizer.displayName), xml('uri', {}, organizer.aor)),
    xml('msci:conference-id', {}, description.conferenceId),
    xml('msci:admission-policy', {}, description.admissionPolicy),
    description.history === null && description.maxSize === null && description.sharing === null
      ? null
      : xml('rules', {
          xmlns: confab,
          history: description.history ?? undefined,
          'max-size': description.maxSize ?? undefined,
          sharing: description.sharing ?? undefined,
        }),
  );
}

function userNode(user: ConferenceUser): XmlNode {
  if (user.isDeleted) return xml('user', { entity: user.aor, state: 'deleted' });
  return xml(
    'user',
    { entity: user.aor, state: 'full' },
    xml('display-text', {}, user.displayName),
    xml('roles', {}, xml('entry', {}, user.role)),
    ...user.endpoints.map(endpointNode),
  );
}

function endpointNode(endpoint: ConferenceEndpoint): XmlNode {
  const { flow } = endpoint;
  return xml(
    'endpoint',
    { entity: endpoint.entity, 'session-type': endpoint.sessionType, 'msci:endpoint-uri': endpoint.uri ?? undefined },
    xml('status', {}, endpoint.status),
    xml('joining-method', {}, 'dialed-in'),
    endpoint.sessionType === 'focus'
      ? null
      : xml(
          'media',
          { id: 1 },
          xml('type', {}, endpoint.sessionType),
          flow && xml('status', {}, flow.direction),
          flow && xml('msci:media-state', {}, flow.state),
        ),
  );
}

/** CNF-21: SIPE reads the lock only in the entity-view whose media is chat. */
function viewNode(info: ConferenceInfo, locked: boolean): XmlNode {
  const lock = xml('msci:locked', {}, String(locked));
  const chat = info.entity.replace('app:conf:focus:', 'app:conf:chat:');
  const media = xml('msci:media', {}, xml('entry', { label: 'chat' }, xml('type', {}, 'chat')));
  return xml(
    'msci:conference-view',
    { state: 'full' },
    xml('msci:entity-view', { entity: info.entity, state: 'full' }, xml('msci:entity-state', {}, lock)),
    xml('msci:entity-view', { entity: chat, state: 'full' }, xml('msci:entity-state', {}, lock, media)),
  );
}

export function parseConferenceInfo(text: string): ConferenceInfo {
  const root = parseXml(text, 'conference-info');
  const entity = attribute(root, 'entity');
  if (root.name !== 'conference-info' || !entity) throw new MalformedBody('conference-info', 'there is no entity');
  const description = child(root, 'conference-description');
  const users = child(root, 'users');
  const state = attribute(root, 'state');
  return {
    entity,
    state: state === 'partial' || state === 'deleted' ? state : 'full',
    version: parseNatural(attribute(root, 'version')) ?? 0,
    description: description === undefined ? null : descriptionOf(description),
    users: users === undefined ? null : childrenOf(users, 'user').flatMap(userOf),
    locked: lockOf(child(root, 'conference-view')),
  };
}

function descriptionOf(element: XmlElement): ConferenceDescription {
  const uris = child(element, 'conf-uris');
  const uriFor = (purpose: string): string | null => {
    const found = uris && childrenOf(uris, 'entry').find((entry) => textOf(entry, 'purpose') === purpose);
    return (found && textOf(found, 'uri')) || null;
  };
  const organizer = child(element, 'organizer');
  const organizerAor = organizer && aorOf(textOf(organizer, 'uri') ?? '');
  const rules = element.children.find((candidate) => candidate.name === 'rules' && candidate.namespace === confab);
  const history = rules && attribute(rules, 'history');
  const sharing = rules && attribute(rules, 'sharing');
  return {
    subject: textOf(element, 'subject') ?? '',
    chatUri: uriFor('chat'),
    sharingUri: uriFor('applicationsharing'),
    organizer:
      organizer && organizerAor ? { aor: organizerAor, displayName: textOf(organizer, 'display-name') ?? '' } : null,
    conferenceId: textOf(element, 'conference-id') ?? '',
    admissionPolicy: textOf(element, 'admission-policy') ?? '',
    history: history === 'all' || history === 'none' ? history : null,
    maxSize: parseNatural(rules && attribute(rules, 'max-size')) || null,
    sharing: sharing === 'everyone' || sharing === 'presenters' ? sharing : null,
  };
}

const sessionTypes: readonly string[] = ['focus', 'chat', 'applicationsharing', 'audio-video'];

function userOf(element: XmlElement): ConferenceUser[] {
  const aor = aorOf(attribute(element, 'entity') ?? '');
  if (aor === null) return [];
  const roles = child(element, 'roles');
  return [
    {
      aor,
      displayName: textOf(element, 'display-text') ?? '',
      role: (roles && textOf(roles, 'entry')) === 'presenter' ? 'presenter' : 'attendee',
      isDeleted: attribute(element, 'state') === 'deleted',
      endpoints: childrenOf(element, 'endpoint').flatMap((endpoint) => {
        const type = attribute(endpoint, 'session-type') ?? '';
        if (!sessionTypes.includes(type)) return [];
        return [
          {
            entity: attribute(endpoint, 'entity') ?? '',
            sessionType: type as ConferenceEndpoint['sessionType'],
            status: textOf(endpoint, 'status') ?? '',
            uri: attribute(endpoint, 'endpoint-uri') ?? null,
            flow: flowOf(child(endpoint, 'media')),
          },
        ];
      }),
    },
  ];
}

function flowOf(media: XmlElement | undefined): ConferenceEndpoint['flow'] {
  const status = media && textOf(media, 'status');
  if (media === undefined || !isDirection(status)) return null;
  return { direction: status, state: textOf(media, 'media-state') ?? '' };
}

function lockOf(view: XmlElement | undefined): boolean | null {
  for (const entityView of view === undefined ? [] : childrenOf(view, 'entity-view')) {
    const entityState = child(entityView, 'entity-state');
    const locked = entityState && textOf(entityState, 'locked');
    if (locked !== undefined) return locked === 'true';
  }
  return null;
}
