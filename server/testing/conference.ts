import { cccpType, formatCccpRequest } from '../../src/protocol/lync/cccp';
import { type ConferenceCommand, commandNode, type NewConference } from '../../src/protocol/lync/conferenceCommands';
import { type ConferenceInfo, conferenceInfoType, parseConferenceInfo } from '../../src/protocol/shared/conferenceInfo';
import { formatImOffer } from '../../src/protocol/sip/imOffer';
import { type Aor, type FocusUri, mcuUriOf } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import type { HeaderLines } from '../role';
import type { Draft, Exchange, TestEndpoint } from './endpoint';
import { lyncAbilities } from './presence';

type Known = Exclude<ConferenceCommand, { is: 'other' }>;

export const conferenceId = '7K2M9QXA';
export const factoryOf = (owner: string) => `${owner};gruu;opaque=app:conf:focusfactory`;
export const focusOf = (organizer: string, id = conferenceId) =>
  `${organizer};gruu;opaque=app:conf:focus:id:${id}` as FocusUri;
export const chatOf = (focus: FocusUri) => mcuUriOf(focus, 'chat');

/** A C3P request as a body; `from` and `to` when it lies about them. */
export function c3p(command: Known, from: string, to: string): Pick<Draft, 'contentType' | 'body'> {
  return { contentType: cccpType, body: formatCccpRequest({ requestId: '17', from, to }, commandNode(command)) };
}

/** A command to one's own focus factory. */
export function service(endpoint: TestEndpoint, command: Known): SipMessage {
  const factory = factoryOf(endpoint.aor);
  return endpoint.request('SERVICE', factory, c3p(command, endpoint.aor, factory)).final;
}

export function newConference(changes: Partial<NewConference> = {}): Known {
  const conference: NewConference = {
    id: conferenceId,
    subject: 'Draft review',
    expiryTime: null,
    admissionPolicy: 'openAuthenticated',
    media: ['chat'],
    ...changes,
  };
  return { is: 'addConference', conference };
}

/** Makes a conference of this endpoint's person. Throws when refused. */
export function create(organizer: TestEndpoint, changes: Partial<NewConference> = {}): FocusUri {
  const answer = service(organizer, newConference(changes));
  if (answer.status !== 200) throw new Error(`no conference: ${answer.status} ${answer.reason}`);
  return focusOf(organizer.aor, changes.id ?? conferenceId);
}

export function joining(focus: FocusUri, user: Aor): Extract<Known, { is: 'addUser' }> {
  return { is: 'addUser', focus, user, role: 'attendee', endpoint: '', dialOut: false };
}

/** INVITE to the focus. */
export function join(endpoint: TestEndpoint, focus: FocusUri, headers: HeaderLines = []): Exchange {
  return endpoint.request('INVITE', focus, { headers, ...c3p(joining(focus, endpoint.aor), endpoint.aor, focus) });
}

/** SUBSCRIBE to the roster. */
export function subscribe(endpoint: TestEndpoint, focus: FocusUri, headers: HeaderLines = lyncAbilities): Exchange {
  return endpoint.request('SUBSCRIBE', focus, { headers: [['Event', 'conference'], ...headers] });
}

/** INVITE to the IM MCU; `since` is `null` for a client that does not know numbers. */
export function enterChat(endpoint: TestEndpoint, focus: FocusUri, since: string | null): Exchange {
  const numbered: HeaderLines = [
    ['Supported', 'com.confab.numbered'],
    ['Confab-Since', since ?? ''],
  ];
  return endpoint.request('INVITE', chatOf(focus), {
    headers: since === null ? [] : numbered,
    contentType: 'application/sdp',
    body: formatImOffer({ uri: null, acceptTypes: ['text/plain'] }),
  });
}

export const rosterIn = (message: SipMessage): ConferenceInfo => parseConferenceInfo(message.body);

/** One endpoint in a conference: in the focus, subscribed to the roster, in the chat. */
export class Member {
  readonly endpoint: TestEndpoint;
  readonly focus: FocusUri;
  readonly dialog: Exchange;
  readonly roster: Exchange;
  readonly chat: Exchange;

  /** Throws when refused. `since` is `null` for a native client. */
  constructor(endpoint: TestEndpoint, focus: FocusUri, since: string | null = '0') {
    this.endpoint = endpoint;
    this.focus = focus;
    this.dialog = join(endpoint, focus);
    this.roster = subscribe(endpoint, focus);
    this.chat = enterChat(endpoint, focus, since);
    for (const { final } of [this.dialog, this.roster, this.chat])
      if (final.status !== 200) throw new Error(`${endpoint.epid} is not in: ${final.status} ${final.reason}`);
  }

  /** INFO with a command in the focus dialog. */
  command(command: Known, changes: Draft = {}): SipMessage {
    const body = c3p(command, this.endpoint.aor, this.focus);
    return this.endpoint.inDialog(this.dialog, 'INFO', { ...body, ...changes }).final;
  }

  /** MESSAGE in the chat. */
  say(body: string, headers: HeaderLines = []): SipMessage {
    return this.endpoint.inDialog(this.chat, 'MESSAGE', { contentType: 'text/plain', body, headers }).final;
  }

  /** Takes and answers, oldest first, what comes of a method, also what comes only after an answer. */
  async take(method: string, status = 200): Promise<SipMessage[]> {
    const taken: SipMessage[] = [];
    for (let came = this.#drain(method); came.length > 0; came = this.#drain(method)) {
      for (const request of came) this.endpoint.answer(request, status, 'OK');
      taken.push(...came);
      await new Promise(setImmediate);
    }
    return taken;
  }

  /** The roster documents told since the last time. */
  told(): ConferenceInfo[] {
    const notices = this.#drain('BENOTIFY').filter(({ contentType }) => contentType === conferenceInfoType);
    return notices.map(rosterIn);
  }

  #drain(method: string): SipMessage[] {
    const count = this.endpoint.incoming.filter((request) => request.method === method).length;
    return Array.from({ length: count }, () => this.endpoint.expect(method));
  }
}
