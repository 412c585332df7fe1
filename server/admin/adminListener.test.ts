import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { standardLog } from '../log';
import { create, join } from '../testing/conference';
import { TestHome } from '../testing/home';
import { readAdminAccess, writeAdminAccess } from './accessFile';
import { AdminListener } from './adminListener';
import { follow } from './follow';
import type { TracedFrame } from './followers';
import { Traffic } from './traffic';

let data: string;
let test: TestHome;
let admin: AdminListener;
let logged: string[];

beforeEach(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'confab-admin-'));
  logged = [];
  const traffic = new Traffic();
  test = new TestHome({ tap: traffic, log: standardLog('info', { write: (line) => void logged.push(line) }) });
  admin = new AdminListener(test.home, traffic, data);
  await admin.listen(0);
});

afterEach(() => {
  admin.close();
  rmSync(data, { recursive: true, force: true });
});

function get(target: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const asking = request({ host: '127.0.0.1', port: admin.port, path: target, headers, method }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      const type = response.headers['content-type'] ?? '';
      response.on('end', () => resolve({ status: response.statusCode ?? 0, type, text }));
    });
    asking.on('error', reject);
    asking.end();
  });
}

const bearer = () => ({ Authorization: `Bearer ${readAdminAccess(data).token}` });

describe('the administration port', () => {
  it('answers /healthz, to programs of this computer that ask it by name', async () => {
    expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok' });
    expect(await get('/healthz', { Host: 'rebound.example' })).toMatchObject({ status: 421 });
    expect(await get('/metrics', {}, 'POST')).toMatchObject({ status: 405 });
    expect(await get('/')).toMatchObject({ status: 404 });
    expect(await get('//[')).toMatchObject({ status: 404 });
  });

  it('counts in the text format of Prometheus, naming nobody', async () => {
    test.endpoint('alice@contoso.example').register('wrong');
    const alice = test.signIn('alice@contoso.example');
    const bob = test.signIn('bob@contoso.example');
    alice.request('MESSAGE', bob.gruu, { contentType: 'text/plain', body: 'x' });
    bob.answer(bob.expect('MESSAGE'), 486, 'Busy Here');
    alice.connection.send(alice.write('JUNK"} 1', 'sip:bob@contoso.example'));
    join(alice, create(alice));
    const { status, type, text } = await get('/metrics');
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    for (const line of [
      'confab_connections{transport="WSS"} 3',
      'confab_endpoints 2',
      'confab_conferences 1',
      'confab_messages_relayed_total 1',
      'confab_sign_in_failures_total 1',
      'confab_sip_requests_total{direction="in",method="MESSAGE"} 1',
      'confab_sip_requests_total{direction="in",method="REGISTER"} 6',
      'confab_sip_requests_total{direction="in",method="other"} 1',
      'confab_sip_responses_total{direction="out",method="REGISTER",class="4xx"} 4',
      'confab_sip_responses_total{direction="in",method="MESSAGE",class="4xx"} 1',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toMatch(/^confab_event_loop_delay_seconds\{quantile="0.99"\} [\d.e-]+$/m);
    expect(Number(/^confab_resident_memory_bytes (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(1e6);
    expect(text).not.toMatch(/alice|bob|192\.0\.2|JUNK/);
    expect(
      text.replace(/^(# (HELP \w+ .+|TYPE \w+ (gauge|counter))|\w+(\{(,?\w+="[^"\\]+")+\})? [\d.e+-]+)\n/gm, ''),
    ).toBe('');
  });

  it('gives traces to who can read the token, which only the owner of the data can', async () => {
    expect(statSync(path.join(data, 'admin.json')).mode & 0o777).toBe(0o600);
    expect(await get('/trace?user=alice@contoso.example')).toMatchObject({ status: 401 });
    const wrong = { Authorization: `Bearer ${'0'.repeat(64)}` };
    expect(await get('/trace?user=alice@contoso.example', wrong)).toMatchObject({ status: 401 });
    expect(await get('/trace?user=nobody@contoso.example', bearer())).toMatchObject({ status: 404 });
  });

  it('takes the place of a file that others could read', () => {
    writeFileSync(path.join(data, 'admin.json'), 'old', { mode: 0o644 });
    writeAdminAccess(data, { port: 1, token: 'x' });
    expect(statSync(path.join(data, 'admin.json')).mode & 0o777).toBe(0o600);
    expect(readAdminAccess(data)).toEqual({ port: 1, token: 'x' });
  });
});

/** Follows alice, and resolves when it has begun. */
async function followAlice(withText: boolean) {
  const frames: TracedFrame[] = [];
  const stopping = new AbortController();
  let arrived: () => void = () => undefined;
  let ended: Promise<void> = Promise.resolve();
  await new Promise<void>((began, failed) => {
    const frame = (one: TracedFrame): void => {
      frames.push(one);
      arrived();
    };
    const options = { data, user: 'alice@contoso.example', withText };
    ended = follow(options, { began, frame }, stopping.signal);
    ended.catch(failed);
  });
  const count = (wanted: number): Promise<void> =>
    new Promise((resolve) => {
      arrived = () => frames.length >= wanted && resolve();
      arrived();
    });
  return { frames, ended, stop: () => stopping.abort(), count };
}

describe('npm run trace', () => {
  it('follows a person live until it is stopped', async () => {
    const { frames, ended, stop, count } = await followAlice(false);
    test.signIn('alice@contoso.example');
    await count(4);
    expect(frames.map(({ direction, lane }) => `${lane} ${direction}`)).toEqual([
      'client in',
      'client out',
      'client in',
      'client out',
    ]);
    stop();
    await ended;
    expect(logged.join('')).toContain('"person":"alice@contoso.example","withText":false');
  });

  it('is in the log as a warning when it shows what people say', async () => {
    const { stop, ended } = await followAlice(true);
    stop();
    await ended;
    expect(logged.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: 40, person: 'alice@contoso.example', withText: true }),
    );
  });

  it('says so when the server stops', async () => {
    const { ended } = await followAlice(false);
    admin.close();
    await expect(ended).rejects.toThrow('The server ended the trace');
  });

  it('says what to do when nobody can be followed', async () => {
    const nothing = { began: () => undefined, frame: () => undefined };
    const tried = async (user: string, directory = data) =>
      follow({ data: directory, user, withText: false }, nothing, new AbortController().signal);
    await expect(tried('nobody@contoso.example')).rejects.toThrow('There is no person "nobody@contoso.example"');
    await expect(tried('alice@contoso.example', path.join(data, 'none'))).rejects.toThrow(
      /^No server with an administration port runs on .*npm start -- --admin-port/,
    );
    const { port } = admin;
    admin.close();
    expect(() => statSync(path.join(data, 'admin.json'))).toThrow('ENOENT');
    writeAdminAccess(data, { port, token: 'of a server that was killed' });
    await expect(tried('alice@contoso.example')).rejects.toThrow(/does not answer on port \d+\. Start it with/);
  });
});
