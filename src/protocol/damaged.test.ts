import fc from 'fast-check';
import { describe, it } from 'vitest';
import { decodeBase64 } from './base64';
import { parseAutodiscover } from './lync/autodiscover';
import { parseBatchSubscribe } from './lync/batchSubscribe';
import { parseCard, parseCategories, parseNote, parseState } from './lync/categories';
import { parseCccpRequest, parseCccpResponse } from './lync/cccp';
import { parseAddUserAnswer, parseCommand, parseConferenceAnswer } from './lync/conferenceCommands';
import { parseConferenceInvite } from './lync/conferenceInvite';
import { parseContactDocument } from './lync/contactList';
import { parseContactOperation } from './lync/contactService';
import { parseContainerMembers } from './lync/containerMembers';
import { parseDirectoryAnswer, parseDirectoryQuery } from './lync/directorySearch';
import { parseFault } from './lync/fault';
import { parseImdn } from './lync/imdn';
import { parseKeyboardActivity } from './lync/keyboardActivity';
import { parseProvisioning, parseProvisioningRequest } from './lync/provisioning';
import { parsePublish } from './lync/publish';
import { parseDeregistered } from './lync/registrationEvent';
import { parseRelayRequest, parseRelayResponse } from './lync/relayCredentials';
import { parseRoamingData, parseRoamingRequest } from './lync/roamingSelf';
import { labelSharing, parseSharing, redirectSharing, sharingKindOf } from './lync/sharingSdp';
import { parseSetSubscribers } from './lync/subscribers';
import { parseMsgr, parseTextFormat } from './lync/textFormat';
import { MalformedBody } from './malformed';
import { parseAuthenticateMessage } from './ntlm/authenticateMessage';
import { parseChallengeMessage } from './ntlm/challengeMessage';
import { parseTargetInfo } from './ntlm/targetInfo';
import { parseConferenceInfo } from './shared/conferenceInfo';
import { parseFileWord } from './shared/fileChannel';
import { parseFileMessage } from './shared/fileMessage';
import { parseTicket, parseTicketRequest } from './shared/fileTicket';
import { parsePointerMessage } from './shared/pointerMessage';
import { parseResourceList } from './shared/rlmi';
import { parseSharingControl } from './shared/sharingControl';
import { parseAuthentication } from './sip/authentication';
import { isFileSdp, parseFileAnswer, parseFileOffer } from './sip/fileSdp';
import {
  parseDiagnostics,
  parseNameAddr,
  parseReason,
  parseSubscriptionState,
  parseWarning,
  splitCommas,
} from './sip/headers';
import { parseImOffer } from './sip/imOffer';
import { parseMessage } from './sip/message';
import { parseBody } from './sip/multipart';
import { aorOf, parseUri } from './sip/uri';
import { parseXml } from './xml';

/** Text that is nearly right: pieces of what a reader looks for, in any order, and anything between them. */
const nearly = (...pieces: string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 30 })
    .map((all) => all.join(''));

const addresses = nearly('"', '<', '>', 'sip:', 'alice', '@', ';', '=', ',', '\\', 'tag', ' ', '\r\n');
const elements = nearly('<a', '>', '</a>', '/>', ' x="', '"', '&', ';', '&#x0;', 'xmlns:p="u"', 'p:', '<!--', ']]>');
const parts = nearly('--b', '--', '\r\n', '\r\n\r\n', 'Content-Type: text/plain', ':', ' ');
const sharing = nearly(
  'm=video ',
  '9 ',
  'UDP/TLS/RTP/SAVPF',
  '\r\n',
  'a=label:applicationsharing-video',
  'a=x-applicationsharing-role:',
  'sharer',
  'a=inactive',
);
const fileSdps = nearly(
  'm=application ',
  '9 ',
  'UDP/DTLS/SCTP webrtc-datachannel',
  '\r\n',
  'a=sendonly\r\n',
  'a=recvonly\r\n',
  'a=file-selector:name:"',
  'plan.pdf',
  '%25',
  '" size:',
  '12',
  'a=file-transfer-id:f1\r\n',
  'a=file-range:1-*\r\n',
);
const pointers = nearly(
  '{"is":"',
  'point',
  'ink',
  '"',
  ',',
  '"x":',
  '"y":',
  '"points":[[',
  '0.5',
  ',',
  ']]',
  '"stroke":',
  '1',
  '}',
);
const messages = nearly('INVITE ', 'sip:a@b', ' SIP/2.0', 'SIP/2.0 ', '200 ', '\r\n', ':', 'Via', ' ', '\r\n\r\n');

const names =
  'group contact addedContact deletedGroup URI groupID Array row filter category state availability body publications publication categories container containers member subscribers subscriber action adhocList resource instance details operation provisionGroup conferenceKeys userKeys roles user-roles entry endpoint locked conference-info conference-description conf-uris organizer users conference-view entity-view entity-state rules focus-uri im recipient status message-id credentialsRequest credentialsResponse credentials mediaRelayList mediaRelay username password identity hostName udpPort upload resume download file ticket conference peer'.split(
    ' ',
  );
const attributes =
  'credentialsRequestID uri name id deltaNum prevDeltaNum groups instance container version expireType expires categoryName type value user action state cid index curVersion entity confEntity userEntity session-type requestId code available'.split(
    ' ',
  );
const values = [
  '',
  '0',
  '1',
  '-1',
  '1e9',
  'NaN',
  '99999999999',
  'sip:bob@contoso.example',
  'user',
  'subscribe',
  'add',
  'true',
  'presenter',
  'chat',
];

/** A document with one of these roots, and within it what readers of contacts and presence look for, with any values. */
function document(roots: readonly string[], depth = 3): fc.Arbitrary<string> {
  const attribute = fc.tuple(fc.constantFrom(...attributes), fc.constantFrom(...values));
  const children = depth === 0 ? fc.constant([]) : fc.array(document(names, depth - 1), { maxLength: 4 });
  return fc
    .tuple(
      fc.constantFrom(...roots),
      fc.uniqueArray(attribute, { selector: ([name]) => name, maxLength: 8 }),
      fc.constantFrom(...values),
      children,
    )
    .map(([name, written, text, inner]) => {
      const all = written.map(([key, value]) => ` ${key}="${value}"`).join('');
      return `<${name}${all}>${text}${inner.join('')}</${name}>`;
    });
}

const commands = document(
  'addConference getConference deleteConference addUser deleteUser modifyUserRoles modifyConferenceLock'.split(' '),
);

const operations = document(['setContact', 'deleteGroup', 'modifyGroup', 'directorySearch']).map(
  (operation) => `<Envelope><Body>${operation}</Body></Envelope>`,
);

describe('nothing that a peer writes brings a reader down', () => {
  it.each<[string, fc.Arbitrary<string>, (text: string) => unknown]>([
    ['addresses', addresses, parseNameAddr],
    ['lists', addresses, splitCommas],
    ['URIs', addresses, parseUri],
    ['persons', addresses, aorOf],
    ['diagnostics', addresses, parseDiagnostics],
    ['warnings', addresses, parseWarning],
    ['reasons', addresses, parseReason],
    ['subscription states', addresses, parseSubscriptionState],
    ['challenges', nearly('NTLM ', 'realm', '=', '"', ',', 'a==', '\\', ' '), parseAuthentication],
    ['first messages', addresses, parseTextFormat],
    ['message formats', fc.base64String(), parseMsgr],
    ['Base64', fc.string(), decodeBase64],
    ['messages', messages, parseMessage],
    ['kinds of sharing', sharing, sharingKindOf],
    ['deregistrations', nearly('deregistered', ';', 'event=', 'rejected', ' '), parseDeregistered],
  ])('%s: a value or null', (_what, texts, read) => {
    fc.assert(fc.property(texts, (text) => void read(text)));
  });

  it.each<[string, fc.Arbitrary<string>, (text: string) => unknown]>([
    ['XML', elements, (text) => parseXml(text, 'document')],
    ['typing notices', elements, parseKeyboardActivity],
    ['discovery', elements, parseAutodiscover],
    ['SDP', nearly('m=', 'message ', '5060 ', 'sip ', 'null', '\r\n', 'a=accept-types:'), parseImOffer],
    ['sharing', sharing, (sdp) => [parseSharing(sdp), labelSharing(sdp, 'viewer'), redirectSharing(sdp, 'inactive')]],
    ['control of sharing', fc.json(), parseSharingControl],
    ['offers of files', fileSdps, parseFileOffer],
    ['answers about files', fileSdps, parseFileAnswer],
    ['whether it is a file', fileSdps, isFileSdp],
    [
      'words about files',
      fc.oneof(fc.json(), nearly('{"is":"', 'taken', 'end', '",', '"bytes":', '1', '}')),
      parseFileWord,
    ],
    ['pointers', fc.oneof(fc.json(), pointers), parsePointerMessage],
    ['file messages', fc.json(), parseFileMessage],
    ['requests for file tickets', document(['fileTicket']), parseTicketRequest],
    ['file tickets', document(['fileTicket']), parseTicket],
    ['contact lists', document(['contactList', 'contactDelta']), parseContactDocument],
    ['changes of contacts', operations, parseContactOperation],
    ['container members', document(['setContainerMembers']), parseContainerMembers],
    ['directory searches', operations, parseDirectoryQuery],
    ['directory answers', operations, parseDirectoryAnswer],
    ['faults', document(['Fault']), parseFault],
    ['provisioning', document(['provisionGroupList']), parseProvisioning],
    ['relay requests', document(['request']), parseRelayRequest],
    ['relay responses', document(['response']), parseRelayResponse],
    ['provisioning requests', document(['provisioningGroupList']), parseProvisioningRequest],
    ['publications', document(['publish']), parsePublish],
    ['oneself', document(['roamingData']), parseRoamingData],
    ['requests for oneself', document(['roamingList']), parseRoamingRequest],
    ['subscribers', document(['setSubscribers']), parseSetSubscribers],
    ['batches', document(['batchSub', 'categoryList']), parseBatchSubscribe],
    ['resource lists', document(['list']), parseResourceList],
    ['categories', document(['categories']), parseCategories],
    [
      'contents',
      document(['state', 'note', 'contactCard']),
      (text) => [parseState, parseNote, parseCard].map((read) => read(parseXml(text, 'content'))),
    ],
    ['C3P requests', commands.map((command) => `<request>${command}</request>`), parseCccpRequest],
    ['C3P responses', commands.map((command) => `<response code="success">${command}</response>`), parseCccpResponse],
    ['conference commands', commands, (text) => parseCommand(parseXml(text, 'command'))],
    [
      'answers about conferences',
      commands,
      (text) => [parseConferenceAnswer, parseAddUserAnswer].map((read) => read(parseXml(text, 'answer'))),
    ],
    ['conference invitations', document(['Conferencing']), parseConferenceInvite],
    ['delivery notices', document(['imdn']), parseImdn],
    ['rosters', document(['conference-info']), parseConferenceInfo],
    ['multipart bodies', parts, (text) => parseBody('multipart/mixed;boundary=b', text)],
  ])('%s: a value or MalformedBody', (_what, texts, read) => {
    fc.assert(
      fc.property(texts, (text) => {
        try {
          read(text);
        } catch (error) {
          if (!(error instanceof MalformedBody)) throw error;
        }
      }),
    );
  });

  /** A message of this type with a head of anything, so that its fields point anywhere. */
  const ntlm = (type: number): fc.Arbitrary<Uint8Array> =>
    fc
      .array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: 52, maxLength: 120 })
      .map((rest) => Uint8Array.of(0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0, type, 0, 0, 0, ...rest));

  it.each<[string, fc.Arbitrary<Uint8Array>, (bytes: Uint8Array) => unknown]>([
    ['NTLM challenges', ntlm(2), parseChallengeMessage],
    ['NTLM answers', ntlm(3), parseAuthenticateMessage],
    ['NTLM target info', fc.uint8Array(), parseTargetInfo],
  ])('%s: a value or MalformedBody', (_what, messages, read) => {
    fc.assert(
      fc.property(messages, (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          if (!(error instanceof MalformedBody)) throw error;
        }
      }),
    );
  });
});
