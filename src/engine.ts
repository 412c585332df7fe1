/**
 * The engine: everything that speaks SIP, once per browser. Runs as a SharedWorker; where there is none, in the one tab that
 * `link/elect.ts` chose.
 */
import { Client } from './client/client';
import type { DialectRequest } from './client/signIn';
import { Vault } from './client/vault';
import type { Dialect } from './dialect/dialect';
import type { Room } from './domain/checkup';
import { DexieHistory, deleteAllHistory } from './history/dexieHistory';
import { commandNames } from './link/commandNames';
import { EngineHost } from './link/host';
import { portOf } from './link/protocol';
import { deleteAllKeptFiles } from './media/files/keptFiles';
import { DexieTraceStore } from './trace/dexieTraceStore';
import { TraceLog } from './trace/log';
import { realWorld as world } from './world';

const askMs = 4_000;

export function startEngine(): EngineHost {
  const vault = new Vault();
  let sessionId: string | null = null;
  const log: TraceLog = new TraceLog({
    world,
    store: new DexieTraceStore(),
    session: () => sessionId ?? '',
    onEntry: (entry) => {
      host.traced(entry);
      client.logged(entry);
    },
    onClear: () => host.traceCleared(),
  });

  // The SIP stack is the heaviest part of the page: it comes while somebody types a password.
  const loadLync = () => import('./dialect/lync/lync');

  const createDialect = async ({ server, host: dialectHost, ...request }: DialectRequest): Promise<Dialect> => {
    const { quietName, overhear, ...account } = request;
    const name = quietName === undefined ? account.aor : `${account.aor} ${quietName}`;
    const [{ createLync }, endpoint] = await Promise.all([loadLync(), endpointOf(vault, name)]);
    return createLync({
      world,
      server,
      account,
      ...endpoint,
      host: dialectHost,
      isQuiet: quietName !== undefined,
      trace: (entry) => {
        const frame = log.add(entry);
        overhear?.(entry, frame);
        return frame;
      },
    });
  };

  const client: Client = new Client({
    world,
    ask,
    post,
    pageOrigin: location.origin,
    createDialect,
    openHistory: (aor) => new DexieHistory(aor),
    epidOf: async (aor) => (await endpointOf(vault, aor)).epid,
    deleteAllHistory: async () => {
      await Promise.all([deleteAllHistory(), deleteAllKeptFiles()]);
    },
    log,
    vault,
    room: () => roomOf(vault),
    sessionId: () => sessionId ?? '',
    publish: (facts) => host.publish(facts),
  });
  const host: EngineHost = new EngineHost({
    world,
    commands: client,
    commandNames,
    state: () => client.state,
    sessionId: () => sessionId ?? '',
    onHello: (kept) => {
      // The first tab decides: what it kept since before a reload, or a new session.
      sessionId ??= kept ?? world.id();
      void client
        .resume(kept)
        .then(loadLync)
        .catch(() => undefined);
    },
    log,
    whenReleased: (lock, run) => void navigator.locks.request(lock, run),
    onTabGone: (tab) => client.tabGone(tab),
    onBug: (error) => reportError(error),
  });
  return host;
}

/** The instance and epid of this browser for a person: kept, since the GRUU and the server's bindings hang on them. */
async function endpointOf(vault: Vault, name: string): Promise<{ instanceId: string; epid: string }> {
  const key = `endpoint:${name}`;
  const instanceId = (await vault.setting(key).catch(() => null)) ?? world.id();
  await vault.keepSetting(key, instanceId).catch(() => undefined);
  return { instanceId, epid: instanceId.replaceAll('-', '').slice(0, 10) };
}

/** As much as a message with a picture takes: what is nearly full refuses it. */
const testWrite = 'x'.repeat(100_000);

async function roomOf(vault: Vault): Promise<Room> {
  const { usage = null, quota = null } = (await navigator.storage?.estimate().catch(() => undefined)) ?? {};
  const error = await vault.keepSetting('room', testWrite).then(
    () => null,
    (refused: unknown) => (refused instanceof Error ? refused.name : 'Error'),
  );
  await vault.keepSetting('room', '').catch(() => undefined);
  return { used: usage, quota, error };
}

async function ask(url: string, headers: Record<string, string>): Promise<{ status: number; text: string } | null> {
  try {
    // Without headers it is only asked whether anything answers: no permission of the other side is needed for that.
    const mode = Object.keys(headers).length === 0 ? 'no-cors' : 'cors';
    const response = await fetch(url, { headers, mode, credentials: 'omit', signal: AbortSignal.timeout(askMs) });
    return { status: response.status, text: await response.text() };
  } catch {
    return null;
  }
}

async function post(url: string, body: unknown): Promise<{ status: number } | null> {
  try {
    const headers = { 'Content-Type': 'application/json' };
    return await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), credentials: 'omit' });
  } catch {
    return null;
  }
}

if ('onconnect' in globalThis) {
  const engine = startEngine();
  addEventListener('connect', (event) => {
    const port = (event as MessageEvent).ports[0];
    if (port !== undefined) engine.add(portOf(port));
  });
}
