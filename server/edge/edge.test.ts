import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { edgeClose } from '../../src/protocol/shared/edgeClose';
import { type Certificate, ownCertificate } from '../certificate';
import { portOf } from '../listening';
import { silentLog } from '../log';
import { FrontEnd } from '../testing/frontEnd';
import type { EdgeLimits } from './edgeListener';
import { type EdgeOptions, parseEdgeOptions } from './edgeOptions';
import { type RunningEdge, serveEdge } from './serveEdge';
import { Upstream } from './upstream';

const directory = mkdtempSync(path.join(tmpdir(), 'confab-edge-'));
let certificate: Certificate & { file: string };
let frontEnd: FrontEnd;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  certificate = await ownCertificate(directory, ['localhost']);
  frontEnd = await FrontEnd.listen(certificate);
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  frontEnd.received.length = 0;
  frontEnd.sockets.length = 0;
});
afterAll(async () => {
  await frontEnd.close();
  rmSync(directory, { recursive: true, force: true });
});

function optionsOf(...args: string[]): EdgeOptions {
  const parsed = parseEdgeOptions(['--port', '0', ...args], {});
  if (parsed.is !== 'run') throw new Error(parsed.is === 'wrong' ? parsed.why : parsed.text);
  return parsed.options;
}

const trusted = (): string => `localhost:${frontEnd.port},ca=${certificate.file}`;

async function startEdge(upstreams = [trusted()], limits: Partial<EdgeLimits> = {}): Promise<RunningEdge> {
  const options = optionsOf(...upstreams.flatMap((upstream) => ['--upstream', upstream]));
  const edge = await serveEdge(options, null, silentLog, limits);
  closing.push(() => edge.stop());
  return edge;
}

/** A browser's end: what it got, and how it was closed. */
interface Browser {
  socket: WebSocket;
  next(): Promise<string>;
  closed: Promise<{ code: number; reason: string }>;
}

function browse(edge: RunningEdge, pathname = '/sip', headers: Record<string, string> = {}): Promise<Browser> {
  const socket = new WebSocket(`ws://127.0.0.1:${edge.port}${pathname}`, 'sip', { headers });
  const [got, waiting]: [string[], ((text: string) => void)[]] = [[], []];
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8');
    const waits = waiting.shift();
    if (waits === undefined) got.push(text);
    else waits(text);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString('utf8') })),
  );
  const next = (): Promise<string> => {
    const text = got.shift();
    return text === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(text);
  };
  closing.push(async () => socket.terminate());
  return new Promise((resolve, reject) => {
    socket.once('open', () => resolve({ socket, next, closed }));
    socket.once('error', reject);
  });
}

const lines = (...text: string[]): string => text.join('\r\n');

const register = lines(
  'REGISTER sip:contoso.example SIP/2.0',
  'Via: SIP/2.0/WSS 030515897.invalid;branch=z9hG4bK11',
  'Max-Forwards: 69',
  'From: <sip:alice@contoso.example>;tag=f1;epid=01a7c4d2e9',
  'To: <sip:alice@contoso.example>',
  'Call-ID: call-1',
  'CSeq: 1 REGISTER',
  'Contact: <sip:alice@030515897.invalid;transport=ws>;methods="INVITE, BYE";proxy=replace;+sip.instance="<urn:uuid:63bfdf93-25a1-57a5-a4d0-0c8030515897>"',
  'Subject: Zoë',
  'Content-Length: 0',
  '',
  '',
);

const ok = (request: string, ...more: string[]): string => {
  const kept = request.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq|contact):/i.test(line));
  return lines('SIP/2.0 200 OK', ...kept, ...more, 'Content-Length: 0', '', '');
};

describe('the edge', () => {
  it('RFC 3261 §18.1.1: a request goes out under the address of the connection, and its answer comes back under its own', async () => {
    const browser = await browse(await startEdge());
    browser.socket.send(register);
    const arrived = await frontEnd.message(0);
    const { remotePort } = frontEnd.sockets[0] ?? {};
    const own = `127.0.0.1:${remotePort}`;
    expect(Buffer.from(arrived, 'latin1').toString('utf8')).toBe(
      register
        .replace('WSS 030515897.invalid', `TLS ${own}`)
        .replace('<sip:alice@030515897.invalid;transport=ws>', `<sip:alice@${own};transport=tls>`),
    );
    const received = ';ms-received-port=1;ms-received-cid=1200';
    frontEnd.send(ok(arrived.replace('branch=z9hG4bK11', `branch=z9hG4bK11${received}`)));
    const answer = await browser.next();
    expect(answer.match(/^Via:.*$/gm)).toEqual([`Via: SIP/2.0/WSS 030515897.invalid;branch=z9hG4bK11${received}`]);
    expect(answer).toContain('\r\nContact: <sip:alice@030515897.invalid;transport=ws>;methods=');
  });

  it('a request of the server and its answer pass byte by byte', async () => {
    const browser = await browse(await startEdge());
    browser.socket.send(register);
    await frontEnd.message(0);
    const notify = lines(
      'BENOTIFY sip:alice@contoso.example;opaque=user:epid:mine;gruu SIP/2.0',
      'v: SIP/2.0/TLS 10.0.0.5:5061;branch=z9hG4bK9,SIP/2.0/TLS 10.0.0.6:5061',
      'Via:  SIP/2.0/TLS 10.0.0.7;x=',
      ' y',
      'FROM: Zoë <sip:bob@contoso.example>;tag=1',
      'Record-Route: <sip:fe1.contoso.example:5061;ms-route-sig=aa==>;tag=x',
      'Contact: <sip:fe1.contoso.example:5061;transport=tls>',
      'l: 4',
      '',
      '{ü}',
    );
    frontEnd.send(Buffer.from(notify, 'utf8').toString('latin1'));
    expect(await browser.next()).toBe(notify);
    const answer = lines(
      'SIP/2.0 200 OK',
      'Via: SIP/2.0/TLS 10.0.0.5:5061;branch=z9hG4bK9',
      'From: <sip:bob@contoso.example>;tag=1',
      'To: <sip:alice@contoso.example>;tag=2',
      'Call-ID: n1',
      'CSeq: 1 NOTIFY',
      'Contact: <sip:alice@contoso.example;opaque=user:epid:mine;gruu>',
      'Content-Length: 0',
      '',
      '',
    );
    browser.socket.send(answer);
    expect(await frontEnd.message(1)).toBe(answer);
  });

  it('FRM-1: a stream is cut into messages, and a message without Content-Length gets one', async () => {
    const browser = await browse(await startEdge());
    browser.socket.send(register.replace('Content-Length: 0\r\n\r\n', '\r\nü'));
    expect((await frontEnd.message(0)).slice(-25)).toBe('\r\nContent-Length: 2\r\n\r\n\xc3\xbc');
    browser.socket.send(register.replace('Content-Length: 0\r\n\r\n', 'Content-Length: 1\r\n\r\nxREGISTER'));
    expect(await frontEnd.message(1)).toMatch(/\r\n\r\nx$/);
    const [one, two] = ['one', 'two'].map((text) => ok(register, `Subject: ${text}`));
    frontEnd.send(`${one}${two?.slice(0, 40)}`);
    expect(await browser.next()).toBe(Buffer.from(one ?? '', 'latin1').toString('utf8'));
    frontEnd.send(two?.slice(40) ?? '');
    expect(await browser.next()).toContain('Subject: two');
  });

  it('RFC 5626 §3.5.1: answers keep-alives on both sides, and passes the browser’s on', async () => {
    const browser = await browse(await startEdge());
    browser.socket.send('\r\n\r\n');
    expect(await browser.next()).toBe('\r\n');
    expect(await frontEnd.message(0)).toBe('ping');
    frontEnd.send('\r\n\r\n');
    const pong = new Promise((resolve) => frontEnd.sockets[0]?.once('data', resolve));
    expect(String(await pong)).toBe('\r\n');
  });

  it('a browser that leaves takes its connection to the server with it', async () => {
    const browser = await browse(await startEdge());
    const server = await frontEnd.until(() => frontEnd.sockets[0]);
    browser.socket.close();
    await frontEnd.until(() => server.destroyed);
  });

  it('each of two browsers has a connection of its own', async () => {
    const edge = await startEdge();
    const [first] = [await browse(edge), await browse(edge)];
    await frontEnd.until(() => frontEnd.sockets.length === 2);
    first.socket.send(register);
    await frontEnd.message(0);
    frontEnd.send(ok(register));
    expect(frontEnd.sockets[0]?.bytesRead).not.toBe(frontEnd.sockets[1]?.bytesRead);
  });
});

describe('where the edge carries to', () => {
  it('the first server when none is named, else the one that is; no other', async () => {
    const second = await FrontEnd.listen(certificate);
    closing.push(() => second.close());
    const edge = await startEdge([trusted(), `localhost:${second.port},ca=${certificate.file}`]);
    (await browse(edge)).socket.send(register);
    await frontEnd.message(0);
    (await browse(edge, `/sip/LOCALHOST:${second.port}`)).socket.send(register);
    await second.message(0);
    const stranger = await browse(edge, '/sip/fe9.contoso.example');
    expect(await stranger.closed).toEqual({
      code: edgeClose.notAllowed,
      reason: 'fe9.contoso.example is no server of this edge',
    });
  });

  it('a name without a port means 5061', () => {
    const { upstreams } = optionsOf('--upstream', 'pool.contoso.example');
    const pool = new Upstream(upstreams[0] as EdgeOptions['upstreams'][0]);
    expect(pool.name).toBe('pool.contoso.example:5061');
    expect(
      ['Pool.contoso.example', 'pool.contoso.example:5061', 'pool.contoso.example:443', 'ool'].map((name) =>
        pool.isNamed(name),
      ),
    ).toEqual([true, true, false, false]);
  });

  it('a server that closes or speaks something else ends the browser’s connection, with the reason', async () => {
    const edge = await startEdge();
    const browser = await browse(edge);
    (await frontEnd.until(() => frontEnd.sockets[0])).destroy();
    expect(await browser.closed).toEqual({
      code: edgeClose.lost,
      reason: `localhost:${frontEnd.port} closed the connection`,
    });
    const other = await browse(edge);
    await frontEnd.until(() => frontEnd.sockets[1]);
    frontEnd.send('HTTP/1.1 400 Bad Request\r\nContent-Length: x\r\n\r\n');
    expect(await other.closed).toMatchObject({ code: edgeClose.lost, reason: expect.stringContaining('not SIP') });
  });

  it('TCP is for tests: `transport=tcp`', async () => {
    const plain = await FrontEnd.listen();
    closing.push(() => plain.close());
    const browser = await browse(await startEdge([`127.0.0.1:${plain.port},transport=tcp`]));
    browser.socket.send(register);
    expect(await plain.message(0)).toMatch(/\r\nVia: SIP\/2\.0\/TCP 127\.0\.0\.1:\d+;branch/);
  });
});

describe('a server that cannot be trusted or reached', () => {
  const failureOf = async (upstream: string): Promise<{ code: number; reason: string }> =>
    (await browse(await startEdge([upstream]))).closed;

  it('a certificate that nobody vouches for', async () => {
    expect(await failureOf(`localhost:${frontEnd.port}`)).toMatchObject({
      code: edgeClose.certificate,
      reason: expect.stringMatching(/^localhost:\d+ has a certificate that cannot be trusted \(SELF_SIGNED/),
    });
  });

  it('a certificate for another name, unless that name is the one to expect', async () => {
    const { code, reason } = await failureOf(`127.0.0.1:${frontEnd.port},ca=${certificate.file}`);
    expect({ code, reason }).toMatchObject({ code: edgeClose.certificate, reason: expect.stringContaining('ALTNAME') });
    const browser = await browse(await startEdge([`127.0.0.1:${frontEnd.port},ca=${certificate.file},name=localhost`]));
    browser.socket.send(register);
    await frontEnd.message(0);
  });

  it('no common version of TLS, and no TLS at all', async () => {
    const old = await FrontEnd.listen({ ...certificate, maxVersion: 'TLSv1.2' });
    closing.push(() => old.close());
    const upstream = `localhost:${old.port},ca=${certificate.file}`;
    expect(await failureOf(`${upstream},min-version=TLSv1.3`)).toMatchObject({ code: edgeClose.handshake });
    expect(await failureOf(`${upstream},ciphers=AES256-SHA`)).toMatchObject({ code: edgeClose.handshake });
    (await browse(await startEdge([upstream]))).socket.send(register);
    await old.message(0);
    const web = createServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    closing.push(async () => void web.close());
    expect(await failureOf(`localhost:${portOf(web)}`)).toMatchObject({ code: edgeClose.handshake });
  });

  it('TLS 1.0 with its ciphers, where an old server has nothing better and it is asked for', async () => {
    const old = await FrontEnd.listen({
      ...certificate,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    closing.push(() => old.close());
    const upstream = `localhost:${old.port},ca=${certificate.file}`;
    expect(await failureOf(upstream)).toMatchObject({ code: edgeClose.handshake });
    const edge = await startEdge([`${upstream},min-version=TLSv1,ciphers=DEFAULT@SECLEVEL=0`]);
    (await browse(edge)).socket.send(register);
    await old.message(0);
  });

  it('a port that refuses, a name that is none, an address that does not answer', async () => {
    const gone = await FrontEnd.listen();
    await gone.close();
    expect(await failureOf(`localhost:${gone.port}`)).toEqual({
      code: edgeClose.unreachable,
      reason: `localhost:${gone.port} refuses connections`,
    });
    expect(await failureOf('fe1.nowhere.invalid')).toMatchObject({ code: edgeClose.unreachable });
    const silent = await FrontEnd.listen();
    closing.push(() => silent.close());
    const [options] = optionsOf('--upstream', `localhost:${silent.port}`).upstreams;
    if (options === undefined) throw new Error('no upstream');
    expect(await new Upstream(options, 20).connect()).toMatchObject({ is: 'failed', code: edgeClose.noAnswer });
  });

  it('a certificate authority that cannot be read is told at the start', async () => {
    const options = optionsOf('--upstream', 'localhost,ca=/nowhere/ca.pem');
    await expect(serveEdge(options, null, silentLog)).rejects.toThrow('Cannot read /nowhere/ca.pem');
  });
});

describe('limits', () => {
  it('who has not signed in within the time is put out; who has may stay', async () => {
    const edge = await startEdge([trusted()], { anonymousMs: 150 });
    const [anonymous, alice] = [await browse(edge), await browse(edge)];
    alice.socket.send(register);
    await frontEnd.message(0);
    frontEnd.sockets[1]?.write(ok(register), 'latin1');
    await alice.next();
    expect(await anonymous.closed).toEqual({ code: 1008, reason: 'not signed in in time' });
    alice.socket.send('\r\n\r\n');
    expect(await alice.next()).toBe('\r\n');
  });

  it('only so many browsers, and only so many of one address that have not signed in', async () => {
    const full = await startEdge([trusted()], { maxConnections: 1 });
    await browse(full);
    expect(await (await browse(full)).closed).toEqual({ code: 1013, reason: 'the edge takes no more browsers' });
    // Behind loopback stand reverse proxies: fifty times as many.
    const narrow = await startEdge([trusted()], { anonymousPerAddress: 1 / 50 });
    const first = await browse(narrow);
    expect((await (await browse(narrow)).closed).reason).toBe('too many connections that have not signed in');
    first.socket.send(register);
    await frontEnd.message(0);
    frontEnd.send(ok(register));
    await first.next();
    (await browse(narrow)).socket.send(register);
    await frontEnd.message(1);
  });

  it('too many messages at once get 503 with Retry-After, far too many close', async () => {
    const edge = await startEdge([trusted()], { burst: 2, perSecond: 0, tooMany: 1 });
    const browser = await browse(edge);
    for (let count = 0; count < 4; count += 1) browser.socket.send(register);
    expect(await browser.next()).toMatch(/^SIP\/2\.0 503 [\s\S]*\r\nRetry-After: 1\r\n/);
    expect(await browser.closed).toEqual({ code: 1008, reason: 'too many messages' });
    expect(frontEnd.received).toHaveLength(2);
  });

  it('a damaged request gets 400, one over 1 MB 513, and neither reaches the server', async () => {
    const browser = await browse(await startEdge());
    browser.socket.send(register.replace('CSeq: 1 REGISTER', 'CSeq: x'));
    expect(await browser.next()).toMatch(/^SIP\/2\.0 400 Bad Request \(a CSeq that cannot be read\)/);
    browser.socket.send(`${register.replace('Content-Length: 0', 'Content-Length: 1048576')}${'x'.repeat(1048576)}`);
    expect(await browser.next()).toMatch(/^SIP\/2\.0 513 /);
    browser.socket.send(register);
    await frontEnd.message(0);
    expect(frontEnd.received).toHaveLength(1);
  });

  it('RFC 3261 timer F: a server that says nothing to a request is gone', async () => {
    const browser = await browse(await startEdge([trusted()], { silentMs: 30 }));
    browser.socket.send(register);
    expect(await browser.closed).toEqual({ code: edgeClose.lost, reason: `localhost:${frontEnd.port} fell silent` });
  });
});

describe('the web side', () => {
  it('a page of another host may not connect, and the subprotocol is sip', async () => {
    const edge = await startEdge();
    await expect(browse(edge, '/sip', { Origin: 'https://evil.example' })).rejects.toThrow('403');
    const socket = new WebSocket(`ws://127.0.0.1:${edge.port}/sip`, 'xmpp');
    const answered = new Promise((resolve) =>
      socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode)),
    );
    expect(await answered).toBe(400);
    socket.on('error', () => undefined).terminate();
    expect(frontEnd.sockets).toEqual([]);
  });

  it('RFC 6415: automatic configuration finds the edge, and there are no accounts to change', async () => {
    const edge = await startEdge();
    const meta = await fetch(`http://localhost:${edge.port}/.well-known/host-meta.json`);
    expect(await meta.json()).toMatchObject({
      links: [{ rel: 'urn:confab:sip-websocket', href: `ws://localhost:${edge.port}/sip` }],
    });
    const account = await fetch(`http://localhost:${edge.port}/account/password`, { method: 'POST' });
    expect(account.status).toBe(404);
  });

  it('away from loopback the edge speaks TLS, with a certificate of its own', async () => {
    const options = optionsOf('--upstream', trusted(), '--host', '0.0.0.0', '--data', path.join(directory, 'own'));
    const edge = await serveEdge(options, null, silentLog);
    closing.push(() => edge.stop());
    expect(edge.url).toMatch(/^https:\/\/contoso\.example:\d+$/);
    expect(edge.remarks[0]).toContain('self-made');
  });
});

describe('options of npm run edge', () => {
  it('an upstream carries its own settings', () => {
    const text = 'FE1.contoso.example:443,min-version=TLSv1.1,ciphers=AES256-SHA:@SECLEVEL=0,name=pool.contoso.example';
    expect(optionsOf('--upstream', text).upstreams).toEqual([
      {
        host: 'fe1.contoso.example',
        port: 443,
        transport: 'tls',
        certificateName: 'pool.contoso.example',
        ca: null,
        minVersion: 'TLSv1.1',
        ciphers: 'AES256-SHA:@SECLEVEL=0',
      },
    ]);
    const parsed = parseEdgeOptions([], { CONFAB_EDGE_UPSTREAM: 'a.example,transport=tcp [::1]:5' });
    expect(parsed).toMatchObject({
      options: {
        upstreams: [
          { host: 'a.example', port: 5060 },
          { host: '::1', port: 5 },
        ],
      },
    });
  });

  it.each([
    [[], /^No --upstream/],
    [['--upstream', 'a b'], '--upstream is no HOST[:PORT]: a b'],
    [['--upstream', 'a:99999'], '--upstream is no HOST[:PORT]: a:99999'],
    [['--upstream', 'a,verify=no'], '--upstream does not know verify=no. See --help.'],
    [['--upstream', 'a,ca='], '--upstream does not know ca=. See --help.'],
    [['--upstream', 'a,min-version=SSLv3'], /^min-version is one of TLSv1,/],
    [['--upstream', 'a,transport=udp'], 'transport is tls or tcp, not udp'],
  ])('%j is refused in words', (args, why) => {
    const expected = typeof why === 'string' ? why : expect.stringMatching(why);
    expect(parseEdgeOptions(args, {})).toEqual({ is: 'wrong', why: expected });
  });
});
