import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor, FocusUri } from '../sip/uri';
import { formatXml, parseXml } from '../xml';
import {
  addUserAnswerNode,
  type ConferenceCommand,
  capabilitiesNode,
  commandNode,
  conferenceAnswerNode,
  parseAddUserAnswer,
  parseCommand,
  parseConferenceAnswer,
} from './conferenceCommands';

const focus = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA' as FocusUri;
const [bob, carol, erin] = ['bob', 'carol', 'erin'].map((user) => `sip:${user}@contoso.example` as Aor) as [
  Aor,
  Aor,
  Aor,
];

const parse = (text: string) => parseCommand(parseXml(text, 'command'));
const written = (command: Parameters<typeof commandNode>[0]) => formatXml(commandNode(command));

// lync-wire 6.2
const addConference = `<addConference xmlns="urn:ietf:params:xml:ns:cccp">
  <ci:conference-info xmlns:ci="urn:ietf:params:xml:ns:conference-info" xmlns:msci="http://schemas.microsoft.com/rtc/2005/08/confinfoextensions" entity="">
    <ci:conference-description>
      <ci:subject>Draft review</ci:subject><msci:conference-id>7K2M9QXA</msci:conference-id><msci:expiry-time>2026-03-02T18:00:00Z</msci:expiry-time>
      <msci:admission-policy>openAuthenticated</msci:admission-policy></ci:conference-description>
    <msci:conference-view><msci:entity-view entity="chat"/><msci:entity-view entity="applicationsharing"/></msci:conference-view></ci:conference-info></addConference>`;

// lync-wire 6.3
const addUser = `<addUser>
    <conferenceKeys confEntity="${focus}"/>
    <ci:user xmlns:ci="urn:ietf:params:xml:ns:conference-info" entity="sip:bob@contoso.example">
      <ci:roles><ci:entry>attendee</ci:entry></ci:roles>
      <ci:endpoint entity="{6E1C3C6B-6C0C-4C63-A9B6-0E9C51A7D210}" xmlns:msci="http://schemas.microsoft.com/rtc/2005/08/confinfoextensions"/></ci:user></addUser>`;

// lync-wire 6.6
const dialOut = `<addUser mscp:mcuUri="M" xmlns:mscp="http://schemas.microsoft.com/rtc/2005/08/cccpextensions"><conferenceKeys confEntity="${focus}"/>
    <ci:user xmlns:ci="urn:ietf:params:xml:ns:conference-info" xmlns:msci="http://schemas.microsoft.com/rtc/2005/08/confinfoextensions" entity="sip:erin@contoso.example"><ci:roles><ci:entry>attendee</ci:entry></ci:roles>
      <ci:endpoint entity="{GUID}" msci:endpoint-uri="sip:erin@contoso.example"><ci:joining-method>dialed-out</ci:joining-method></ci:endpoint></ci:user></addUser>`;
const roles = `<modifyUserRoles><userKeys confEntity="${focus}" userEntity="sip:carol@contoso.example"/><user-roles xmlns="urn:ietf:params:xml:ns:conference-info"><entry>presenter</entry></user-roles></modifyUserRoles>`;
const lock = `<modifyConferenceLock><conferenceKeys confEntity="${focus}"/><locked>true</locked></modifyConferenceLock>`;

type Known = Exclude<ConferenceCommand, { is: 'other' }>;

describe('C3P commands', () => {
  it.each<[string, string, Known]>([
    ['6.2', '<getConferencingCapabilities/>', { is: 'getConferencingCapabilities' }],
    ['CNF-6', '<getConferences/>', { is: 'getConferences' }],
    [
      'CNF-6',
      `<getConference><conferenceKeys xmlns:msci="http://schemas.microsoft.com/rtc/2005/08/confinfoextensions" msci:conference-id="7K2M9QXA"/></getConference>`,
      { is: 'getConference', id: '7K2M9QXA' },
    ],
    [
      'CNF-6',
      `<deleteConference><conferenceKeys confEntity="${focus}"/></deleteConference>`,
      { is: 'deleteConference', focus },
    ],
    [
      '6.6',
      `<deleteUser><userKeys confEntity="${focus}" userEntity="sip:carol@contoso.example"/></deleteUser>`,
      { is: 'deleteUser', focus, user: carol },
    ],
    ['6.6', roles, { is: 'modifyUserRoles', focus, user: carol, role: 'presenter' }],
    ['6.6', lock, { is: 'modifyConferenceLock', focus, locked: true }],
    ['6.6', lock.replace('>true<', '>false<'), { is: 'modifyConferenceLock', focus, locked: false }],
  ])('%s: %s is read, and written as it is', (_rule, text, command) => {
    expect(parse(text)).toEqual(command);
    expect(written(command)).toBe(text);
  });

  it('6.2, CNF-1, CNF-3: addConference', () => {
    const conference = {
      id: '7K2M9QXA',
      subject: 'Draft review',
      expiryTime: '2026-03-02T18:00:00Z',
      admissionPolicy: 'openAuthenticated' as const,
      media: ['chat', 'applicationsharing'],
    };
    expect(parse(addConference)).toEqual({ is: 'addConference', conference });
    const text = addConference.replace(' xmlns="urn:ietf:params:xml:ns:cccp"', '').replace(/>\s+</g, '><');
    expect(written({ is: 'addConference', conference })).toBe(text);
  });

  it('CNF-1: what is left out of addConference is for the server to choose', () => {
    const bare = {
      id: null,
      subject: '',
      expiryTime: null,
      admissionPolicy: 'openAuthenticated',
      media: [],
    };
    for (const text of [
      '<addConference/>',
      '<addConference><conference-info/></addConference>',
      '<addConference><conference-info><conference-description><conference-id/><admission-policy>all</admission-policy></conference-description></conference-info></addConference>',
    ])
      expect(parse(text)).toEqual({ is: 'addConference', conference: bare });
  });

  it('6.3, 6.6: addUser to join, and to dial out', () => {
    const endpoint = '{6E1C3C6B-6C0C-4C63-A9B6-0E9C51A7D210}';
    const joining = { is: 'addUser', focus, user: bob, role: 'attendee', endpoint, dialOut: false } as const;
    expect(parse(addUser)).toEqual(joining);
    expect(written(joining)).toBe(addUser.replace(/>\s+</g, '><'));
    expect(parse(dialOut)).toEqual({ ...joining, user: erin, endpoint: '{GUID}', dialOut: true });
    expect(parse(written({ ...joining, dialOut: true }))).toEqual({ ...joining, dialOut: true });
  });

  it('6.6: names a command that it does not know', () => {
    expect(parse('<modifyEndpointMedia/>')).toEqual({ is: 'other', name: 'modifyEndpointMedia' });
  });

  it.each([
    ['getConference without keys', '<getConference/>'],
    ['getConference without id', '<getConference><conferenceKeys confEntity="x"/></getConference>'],
    ['deleteConference without keys', '<deleteConference/>'],
    ['deleteConference of no conference', '<deleteConference><conferenceKeys confEntity=""/></deleteConference>'],
    ['addUser without keys', addUser.replace(/<conferenceKeys.*\/>/, '')],
    ['addUser without a user', `<addUser><conferenceKeys confEntity="${focus}"/></addUser>`],
    ['addUser of two', addUser.replace('</addUser>', '<user entity="sip:carol@contoso.example"/></addUser>')],
    ['addUser of nobody', addUser.replace('sip:bob@contoso.example', 'tel:1')],
    ['addUser in a role that there is not', addUser.replace('attendee', 'emperor')],
    ['deleteUser without keys', '<deleteUser/>'],
    ['deleteUser without a user', `<deleteUser><userKeys confEntity="${focus}"/></deleteUser>`],
    ['deleteUser of nobody', `<deleteUser><userKeys confEntity="${focus}" userEntity="carol"/></deleteUser>`],
    ['modifyUserRoles without a role', roles.replace('<entry>presenter</entry>', '')],
    ['modifyUserRoles without roles', roles.replace(/<user-roles.*<\/user-roles>/, '')],
    ['modifyUserRoles to what there is not', roles.replace('presenter', 'emperor')],
    ['a lock that is neither on nor off', lock.replace('true', 'maybe')],
    ['a lock that does not say', lock.replace('<locked>true</locked>', '')],
  ])('3005 to 3016: refuses %s', (_what, text) => {
    expect(() => parse(text)).toThrow(MalformedBody);
  });
});

describe('answers to C3P commands', () => {
  const parsed = (text: string) => parseXml(text, 'answer');

  it('6.2: capabilities name the media in mcu-types', () => {
    const text = formatXml(capabilitiesNode(['chat', 'audio-video']));
    expect(text).toContain('<mcu-types><mcuType>chat</mcuType><mcuType>audio-video</mcuType></mcu-types>');
  });

  it('CNF-2: addConference, getConference and deleteConference name the focus', () => {
    const text = formatXml(conferenceAnswerNode('addConference', focus));
    expect(text).toBe(
      `<addConference><conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="${focus}" version="1"/></addConference>`,
    );
    expect(parseConferenceAnswer(parsed(text))).toBe(focus);
  });

  it('CNF-8: addUser repeats the keys, with one user and the role granted', () => {
    const text = formatXml(addUserAnswerNode(focus, bob, 'presenter'));
    expect(text.replace(/ xmlns:ci="[^"]*"/, '')).toBe(
      `<addUser><conferenceKeys confEntity="${focus}"/><ci:user entity="sip:bob@contoso.example"><ci:roles><ci:entry>presenter</ci:entry></ci:roles></ci:user></addUser>`,
    );
    expect(parseAddUserAnswer(parsed(text))).toBe('presenter');
    expect(parseAddUserAnswer(parsed('<addUser><user entity="sip:bob@contoso.example"/></addUser>'))).toBe('attendee');
  });

  it.each([
    ['no answer', null],
    ['an answer without conference', '<addConference/>'],
    ['a conference without name', '<addConference><conference-info version="1"/></addConference>'],
    ['a conference of empty name', '<addConference><conference-info entity=""/></addConference>'],
  ])('CNF-2: refuses %s', (_what, text) => {
    expect(() => parseConferenceAnswer(text === null ? null : parsed(text))).toThrow(MalformedBody);
  });

  it.each([
    ['no answer', null],
    ['an answer without user', '<addUser/>'],
    ['a role that there is not', '<addUser><user><roles><entry>emperor</entry></roles></user></addUser>'],
  ])('CNF-8: refuses %s', (_what, text) => {
    expect(() => parseAddUserAnswer(text === null ? null : parsed(text))).toThrow(MalformedBody);
  });
});
