import { type AvailabilityWord, wordOf } from '../protocol/lync/availability';
import { batchSubscribeType, parseBatchSubscribe } from '../protocol/lync/batchSubscribe';
import { categoriesType, parseCategories, parseNote, parseState, type ReadCategory } from '../protocol/lync/categories';
import { cccpType, parseCccpRequest, parseCccpResponse } from '../protocol/lync/cccp';
import { parseConferenceAnswer } from '../protocol/lync/conferenceCommands';
import { conferenceInviteType, parseConferenceInvite } from '../protocol/lync/conferenceInvite';
import { contactsType, parseContactDocument } from '../protocol/lync/contactList';
import { parseSoapBody, soapType } from '../protocol/lync/contactService';
import { faultType, parseFault } from '../protocol/lync/fault';
import { imdnType, parseImdn } from '../protocol/lync/imdn';
import { keyboardActivityType, parseKeyboardActivity } from '../protocol/lync/keyboardActivity';
import { parseProvisioning, provisioningType } from '../protocol/lync/provisioning';
import { parsePublish, publishType } from '../protocol/lync/publish';
import { parseDeregistered, registrationEventType } from '../protocol/lync/registrationEvent';
import { parseRelayResponse, relayCredentialsType } from '../protocol/lync/relayCredentials';
import { parseRoamingData, selfType } from '../protocol/lync/roamingSelf';
import { MalformedBody } from '../protocol/malformed';
import { conferenceInfoType, parseConferenceInfo } from '../protocol/shared/conferenceInfo';
import { fileMessageType } from '../protocol/shared/fileMessage';
import { fileTicketType } from '../protocol/shared/fileTicket';
import { parseTerminated, rlmiType } from '../protocol/shared/rlmi';
import { type Part, parseBody } from '../protocol/sip/multipart';
import { bareAddress } from '../protocol/sip/uri';
import { attribute, child, parseXml } from '../protocol/xml';
import { conferenceOf } from './frame';

/** What a document tells of one person; addresses are bare. */
export interface ToldPerson {
  address: string;
  name?: string;
  availability?: AvailabilityWord;
  note?: string;
  /** Gone from the list or the conference, with the reason where told. */
  gone?: string;
}

/** What a body says, in values; `ui/words` makes the words. */
export type BodyGist =
  | { is: 'presence'; people: readonly ToldPerson[] }
  | { is: 'watch'; action: 'subscribe' | 'unsubscribe'; people: readonly string[] }
  | { is: 'publish'; categories: readonly string[] }
  | { is: 'self'; categories: number; subscribers: number }
  | { is: 'settings'; groups: readonly string[] }
  | { is: 'contacts'; contacts: number; groups: number; full: boolean }
  | { is: 'soap'; operation: string }
  | { is: 'command'; command: string; conference: string; person: string }
  | { is: 'commandAnswer'; command: string; code: string; reason: string; conference: string }
  | { is: 'conference'; people: readonly ToldPerson[]; full: boolean; locked: boolean | null; subject: string }
  | { is: 'conferenceInvite'; subject: string; conference: string }
  | { is: 'typing'; typing: boolean }
  | { is: 'undelivered'; people: readonly { address: string; status: number }[] }
  | { is: 'deregistered'; event: string }
  | { is: 'conflict'; versions: readonly number[] }
  /** TURN credentials: `outcome` is `OK`, `Server Busy`, ...; `''` in a request. */
  | { is: 'relays'; outcome: string; relays: number }
  /** Of the home server's file store; the name is what somebody says, and may be hidden. */
  | { is: 'file'; does: 'upload' | 'resume' | 'download' | 'ticket' | 'tell' }
  | { is: 'sdp'; media: readonly string[] }
  | { is: 'text'; characters: number }
  /** The document cannot be read, or is of a kind that we do not know. */
  | { is: 'malformed'; what: string }
  | { is: 'unknown' };

type Reader = (body: string) => BodyGist;

const readers: Readonly<Record<string, Reader>> = {
  [categoriesType]: (body) => ({ is: 'presence', people: [personOf(body)] }),
  [rlmiType]: (body) => ({ is: 'presence', people: goneOf(body) }),
  [batchSubscribeType]: readWatch,
  [publishType]: (body) => {
    const { publications } = parsePublish(body);
    return { is: 'publish', categories: [...new Set(publications.map(({ category }) => category))] };
  },
  [selfType]: readSelf,
  [provisioningType]: readSettings,
  [contactsType]: readContacts,
  [soapType.toLowerCase()]: (body) => ({ is: 'soap', operation: parseSoapBody(body)[0].name }),
  [cccpType]: readCommand,
  [conferenceInfoType]: readConference,
  [conferenceInviteType]: (body) => {
    const { subject, focus } = parseConferenceInvite(body);
    return { is: 'conferenceInvite', subject, conference: conferenceOf(focus) };
  },
  [keyboardActivityType]: (body) => ({ is: 'typing', typing: parseKeyboardActivity(body) }),
  'application/im-iscomposing+xml': (body) => ({ is: 'typing', typing: /<state>\s*active\s*</.test(body) }),
  [imdnType]: (body) => ({
    is: 'undelivered',
    people: parseImdn(body).recipients.map(({ aor, status }) => ({ address: bareAddress(aor), status })),
  }),
  [relayCredentialsType]: readRelays,
  [fileTicketType]: (body) => ({ is: 'file', does: wishOf(body) }),
  [fileMessageType]: () => ({ is: 'file', does: 'tell' }),
  [registrationEventType]: (body) => ({ is: 'deregistered', event: parseDeregistered(body) ?? 'unregistered' }),
  [faultType]: (body) => ({ is: 'conflict', versions: parseFault(body).conflicts.map(({ curVersion }) => curVersion) }),
  'application/sdp': (body) => ({ is: 'sdp', media: [...body.matchAll(/^m=(\S+)/gm)].map(([, name]) => name ?? '') }),
};

/** What a body says. Never throws: nonsense is `malformed`. */
export function bodyGist(contentType: string, body: string): BodyGist {
  return guarded(() => {
    const gists = parseBody(contentType, body).map(partGist);
    const told = gists.flatMap((gist) => (gist.is === 'presence' ? gist.people : []));
    if (told.length > 0) return { is: 'presence', people: told };
    return gists[0] ?? { is: 'unknown' };
  });
}

/** What one part of a body says; a body that is not multipart is one part. */
export function partGist({ contentType, body }: Pick<Part, 'contentType' | 'body'>): BodyGist {
  if (contentType.startsWith('text/') && contentType !== registrationEventType) {
    return { is: 'text', characters: [...body].length };
  }
  const read = readers[contentType];
  return read === undefined ? { is: 'unknown' } : guarded(() => read(body));
}

function guarded(read: () => BodyGist): BodyGist {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedBody) return { is: 'malformed', what: error.what };
    throw error;
  }
}

function personOf(body: string): ToldPerson {
  const { aor, categories } = parseCategories(body);
  const contentOf = (name: string) => categories.filter((one) => one.name === name && one.content !== null);
  const note = contentOf('note').at(-1)?.content;
  const availability = availabilityIn(contentOf('state'));
  return {
    address: bareAddress(aor),
    ...(availability === undefined ? {} : { availability }),
    ...(note ? { note: parseNote(note) } : {}),
  };
}

/** The aggregate state, which is what others see; else the last that is there. */
function availabilityIn(states: readonly ReadCategory[]): AvailabilityWord | undefined {
  const read = states.flatMap(({ content }) => (content === null ? [] : (parseState(content) ?? [])));
  const state = read.find(({ type }) => type === 'aggregateState') ?? read.at(-1);
  return state === undefined ? undefined : wordOf(state.availability);
}

function goneOf(body: string): ToldPerson[] {
  const part = { contentType: rlmiType, headers: new Map<string, string>(), body };
  return parseTerminated(part).map(({ aor, reason }) => ({ address: bareAddress(aor), gone: reason }));
}

function readWatch(body: string): BodyGist {
  const { action, resources } = parseBatchSubscribe(body).batch;
  return { is: 'watch', action, people: resources.map(bareAddress) };
}

function readSelf(body: string): BodyGist {
  if (/<(?:\w+:)?roamingList\b/.test(body)) return { is: 'self', categories: 0, subscribers: 0 };
  const { categories, subscribers } = parseRoamingData(body);
  return { is: 'self', categories: categories?.length ?? 0, subscribers: subscribers?.length ?? 0 };
}

function readSettings(body: string): BodyGist {
  if (/<(?:\w+:)?provisioningGroupList\b/.test(body)) return { is: 'settings', groups: [] };
  return { is: 'settings', groups: [...parseProvisioning(body).keys()] };
}

function readContacts(body: string): BodyGist {
  const document = parseContactDocument(body);
  if (document.is === 'list') {
    const { contacts, groups } = document.list;
    return { is: 'contacts', contacts: contacts.length, groups: groups.length, full: true };
  }
  const { addedContacts, modifiedContacts, deletedContacts, addedGroups, modifiedGroups, deletedGroups } =
    document.delta;
  return {
    is: 'contacts',
    contacts: addedContacts.length + modifiedContacts.length + deletedContacts.length,
    groups: addedGroups.length + modifiedGroups.length + deletedGroups.length,
    full: false,
  };
}

function readCommand(body: string): BodyGist {
  if (/<(?:\w+:)?response\b/.test(body)) {
    const { code, reason, command } = parseCccpResponse(body);
    const conference = command?.name === 'addConference' && code === 'success' ? parseConferenceAnswer(command) : '';
    const name = command?.name ?? '';
    return { is: 'commandAnswer', command: name, code, reason: reason ?? '', conference: conferenceOf(conference) };
  }
  const { command, to } = parseCccpRequest(body);
  const user = child(command, 'user') ?? child(command, 'userKeys');
  const person = user && (attribute(user, 'entity') ?? attribute(user, 'userEntity'));
  return {
    is: 'command',
    command: command.name,
    conference: conferenceOf(to),
    person: (person ?? '').replace(/^sips?:/i, ''),
  };
}

function wishOf(body: string): 'upload' | 'resume' | 'download' | 'ticket' {
  const [wish] = parseXml(body, 'file ticket').children;
  const { name } = wish ?? { name: '' };
  return name === 'upload' || name === 'resume' || name === 'download' ? name : 'ticket';
}

function readRelays(body: string): BodyGist {
  if (/<(?:\w+:)?request\b/.test(body)) return { is: 'relays', outcome: '', relays: 0 };
  const { outcome, responses } = parseRelayResponse(body);
  return { is: 'relays', outcome, relays: responses.flatMap(({ relays }) => relays).length };
}

function readConference(body: string): BodyGist {
  const { users, state, locked, description } = parseConferenceInfo(body);
  const people = (users ?? []).map(({ aor, displayName, isDeleted }) => ({
    address: bareAddress(aor),
    ...(displayName === '' ? {} : { name: displayName }),
    ...(isDeleted ? { gone: '' } : {}),
  }));
  return { is: 'conference', people, full: state === 'full', locked, subject: description?.subject ?? '' };
}
