import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { aorOf } from '../src/protocol/sip/uri';
import { silentLog } from './log';
import type { Options } from './options';
import { type Running, serve } from './serve';
import { Accounts } from './store/accounts';
import { openDatabase } from './store/database';
import { secretKeyOf, Vault } from './store/secrets';

const directory = mkdtempSync(path.join(tmpdir(), 'confab-serve-'));
const dist = path.join(directory, 'dist');
const allowedPage = 'https://chat.example';
let running: Running;

function optionsOf(changes: Partial<Options> = {}): Options {
  return {
    host: '127.0.0.1',
    port: 0,
    sipPort: 0,
    sipsPort: 0,
    adminPort: 0,
    domain: 'contoso.example',
    data: path.join(directory, 'data'),
    tlsCert: null,
    tlsKey: null,
    demo: true,
    allowOrigins: [allowedPage],
    maxEndpoints: 10,
    turn: [],
    traceMost: null,
    turnSecretFile: null,
    media: { engine: 'werift', janus: null, hosts: [], ports: null, maxBitrate: 3_000_000 },
    files: { size: 1000, quota: 1000, total: 1000, lifetimeMs: 60_000, blocked: [] },
    logLevel: 'error',
    ...changes,
  };
}

beforeAll(async () => {
  mkdirSync(path.join(dist, 'assets'), { recursive: true });
  writeFileSync(path.join(dist, 'index.html'), '<meta name="csp-nonce" content="__CSP_NONCE__">');
  writeFileSync(path.join(dist, 'assets', 'main-1a2b.js'), 'export {}');
  writeFileSync(path.join(dist, 'assets', 'main-1a2b.js.br'), 'brotli');
  running = await serve(optionsOf(), dist, silentLog);
});

afterAll(async () => {
  await running.stop();
  rmSync(directory, { recursive: true, force: true });
});

interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

function get(
  pathname: string,
  headers: Record<string, string> = {},
  body?: string,
  method = body === undefined ? 'GET' : 'POST',
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const options = { port: running.ports.http, path: pathname, headers, method };
    const request = httpRequest(options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** The status of the upgrade, or 101 when it opened. */
function upgrade(headers: Record<string, string>, protocol = 'sip', pathname = '/sip'): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${running.ports.http}${pathname}`, protocol, { headers });
    socket.once('open', () => {
      socket.close();
      resolve(101);
    });
    socket.once('unexpected-response', (_, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.on('error', () => undefined);
  });
}

const register = [
  'REGISTER sip:contoso.example SIP/2.0',
  'Via: SIP/2.0/tcp 127.0.0.1:1',
  'From: <sip:alice@contoso.example>;tag=1;epid=e1',
  'To: <sip:alice@contoso.example>',
  'Call-ID: c1',
  'CSeq: 1 REGISTER',
  'Contact: <sip:127.0.0.1:1;transport=tcp>',
  'Content-Length: 0',
  '',
  '',
].join('\r\n');

describe('the page', () => {
  it('has a fresh nonce in document and policy', async () => {
    const [first, second] = [await get('/'), await get('/')];
    const nonce = /content="([^"]+)"/.exec(first.body)?.[1];
    expect(first.headers['content-security-policy']).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(second.body).not.toContain(nonce);
    expect(first.headers['cache-control']).toBe('no-store');
  });

  it('has a policy that lets nothing in but its own scripts, and connects anywhere that is encrypted', async () => {
    const { headers } = await get('/');
    const policy = String(headers['content-security-policy']);
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "worker-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ]) {
      expect(policy).toContain(part);
    }
    expect(policy).toMatch(/connect-src 'self' https: wss: /);
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  });

  it('serves hashed files compressed and for ever, and says 304', async () => {
    const file = await get('/assets/main-1a2b.js', { 'Accept-Encoding': 'gzip, br' });
    expect(file.body).toBe('brotli');
    expect(file.headers['content-encoding']).toBe('br');
    expect(file.headers['cache-control']).toContain('immutable');
    expect((await get('/assets/main-1a2b.js')).body).toBe('export {}');
    expect((await get('/assets/main-1a2b.js', { 'If-None-Match': String(file.headers.etag) })).status).toBe(304);
  });

  it.each(['/../options.ts', '/..%2f..%2fpackage.json', '/assets/', '/index.html.br', '//etc/passwd'])(
    'does not serve %s',
    async (pathname) => {
      expect((await get(pathname)).status).toBe(404);
    },
  );
});

describe('discovery', () => {
  it.each([
    ['/', { Host: 'lyncdiscover.contoso.example:8080' }],
    ['/Autodiscover/AutodiscoverService.svc/root', { Host: 'localhost' }],
    ['/?sipuri=sip:alice@contoso.example', { Host: 'localhost' }],
    ['/', { Host: 'localhost', Accept: 'application/vnd.microsoft.rtc.autodiscover+xml;v=1' }],
  ])('[MS-OCDISCWS]: GET %s %j', async (pathname, headers) => {
    const answer = await get(pathname, headers);
    expect(answer.headers['content-type']).toBe('application/vnd.microsoft.rtc.autodiscover+xml');
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.body).toContain(`<Link token="Confab/WebSocket" href="ws://${headers.Host}/sip"/>`);
  });

  it('RFC 6415: host-meta names the domain and the WebSocket', async () => {
    const answer = await get('/.well-known/host-meta.json', { Host: 'localhost:8080' });
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(JSON.parse(answer.body)).toEqual({
      subject: 'http://localhost:8080',
      properties: { 'urn:confab:sip-domain': 'contoso.example' },
      links: [{ rel: 'urn:confab:sip-websocket', href: 'ws://localhost:8080/sip' }],
    });
  });
});

describe('the WebSocket', () => {
  it.each([
    ['no browser', {}, 101],
    ['the page itself', { Host: 'localhost:8080', Origin: 'http://localhost:8080' }, 101],
    ['another port of this computer', { Host: 'localhost:8080', Origin: 'http://localhost:5173' }, 101],
    ['an origin allowed by name', { Host: 'localhost', Origin: 'https://chat.example' }, 101],
    ['another page', { Host: 'localhost:8080', Origin: 'https://evil.example' }, 403],
    ['no origin to speak of', { Host: 'localhost:8080', Origin: 'null' }, 403],
    ['a name made to lead here', { Host: 'evil.example', Origin: 'http://evil.example' }, 421],
  ])('from %s', async (_, headers, status) => {
    expect(await upgrade(headers)).toBe(status);
  });

  it.each([
    ['the page itself', 'http://localhost:8080', 426],
    ['another page', 'https://evil.example', 403],
  ])('tells who asks without an upgrade whether it may: %s', async (_, origin, status) => {
    const answer = await get('/sip', { Host: 'localhost:8080', Origin: origin });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([status, '*']);
  });

  it('RFC 7118 §4.1: speaks sip only, at /sip only', async () => {
    expect(await upgrade({}, 'xmpp')).toBe(400);
    expect(await upgrade({}, 'sip', '/')).toBe(404);
  });

  it('answers a keep-alive and a REGISTER', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${running.ports.http}/sip`, 'sip');
    const got: string[] = [];
    await new Promise<void>((resolve) => {
      socket.on('open', () => {
        socket.send('\r\n\r\n');
        socket.send(register);
      });
      socket.on('message', (data: Buffer) => {
        got.push(data.toString());
        if (got.length === 2) resolve();
      });
    });
    socket.close();
    expect(got[0]).toBe('\r\n');
    expect(got[1]).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
  });
});

describe('SIP over TCP and TLS', () => {
  it.each(['tcp', 'tls'])('answers a REGISTER over %s', async (transport) => {
    const { sip, sips } = running.ports;
    const socket =
      transport === 'tcp' ? connectTcp(sip, '127.0.0.1') : connectTls({ port: sips, rejectUnauthorized: false });
    socket.write(register.slice(0, 100));
    socket.write(register.slice(100));
    const answer = await new Promise<string>((resolve) =>
      socket.once('data', (data: Buffer) => resolve(data.toString())),
    );
    socket.destroy();
    expect(answer).toMatch(/^SIP\/2\.0 401 Unauthorized\r\n/);
    expect(answer).toContain('Via: SIP/2.0/tcp 127.0.0.1:1\r\n');
  });
});

describe('POST /account/password', () => {
  const json = { 'Content-Type': 'application/json', Host: 'localhost' };
  const post = (wish: object, headers: Record<string, string> = json): Promise<Got> =>
    get('/account/password', headers, JSON.stringify(wish));

  it('changes the password of who knows it', async () => {
    const wish = { address: 'bob@contoso.example', current: 'confab', next: 'a longer one' };
    expect((await post(wish)).status).toBe(204);
    expect((await post(wish)).status).toBe(401);
    const bob = aorOf(wish.address);
    expect(bob !== null && running.home.accounts.verify(bob, 'a longer one')).toBe(true);
  });

  it.each([
    ['a short one', { address: 'erin@contoso.example', current: 'confab', next: 'short' }, 422, 'too-short'],
    ['a wrong one', { address: 'erin@contoso.example', current: 'wrong', next: 'long enough' }, 401, 'credentials'],
    ['nobody', { address: 'nobody@contoso.example', current: 'wrong', next: 'long enough' }, 401, 'credentials'],
    ['no address', { address: '@', current: 'wrong', next: 'long enough' }, 400, 'malformed'],
    ['no text', { address: 'erin@contoso.example', current: 7, next: 'long enough' }, 400, 'malformed'],
  ])('refuses %s', async (_, wish, status, error) => {
    const answer = await post(wish);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body).error).toBe(error);
  });

  it('refuses another page, another content type and a body without end', async () => {
    const wish = { address: 'erin@contoso.example', current: 'confab', next: 'long enough' };
    expect((await post(wish, { ...json, Origin: 'https://evil.example' })).status).toBe(403);
    expect((await post(wish, { Host: 'localhost' })).status).toBe(400);
    expect((await post({ ...wish, epid: 'x'.repeat(10_000) })).status).toBe(400);
  });

  it('lets a page of --allow-origin ask first, and no other', async () => {
    const preflight = (origin: string) =>
      get('/account/password', { Host: 'localhost', Origin: origin }, undefined, 'OPTIONS');
    const allowed = await preflight(allowedPage);
    expect(allowed.status).toBe(204);
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': allowedPage,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Content-Type',
    });
    const refused = await preflight('https://evil.example');
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([403, undefined]);
    const wish = { address: 'erin@contoso.example', current: 'wrong', next: 'long enough' };
    const answer = await post(wish, { ...json, Origin: allowedPage });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([401, allowedPage]);
  });

  it('is throttled like sign-in', async () => {
    const wish = { address: 'heidi@contoso.example', current: 'a wrong guess', next: 'long enough' };
    for (let time = 0; time < 5; time += 1) await post(wish);
    const answer = await post({ ...wish, current: 'confab' });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });
});

describe('FIL-4 /files/ID', () => {
  const file = `/files/${'0'.repeat(32)}`;

  it('is nothing without a ticket', async () => {
    expect([(await get(file)).status, (await get('/files/../secret.key')).status]).toEqual([401, 404]);
  });

  it('is for our pages and those of --allow-origin', async () => {
    const preflight = await get(file, { Host: 'localhost', Origin: allowedPage }, undefined, 'OPTIONS');
    expect(preflight.status).toBe(204);
    expect(preflight.headers).toMatchObject({
      'access-control-allow-origin': allowedPage,
      'access-control-allow-methods': 'GET, HEAD, PUT, DELETE',
      'access-control-allow-headers': 'Authorization, Content-Range, Content-Type, If-Range, Range',
    });
    const evil = await get(file, { Host: 'localhost', Origin: 'https://evil.example' });
    expect([evil.status, evil.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  it('is not there with --no-files', async () => {
    const without = await serve(
      optionsOf({ files: null, data: path.join(directory, 'without'), demo: false }),
      dist,
      silentLog,
    );
    expect((await fetch(`http://127.0.0.1:${without.ports.http}${file}`)).status).toBe(404);
    await without.stop();
  });
});

describe('starting', () => {
  it('makes the demo people once, each with the shown password', () => {
    expect(running.demoPeople.length).toBeGreaterThanOrEqual(7);
    expect(running.home.accounts.all().some(({ policy }) => !policy.conferences)).toBe(true);
    expect(running.home.accounts.all().some(({ policy }) => policy.meetingSize === 3)).toBe(true);
  });

  it.each([
    ['port', '--port'],
    ['sipPort', '--sip-port'],
    ['sipsPort', '--sips-port'],
  ] as const)('says which option to change when %s is taken', async (name, option) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const data = path.join(directory, `taken-${name}`);
    await expect(serve(optionsOf({ [name]: port, data }), null, silentLog)).rejects.toThrow(
      `Port ${port} is in use by another program. Choose another one with ${option} (0 takes a free one).`,
    );
    await new Promise((resolve) => taken.close(resolve));
  });

  it.each([
    ['missing', null, /^Cannot read .*turn-missing\. Check --turn-secret-file\.$/],
    ['empty', '\n', /turn-empty is empty\. Check --turn-secret-file\.$/],
  ])('says that the secret of the TURN server is %s', async (what, text, why) => {
    const turnSecretFile = path.join(directory, `turn-${what}`);
    if (text !== null) writeFileSync(turnSecretFile, text);
    const turn = [{ host: 'turn.contoso.example', port: 3478 }];
    await expect(serve(optionsOf({ turn, turnSecretFile }), null, silentLog)).rejects.toThrow(why);
  });

  it('away from loopback speaks TLS, says that it made the certificate, and has no demo people', async () => {
    const data = path.join(directory, 'away');
    const away = await serve(optionsOf({ host: '0.0.0.0', data }), null, silentLog);
    expect(away.url).toMatch(/^https:\/\/contoso\.example:/);
    expect(away.demoPeople).toEqual([]);
    expect(away.home.accounts.all()).toEqual([]);
    expect(away.remarks.join(' ')).toContain('self-made');
    await away.stop();
  });

  it('takes in within a second what the users command changes while it runs', async () => {
    const data = path.join(directory, 'data');
    const other = new Accounts(openDatabase(path.join(data, 'confab.db')), new Vault(secretKeyOf(data)));
    const told = new Promise<string>((resolve) =>
      running.home.accounts.onChange(({ is, account }) => resolve(`${is} ${account.displayName}`)),
    );
    const startedAt = performance.now();
    const newcomer = aorOf('zoe@contoso.example');
    if (newcomer !== null) other.add(newcomer, { displayName: 'Zoe' }, 'a long password');
    expect(await told).toBe('added Zoe');
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('away from loopback names the demo people of before, who cannot sign in', async () => {
    const data = path.join(directory, 'moved');
    await (await serve(optionsOf({ data }), null, silentLog)).stop();
    const away = await serve(optionsOf({ host: '0.0.0.0', data }), null, silentLog);
    expect(away.remarks.join(' ')).toContain('alice@contoso.example');
    await away.stop();
  });
});
