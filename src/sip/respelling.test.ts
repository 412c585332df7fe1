import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatImOffer } from '../protocol/sip/imOffer';
import { headerOf, headersOf } from '../protocol/sip/message';
import { TestUserAgent } from '../testing/testUserAgent';
import type { Invite } from './invite';
import { JssipUa } from './jssip';
import { Respelling, straightened } from './respelling';
import type { SipRequest } from './sipMessages';

const me = 'sip:alice@contoso.example';
const offer = { contentType: 'application/sdp', body: formatImOffer({ uri: null, acceptTypes: ['text/plain'] }) };

let alice: TestUserAgent;
beforeEach(async () => {
  alice = await new TestUserAgent().register();
});
afterEach(async () => {
  await Promise.all([alice.agent.stop(), alice.elapse(40_000)]);
  expect(alice.world.ticking).toBe(0);
});

const plain = [
  `MESSAGE ${me} SIP/2.0`,
  'Via: SIP/2.0/TLS 10.0.0.5:5061;branch=z9hG4bK3C01',
  'Max-Forwards: 68',
  'From: "Bob" <sip:bob@contoso.example>;tag=b1;epid=02b8d5e3fa',
  `To: <${me}>`,
  'Call-ID: c1',
  'CSeq: 1 MESSAGE',
  'Contact: <sip:bob@contoso.example;opaque=user:epid:bob;gruu>',
  'Content-Type: text/plain; charset=UTF-8',
  'Content-Length: 0',
];
/** The plain request with the lines of the same names exchanged, or added. */
const request = (...lines: string[]): string => {
  const nameOf = (line: string): string => line.slice(0, line.search(/[: ]/));
  const own = plain.filter((line) => !lines.some((other) => nameOf(other) === nameOf(line)));
  const start = lines.find((line) => line.startsWith('MESSAGE ')) ?? plain[0];
  const rest = lines.filter((line) => !line.startsWith('MESSAGE '));
  return `${[start, ...own.filter((line) => !line.startsWith('MESSAGE ')), ...rest].join('\r\n')}\r\n\r\n`;
};

/** Whether JsSIP by itself takes the request. */
function jssipTakes(text: string): boolean {
  const socket = {
    url: 'wss://x',
    via_transport: 'WSS',
    sip_uri: 'sip:x',
    connect() {},
    disconnect() {},
    send: () => true,
  };
  const ua = new JssipUa({ sockets: [socket], uri: me, register: false });
  let isTaken = false;
  ua.receiveRequest = () => {
    isTaken = true;
  };
  try {
    ua.transport.ondata({ message: text, transport: ua.transport } as { message: unknown });
  } catch {
    return false;
  }
  return isTaken;
}

describe('what JsSIP’s grammar refuses and real servers send', () => {
  it('the plain request passes JsSIP, so that the rows below prove something', () => {
    expect(jssipTakes(request())).toBe(true);
  });

  it.each([
    ['= in a URI parameter', 'Contact: <sip:bob@contoso.example;opaque=user:epid:Zx9==;gruu>'],
    [
      '= in a Record-Route cookie',
      'Record-Route: <sip:fe1.contoso.example:5061;transport=tls;opaque=state:T:F:Ci.R12;lr;ms-route-sig=aaZ-b==>',
    ],
    ['= behind a Record-Route', 'Record-Route: <sip:fe1;lr>;tag=1B2==, <sip:fe2;lr>'],
    ['= in the branch', 'Via: SIP/2.0/TLS 10.0.0.5:5061;branch=z9hG4bK3C.A==;ms-received-cid=1B=='],
    ['= in a tag', 'From: <sip:bob@contoso.example>;tag=b==;epid=02b8d5e3fa'],
    ['= in a boundary', 'Content-Type: multipart/related;type="application/rlmi+xml";boundary=50UBfW7LS=='],
    ['= in msgr', 'Content-Type: text/plain; charset=UTF-8;msgr=WAAtAE0ATQBTAA=='],
    ['= in the Call-ID', 'Call-ID: dGVzdA=='],
    ['= in the parameters of an event', 'Event: presence;id=a=b'],
    ['a curly bracket', 'Record-Route: <sip:fe1;lr;ms-x={12}>'],
    ['a comma in a URI parameter', 'Contact: <sip:bob@contoso.example;x=a,b>'],
    ['an empty parameter value', `To: <${me};opaque=>`],
    ['an empty parameter value behind the address', 'From: <sip:bob@contoso.example>;epid=;tag=b1'],
    ['an empty parameter', 'Contact: <sip:bob@contoso.example>;;proxy=replace'],
    ['a semicolon at the end of Content-Type', 'Content-Type: application/sdp;'],
    ['a semicolon at the end of Event', 'Event: presence;'],
    ['a semicolon at the end of From', 'From: <sip:bob@contoso.example>;tag=b1;'],
    ['a semicolon at the end of a URI', 'Contact: <sip:bob@contoso.example;gruu;>'],
    ['a semicolon at the end of Via', 'Via: SIP/2.0/TLS 10.0.0.5:5061;branch=z9hG4bK1;'],
    ['tel: in From', 'From: <tel:+31205550101;phone-context=x>;tag=b1'],
    ['tel: in To', 'To: <tel:+31205550101>'],
    ['tel: in Contact', 'Contact: <tel:+31205550101>'],
    ['another scheme', 'From: <urn:contoso:7>;tag=b1'],
    ['a name that is not ASCII', 'From: Zoë Müller <sip:bob@contoso.example>;tag=b1'],
    ['a name with a comma', "From: O'Brien, Al <sip:bob@contoso.example>;tag=b1"],
    ['a name with brackets', 'From: Bob (Sales) <sip:bob@contoso.example>;tag=b1'],
    ['a user that is not ASCII', 'From: <sip:zoë@contoso.example>;tag=b1'],
    ['a host that begins with a digit', 'Contact: <sip:2k8fe:5061;transport=tls>'],
    ['a last label that begins with a digit', 'Record-Route: <sip:fe1.3com:5061;lr>'],
    ['such a host in Via', 'Via: SIP/2.0/TLS 2k8fe:5061;branch=z9hG4bK1'],
    ['a dot at the end of a host', 'Record-Route: <sip:fe1.contoso.example.:5061;lr>'],
    ['two @', 'Contact: <sip:bob@contoso.example@fe1.contoso.example>'],
    ['a Record-Route without brackets', 'Record-Route: sip:fe1.contoso.example;lr'],
    ['Contact: *', 'Contact: *'],
    ['a Request-URI with =', `MESSAGE ${me};opaque=x== SIP/2.0`],
    ['Session-Expires with =', 'Session-Expires: 720;x=a=b'],
    ['Refer-To with =', 'Refer-To: <sip:carol@contoso.example;opaque=x==>'],
    ['Replaces with =', 'Replaces: c1==;from-tag=1=;to-tag=2'],
  ])('%s', async (_what, line) => {
    const text = request(line);
    expect(jssipTakes(text)).toBe(false);
    const got: SipRequest[] = [];
    alice.agent.handle('MESSAGE', (message, reply) => {
      got.push(message);
      reply(200, 'OK');
    });
    alice.peer.raw(text);
    await alice.settle();
    expect(got).toHaveLength(1);
    const answer = alice.peer.take('MESSAGE');
    expect(answer.status).toBe(200);
    // What goes back is the server's own, to the byte; a name may have got its quotes.
    for (const name of ['Via', 'From', 'Call-ID']) {
      const sent = headersOf({ ...answer, headers: linesOf(text) }, name);
      expect(headersOf(answer, name).map(unnamed)).toEqual(sent.map(unnamed));
    }
    const to = linesOf(text).find(([name]) => name === 'To')?.[1] ?? '';
    expect(headerOf(answer, 'To')?.startsWith(`${to};tag=`)).toBe(true);
    expect(alice.trace.at(-2)?.text).toBe(text);
  });

  it.each([
    ['bare line ends', (text: string) => text.replaceAll('\r\n', '\n')],
    [
      'compact names',
      (text: string) => text.replace('From', 'f').replace('To', 't').replace('Via', 'v').replace('Content-Type', 'c'),
    ],
    ['folded headers', (text: string) => text.replace('<sip:bob', '\r\n\t<sip:bob').replace(';epid', '\r\n ;epid')],
    ['a line without a colon', (text: string) => text.replace('Max-Forwards', 'some words\r\nMax-Forwards')],
    ['no branch', (text: string) => text.replace(';branch=z9hG4bK3C01', '')],
    [
      'several Via on a line',
      (text: string) => text.replace('z9hG4bK3C01', 'z9hG4bK3C01, SIP/2.0/TLS 10.0.0.6;branch=z9hG4bK7'),
    ],
  ])('%s', async (_what, change) => {
    const got: SipRequest[] = [];
    alice.agent.handle('MESSAGE', (message, reply) => {
      got.push(message);
      reply(200, 'OK');
    });
    alice.peer.raw(change(request('s: hello', 'k: a', 'Subject: world')));
    await alice.settle();
    expect(got.map((message) => message.header('From'))).toEqual([
      expect.stringMatching(/^"Bob" {1,2}<sip:bob@contoso\.example>;tag=b1;epid=02b8d5e3fa$/),
    ]);
    expect([got[0]?.header('Subject'), got[0]?.header('Supported')]).toEqual(['hello', 'a']);
    const answer = alice.peer.take('MESSAGE');
    expect(headerOf(answer, 'Via')).toBe(
      /no branch/.test(_what) ? 'SIP/2.0/TLS 10.0.0.5:5061' : 'SIP/2.0/TLS 10.0.0.5:5061;branch=z9hG4bK3C01',
    );
  });

  it('RFC 3261 §17.2.3: two requests without a branch are two, though one has not been answered', async () => {
    let count = 0;
    alice.agent.handle('MESSAGE', () => {
      count += 1;
    });
    for (const callId of ['c1', 'c2']) {
      alice.peer.raw(request('Via: SIP/2.0/TLS 10.0.0.5', `Call-ID: ${callId}`));
    }
    await alice.settle();
    expect(count).toBe(2);
    await alice.elapse(0);
  });

  it('what we read ourselves stays readable: a boundary, tel:, names', async () => {
    const got: SipRequest[] = [];
    alice.agent.handle('MESSAGE', (message, reply) => {
      got.push(message);
      reply(200, 'OK');
    });
    const body = '--a==\r\nContent-Type: text/plain\r\n\r\nhi\r\n--a==--';
    alice.peer.raw(
      request(
        'Content-Type: multipart/alternative;boundary=a==',
        'From: Zoë Müller <tel:+31205550101>;tag=b1',
        `Content-Length: ${body.length}`,
      ) + body,
    );
    await alice.settle();
    expect(got[0]?.contentType).toBe('multipart/alternative;boundary="a=="');
    expect(got[0]?.header('From')).toBe('"Zoë Müller" <sip:+31205550101@tel.invalid>;tag=b1');
    expect(got[0]?.body).toBe(body);
  });
});

const linesOf = (text: string): [string, string][] =>
  text
    .split('\r\n\r\n', 1)[0]
    ?.split('\r\n')
    .slice(1)
    .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]) ??
  [];
/** An address without the quotes around its name, and a user as it is escaped. */
const unnamed = (value: string): string =>
  value
    .replace(/^"?([^"<]*)"? ?</, '$1<')
    .replace(/ </, '<')
    .replaceAll('%C3%AB', 'ë');

describe('in dialogs the server gets its own words back', () => {
  const route1 = '<sip:fe1.contoso.example:5061;transport=tls;opaque=state:T:F:Ci.R12;lr;ms-route-sig=aaZ-b==>';
  const route2 = '<sip:2k8edge:5061;transport=tls;lr;ms-key-info={AA=}>;tag=7==';
  const target = 'sip:bob@contoso.example:5060;maddr=10.0.0.9;transport=tls;ms-opaque=d3==;ms-received-cid=';
  const handlers = { onRequest: () => undefined, onEnded: () => undefined };

  it('Record-Route becomes Route, Contact the Request-URI, tags stay: an INVITE of theirs', async () => {
    let invite: Invite | undefined;
    alice.onInvite = (_request, ring) => {
      invite = ring(handlers);
    };
    const text = request(
      `Record-Route: ${route1}`,
      `Record-Route: ${route2}`,
      `Contact: <${target}>;x=`,
      'From: <tel:+31205550101>;tag=b==;epid=02b8d5e3fa',
      'Call-ID: dGVzdA==',
      'CSeq: 1 INVITE',
      `Content-Type: ${offer.contentType}`,
      `Content-Length: ${offer.body.length}`,
    ).replace('MESSAGE sip', 'INVITE sip');
    alice.peer.raw(text + offer.body);
    await alice.settle();
    invite?.accept('sip:alice@contoso.example;gruu', [], offer);
    await alice.settle();
    alice.peer.take('INVITE');
    const answer = alice.peer.take('INVITE');
    expect(headersOf(answer, 'Record-Route')).toEqual([route1, route2]);
    expect(headerOf(answer, 'From')).toBe('<tel:+31205550101>;tag=b==;epid=02b8d5e3fa');
    invite?.end();
    await alice.settle();
    const bye = alice.peer.take('BYE');
    expect(bye.uri).toBe(target);
    expect(headersOf(bye, 'Route').join(', ')).toBe(`${route1}, ${route2}`);
    expect(headerOf(bye, 'To')).toBe('<tel:+31205550101>;tag=b==;epid=02b8d5e3fa');
    expect(headerOf(bye, 'Call-ID')).toBe('dGVzdA==');
    alice.peer.answer(bye, 200, 'OK');
    await alice.settle();
  });

  it('the same for an INVITE of ours, and a response with two Via and no reason is taken', async () => {
    const { invite, answered } = alice.agent.invite(
      { target: 'sip:bob@contoso.example', content: offer, timeoutMs: 60_000 },
      handlers,
    );
    await alice.settle();
    const sent = alice.peer.take('INVITE');
    const answer = [
      'SIP/2.0 200',
      `Via: ${headerOf(sent, 'Via')}, SIP/2.0/TLS 10.0.0.6;branch=z==`,
      'v: SIP/2.0/TLS 10.0.0.7',
      `From: ${headerOf(sent, 'From')}`,
      'To: Zoë <sip:bob@contoso.example>;tag=b==;epid=02b8d5e3fa',
      `Call-ID: ${headerOf(sent, 'Call-ID')}`,
      `CSeq: ${headerOf(sent, 'CSeq')}`,
      `Record-Route: ${route1},${route2}`,
      `Contact: <${target}>`,
      'Content-Length: 0',
    ];
    alice.peer.raw(`${answer.join('\r\n')}\r\n\r\n`);
    await alice.settle();
    expect(await answered).toMatchObject({ ok: true, value: { status: 200 } });
    const ack = alice.peer.take('ACK');
    void invite.request('MESSAGE', { contentType: 'text/plain', body: 'x==' });
    await alice.settle();
    const message = alice.peer.take('MESSAGE');
    for (const { uri, headers } of [ack, message]) {
      expect(uri).toBe(target);
      expect(headersOf({ ...ack, headers }, 'Route').join(', ')).toBe(`${route2}, ${route1}`);
      expect(headerOf({ ...ack, headers }, 'To')).toBe('<sip:bob@contoso.example>;tag=b==;epid=02b8d5e3fa');
    }
    alice.peer.answer(message, 200, 'OK');
    invite.end();
    await alice.settle();
    alice.peer.answer(alice.peer.take('BYE'), 200, 'OK');
    await alice.settle();
  });
});

describe('respelling', () => {
  it('any piece of a header comes back as it was', () => {
    const respelling = new Respelling('1f');
    const piece = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/["<>;,\s\\]/.test(text));
    fc.assert(
      fc.property(piece, piece, piece, (value, tag, host) => {
        const route = `<sip:${host.replaceAll(/[@?:[\]]/g, '')};lr;x=${value.replaceAll(/[@?]/g, '')}>;y=${tag}`;
        const text = `BYE sip:a@b SIP/2.0\r\nRecord-Route: ${route}\r\n\r\nbody`;
        expect(respelling.forServer(respelling.forJssip(text))).toBe(text);
      }),
    );
  });

  it('never throws, and takes text made to be slow', () => {
    const respelling = new Respelling('1f');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        (text) => void respelling.forJssip(straightened(text)),
      ),
    );
    for (const piece of ['sip:', '"', '" ', ' ', ';=', ',', '<', ':1', '\r\n ', '\t', '\\', 'SIP/2.0/TLS ', '@', '%']) {
      for (const name of ['Via: ', 'From: ', 'Contact: <sip:', 'Record-Route: ', 'Content-Type: a/b;', 'Call-ID: ']) {
        respelling.forJssip(straightened(`MESSAGE sip:a@b SIP/2.0\r\n${name}${piece.repeat(20_000)}\r\n\r\n`));
      }
    }
    // What takes time by the square of a length would take minutes.
  }, 60_000);

  it('a body is nobody’s business, and a stand-in that a peer wrote is only text', () => {
    const respelling = new Respelling('1f');
    const jssips = respelling.forJssip('BYE sip:a@b;x== SIP/2.0\r\nCall-ID: 1\r\n\r\n');
    const word = /;x=(\w+) /.exec(jssips)?.[1] ?? '';
    expect(word).not.toBe('');
    expect(respelling.forServer(`MESSAGE sip:a@b SIP/2.0\r\nX: ${word}\r\n\r\n${word}`)).toBe(
      `MESSAGE sip:a@b SIP/2.0\r\nX: =\r\n\r\n${word}`,
    );
    expect(respelling.forServer('MESSAGE sip:a@b SIP/2.0\r\nX: sip:1@tel.invalid\r\n\r\n')).toContain(
      'sip:1@tel.invalid',
    );
  });
});
