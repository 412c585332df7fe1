import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import type { Aor } from '../sip/uri';
import {
  type ConferenceEndpoint,
  type ConferenceInfo,
  formatConferenceInfo,
  parseConferenceInfo,
} from './conferenceInfo';

const focus = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA';
const chat = 'sip:alice@contoso.example;gruu;opaque=app:conf:chat:id:7K2M9QXA';
const sharing = 'sip:alice@contoso.example;gruu;opaque=app:conf:applicationsharing:id:7K2M9QXA';
const gruu = 'sip:alice@contoso.example;opaque=user:epid:k9-_Y6ElpVek0AyAMFFYlwAA;gruu';
const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((user) => `sip:${user}@contoso.example` as Aor) as [
  Aor,
  Aor,
  Aor,
];

// lync-wire 6.4
const wire = `<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" xmlns:msci="http://schemas.microsoft.com/rtc/2005/08/confinfoextensions"
                 entity="${focus}" state="full" version="4">
  <conference-description>
    <subject>Draft review</subject><conf-uris>
      <entry><uri>${chat}</uri><display-text>chat</display-text><purpose>chat</purpose></entry>
      <entry><uri>${sharing}</uri><display-text>applicationsharing</display-text><purpose>applicationsharing</purpose></entry>
    </conf-uris><organizer xmlns="http://schemas.microsoft.com/rtc/2005/08/confinfoextensions"><display-name>Alice A</display-name><uri>sip:alice@contoso.example</uri></organizer>
    <msci:conference-id>7K2M9QXA</msci:conference-id><msci:admission-policy>openAuthenticated</msci:admission-policy>
    <msci:join-url>https://meet.contoso.example/alice/7K2M9QXA</msci:join-url></conference-description>
  <users state="full">
    <user entity="sip:alice@contoso.example" state="full">
      <display-text>Alice A</display-text><roles><entry>presenter</entry></roles>
      <endpoint entity="{0C0A6C5E-0000-4000-8000-000000000001}" session-type="focus" msci:endpoint-uri="${gruu}"><status>connected</status><joining-method>dialed-in</joining-method></endpoint>
      <endpoint entity="{0C0A6C5E-0000-4000-8000-000000000002}" session-type="chat"><status>connected</status><joining-method>dialed-in</joining-method>
        <media id="1"><type>chat</type></media></endpoint></user>
    <user entity="sip:bob@contoso.example" state="full">
      <display-text>Bob Barends</display-text><roles><entry>attendee</entry></roles>
      <endpoint entity="{0C0A6C5E-0000-4000-8000-000000000003}" session-type="focus"><status>connected</status></endpoint></user></users>
  <msci:conference-view state="full">
    <msci:entity-view entity="${focus}" state="full"><msci:entity-state><msci:locked>false</msci:locked></msci:entity-state></msci:entity-view>
    <msci:entity-view entity="${chat}" state="full">
      <msci:entity-state><msci:locked>false</msci:locked><msci:media><entry label="chat"><type>chat</type></entry></msci:media></msci:entity-state></msci:entity-view>
  </msci:conference-view></conference-info>`;

const endpoint = (number: number, sessionType: 'focus' | 'chat', uri: string | null = null) => ({
  entity: `{0C0A6C5E-0000-4000-8000-00000000000${number}}`,
  sessionType,
  status: 'connected',
  uri,
  flow: null,
});

const info: ConferenceInfo = {
  entity: focus,
  state: 'full',
  version: 4,
  description: {
    subject: 'Draft review',
    chatUri: chat,
    sharingUri: sharing,
    organizer: { aor: alice, displayName: 'Alice A' },
    conferenceId: '7K2M9QXA',
    admissionPolicy: 'openAuthenticated',
    history: null,
    maxSize: null,
    sharing: null,
  },
  users: [
    {
      aor: alice,
      displayName: 'Alice A',
      role: 'presenter',
      endpoints: [endpoint(1, 'focus', gruu), endpoint(2, 'chat')],
      isDeleted: false,
    },
    { aor: bob, displayName: 'Bob Barends', role: 'attendee', endpoints: [endpoint(3, 'focus')], isDeleted: false },
  ],
  locked: false,
};

const unchanged = { description: null, users: null, locked: null };

describe('conference-info', () => {
  it('6.4, CNF-18 to CNF-22: is read', () => {
    expect(parseConferenceInfo(wire)).toEqual(info);
  });

  it('6.4: is written in its shape', () => {
    const text = formatConferenceInfo(info);
    expect(parseConferenceInfo(text)).toEqual(info);
    // What we do not offer, and what the fixture leaves out of the endpoint that only looks on.
    const ours = wire
      .replace(/\s*<msci:join-url>.*<\/msci:join-url>/, '')
      .replace(
        '<status>connected</status></endpoint></user></users>',
        '<status>connected</status><joining-method>dialed-in</joining-method></endpoint></user></users>',
      )
      .replace(/\s*\n\s*(?=entity=)/, ' ')
      .replace(/>\s+</g, '><');
    expect(text).toBe(ours);
  });

  it('CNF-15, CNF-17: a partial document has what changed; who left is deleted', () => {
    const left = { aor: carol, displayName: '', role: 'attendee' as const, endpoints: [], isDeleted: true };
    const text = formatConferenceInfo({ ...unchanged, entity: focus, state: 'partial', version: 5, users: [left] });
    expect(text).toContain('state="partial" version="5"');
    expect(text).toContain('<users state="partial"><user entity="sip:carol@contoso.example" state="deleted"/></users>');
    expect(parseConferenceInfo(text)).toEqual({
      ...unchanged,
      entity: focus,
      state: 'partial',
      version: 5,
      users: [left],
    });
  });

  it('CNF-21: the lock is told in the view of the chat too', () => {
    const text = formatConferenceInfo({ ...unchanged, entity: focus, state: 'partial', version: 6, locked: true });
    const views = [...text.matchAll(/<msci:entity-view entity="([^"]*)"[^>]*>.*?<msci:locked>(\w+)</g)];
    expect(views.map(([, entity, locked]) => [entity, locked])).toEqual([
      [focus, 'true'],
      [chat, 'true'],
    ]);
    expect(parseConferenceInfo(text).locked).toBe(true);
  });

  it('CNF-24: the end is a document', () => {
    const text = formatConferenceInfo({ ...unchanged, entity: focus, state: 'deleted', version: 7 });
    expect(parseConferenceInfo(text)).toEqual({ ...unchanged, entity: focus, state: 'deleted', version: 7 });
  });

  it('HIS: the rules of ours, in a namespace of ours', () => {
    const description = {
      ...info.description,
      history: 'all' as const,
      maxSize: 3,
      sharing: 'everyone',
    } as ConferenceInfo['description'];
    const text = formatConferenceInfo({ ...info, description });
    expect(text).toContain('<rules xmlns="urn:confab:conference" history="all" max-size="3" sharing="everyone"/>');
    expect(parseConferenceInfo(text).description).toEqual(description);
    const theirs = text.replace('urn:confab:conference', 'urn:other');
    expect(parseConferenceInfo(theirs).description).toMatchObject({ history: null, maxSize: null, sharing: null });
  });

  it('RFC 4575 §5.2: without a state it is a full document', () => {
    expect(parseConferenceInfo(`<conference-info entity="${focus}"/>`)).toEqual({
      ...unchanged,
      entity: focus,
      state: 'full',
      version: 0,
    });
  });

  it.each([
    ['a user that is no person', '<users><user entity="tel:1"/><user/></users>', { users: [] }],
    [
      'a medium that we do not know',
      '<users><user entity="sip:bob@contoso.example"><endpoint session-type="smell"/></user></users>',
      {
        users: [{ aor: bob, displayName: '', role: 'attendee', endpoints: [], isDeleted: false }],
      },
    ],
    [
      'a role that we do not know',
      '<users><user entity="sip:bob@contoso.example"><roles><entry>emperor</entry></roles></user></users>',
      {
        users: [{ aor: bob, displayName: '', role: 'attendee', endpoints: [], isDeleted: false }],
      },
    ],
    [
      'an organizer that is no person',
      '<conference-description><organizer><uri>x:y</uri></organizer></conference-description>',
      {
        description: { organizer: null, chatUri: null },
      },
    ],
    [
      'rules that are none',
      '<conference-description><rules xmlns="urn:confab:conference" history="some" max-size="many" sharing="nobody"/></conference-description>',
      {
        description: { history: null, maxSize: null, sharing: null },
      },
    ],
    [
      'a size of nothing',
      '<conference-description><rules xmlns="urn:confab:conference" max-size=""/></conference-description>',
      {
        description: { maxSize: null },
      },
    ],
    [
      'a size below one',
      '<conference-description><rules xmlns="urn:confab:conference" max-size="-3"/></conference-description>',
      {
        description: { maxSize: null },
      },
    ],
    [
      'a view without a lock',
      '<conference-view><entity-view><entity-state/></entity-view><entity-view/></conference-view>',
      {
        locked: null,
      },
    ],
  ])('leaves out %s', (_what, inner, read) => {
    expect(parseConferenceInfo(`<conference-info entity="${focus}">${inner}</conference-info>`)).toMatchObject(read);
  });

  it.each([['NaN'], ['-1'], ['1.5'], ['1e9'], ['99999999999999999999'], ['']])('a version of %j is none', (version) => {
    expect(parseConferenceInfo(`<conference-info entity="${focus}" version="${version}"/>`).version).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['a cut document', wire.slice(0, -8)],
    ['another document', '<conference entity="x"/>'],
    ['a document about nothing', '<conference-info state="full" version="1"/>'],
    ['a document about an empty name', '<conference-info entity="" version="1"/>'],
    ['a document type', `<!DOCTYPE a>${wire}`],
  ])('refuses %s', (_what, text) => {
    expect(() => parseConferenceInfo(text)).toThrow(MalformedBody);
  });

  const sharer: ConferenceEndpoint = {
    entity: '{1}',
    sessionType: 'applicationsharing',
    status: 'connected',
    uri: null,
    flow: { direction: 'sendonly', state: 'connected' },
  };
  const [first] = info.users ?? [];
  const shared = formatConferenceInfo({
    ...info,
    users: first === undefined ? [] : [{ ...first, endpoints: [sharer] }],
  });

  it('7.1: who shares has a medium that only sends', () => {
    expect(shared).toContain(
      '<endpoint entity="{1}" session-type="applicationsharing"><status>connected</status>' +
        '<joining-method>dialed-in</joining-method><media id="1"><type>applicationsharing</type>' +
        '<status>sendonly</status><msci:media-state>connected</msci:media-state></media></endpoint>',
    );
    expect(parseConferenceInfo(shared).users?.[0]?.endpoints).toEqual([sharer]);
  });

  it.each(['', 'both ways'])('7.1: a medium whose direction is %j tells none', (direction) => {
    const text = shared.replace('<status>sendonly</status>', `<status>${direction}</status>`);
    expect(parseConferenceInfo(text).users?.[0]?.endpoints).toEqual([{ ...sharer, flow: null }]);
  });
});
