import { beforeEach, describe, expect, it } from 'vitest';
import type { ItemId } from '../../domain/ids';
import { headerOf, headersOf, type SipMessage } from '../../protocol/sip/message';
import { NtlmPeer } from '../../testing/ntlmPeer';
import { alice, bob, carol } from '../../testing/people';
import { type ScriptedAnswer, ScriptedHome } from '../../testing/scriptedHome';

/** What a Lync Front End writes, in its own words (`lync-wire` 1 to 5), signed, and with all that JsSIP by itself refuses. */

const edge = 'wss://edge.contoso.example/sip';
const route =
  '<sip:fe1.contoso.example:5061;transport=tls;opaque=state:T:F:Ci.R12ab00;lr;ms-route-sig=aaZ-bQ==>;tag=AA7==';
const mine = 'sip:alice@contoso.example;opaque=user:epid:k9-_Y6ElpVek0AyAMFFYlwAA;gruu';
const bobs = 'sip:bob@contoso.example;opaque=user:epid:Wv8RGY4moVaspQXhg_9kfAAA;gruu';
const conversation = 'AdK7Qm9sa1Rpbm55RXhhbXBsZQ==';
const msgr = 'msgr=WAAtAE0ATQBTAC0ASQBNAC0ARgBvAHIAbQBhAHQAOgAgAEYATgA9AEEAcgBpAGEAbAANAAoADQAKAA==';

const registered = (request: SipMessage): string[] => [
  'ms-keep-alive: UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300',
  'Contact: <sip:10.0.0.7:50999;transport=tls;ms-opaque=d34;ms-received-cid=88A=>;expires=7000;+sip.instance="<urn:uuid:1911ff5a-268e-56a1-aca5-05e183ff647c>";gruu="sip:alice@contoso.example;opaque=user:epid:other;gruu"',
  `Contact: ${headerOf(request, 'Contact')?.replace('>;', ';ms-received-cid=1200>;')};expires=7200;gruu="${mine}"`,
  'Expires: 7200',
  'presence-state: register-action="added"',
  'Allow-Events: vnd-microsoft-provisioning,vnd-microsoft-roaming-contacts,vnd-microsoft-roaming-ACL,presence,presence.wpending,vnd-microsoft-roaming-self,vnd-microsoft-provisioning-v2',
  'Supported: adhoclist',
  'Supported: msrtc-event-categories',
  'ms-user-logon-data: RemoteUser',
  'Server: RTC/4.0',
];

const piggyback = (event: string, expires = 28_800): string[] => [
  `Record-Route: ${route}`,
  'Contact: <sip:fe1.contoso.example:5061;transport=tls>',
  `Expires: ${expires}`,
  `Event: ${event}`,
  `subscription-state: active;expires=${expires}`,
  'ms-piggyback-cseq: 1',
  'Supported: com.microsoft.autoextend',
  'Supported: ms-benotify',
  'Supported: ms-piggyback-first-notify',
];

const documents: Record<string, { contentType: string; body: string }> = {
  'vnd-microsoft-provisioning-v2': {
    contentType: 'application/vnd-microsoft-roaming-provisioning-v2+xml',
    body: `<?xml version="1.0" encoding="utf-8"?>
<provisionGroupList xmlns="http://schemas.microsoft.com/2006/09/sip/provisiongrouplist-notification">
  <provisionGroup name="ServerConfiguration"><ucMaxVideoRateAllowed>Hd720p-1.5M</ucMaxVideoRateAllowed>
    <absInternalServerUrl>https://fe1.contoso.example/abs/handler</absInternalServerUrl><consoleDownloadInternalUrl/>
    <poolUri>sip:fe1.contoso.example@contoso.example;gruu;opaque=srvr:HomeServer:Ab1-x</poolUri>
    <focusFactoryUri>sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory</focusFactoryUri></provisionGroup>
  <provisionGroup name="meetingPolicy"><instance><property name="EnableAppDesktopSharing"><![CDATA[Desktop]]></property></instance>
    <meetingSize>250</meetingSize><allowIPVideo>true</allowIPVideo></provisionGroup>
  <provisionGroup name="persistentChatConfiguration"><propertyEntryList><property name="EnablePersistentChat">false</property></propertyEntryList></provisionGroup>
  <provisionGroup name="publicationGrammar"><containerManifestList xmlns="http://schemas.microsoft.com/2008/09/sip/ContainerManifest"/></provisionGroup>
</provisionGroupList>`,
  },
  'vnd-microsoft-roaming-contacts': {
    contentType: 'application/vnd-microsoft-roaming-contacts+xml',
    body: `<contactList deltaNum="12"><group id="1" name="~" externalURI=""/><group id="2" name="Design" externalURI=""/>
<contact uri="bob@contoso.example" name="" groups="1 2" subscribed="true" externalURI=""><contactExtension><contactSettings contactId="7f"/></contactExtension></contact>
<contact uri="carol@contoso.example" name="Carol (QA)" groups="2" subscribed="true" externalURI=""/></contactList>`,
  },
  'vnd-microsoft-roaming-self': {
    contentType: 'application/vnd-microsoft-roaming-self+xml',
    body: `<roamingData xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self"><categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:alice@contoso.example">
<category name="state" instance="1" publishTime="2026-03-02T08:00:00.000" container="2" version="1" expireType="user"><state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="aggregateState"><availability>3500</availability></state></category>
<category name="contactCard" instance="0" publishTime="2026-03-01T00:00:00.000" container="0" version="1" expireType="static"><contactCard xmlns="http://schemas.microsoft.com/2006/09/sip/contactcard"><identity><name><displayName>Alice A</displayName></name></identity></contactCard></category></categories>
<containers xmlns="http://schemas.microsoft.com/2006/09/sip/containers"><container id="200" version="1"><member type="sameEnterprise"/></container></containers></roamingData>`,
  },
  presence: {
    contentType: 'multipart/related;type="application/rlmi+xml";start=resourceList;boundary=50UBfW7LSCVLtggUPe5z==',
    body: [
      '--50UBfW7LSCVLtggUPe5z==',
      'Content-Transfer-Encoding: binary\r\nContent-ID: resourceList\r\nContent-Type: application/rlmi+xml\r\n',
      `<list xmlns="urn:ietf:params:xml:ns:rlmi" uri="sip:alice@contoso.example" version="0" fullState="false"><resource uri="sip:bob@contoso.example"><instance id="0" state="active" cid="bob@contoso.example"/></resource><resource uri="sip:carol@contoso.example"><instance id="0" state="terminated" reason="noresource"/></resource></list>\r\n`,
      '--50UBfW7LSCVLtggUPe5z==',
      'Content-Transfer-Encoding: binary\r\nContent-ID: bob@contoso.example\r\nContent-Type: application/msrtc-event-categories+xml\r\n',
      `<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="sip:bob@contoso.example"><category name="state" instance="1" publishTime="2026-03-02T08:00:00.000"><state xmlns="http://schemas.microsoft.com/2006/09/sip/state" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="aggregateState" lastActive="2026-03-02T07:40:00"><availability>6500</availability><activity token="in-a-meeting"/><meetingSubject>Budget</meetingSubject></state></category><category name="note" publishTime="2026-03-02T08:00:00.000"/></categories>\r\n`,
      '--50UBfW7LSCVLtggUPe5z==--\r\n',
    ].join('\r\n'),
  },
};

let home: ScriptedHome;
let frontEnd: NtlmPeer;

beforeEach(() => {
  home = new ScriptedHome(edge);
  frontEnd = new NtlmPeer(home.peer, 'rose petal');
  frontEnd.challengeHeaders.push('Date: Mon, 02 Mar 2026 08:00:00 GMT');
  frontEnd.onProved = (request) => home.peer.answer(request, 200, 'OK', { headers: registered(request) });
  home.answers = ruled;
});

function ruled(request: SipMessage): ScriptedAnswer | null {
  const event = headerOf(request, 'Event') ?? '';
  if (request.method !== 'SUBSCRIBE') return null;
  return { status: 200, reason: 'OK', headers: piggyback(event), ...documents[event] };
}

const say = (text: string) =>
  home.dialect.im.send(home.dialect.im.thread(bob, conversation), { id: '1' as ItemId, body: { text } });

/** Bob's INVITE as the Front End forwards it. */
const invitation = (text: string): { headers: string[]; contentType: string; body: string } => ({
  headers: [
    `Record-Route: ${route}`,
    `Contact: <${bobs}>`,
    'Supported: ms-dialog-route-set-update',
    'Supported: ms-embedded-first-message',
    'Supported: ms-delayed-accept',
    'Supported: ms-conf-invite',
    `Ms-Conversation-ID: ${conversation}`,
    'EndPoints: "Bob Barends" <sip:bob@contoso.example>, <sip:alice@contoso.example>',
    'Roster-Manager: sip:bob@contoso.example',
    'P-Asserted-Identity: "Bob Barends"<sip:bob@contoso.example>,<tel:+31205550102>',
    'History-Info: <sip:alice@contoso.example>;index=1',
    'ms-application-via: fe1.contoso.example_apps;ms-server=fe1;ms-pool=pool;ms-application=x',
    'Allow: INVITE, BYE, ACK, CANCEL, INFO, MESSAGE, UPDATE, REFER, NOTIFY, BENOTIFY',
    `ms-text-format: text/plain; charset=UTF-8;${msgr};ms-body=${btoa(text)}`,
    'User-Agent: UCCAPI/4.0.7577.0 OC/4.0.7577.0 (Microsoft Lync 2010)',
  ],
  contentType: 'application/sdp',
  body: 'v=0\r\no=- 0 0 IN IP4 10.0.0.7\r\ns=session\r\nc=IN IP4 10.0.0.7\r\nt=0 0\r\nm=message 5060 sip null\r\na=accept-types:text/plain multipart/alternative image/gif text/rtf text/html application/x-ms-ink application/ms-imdn+xml text/x-msmsgsinvite\r\n',
});

const bobFrom = 'Bob Bärends <sip:bob@contoso.example>;tag=9b21a==;epid=02b8d5e3fa';
const verdicts = (): string[] => [...new Set(frontEnd.heard.slice(3).map((line) => line.split(' ', 1)[0] ?? ''))];

describe('a Lync Front End behind an edge', () => {
  it('1 to 4: signs in, and takes policy, contacts, own state and the presence of others from its documents', async () => {
    await home.signIn();
    await home.settle();
    expect(frontEnd.heard.slice(0, 3)).toEqual(['unsigned REGISTER', 'unsigned REGISTER', 'right REGISTER']);
    expect(home.host.last('policy.changed').policy).toMatchObject({ conferences: true, meetingSize: 250 });
    expect([...home.host.contacts.keys()]).toEqual([bob, carol]);
    expect([...home.host.groups.values()].map(({ name }) => name)).toContain('Design');
    expect(home.host.person(bob).presence).toMatchObject({ status: 'busy', activity: { token: 'in-a-meeting' } });
    expect(home.host.person(carol).presence).toMatchObject({ status: 'unknown' });
    // REG-2: our own Contact of several, and its GRUU from then on.
    for (const request of home.sent('SUBSCRIBE')) expect(headerOf(request, 'Contact')).toBe(`<${mine}>`);
    expect(verdicts()).toEqual(['right']);
  });

  it('REG-5: subscribes to the four packages that Allow-Events names', async () => {
    await home.signIn();
    const events = home.sent('SUBSCRIBE').map((request) => headerOf(request, 'Event'));
    expect(new Set(events)).toEqual(new Set(Object.keys(documents)));
  });

  it('a refresh goes by Record-Route and Contact, to the byte', async () => {
    await home.signIn();
    await home.dialect.presence.watch([carol, 'sip:eve@contoso.example' as typeof bob]);
    await home.settle();
    const again = home.sent('SUBSCRIBE', 'presence').at(-1);
    expect(again?.uri).toBe('sip:fe1.contoso.example:5061;transport=tls');
    expect(again && headersOf(again, 'Route')).toEqual([route]);
    expect(verdicts()).toEqual(['right']);
  });

  it('3.2: a delta in a BENOTIFY is applied and not answered', async () => {
    await home.signIn();
    await home.notify('vnd-microsoft-roaming-contacts', {
      contentType: 'application/vnd-microsoft-roaming-contacts+xml',
      body: '<contactDelta deltaNum="13" prevDeltaNum="12"><deletedContact uri="sip:carol@contoso.example"/></contactDelta>',
    });
    expect([...home.host.contacts.keys()]).toEqual([bob]);
    expect(home.peer.ladder.filter((line) => line.endsWith('BENOTIFY'))).toEqual(['< BENOTIFY']);
  });

  it('5: takes an invitation with its first text, talks by its route, and hangs up', async () => {
    await home.signIn();
    const invite = home.peer.request(
      'INVITE',
      mine,
      bobFrom,
      `<${alice}>;epid=01a7c4d2e9`,
      invitation('Are you there?'),
    );
    await home.settle();
    const { thread } = home.host.last('im.invited');
    home.dialect.im.accept(thread);
    await home.settle();
    expect(home.host.texts).toEqual(['Are you there?']);
    const answer = home.peer.received.find(({ status }) => status === 200);
    expect(answer && headersOf(answer, 'Record-Route')).toEqual([route]);
    expect(answer && headersOf(answer, 'Supported')).toContain('ms-text-format');
    expect(answer && headerOf(answer, 'From')).toContain('<sip:bob@contoso.example>;tag=9b21a==;epid=02b8d5e3fa');
    const callId = headerOf(invite, 'Call-ID') ?? '';
    const to = answer === undefined ? '' : (headerOf(answer, 'To') ?? '');
    home.peer.request('ACK', mine, bobFrom, to, { callId, cseq: 1 });
    const message = { callId, cseq: 20, contentType: `text/plain; charset=UTF-8;${msgr}`, body: 'Row 42' };
    home.peer.request('MESSAGE', mine, bobFrom, to, message);
    await home.settle();
    expect(home.host.texts).toEqual(['Are you there?', 'Row 42']);
    const said = home.dialect.im.send(thread, { id: '2' as ItemId, body: { text: 'Fixed' } });
    await home.settle();
    expect(await said).toMatchObject({ ok: true });
    const sent = home.sent('MESSAGE').at(-1);
    expect(sent?.uri).toBe(bobs);
    expect(sent && headersOf(sent, 'Route')).toEqual([route]);
    expect(sent && headerOf(sent, 'To')).toBe('<sip:bob@contoso.example>;tag=9b21a==;epid=02b8d5e3fa');
    home.peer.request('BYE', mine, bobFrom, to, { callId, cseq: 21 });
    await home.settle();
    expect(home.host.last('im.ended').thread).toBe(thread);
    expect(verdicts()).toEqual(['right']);
  });

  it.each([
    [
      404,
      '4005;reason="Destination URI either not enabled for SIP or does not exist";source="fe1.contoso.example"',
      4005,
    ],
    [
      480,
      '1007;reason="Temporarily cannot route";source="fe1.contoso.example";ErrorType="Connect Attempt Failure"',
      1007,
    ],
    [486, '0;reason="Busy"', 0],
  ])('5.6: %i with ms-diagnostics is why a message was not delivered', async (status, diagnostics, id) => {
    await home.signIn();
    home.answers = (request) =>
      request.method === 'INVITE'
        ? { status, reason: 'No', headers: [`ms-diagnostics: ${diagnostics}`, 'Warning: 399 fe1 "x=y=="'] }
        : ruled(request);
    const said = say('hello');
    await home.settle();
    expect(await said).toMatchObject({ ok: false, failure: { is: 'rejected', status, diagnostics: { id } } });
  });

  it('5.3: an answer through two edges with odd cookies, a 101 before it, and the ACK by its route', async () => {
    await home.signIn();
    home.answers = (request) => {
      if (request.method !== 'INVITE') return ruled(request);
      home.peer.answer(request, 101, 'Progress Report', {
        headers: ['ms-diagnostics: 25008;reason="Attempting to route to Primary Pool";source="fe1.contoso.example"'],
      });
      const headers = [
        `Record-Route: ${route}`,
        `Contact: <${bobs}>`,
        'Supported: ms-text-format',
        'ms-user-data: ms-publiccloud=TRUE;ms-federation=TRUE',
      ];
      const body = 'v=0\r\nm=message 5060 sip sip:bob@contoso.example\r\na=accept-types:text/plain text/rtf\r\n';
      return { status: 200, reason: 'OK', headers, contentType: 'application/sdp;', body };
    };
    const said = say('hello');
    await home.settle();
    expect(await said).toMatchObject({ ok: true });
    const ack = home.sent('ACK').at(-1);
    expect(ack?.uri).toBe(bobs);
    expect(ack && headersOf(ack, 'Route')).toEqual([route]);
    expect(verdicts()).toEqual(['right']);
  });

  it('1.6: 301 to the pool where the person is at home, by way of the same edge', async () => {
    frontEnd.onProved = (request) => {
      if (home.peer.urls.length > 1) return home.peer.answer(request, 200, 'OK', { headers: registered(request) });
      const headers = ['Contact: <sip:pool2.contoso.example:5061;transport=tls>', 'Expires: 2592000'];
      return home.peer.answer(request, 301, 'Redirect request to Home Server', { headers });
    };
    await home.signIn();
    expect(home.peer.urls).toEqual([edge, `${edge}/pool2.contoso.example:5061`]);
  });

  it('1.6: the registrar ends it, by a NOTIFY to the address of the connection', async () => {
    await home.signIn();
    const register = home.sent('REGISTER').at(-1);
    home.peer.request(
      'NOTIFY',
      'sip:10.0.0.21:50123;transport=tls;ms-opaque=7b4e2f9a10;ms-received-cid=12=',
      `<${alice}>;tag=9A0E11`,
      register === undefined ? '' : (headerOf(register, 'From') ?? ''),
      {
        callId: register === undefined ? '' : (headerOf(register, 'Call-ID') ?? ''),
        cseq: 1,
        headers: [
          'Event: registration-notify',
          'subscription-state: terminated;expires=0',
          'ms-diagnostics-public: 4141;reason="User disabled"',
        ],
        contentType: 'text/registration-event',
        body: 'deregistered;event=rejected',
      },
    );
    await home.settle();
    expect(home.host.last('connection.ended').why).toBe('disabled');
    expect(frontEnd.heard).toContain('right NOTIFY');
  });

  it.each([
    [
      404,
      '4005;reason="Destination URI either not enabled for SIP or does not exist"',
      { is: 'rejected', status: 404 },
    ],
    [403, '4003;reason="The user is not enabled for remote access"', { is: 'rejected', status: 403 }],
  ])('1.6: a registrar’s %i ends the sign-in with what it said', async (status, diagnostics, failure) => {
    frontEnd.onProved = (request) =>
      home.peer.answer(request, status, 'No', { headers: [`ms-diagnostics-public: ${diagnostics}`] });
    const signedIn = home.dialect.signIn(() => undefined);
    await home.settle();
    expect(await signedIn).toMatchObject({ ok: false, failure });
  });
});
