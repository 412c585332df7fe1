import { MalformedBody } from '../malformed';
import { type Aor, aorOf } from '../sip/uri';
import { attribute, child, childrenOf, textOf, type XmlElement, type XmlNode, xml } from '../xml';

/** The commands of the focus factory and the focus ([MS-CONFBAS], [MS-CONFPRO], `lync-wire` 6.2, 6.3, 6.6). */

const ci = 'urn:ietf:params:xml:ns:conference-info';
const msci = 'http://schemas.microsoft.com/rtc/2005/08/confinfoextensions';

export type AdmissionPolicy = 'closedAuthenticated' | 'openAuthenticated' | 'anonymous';
export type RoleName = 'presenter' | 'attendee';

export interface NewConference {
  /** Chosen by the client (CNF-1); `null` leaves it to the server. */
  id: string | null;
  subject: string;
  /** ISO time. */
  expiryTime: string | null;
  admissionPolicy: AdmissionPolicy;
  /** Media wanted: `chat`, `applicationsharing`, ... */
  media: readonly string[];
}

export type ConferenceCommand =
  | { is: 'getConferencingCapabilities' }
  | { is: 'addConference'; conference: NewConference }
  | { is: 'getConference'; id: string }
  | { is: 'getConferences' }
  | { is: 'deleteConference'; focus: string }
  /** Joining: the user is the sender. */
  | { is: 'addUser'; focus: string; user: Aor; role: RoleName; endpoint: string; dialOut: boolean }
  | { is: 'deleteUser'; focus: string; user: Aor }
  | { is: 'modifyUserRoles'; focus: string; user: Aor; role: RoleName }
  | { is: 'modifyConferenceLock'; focus: string; locked: boolean }
  | { is: 'other'; name: string };

const keys = (focus: string): XmlNode => xml('conferenceKeys', { confEntity: focus });
const userKeys = (focus: string, user: Aor): XmlNode => xml('userKeys', { confEntity: focus, userEntity: user });

export function commandNode(command: Exclude<ConferenceCommand, { is: 'other' }>): XmlNode {
  switch (command.is) {
    case 'getConferencingCapabilities':
    case 'getConferences':
      return xml(command.is);
    case 'addConference':
      return addConferenceNode(command.conference);
    case 'getConference':
      return xml('getConference', {}, xml('conferenceKeys', { 'xmlns:msci': msci, 'msci:conference-id': command.id }));
    case 'deleteConference':
      return xml('deleteConference', {}, keys(command.focus));
    case 'addUser':
      return addUserNode(command);
    case 'deleteUser':
      return xml('deleteUser', {}, userKeys(command.focus, command.user));
    case 'modifyUserRoles':
      return xml(
        'modifyUserRoles',
        {},
        userKeys(command.focus, command.user),
        xml('user-roles', { xmlns: ci }, xml('entry', {}, command.role)),
      );
    case 'modifyConferenceLock':
      return xml('modifyConferenceLock', {}, keys(command.focus), xml('locked', {}, String(command.locked)));
  }
}

function addConferenceNode(conference: NewConference): XmlNode {
  return xml(
    'addConference',
    {},
    xml(
      'ci:conference-info',
      { 'xmlns:ci': ci, 'xmlns:msci': msci, entity: '' },
      xml(
        'ci:conference-description',
        {},
        xml('ci:subject', {}, conference.subject),
        conference.id === null ? null : xml('msci:conference-id', {}, conference.id),
        conference.expiryTime === null ? null : xml('msci:expiry-time', {}, conference.expiryTime),
        xml('msci:admission-policy', {}, conference.admissionPolicy),
      ),
      xml('msci:conference-view', {}, ...conference.media.map((entity) => xml('msci:entity-view', { entity }))),
    ),
  );
}

function addUserNode(command: Extract<ConferenceCommand, { is: 'addUser' }>): XmlNode {
  return xml(
    'addUser',
    {},
    keys(command.focus),
    xml(
      'ci:user',
      { 'xmlns:ci': ci, entity: command.user },
      xml('ci:roles', {}, xml('ci:entry', {}, command.role)),
      xml(
        'ci:endpoint',
        { entity: command.endpoint, 'xmlns:msci': msci },
        command.dialOut ? xml('ci:joining-method', {}, 'dialed-out') : null,
      ),
    ),
  );
}

/** Reads a command's element. Throws `MalformedBody` when a known one lacks what it needs (3005 to 3007, 3016). */
export function parseCommand(element: XmlElement): ConferenceCommand {
  switch (element.name) {
    case 'getConferencingCapabilities':
    case 'getConferences':
      return { is: element.name };
    case 'addConference':
      return { is: 'addConference', conference: newConferenceOf(element) };
    case 'getConference':
      return { is: 'getConference', id: needed(keysOf(element), 'conference-id') };
    case 'deleteConference':
      return { is: 'deleteConference', focus: focusOf(element) };
    case 'addUser':
      return addUserOf(element);
    case 'deleteUser':
      return { is: 'deleteUser', ...userKeysOf(element) };
    case 'modifyUserRoles':
      return { is: 'modifyUserRoles', ...userKeysOf(element), role: roleIn(child(element, 'user-roles')) };
    case 'modifyConferenceLock':
      return { is: 'modifyConferenceLock', focus: focusOf(element), locked: lockIn(element) };
    default:
      return { is: 'other', name: element.name };
  }
}

function needed(element: XmlElement, name: string): string {
  const value = attribute(element, name);
  if (value === undefined || value === '') throw new MalformedBody('C3P command', `${element.name} lacks ${name}`);
  return value;
}

function keysOf(element: XmlElement): XmlElement {
  const found = child(element, 'conferenceKeys');
  if (found === undefined) throw new MalformedBody('C3P command', `${element.name} lacks conferenceKeys`);
  return found;
}

const focusOf = (element: XmlElement): string => needed(keysOf(element), 'confEntity');

function userKeysOf(element: XmlElement): { focus: string; user: Aor } {
  const found = child(element, 'userKeys');
  if (found === undefined) throw new MalformedBody('C3P command', `${element.name} lacks userKeys`);
  return { focus: needed(found, 'confEntity'), user: aorIn(found, 'userEntity') };
}

function aorIn(element: XmlElement, name: string): Aor {
  const aor = aorOf(needed(element, name));
  if (aor === null) throw new MalformedBody('C3P command', `${name} is no address`);
  return aor;
}

/** The one role entry of `roles` or `user-roles`. */
function roleIn(roles: XmlElement | undefined): RoleName {
  const text = roles === undefined ? undefined : textOf(roles, 'entry');
  if (text !== 'presenter' && text !== 'attendee') throw new MalformedBody('C3P command', `no role ${text}`);
  return text;
}

/** Who asks for no role, or is granted none, is an attendee. */
function roleOf(user: XmlElement): RoleName {
  const roles = child(user, 'roles');
  return roles === undefined ? 'attendee' : roleIn(roles);
}

function lockIn(element: XmlElement): boolean {
  const text = textOf(element, 'locked');
  if (text !== 'true' && text !== 'false') throw new MalformedBody('C3P command', 'the lock is neither on nor off');
  return text === 'true';
}

function addUserOf(element: XmlElement): ConferenceCommand {
  const users = childrenOf(element, 'user');
  const [user] = users;
  if (user === undefined || users.length !== 1) throw new MalformedBody('C3P command', 'addUser needs one user');
  const endpoint = child(user, 'endpoint');
  return {
    is: 'addUser',
    focus: focusOf(element),
    user: aorIn(user, 'entity'),
    role: roleOf(user),
    endpoint: (endpoint && attribute(endpoint, 'entity')) ?? '',
    dialOut: endpoint !== undefined && textOf(endpoint, 'joining-method') === 'dialed-out',
  };
}

const policies: readonly string[] = ['closedAuthenticated', 'openAuthenticated', 'anonymous'];

function newConferenceOf(element: XmlElement): NewConference {
  const info = child(element, 'conference-info');
  const description = info && child(info, 'conference-description');
  const view = info && child(info, 'conference-view');
  const policy = description && textOf(description, 'admission-policy');
  return {
    id: (description && textOf(description, 'conference-id')) || null,
    subject: (description && textOf(description, 'subject')) ?? '',
    expiryTime: (description && textOf(description, 'expiry-time')) || null,
    admissionPolicy: (policy !== undefined && policies.includes(policy)
      ? policy
      : 'openAuthenticated') as AdmissionPolicy,
    media:
      view === undefined ? [] : childrenOf(view, 'entity-view').flatMap((entity) => attribute(entity, 'entity') ?? []),
  };
}

// ---- Answers ---------------------------------------------------------------------------------------------------------------

export function capabilitiesNode(mcuTypes: readonly string[]): XmlNode {
  return xml(
    'getConferencingCapabilities',
    {},
    xml('mcu-types', {}, ...mcuTypes.map((type) => xml('mcuType', {}, type))),
    xml('conference-roles', {}, xml('role', {}, 'presenter'), xml('role', {}, 'attendee')),
  );
}

/** CNF-2: the answer to addConference, getConference and deleteConference names the focus. */
export function conferenceAnswerNode(name: string, focus: string): XmlNode {
  return xml(name, {}, xml('conference-info', { xmlns: ci, entity: focus, version: 1 }));
}

export function parseConferenceAnswer(element: XmlElement | null): string {
  const info = element === null ? undefined : child(element, 'conference-info');
  const entity = info && attribute(info, 'entity');
  if (!entity) throw new MalformedBody('C3P response', 'there is no conference entity');
  return entity;
}

/** CNF-8: the answer to addUser repeats the keys, with one user and the one role granted. */
export function addUserAnswerNode(focus: string, user: Aor, role: RoleName): XmlNode {
  return xml(
    'addUser',
    { 'xmlns:ci': ci },
    keys(focus),
    xml('ci:user', { entity: user }, xml('ci:roles', {}, xml('ci:entry', {}, role))),
  );
}

export function parseAddUserAnswer(element: XmlElement | null): RoleName {
  const user = element === null ? undefined : child(element, 'user');
  if (user === undefined) throw new MalformedBody('C3P response', 'there is no user');
  return roleOf(user);
}
