import { cccpType, formatCccpRequest } from '../../src/protocol/lync/cccp';
import { type ConferenceCommand, commandNode } from '../../src/protocol/lync/conferenceCommands';
import { parseConferenceInfo } from '../../src/protocol/shared/conferenceInfo';
import { formatImOffer, ourAcceptTypes } from '../../src/protocol/sip/imOffer';
import { type FocusUri, mcuUriOf } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import { focusUriFor } from '../conference/conferences';
import type { Exchange, TestEndpoint } from './endpoint';
import { lyncAbilities } from './presence';

type Command = Exclude<ConferenceCommand, { is: 'other' }>;

function c3p(endpoint: TestEndpoint, to: string, command: Command) {
  const envelope = { requestId: '1', from: endpoint.aor, to };
  return { contentType: cccpType, body: formatCccpRequest(envelope, commandNode(command)) };
}

/** Makes a conference, and nobody is in it yet. */
export function addConference(organizer: TestEndpoint, id = '7K2M9QXA'): FocusUri {
  const factory = `${organizer.aor};gruu;opaque=app:conf:focusfactory`;
  const conference = {
    id,
    subject: '',
    expiryTime: null,
    admissionPolicy: 'openAuthenticated',
    media: ['chat'],
  } as const;
  organizer.request('SERVICE', factory, c3p(organizer, factory, { is: 'addConference', conference }));
  return focusUriFor(organizer.aor, id);
}

/** The three dialogs of an endpoint in a conference (`lync-wire` 6). */
export interface Seat {
  focus: Exchange;
  roster: Exchange;
  chat: Exchange;
}

/** Joins as a Lync client does: focus, roster, chat. */
export function join(endpoint: TestEndpoint, uri: FocusUri): Seat {
  const command = {
    is: 'addUser',
    focus: uri,
    user: endpoint.aor,
    role: 'attendee',
    endpoint: '',
    dialOut: false,
  } as const;
  const focus = endpoint.request('INVITE', uri, { ...c3p(endpoint, uri, command), fromTag: `${endpoint.epid}-focus` });
  if (focus.final.status === 200) endpoint.acknowledge(focus);
  const roster = subscribeRoster(endpoint, uri);
  const chat = endpoint.request('INVITE', mcuUriOf(uri, 'chat'), {
    contentType: 'application/sdp',
    body: formatImOffer({ uri: null, acceptTypes: ourAcceptTypes }),
    fromTag: `${endpoint.epid}-chat`,
  });
  if (chat.final.status === 200) endpoint.acknowledge(chat);
  return { focus, roster, chat };
}

export function subscribeRoster(endpoint: TestEndpoint, uri: FocusUri, expires?: number): Exchange {
  const life = expires === undefined ? [] : [['Expires', String(expires)] as const];
  return endpoint.request('SUBSCRIBE', uri, { headers: [['Event', 'conference'], ...lyncAbilities, ...life] });
}

/** Sends a command in the focus dialog. */
export function command(endpoint: TestEndpoint, { focus }: Seat, wish: Command): SipMessage {
  return endpoint.inDialog(focus, 'INFO', c3p(endpoint, focus.request.uri, wish)).final;
}

/** Who a roster says is there, with what they take part in, and who is gone. */
export function rosterIn({ body }: SipMessage): string[] {
  return (parseConferenceInfo(body).users ?? []).map(({ aor, endpoints, isDeleted }) => {
    const what = isDeleted ? 'gone' : endpoints.map(({ sessionType }) => sessionType).join(' ');
    return `${aor.slice('sip:'.length, aor.indexOf('@'))}: ${what}`;
  });
}
