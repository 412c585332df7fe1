import { formatCccpResponse, parseCccpRequest } from '../protocol/lync/cccp';
import { addUserAnswerNode, conferenceAnswerNode, parseCommand } from '../protocol/lync/conferenceCommands';
import { formatProvisioning } from '../protocol/lync/provisioning';
import { type ConferenceUser, formatConferenceInfo } from '../protocol/shared/conferenceInfo';
import { formatImOffer } from '../protocol/sip/imOffer';
import { headerOf, type SipMessage } from '../protocol/sip/message';
import type { Aor, FocusUri } from '../protocol/sip/uri';
import { alice, bob } from './people';
import { type ScriptedAnswer, ScriptedHome } from './scriptedHome';

/** The conference of the tests: Bob's, with an IM MCU that numbers. */
export const key = 'AdK7Qm9sa1Rpbm55RXhhbXBsZQ==';
export const focus = `${bob};gruu;opaque=app:conf:focus:id:7K2M9QXA` as FocusUri;
export const chat = focus.replace(':focus:', ':chat:');
export const sharingMcu = focus.replace(':focus:', ':applicationsharing:');
export const factory = `${alice};gruu;opaque=app:conf:focusfactory`;
export const cccp = 'application/cccp+xml';

export function user(aor: Aor, inChat = true, isDeleted = false): ConferenceUser {
  const endpoint = {
    entity: '{1}',
    sessionType: 'chat' as const,
    status: inChat ? 'connected' : 'disconnected',
    uri: null,
    flow: null,
  };
  return { aor, displayName: aor, role: aor === bob ? 'presenter' : 'attendee', endpoints: [endpoint], isDeleted };
}

const description = {
  subject: 'Draft review',
  chatUri: chat,
  sharingUri: sharingMcu,
  organizer: { aor: bob, displayName: 'Bob' },
  conferenceId: '7K2M9QXA',
  admissionPolicy: 'openAuthenticated',
  history: 'all' as const,
  maxSize: 250,
  sharing: 'presenters' as const,
};

export function roster(state: 'full' | 'partial' | 'deleted', version: number, ...users: ConferenceUser[]) {
  const told = { entity: focus, state, version, users, locked: null };
  const body = formatConferenceInfo({ ...told, description: state === 'full' ? description : null });
  return { contentType: 'application/conference-info+xml', body };
}

/** The focus, its MCU and the factory, as a sound server answers. */
export function answer(request: SipMessage, numbered = true): ScriptedAnswer | null {
  const contact = `Contact: <${request.uri}>`;
  if (request.method === 'INVITE' && request.uri === chat) {
    const headers = numbered ? [contact, 'Supported: com.confab.numbered'] : [contact];
    const body = formatImOffer({ uri: chat, acceptTypes: ['text/plain'] });
    return { status: 200, reason: 'OK', headers, contentType: 'application/sdp', body };
  }
  if (headerOf(request, 'Content-Type') !== cccp) return null;
  const envelope = parseCccpRequest(request.body);
  const command = parseCommand(envelope.command);
  if (command.is === 'addUser') {
    const body = formatCccpResponse(envelope, 'success', addUserAnswerNode(focus, alice, 'attendee'));
    return { status: 200, reason: 'OK', headers: [contact], contentType: cccp, body };
  }
  if (command.is === 'addConference') {
    const body = formatCccpResponse(envelope, 'success', conferenceAnswerNode('addConference', focus));
    return { status: 200, reason: 'OK', contentType: cccp, body };
  }
  return { status: 202, reason: 'Accepted' };
}

/** Alice's dialect, signed in opposite a server that has this conference. */
export async function homeWithFocus(): Promise<ScriptedHome> {
  const home = new ScriptedHome();
  const settings = new Map([['focusFactoryUri', factory]]);
  home.documents.set('vnd-microsoft-provisioning-v2', {
    contentType: 'application/vnd-microsoft-roaming-provisioning-v2+xml',
    body: formatProvisioning([{ name: 'ServerConfiguration', settings }]),
  });
  home.documents.set('conference', roster('full', 1, user(bob), user(alice, false)));
  home.answers = answer;
  await home.signIn();
  home.peer.ladder.length = 0;
  return home;
}
