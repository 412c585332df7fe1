import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileMessageType, formatFileMessage } from '../protocol/shared/fileMessage';
import { fileTicketType, formatTicket, formatTicketRequest } from '../protocol/shared/fileTicket';
import type { FocusUri } from '../protocol/sip/uri';
import { recordSession } from '../testing/recordedSession';
import { TraceScript } from '../testing/traceScript';
import { readBodies } from './bodies';
import { bodyGist } from './bodyGist';
import type { TraceEntry } from './entry';
import { type Gist, gistOf } from './gist';
import { TraceIndex } from './traceIndex';

let recorded: readonly TraceEntry[] = [];
let gists: readonly Gist[] = [];

beforeAll(async () => {
  recorded = await recordSession();
  const index = new TraceIndex();
  index.add(recorded);
  gists = index.rows.map(gistOf);
});

describe('of a session with the home server', () => {
  it('every message and every body is understood', () => {
    const sip = gists.filter((_gist, at) => recorded[at]?.kind === 'sip');
    expect(sip.filter(({ is }) => is === 'other')).toEqual([]);
    const parts = recorded.flatMap(({ text }) => readBodies(text));
    expect(parts.length).toBeGreaterThan(30);
    expect(parts.filter(({ gist, content }) => gist.is === 'unknown' || content.is === 'malformed')).toEqual([]);
  });

  it.each<[string, Gist]>([
    ['signing in', { is: 'signedIn', seconds: 3600 }],
    ['signing out', { is: 'signOut' }],
    [
      'watching',
      {
        is: 'subscribe',
        topic: 'presence',
        ends: false,
        body: { is: 'watch', action: 'subscribe', people: ['bob@contoso.example'] },
      },
    ],
    [
      'presence',
      {
        is: 'notice',
        topic: 'presence',
        ended: false,
        body: {
          is: 'presence',
          people: [{ address: 'bob@contoso.example', availability: 'busy', note: 'In the lab' }],
        },
      },
    ],
    [
      'an invitation with its first words',
      {
        is: 'invite',
        topic: 'im',
        peer: 'bob@contoso.example',
        withText: true,
        body: { is: 'sdp', media: ['message'] },
      },
    ],
    ['a message', { is: 'message', peer: 'bob@contoso.example', characters: 14, typing: null }],
    ['typing', { is: 'command', topic: 'im', peer: 'bob@contoso.example', body: { is: 'typing', typing: true } }],
    [
      'the roster',
      {
        is: 'notice',
        topic: 'roster',
        ended: false,
        body: {
          is: 'conference',
          people: [{ address: 'carol@contoso.example', name: 'Carol Chen' }],
          full: false,
          locked: null,
          subject: '',
        },
      },
    ],
  ])('%s is read', (_what, gist) => {
    expect(gists).toContainEqual(gist);
  });

  it('a conference is made, and found again in the invitation', () => {
    const made = gists.find((gist) => gist.is === 'done' && gist.topic === 'factory');
    const id = made?.is === 'done' && made.body.is === 'commandAnswer' ? made.body.conference : '';
    expect(id).not.toBe('');
    const invited = gists.find((gist) => gist.is === 'invite' && gist.topic === 'invitation');
    expect(invited).toMatchObject({ body: { is: 'conferenceInvite', subject: 'Budget', conference: id } });
  });
});

it('a refusal says what was refused', () => {
  const script = new TraceScript();
  script.answers(
    script.sends('MESSAGE', 'sip:bob@contoso.example', { contentType: 'text/plain', body: 'hi' }),
    480,
    'Gone',
  );
  expect(script.index().rows.map(gistOf)).toEqual([
    { is: 'message', peer: 'bob@contoso.example', characters: 2, typing: null },
    {
      is: 'refused',
      status: 480,
      topic: 'im',
      peer: 'bob@contoso.example',
      request: { is: 'message', peer: 'bob@contoso.example', characters: 2, typing: null },
    },
  ]);
});

it('a file is asked for at the store, and told of in the chat, without its name', () => {
  const script = new TraceScript();
  const store = 'sip:fe1.contoso.example@contoso.example;gruu;opaque=srvr:FileStore:fs1';
  const chat = 'sip:alice@contoso.example;gruu;opaque=app:conf:chat:id:7K2M9QXA';
  const to = { is: 'conference', focus: chat.replace('chat', 'focus') as FocusUri } as const;
  const file = { name: 'plan.pdf', size: 10, type: '', sha256: 'f'.repeat(64) };
  const id = '0123456789abcdef0123456789abcdef';
  const ticket = { contentType: fileTicketType, body: formatTicketRequest({ is: 'upload', to, file }) };
  script.answers(script.sends('SERVICE', store, ticket), 200, 'OK', {
    contentType: fileTicketType,
    body: formatTicket({ id, ticket: 'x', lifetime: 3600, file, received: 0 }),
  });
  script.sends('MESSAGE', chat, { contentType: fileMessageType, body: formatFileMessage({ id, ...file }) });
  expect(script.index().rows.map(gistOf)).toMatchObject([
    { is: 'command', topic: 'files', body: { is: 'file', does: 'upload' } },
    { is: 'done', topic: 'files', body: { is: 'file', does: 'ticket' } },
    { is: 'command', topic: 'conferenceChat', body: { is: 'file', does: 'tell' } },
  ]);
});

describe('bodies', () => {
  it('reads SDP line by line', () => {
    const script = new TraceScript();
    script.sends('INVITE', 'sip:bob@contoso.example', {
      contentType: 'application/sdp',
      body: 'v=0\r\nm=video 9 RTP/SAVPF 96\r\na=candidate:1 1 UDP 2 10.0.0.21 5000 typ host\r\na=sendonly\r\nodd\r\n',
    });
    expect(readBodies(script.entries[0]?.text ?? '')).toMatchObject([
      {
        gist: { is: 'sdp', media: ['video'] },
        content: {
          is: 'sdp',
          lines: [
            { letter: 'v', name: '', value: '0' },
            { letter: 'm', name: '', value: 'video 9 RTP/SAVPF 96' },
            { letter: 'a', name: 'candidate', value: '1 1 UDP 2 10.0.0.21 5000 typ host' },
            { letter: 'a', name: 'sendonly', value: '' },
            { letter: '', name: '', value: 'odd' },
          ],
        },
      },
    ]);
  });

  it('says why a document cannot be read, and shows it all the same', () => {
    const script = new TraceScript();
    script.sends('SERVICE', 'sip:a@b', { contentType: 'application/cccp+xml', body: '<request><addUser></request>' });
    script.sends('SERVICE', 'sip:a@b', { contentType: 'multipart/related', body: 'x' });
    const [xml, multipart] = script.entries.map(({ text }) => readBodies(text)[0]);
    expect(xml).toMatchObject({
      gist: { is: 'malformed' },
      content: { is: 'malformed', text: '<request><addUser></request>' },
    });
    expect(multipart).toMatchObject({ contentType: 'multipart/related', content: { is: 'malformed', text: 'x' } });
  });

  it('never throws, however damaged', () => {
    const documents = recorded.flatMap(({ text }) => {
      const type = /^Content-Type: (.*)$/m.exec(text)?.[1]?.trim();
      return type === undefined ? [] : [{ type, body: text.slice(text.indexOf('\r\n\r\n') + 4), text }];
    });
    const damage = fc.record({
      document: fc.nat(documents.length - 1),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(40),
      put: fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('<', '>', '"', '</a>', '&', '\r\n\r\n', '--', '\0')),
    });
    fc.assert(
      fc.property(damage, ({ document, at, cut, put }) => {
        const { type = '', body = '', text = '' } = documents[document] ?? {};
        const damaged = (whole: string): string => {
          const start = Math.floor(at * whole.length);
          return whole.slice(0, start) + put + whole.slice(start + cut);
        };
        expect(bodyGist(type, damaged(body)).is).toBeTypeOf('string');
        expect(readBodies(damaged(text))).toBeInstanceOf(Array);
        const index = new TraceIndex();
        index.add([{ seq: 1, at: 0, direction: 'in', kind: 'sip', url: '', text: damaged(text) }]);
        expect(index.rows.map(gistOf)).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
