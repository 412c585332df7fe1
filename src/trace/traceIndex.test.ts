import { describe, expect, it } from 'vitest';
import { TraceScript } from '../testing/traceScript';
import { letterOf } from './dialogs';
import type { TraceEntry } from './entry';
import { filterRows } from './filter';
import { readFrame } from './frame';
import { gapBefore } from './gaps';
import type { Row } from './row';
import { TraceIndex } from './traceIndex';

const bob = 'sip:bob@contoso.example';
const imOffer = { contentType: 'application/sdp', body: 'v=0\r\nm=message 5060 sip null\r\n' };
const chat = { ...imOffer, headers: ['Ms-Conversation-ID: k1'] };

const named = ({ frame, entry }: Row): string =>
  frame.is === 'response' ? `${frame.status} ${frame.method}` : frame.method || entry.text;
const lettersOf = (rows: readonly Row[]): string[] => rows.map((row) => `${row.dialog?.letter ?? '-'} ${named(row)}`);

describe('a frame', () => {
  const read = (text: string) => readFrame({ kind: 'sip', text });

  it('holds what tells a message from others, whatever the spelling of its header names', () => {
    const frame = read(
      'INVITE sip:bob@contoso.example;gruu;opaque=user:epid:X SIP/2.0\r\nv: SIP/2.0/TLS 10.0.0.21:50123;branch=z9hG4bK8\r\n' +
        'Via: SIP/2.0/TLS edge.contoso.example, SIP/2.0/TLS [2001:db8::1]:5061\r\nf: "A <b> c" <sip:Alice@Contoso.example>;tag=t1;epid=e\r\n' +
        't: <sip:bob@contoso.example>\r\ni: c1\r\nCSEQ: 7 INVITE\r\nms-conversation-id: k\r\nc: application/SDP; charset=utf-8\r\n\r\n',
    );
    expect(frame).toMatchObject({
      is: 'request',
      method: 'INVITE',
      callId: 'c1',
      fromTag: 't1',
      toTag: '',
      cseq: 7,
      branch: 'z9hG4bK8',
      from: 'alice@contoso.example',
      to: 'bob@contoso.example',
      conversation: 'k',
      contentType: 'application/sdp',
      vias: ['10.0.0.21', 'edge.contoso.example', '[2001:db8::1]'],
    });
  });

  it.each([
    ['keep-alive', 'ping', '\r\n\r\n', 'ping'],
    ['news of the socket', 'state', 'open', 'note'],
    ['nonsense', 'sip', 'HTTP/1.1 200 OK\r\n\r\n', 'unreadable'],
    ['a note', 'store', 'The device is full', 'note'],
  ] as const)('says what else there is: %s', (_what, kind, text, is) => {
    expect(readFrame({ kind, text }).is).toBe(is);
  });
});

describe('transactions and dialogs', () => {
  it('RFC 3261 §17: an answer belongs to its request, an ACK and a CANCEL to their INVITE', () => {
    const script = new TraceScript();
    const invite = script.sends('INVITE', bob, chat);
    script.answers(invite, 100, 'Trying');
    const message = script.sends('MESSAGE', 'sip:carol@contoso.example');
    script.answers(invite, 180, 'Ringing');
    script.inDialog(invite, 'CANCEL');
    script.answers(message, 200, 'OK');
    script.answers(invite, 487, 'Request Terminated');
    script.inDialog(invite, 'ACK');
    const [first, , other] = script.index().rows;
    expect(first?.transaction?.rows.map(named)).toEqual([
      'INVITE',
      '100 INVITE',
      '180 INVITE',
      'CANCEL',
      '487 INVITE',
      'ACK',
    ]);
    expect(other?.transaction?.rows.map(named)).toEqual(['MESSAGE', '200 MESSAGE']);
  });

  it('RFC 3261 §12: requests of both sides under one Call-ID and two tags are one dialog, with one letter', () => {
    const script = new TraceScript();
    const invite = script.sends('INVITE', bob, chat);
    script.answers(invite, 200, 'OK');
    script.inDialog(invite, 'ACK');
    script.inDialog(invite, 'MESSAGE');
    script.inDialog(invite, 'MESSAGE', { by: 'them' });
    script.gets('INVITE', 'sip:carol@contoso.example', chat);
    expect(lettersOf(script.index().rows)).toEqual([
      'A INVITE',
      'A 200 INVITE',
      'A ACK',
      'A MESSAGE',
      'A MESSAGE',
      'B INVITE',
    ]);
  });

  it('RFC 3261 §13.2.2.4: a second endpoint that answers makes a second dialog', () => {
    const script = new TraceScript();
    const invite = script.sends('INVITE', bob, chat);
    script.answers(invite, 180, 'Ringing');
    script.answers(invite, 180, 'Ringing', { headers: ['To: <sip:bob@contoso.example>;tag=r2;epid=e2'] });
    script.answers(invite, 200, 'OK', { headers: ['To: <sip:bob@contoso.example>;tag=r2;epid=e2'] });
    expect(lettersOf(script.index().rows)).toEqual(['A INVITE', 'A 180 INVITE', 'B 180 INVITE', 'B 200 INVITE']);
  });

  it('takes a NOTIFY that overtakes the 200 of its SUBSCRIBE into the dialog', () => {
    const script = new TraceScript();
    const subscribe = script.sends('SUBSCRIBE', 'sip:alice@contoso.example', { headers: ['Event: presence'] });
    script.inDialog(subscribe, 'NOTIFY', { by: 'them', headers: ['Event: presence'] });
    script.answers(subscribe, 200, 'OK');
    expect(lettersOf(script.index().rows)).toEqual(['A SUBSCRIBE', 'A NOTIFY', 'A 200 SUBSCRIBE']);
  });

  it('shows requests that begin no dialog under one letter when they are about the same', () => {
    const script = new TraceScript();
    const publish = { contentType: 'application/msrtc-category-publish+xml', body: '<publish/>' };
    for (const content of [publish, publish, { contentType: 'application/SOAP+xml', body: '<setContact/>' }]) {
      script.answers(script.sends('SERVICE', 'sip:alice@contoso.example', content), 200, 'OK');
    }
    const index = script.index();
    expect(lettersOf(index.rows)).toEqual([
      'A SERVICE',
      'A 200 SERVICE',
      'A SERVICE',
      'A 200 SERVICE',
      'B SERVICE',
      'B 200 SERVICE',
    ]);
    expect(index.dialogs.map(({ topic }) => topic)).toEqual(['publishing', 'contacts']);
  });

  it('knows what a dialog is about, and with whom', () => {
    const script = new TraceScript();
    const focus = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA';
    script.sends('REGISTER', 'sip:contoso.example');
    script.sends('SUBSCRIBE', 'sip:alice@contoso.example', { headers: ['Event: vnd-microsoft-roaming-contacts'] });
    script.sends('INVITE', bob, chat);
    script.sends('INVITE', focus, { contentType: 'application/cccp+xml', body: '<request/>' });
    script.sends('INVITE', focus.replace('focus:id', 'chat:id'), imOffer);
    script.sends('INVITE', bob, { contentType: 'application/ms-conf-invite+xml', body: '<Conferencing/>' });
    script.gets('INVITE', 'sip:carol@contoso.example', {
      contentType: 'application/sdp',
      body: 'm=video 9 RTP/SAVPF 96\r\n',
    });
    script.sends('INVITE', bob, {
      contentType: 'application/sdp',
      body: 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=file-selector:name:"plan.pdf" size:5\r\n',
    });
    expect(script.index().dialogs.map(({ topic, peer }) => `${topic} ${peer}`)).toEqual([
      'registration alice@contoso.example',
      'contacts alice@contoso.example',
      'im bob@contoso.example',
      'conference alice@contoso.example',
      'conferenceChat alice@contoso.example',
      'invitation bob@contoso.example',
      'sharing carol@contoso.example',
      'file bob@contoso.example',
    ]);
  });

  it('letters stay unique past Z while the six colours come round', () => {
    expect([0, 25, 26, 27, 51, 52, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA']);
    const script = new TraceScript();
    for (let at = 0; at < 7; at += 1) script.sends('INVITE', bob, chat);
    expect(script.index().dialogs.map(({ color }) => color)).toEqual([0, 1, 2, 3, 4, 5, 0]);
  });
});

describe('retransmissions', () => {
  it('are counted at the first; a later request with the same start line is none', () => {
    const script = new TraceScript();
    const invite = script.sends('INVITE', bob, chat);
    script.again(0).again(0);
    script.answers(invite, 180, 'Ringing');
    script.answers(invite, 180, 'Ringing');
    script.answers(invite, 180, 'Ringing', { headers: ['To: <sip:bob@contoso.example>;tag=r2'] });
    script.sends('INVITE', bob, chat);
    const { rows } = script.index();
    expect(filterRows(rows, {}).map((row) => `${named(row)} +${row.repeats}`)).toEqual([
      'INVITE +2',
      '180 INVITE +1',
      '180 INVITE +0',
      'INVITE +0',
    ]);
    expect(filterRows(rows, { repeats: true })).toHaveLength(7);
  });
});

describe('failures', () => {
  it('a challenge is none once it is answered; the last one is', () => {
    const script = new TraceScript();
    const register = script.sends('REGISTER', 'sip:contoso.example');
    script.answers(register, 401, 'Unauthorized');
    const again = script.inDialog(register, 'REGISTER', { headers: ['To: <sip:alice@contoso.example>'] });
    script.answers(again, 401, 'Unauthorized');
    expect(script.index().rows.map(({ isFailure }) => isFailure)).toEqual([false, false, false, true]);
  });

  it('the 487 of an INVITE that was cancelled is none, another is', () => {
    const script = new TraceScript();
    const cancelled = script.sends('INVITE', bob, chat);
    script.inDialog(cancelled, 'CANCEL');
    script.answers(cancelled, 487, 'Request Terminated');
    script.answers(script.sends('INVITE', bob, chat), 487, 'Request Terminated');
    expect(filterRows(script.index().rows, { failuresOnly: true }).map((row) => row.frame.callId)).toEqual(['call-4']);
  });

  it('the 481 of a BYE when both hang up at once is none', () => {
    const script = new TraceScript();
    const invite = script.sends('INVITE', bob, chat);
    script.answers(script.inDialog(invite, 'BYE'), 481, 'Call/Transaction Does Not Exist');
    script.answers(script.inDialog(invite, 'MESSAGE', { cseq: 9 }), 481, 'Call/Transaction Does Not Exist');
    expect(filterRows(script.index().rows, { failuresOnly: true }).map(named)).toEqual(['481 MESSAGE']);
  });

  it('a lost connection and nonsense are', () => {
    const script = new TraceScript();
    script.note('state', 'open').note('state', 'closed (1006)').note('sip', 'nonsense');
    expect(script.index().rows.map(({ isFailure }) => isFailure)).toEqual([false, true, true]);
  });
});

describe('the filter', () => {
  const script = new TraceScript();
  const invite = script.sends('INVITE', bob, chat);
  script.answers(invite, 486, 'Busy Here');
  script.wait(6_000);
  script.answers(
    script.gets('MESSAGE', 'sip:carol@contoso.example', { contentType: 'text/plain', body: 'Grüße (a+b)' }),
    200,
    'OK',
  );
  script.note('store', 'The device is full', { level: 'error' }).note('ping', '\r\n\r\n');
  const { rows, dialogs } = script.index();
  const [first] = dialogs;
  if (first === undefined) throw new Error('no dialog');

  it.each([
    ['dialog', { dialogs: new Set([first]) }, ['INVITE', '486 INVITE']],
    ['method, with the answers', { method: 'MESSAGE' }, ['MESSAGE', '200 MESSAGE']],
    ['status', { status: 486 }, ['486 INVITE']],
    ['class of status', { status: 2 }, ['200 MESSAGE']],
    ['peer', { peer: 'Carol' }, ['MESSAGE', '200 MESSAGE']],
    ['conversation', { conversation: 'k1' }, ['INVITE', '486 INVITE']],
    ['time', { from: script.now - 6_000, to: script.now - 1 }, ['INVITE', '486 INVITE']],
    ['text in any case, not as a pattern', { text: 'GRÜßE (A+B)' }, ['MESSAGE']],
    ['failures', { failuresOnly: true }, ['486 INVITE']],
    ['component', { components: new Set(['store'] as const) }, ['The device is full']],
    ['level', { level: 'warning' as const }, ['The device is full']],
    ['several at once', { method: 'INVITE', status: 4, text: 'busy' }, ['486 INVITE']],
  ])('by %s', (_what, filter, expected) => {
    expect(filterRows(rows, filter).map(named)).toEqual(expected);
  });

  it('marks silences of five seconds and more', () => {
    expect(rows.map((row, at) => gapBefore(row, rows[at - 1]))).toEqual([null, null, 6_000, null, null, null]);
  });
});

describe('a long trace', () => {
  it('forgets the oldest in bulk, with what belonged to them', () => {
    const entries: TraceEntry[] = [];
    for (let at = 0; at < 30; at += 1) {
      const script = new TraceScript();
      script.sends('INVITE', bob, { ...chat, headers: [`Call-ID: c${at}`] });
      entries.push(...script.entries);
    }
    const index = new TraceIndex(20);
    index.add(entries.slice(0, 21));
    expect(index.rows).toHaveLength(21);
    index.add(entries.slice(21));
    expect(index.rows.map(({ frame }) => frame.callId)).toEqual(entries.slice(10).map((_entry, at) => `c${at + 10}`));
    expect(index.dialogs).toHaveLength(20);
    expect(index.dialogs[0]?.letter).toBe('K');
  });
});
