import type { BodyGist } from '../../trace/bodyGist';
import { statusWords } from './statusText';

/** What a person is called, by bare address. */
export type NameOf = (address: string) => string;

/** What a document says, in a few words; `null` where there is none worth a word. */
export function bodyText(body: BodyGist, nameOf: NameOf): string | null {
  switch (body.is) {
    case 'presence':
      return presenceText(body, nameOf);
    case 'watch':
      return `${body.action === 'subscribe' ? 'Follow' : 'Follow no more:'} ${peopleText(body.people, nameOf)}`;
    case 'publish':
      return `Publish ${body.categories.join(', ')}`;
    case 'self':
      return body.categories > 0 ? counted(body.categories, 'publication') : null;
    case 'settings':
      return body.groups.length > 0 ? `Settings: ${body.groups.join(', ')}` : null;
    case 'contacts':
      return `${body.full ? '' : 'Changes: '}${counted(body.contacts, 'contact')}, ${counted(body.groups, 'group')}`;
    case 'soap':
      return soapNames[body.operation] ?? body.operation;
    case 'command':
      return `${commandNames[body.command] ?? body.command}${body.person === '' ? '' : `: ${nameOf(body.person)}`}`;
    case 'commandAnswer':
      if (body.code === 'failure') return `Failed: ${body.reason || body.command}`;
      return body.conference === '' ? null : `Conference ${body.conference}`;
    case 'conference':
      return conferenceText(body, nameOf);
    case 'conferenceInvite':
      return body.subject === '' ? `Conference ${body.conference}` : `Conference “${body.subject}”`;
    case 'typing':
      return body.typing ? 'Typing' : 'Not typing';
    case 'undelivered':
      return `Not delivered to ${peopleText(addressesOf(body.people), nameOf)}`;
    case 'deregistered':
      return 'Signed out by the server';
    case 'conflict':
      return `The current version is ${body.versions.join(', ')}`;
    case 'relays':
      return body.outcome === '' ? 'Ask for access to a relay' : `${body.outcome}, ${counted(body.relays, 'relay')}`;
    case 'file':
      return fileNames[body.does];
    case 'malformed':
      return `${body.what} cannot be read`;
    case 'sdp':
    case 'text':
    case 'unknown':
      return null;
  }
}

const fileNames = {
  upload: 'Ask to send a file',
  resume: 'Ask to go on sending a file',
  download: 'Ask to get a file',
  ticket: 'Ticket for a file',
  tell: 'Tell of a file',
};

const soapNames: Readonly<Record<string, string>> = {
  setContact: 'Add or change a contact',
  deleteContact: 'Remove a contact',
  addGroup: 'Add a group',
  modifyGroup: 'Rename a group',
  deleteGroup: 'Remove a group',
  directorySearch: 'Search the directory',
};

const commandNames: Readonly<Record<string, string>> = {
  addConference: 'Create a conference',
  getConference: 'Look a conference up',
  getConferences: 'List conferences',
  getConferencingCapabilities: 'Ask what conferences can do',
  deleteConference: 'End the conference',
  addUser: 'Join',
  deleteUser: 'Remove',
  modifyUserRoles: 'Change the role',
  modifyConferenceLock: 'Lock or unlock',
};

function presenceText({ people }: Extract<BodyGist, { is: 'presence' }>, nameOf: NameOf): string | null {
  const [first, ...others] = people;
  if (first === undefined) return null;
  if (others.length > 0) return `Presence of ${people.length} people`;
  if (first.gone !== undefined) return `${nameOf(first.address)} cannot be followed`;
  if (first.availability === undefined) return `News of ${nameOf(first.address)}`;
  return `${nameOf(first.address)} is ${statusWords[first.availability]}`;
}

function conferenceText(body: Extract<BodyGist, { is: 'conference' }>, nameOf: NameOf): string {
  if (body.locked !== null && body.people.length === 0) return body.locked ? 'Locked' : 'Unlocked';
  if (body.full) {
    return `${body.subject === '' ? 'Conference' : `“${body.subject}”`}, ${counted(body.people.length, 'person', 'people')}`;
  }
  const gone = body.people.filter((person) => person.gone !== undefined);
  if (gone.length > 0) return `${peopleText(addressesOf(gone), nameOf)} left`;
  return body.people.length === 0
    ? 'News of the conference'
    : `News of ${peopleText(addressesOf(body.people), nameOf)}`;
}

const addressesOf = (people: readonly { address: string }[]): string[] => people.map(({ address }) => address);

/** `Alice`, `Alice and Bob`, `3 people`. */
export function peopleText(addresses: readonly string[], nameOf: NameOf): string {
  const [first] = addresses;
  if (first === undefined) return 'nobody';
  if (addresses.length > 2) return `${addresses.length} people`;
  return addresses.map(nameOf).join(' and ');
}

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
