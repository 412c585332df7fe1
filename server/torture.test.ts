import { describe, expect, it } from 'vitest';
import { parseMessage, type SipMessage } from './codec';
import { Connection } from './connection';
import { StreamFramer } from './framing';
import { TestHome } from './testing/home';
import { tortureMessages } from './testing/tortureMessages';

const messages = tortureMessages();

function bytesOf(name: string): Buffer {
  const bytes = messages.get(name);
  if (bytes === undefined) throw new Error(`RFC 4475 has no ${name}`);
  return bytes;
}

/**
 * What comes of a message: `passed` on to the person called, a status, or nothing. `spoken` is when somebody signed in says it
 * in their own name over a WebSocket; `shouted` when a stranger sends it as it is over TCP.
 */
const fates: [section: string, name: string, what: string, spoken: Fate, shouted: Fate][] = [
  ['3.1.1.1', 'wsinv', 'a short tortuous INVITE, of another domain', 404, 403],
  // Valid by the grammar, but control characters in headers are not passed on to anybody.
  ['3.1.1.2', 'intmeth', 'a wide range of characters, NUL among them', 400, 400],
  ['3.1.1.3', 'esc01', 'escaped characters', 404, 403],
  ['3.1.1.4', 'escnull', 'escaped NULs: a name like others, which has to prove itself', 401, 401],
  ['3.1.1.5', 'esc02', '% that escapes nothing: not a REGISTER', 404, 403],
  ['3.1.1.6', 'lwsdisp', 'no blank between display name and bracket', 'passed', 403],
  ['3.1.1.7', 'longreq', 'long values, 35 Via', 'passed', 403],
  // Its Content-Length is one too short for a stream: what is left over is no SIP.
  ['3.1.1.8', 'dblreq', 'two requests: a WebSocket message is one, a stream holds both', 401, ['closed', 401, 403]],
  ['3.1.1.9', 'semiuri', 'a semicolon in the user part', 404, 403],
  ['3.1.1.10', 'transports', 'Via of all transports', 'passed', 403],
  // Valid, but a WebSocket's text message cannot hold it, so that nobody could be sure to get it.
  ['3.1.1.11', 'mpart01', 'a binary part', 400, 400],
  ['3.1.1.12', 'unreason', 'a reason in UTF-8', 'nothing', 'nothing'],
  ['3.1.1.13', 'noreason', 'no reason', 'nothing', 'nothing'],
  // Empty parameters have one meaning only, so they do no harm.
  ['3.1.2.1', 'badinv01', 'extra separators', 'passed', 403],
  ['3.1.2.2', 'clerr', 'a Content-Length beyond the body: a stream waits for the rest', 400, 'nothing'],
  ['3.1.2.3', 'ncl', 'a negative Content-Length: the end of a stream', 400, ['closed', 400]],
  ['3.1.2.4', 'scalar02', 'numbers beyond reason', 400, 400],
  ['3.1.2.5', 'scalarlg', 'numbers beyond reason in a response', 'nothing', 'nothing'],
  ['3.1.2.6', 'quotbal', 'a quote that does not close', 400, 403],
  ['3.1.2.7', 'ltgtruri', 'brackets around the Request-URI', 400, 403],
  ['3.1.2.8', 'lwsruri', 'a blank in the Request-URI', 400, 400],
  ['3.1.2.9', 'lwsstart', 'two blanks in the start line', 400, 400],
  ['3.1.2.10', 'trws', 'blanks behind the start line', 400, 400],
  ['3.1.2.11', 'escruri', 'headers in the Request-URI', 400, 403],
  ['3.1.2.12', 'baddate', 'a Date of another time zone, which nobody reads', 'passed', 403],
  ['3.1.2.13', 'regbadct', 'headers in a Contact without brackets', 400, 400],
  ['3.1.2.14', 'badaspec', 'blanks within the brackets, and another domain', 404, 403],
  ['3.1.2.15', 'baddn', 'a comma in a display name without quotes, and another domain', 404, 403],
  ['3.1.2.16', 'badvers', 'SIP/7.0', 505, 505],
  ['3.1.2.17', 'mismatch01', 'CSeq of another method', 400, 400],
  ['3.1.2.18', 'mismatch02', 'CSeq of another method, which nobody knows', 400, 400],
  ['3.1.2.19', 'bigcode', 'a status of ten digits', 'nothing', 'nothing'],
  ['3.2.1', 'badbranch', 'a branch that is only the cookie', 'passed', 403],
  // Without From, To and Call-ID no answer can be told from another.
  ['3.3.1', 'insuf', 'From, To and Call-ID missing', 'nothing', 'nothing'],
  ['3.3.2', 'unkscm', 'an unknown scheme', 416, 403],
  ['3.3.3', 'novelsc', 'a known scheme that is not SIP', 416, 403],
  ['3.3.4', 'unksm2', 'unknown schemes in To, From and Contact', 400, 400],
  ['3.3.5', 'bext01', 'extensions that nobody has', 420, 403],
  ['3.3.6', 'invut', 'an unknown body, which is for the person called to judge', 'passed', 403],
  ['3.3.7', 'regaut01', 'an unknown scheme of authentication', 401, 401],
  ['3.3.8', 'multi01', 'headers twice that may be there once', 400, 400],
  ['3.3.9', 'mcl01', 'two Content-Length: the end of a stream', 400, ['closed', 400]],
  ['3.3.10', 'bcast', 'a response to another', 'nothing', 'nothing'],
  ['3.3.11', 'zeromf', 'no hops left', 483, 403],
  ['3.3.12', 'cparam01', 'a parameter of the Contact', 401, 401],
  ['3.3.13', 'cparam02', 'a parameter of the Contact URI', 401, 401],
  ['3.3.14', 'regescrt', 'headers in a Contact with brackets', 401, 401],
  ['3.3.15', 'sdp01', 'an Accept that nobody knows', 'passed', 403],
  ['3.4.1', 'inv2543', 'an INVITE of RFC 2543: no tag, no branch, no Max-Forwards, no Content-Length', 404, 403],
];

type Fate = 'passed' | 'nothing' | number | (number | 'closed')[];

/** What comes of a sound request behind it, where its beginning cannot be told. */
const afterwards: Record<string, (number | 'closed')[]> = { clerr: [], inv2543: ['closed'] };

function fateOf(fates: (number | 'closed')[]): Fate {
  const [first, ...more] = fates;
  return first === undefined ? 'nothing' : more.length === 0 && first !== 'closed' ? first : fates;
}

/** In the name of `caller@example.com`, without a Contact, tags as they were. A REGISTER stays as it is. */
function inOwnName(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  if (text.startsWith('REGISTER')) return bytes;
  const field = (names: string): RegExp => new RegExp(`^(?:${names})[ \\t]*:.*\\r\\n(?:[ \\t].*\\r\\n)*`, 'gim');
  const own = text.replace(field('contact|m'), '').replace(field('from|f'), (line) => {
    const tag = /;\s*tag\s*=\s*([^;\s]*)/.exec(line)?.[1];
    return `From: <sip:caller@example.com>${tag === undefined ? '' : `;tag=${tag}`}\r\n`;
  });
  return Buffer.from(own, 'latin1');
}

function finalStatuses(test: TestHome, from: number): number[] {
  return test.ladder
    .slice(from)
    .filter(({ direction }) => direction === 'from server')
    .map(({ text }) => Number(/^SIP\/2\.0 (\d+)/.exec(text)?.[1] ?? 0))
    .filter((status) => status >= 200);
}

describe('RFC 4475: torture messages', () => {
  it('are all there', () => {
    expect(fates.map(([, name]) => name)).toEqual([...messages.keys()]);
    expect(fates).toHaveLength(49);
  });

  it.each(fates)('§%s %s, in a WebSocket message of somebody signed in: %s: %j', (_section, name, _what, spoken) => {
    const people = ['caller', 'user'].map((user) => [`${user}@example.com`, user] as const);
    const test = new TestHome({ domain: 'example.com', people });
    const callee = test.signIn('user@example.com');
    const bytes = inOwnName(bytesOf(name));
    const caller = bytes.toString('latin1').startsWith('REGISTER')
      ? test.endpoint('caller@example.com')
      : test.signIn('caller@example.com');
    // The answer repeats what was damaged, which the test's own client would refuse to read.
    Object.assign(caller, { take: () => undefined });
    const { connection } = caller;
    const before = test.ladder.length;
    test.home.receiver.receive(connection.flow, bytes);
    if (spoken !== 'passed') return expect(fateOf(finalStatuses(test, before))).toEqual(spoken);
    expect(finalStatuses(test, before)).toEqual([]);
    const [request] = callee.incoming;
    expect(callee.incoming).toHaveLength(1);
    expect(request?.rawBody).toBe(read(bytes).rawBody);
  });

  it.each(fates)("§%s %s, in a stranger's stream: %s", (_section, name, _what, _spoken, shouted) => {
    const test = new TestHome({ domain: 'example.com', people: [] });
    const got: (number | 'closed')[] = [];
    const connection = Connection.accept(test.home, {
      protocol: 'TCP',
      address: '192.0.2.1',
      port: 5060,
      send: (wire) => void got.push(Number(wire.slice(8, 11))),
      close: () => void got.unshift('closed'),
    });
    const framer = new StreamFramer();
    const send = (bytes: Buffer): void => {
      for (const framed of framer.push(bytes)) connection?.framed(framed);
    };
    send(bytesOf(name));
    expect(fateOf(got.filter((one) => one === 'closed' || one > 0))).toEqual(shouted);
    // What follows is read as if nothing had been, where its beginning can be told.
    got.splice(0);
    send(Buffer.from(sound));
    expect(got).toEqual(afterwards[name] ?? (Array.isArray(shouted) ? [] : [403]));
  });

  it('§3.1.1.1 wsinv is read as it is meant', () => {
    const message = read(bytesOf('wsinv'));
    expect(message.cseq).toBe(9);
    expect(message.raw('max-forwards')).toBe('0068');
    expect(message.raw('from')).toBe('"J Rosenberg \\\\\\""       <sip:jdrosen@example.com> ; tag = 98asjd8');
    expect(message.rawValues('via')).toEqual([
      'SIP  /   2.0 /UDP 192.0.2.2;branch=390skdjuw',
      'SIP  / 2.0  / TCP     spindle.example.com   ; branch  =   z9hG4bK9ikj8',
      'SIP  /    2.0   / UDP  192.168.255.111   ; branch= z9hG4bK30239',
    ]);
    expect(message.raw('subject')).toBe('');
    expect(message.raw('newfangledheader')).toBe('newfangled value continued newfangled value');
    expect(message.rawBody).toHaveLength(150);
  });

  it('§3.3.5 bext01 is told what is not supported', () => {
    const test = new TestHome({ domain: 'example.com', people: [['caller@example.com', 'C']] });
    test.home.receiver.receive(test.signIn('caller@example.com').connection.flow, inOwnName(bytesOf('bext01')));
    expect(test.ladder.at(-1)?.text).toContain('Unsupported: noProxiesSupportThis, norDoAnyProxiesSupportThis\r\n');
  });
});

const sound =
  'OPTIONS sip:example.com SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.1\r\nFrom: <sip:a@example.com>;tag=1\r\n' +
  'To: <sip:example.com>\r\nCall-ID: after\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n';

function read(bytes: Buffer): SipMessage {
  const parsed = parseMessage(bytes);
  if (parsed.is === 'damaged') throw new Error(parsed.why);
  return parsed.message;
}
