import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import WebSocket from 'ws';
import type { WebSocketLike } from '../../src/sip/tracedSocket';
import { UserAgent, type UserAgentState } from '../../src/sip/userAgent';
import { alice } from '../../src/testing/people';
import { realWorld } from '../../src/world';
import { ownCertificate } from '../certificate';
import { silentLog } from '../log';
import { FrontEnd } from '../testing/frontEnd';
import { parseEdgeOptions } from './edgeOptions';
import { type RunningEdge, serveEdge } from './serveEdge';

const directory = mkdtempSync(path.join(tmpdir(), 'confab-edge-client-'));
let [director, home]: FrontEnd[] = [];
let edge: RunningEdge;

beforeAll(async () => {
  const certificate = await ownCertificate(directory, ['localhost']);
  [director, home] = [await FrontEnd.listen(certificate), await FrontEnd.listen(certificate)];
  const upstreams = [director, home].map(({ port }) => `--upstream=localhost:${port},ca=${certificate.file}`);
  const parsed = parseEdgeOptions(['--port', '0', ...upstreams], {});
  if (parsed.is !== 'run') throw new Error('wrong options');
  edge = await serveEdge(parsed.options, null, silentLog);
});
afterAll(async () => {
  await edge.stop();
  await Promise.all([director?.close(), home?.close()]);
  rmSync(directory, { recursive: true, force: true });
});

function answer(request: string, start: string, ...headers: string[]): string {
  const kept = request.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));
  return [`SIP/2.0 ${start}`, ...kept, ...headers, 'Content-Length: 0', '', ''].join('\r\n');
}

it('lync-wire 1.6: the client is sent on to another Front End, and gets there by the same edge', async () => {
  if (director === undefined || home === undefined) throw new Error('not listening');
  const states: UserAgentState['is'][] = [];
  const changed: (() => void)[] = [];
  const agent = new UserAgent({
    world: realWorld,
    server: `ws://127.0.0.1:${edge.port}/sip`,
    aor: alice,
    password: 'rose petal',
    instanceId: '63bfdf93-25a1-57a5-a4d0-0c8030515897',
    epid: '01a7c4d2e9',
    openSocket: (url) => new WebSocket(url, 'sip') as unknown as WebSocketLike,
    trace: () => 0,
    onState: ({ is }) => {
      states.push(is);
      for (const run of changed.splice(0)) run();
    },
    onInvite: () => undefined,
  });
  const registered = async (): Promise<void> => {
    while (states.at(-1) !== 'registered') await new Promise<void>((resolve) => changed.push(resolve));
  };
  agent.start();
  const first = await director.message(0);
  expect(first).toMatch(/^REGISTER sip:contoso\.example SIP\/2\.0\r\nVia: SIP\/2\.0\/TLS 127\.0\.0\.1:\d+;branch=/);
  director.send(
    answer(first, '301 Redirect request to Home Server', `Contact: <sip:localhost:${home.port};transport=tls>`),
  );
  const second = await home.message(0);
  home.send(answer(second, '200 OK', 'Expires: 7200', /^Contact:.*$/m.exec(second)?.[0] ?? ''));
  await registered();
  expect(states).toEqual(['connecting', 'connected', 'connecting', 'connected', 'registered']);
  // The connection to the first one ended with the browser's.
  await director.until(() => director?.sockets.every(({ destroyed }) => destroyed));
  const stopped = agent.stop();
  const goodbye = await home.message(1);
  expect(goodbye).toContain('\r\nExpires: 0\r\n');
  home.send(answer(goodbye, '200 OK'));
  await stopped;
});
