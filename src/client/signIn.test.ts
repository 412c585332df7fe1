import { describe, expect, it } from 'vitest';
import type { Dialect } from '../dialect/dialect';
import { type Failure, failed, type Outcome, ok } from '../domain/failure';
import type { Account } from '../domain/people';
import type { SignIn, SignInFailure, SignInRequest } from '../domain/signIn';
import { fakeWorld } from '../testing/fakeWorld';
import { alice } from '../testing/people';
import { testDevice } from '../testing/testDevice';
import { Client } from './client';
import type { Ask } from './discovery';
import { changePassword, type DialectRequest, httpUrl, SignInAttempt } from './signIn';

const request: SignInRequest = {
  address: 'Alice@contoso.example',
  password: 'secret',
  server: 'server.example',
  savePassword: false,
};
const nobodyAnswers: Ask = async () => null;
const somebodyAnswers: Ask = async () => ({ status: 200, text: '<html>' });

/** One attempt opposite a server that answers so. */
async function attempt(
  answer: Outcome<Account>,
  { ask = nobodyAnswers, ...changes }: Partial<SignInRequest> & { ask?: Ask } = {},
) {
  const told: SignIn[] = [];
  const remembered: string[] = [];
  const asked: DialectRequest[] = [];
  const dialect = {
    signIn: async (onStep: (step: 'authenticating' | 'loading') => void) => {
      onStep('authenticating');
      if (answer.ok) onStep('loading');
      return answer;
    },
    signOut: async () => undefined,
  } as unknown as Dialect;
  const signIn = new SignInAttempt(
    {
      world: fakeWorld(),
      ask,
      pageOrigin: 'https://chat.example',
      createDialect: async (dialectRequest) => {
        asked.push(dialectRequest);
        return dialect;
      },
      host: { report: () => undefined, keep: async () => undefined },
      record: (state) => told.push(state),
      remembered: async () => null,
      remember: async (_aor, server) => void remembered.push(server),
      prepare: async () => undefined,
    },
    { ...request, ...changes },
  );
  const outcome = await signIn.run();
  return { outcome, told, remembered, asked, last: told.at(-1) };
}

const rejected = (status: number, id?: number, retryAfterSeconds?: number): Failure => ({
  is: 'rejected',
  status,
  reason: 'Reason',
  ...(id === undefined ? {} : { diagnostics: { id, reason: 'why' } }),
  ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
});

describe('signing in', () => {
  it('tells each step, and remembers the server that took us', async () => {
    const { outcome, told, remembered } = await attempt(ok({ aor: alice, displayName: 'Alice' }));
    expect(outcome).toMatchObject({ ok: true, value: { account: { displayName: 'Alice' } } });
    expect(told.map((state) => state.is === 'signingIn' && state.step)).toEqual([
      'finding',
      'connecting',
      'authenticating',
      'loading',
    ]);
    expect(told.at(-1)).toMatchObject({
      server: 'wss://server.example/sip',
      discovery: [{ method: 'manual', url: 'wss://server.example/sip', state: 'found' }],
    });
    expect(remembered).toEqual(['wss://server.example/sip']);
  });

  it('signs in by the address, or by the user name that is given', async () => {
    const account = ok({ aor: alice, displayName: 'Alice' });
    const [plain, named] = [await attempt(account), await attempt(account, { userName: 'CONTOSO\\alice' })];
    expect([plain, named].map(({ asked: [dialectRequest] }) => dialectRequest)).toMatchObject([
      { aor: alice, userName: null, password: 'secret' },
      { aor: alice, userName: 'CONTOSO\\alice', password: 'secret' },
    ]);
  });

  const url = 'wss://server.example/sip';
  it.each<[string, Failure, SignInFailure]>([
    ['a wrong password', rejected(401), { is: 'refused' }],
    ['a wrong password as Lync says it', rejected(403, 1000), { is: 'refused' }],
    ['a refusal without a word', rejected(403), { is: 'refused' }],
    ['an unknown address', rejected(404, 1003), { is: 'refused' }],
    ['an address that is none of Lync’s', rejected(404, 4005), { is: 'unknownAddress' }],
    [
      'an edge that may not reach the server',
      { is: 'connectionLost', closed: { code: 4526, reason: 'fe1 has a certificate that cannot be trusted' } },
      { is: 'upstream', problem: 'certificate', detail: 'fe1 has a certificate that cannot be trusted' },
    ],
    [
      'a connection closed for another reason',
      { is: 'connectionLost', closed: { code: 1013, reason: 'too many' } },
      { is: 'unreachable', url },
    ],
    ['a disabled account', rejected(403, 4141), { is: 'disabled' }],
    ['a full server', rejected(503, 1, 60), { is: 'full' }],
    ['a server that says no more than busy', rejected(503), { is: 'full' }],
    ['too many attempts', rejected(503, 1000, 8), { is: 'throttled', retryAfterSeconds: 8 }],
    ['a refusal that says why', rejected(403, 4003), { is: 'other', failure: rejected(403, 4003) }],
    ['a mistake of the server’s', rejected(500, 0), { is: 'other', failure: rejected(500, 0) }],
    ['no connection', { is: 'connectionLost' }, { is: 'unreachable', url }],
    ['an answer that is no answer', { is: 'timedOut', afterSeconds: 10 }, { is: 'notSip', url }],
  ])('%s', async (_what, failure, told) => {
    const { outcome, last } = await attempt(failed(failure));
    expect(outcome.ok).toBe(false);
    expect(last).toMatchObject({ is: 'failed', failure: told });
  });

  it('no connection, but something answers there: it does not speak SIP', async () => {
    const { last } = await attempt(failed({ is: 'connectionLost' }), { ask: somebodyAnswers });
    expect(last).toMatchObject({ is: 'failed', failure: { is: 'notSip', url } });
  });

  it('an address or a server that can be none, before anything is asked', async () => {
    const neverAsked: Ask = async () => {
      throw new Error('asked');
    };
    const account = ok({ aor: alice, displayName: '' });
    const { last } = await attempt(account, { address: 'alice', ask: neverAsked });
    expect(last).toMatchObject({ failure: { is: 'other', failure: { is: 'invalid', what: 'address' } } });
    const other = await attempt(account, { server: 'no server', ask: neverAsked });
    expect(other.last).toMatchObject({ failure: { is: 'other', failure: { is: 'invalid', what: 'server' } } });
  });

  it('automatic configuration that finds nothing tells what was tried', async () => {
    const { last } = await attempt(ok({ aor: alice, displayName: '' }), { server: null });
    expect(last).toMatchObject({ is: 'failed', failure: { is: 'notFound' } });
    expect(last?.is === 'failed' && last.discovery.map(({ state }) => state)).toEqual([
      'nothing',
      'nothing',
      'nothing',
    ]);
  });
});

describe('changing the password', () => {
  const wish = { aor: alice, epid: 'e1', current: 'old', next: 'a longer one' };

  it('asks the home server, over HTTP beside the WebSocket', async () => {
    const asked: unknown[] = [];
    const post = async (...all: unknown[]) => {
      asked.push(all);
      return { status: 204 };
    };
    expect(await changePassword(post, 'wss://server.example/sip', wish)).toEqual({ ok: true, value: undefined });
    const { aor: _aor, ...rest } = wish;
    expect(asked).toEqual([['https://server.example/account/password', { address: 'alice@contoso.example', ...rest }]]);
  });

  it('tells a refusal, a loss, and a password that is too short without asking', async () => {
    const server = 'wss://server.example/sip';
    expect(await changePassword(async () => ({ status: 401 }), server, wish)).toMatchObject({
      failure: { status: 401 },
    });
    expect(await changePassword(async () => null, server, wish)).toMatchObject({ failure: { is: 'connectionLost' } });
    const never = async () => {
      throw new Error('asked');
    };
    expect(await changePassword(never, server, { ...wish, next: 'short' })).toMatchObject({
      failure: { is: 'invalid', what: 'password' },
    });
  });

  it('knows where a WebSocket’s server shows itself to a browser', () => {
    expect([httpUrl('wss://server.example:8443/sip'), httpUrl('ws://localhost:8080/sip')]).toEqual([
      'https://server.example:8443/',
      'http://localhost:8080/',
    ]);
  });
});

describe('a saved sign-in', () => {
  const saved = { aor: alice, userName: null, password: 'secret', server: null };

  /** A client whose saved sign-in is taken while the server gives these answers, one an attempt; then it takes us. */
  async function resumed(...answers: Failure[]) {
    const world = fakeWorld();
    const told: SignIn[] = [];
    let attempts = 0;
    const client: Client = new Client(
      testDevice({
        world,
        ask: async (url) => (url.includes('lyncdiscover') ? null : nobodyAnswers(url, {})),
        createDialect: async () => {
          attempts += 1;
          const failure = answers.shift();
          const answer = failure === undefined ? ok({ aor: alice, displayName: 'Alice' }) : failed(failure);
          return {
            signIn: async () => answer,
            signOut: async () => undefined,
            presence: { watch: () => undefined, setActivity: () => undefined },
          } as unknown as Dialect;
        },
        publish: (facts) => {
          for (const fact of facts) if (fact.type === 'signIn.changed') told.push(fact.signIn);
        },
        vault: {
          ...testDevice({ world, createDialect: neverMade }).vault,
          take: async () => ({ ...saved, server: 'server.example' }),
        },
      }),
    );
    return { client, world, told, attempts: () => attempts };
  }
  const neverMade = () => Promise.reject(new Error('none'));
  const lost: Failure = { is: 'connectionLost' };

  it('waits for a server that is away, and says so without ever failing', async () => {
    const { client, world, told, attempts } = await resumed(lost, lost, lost);
    void client.resume('session');
    await world.elapse(500);
    expect(client.state.signIn).toMatchObject({ is: 'signingIn', step: 'connecting', isAway: true });
    await world.elapse(1_000);
    await world.elapse(2_000);
    expect([attempts(), client.state.signIn.is]).toEqual([3, 'signingIn']);
    await world.elapse(4_000);
    expect([attempts(), client.state.signIn.is]).toEqual([4, 'signedIn']);
    expect(told.map(({ is }) => is)).not.toContain('failed');
  });

  it('is given up when the person cancels, and when it is refused', async () => {
    const cancelled = await resumed(lost, lost);
    void cancelled.client.resume('session');
    await cancelled.world.elapse(500);
    await cancelled.client.cancelSignIn();
    await cancelled.world.elapse(60_000);
    expect([cancelled.attempts(), cancelled.client.state.signIn]).toEqual([1, { is: 'signedOut' }]);

    const refused = await resumed(lost, rejected(401));
    void refused.client.resume('session');
    await refused.world.elapse(500);
    await refused.world.elapse(60_000);
    expect([refused.attempts(), refused.client.state.signIn]).toMatchObject([
      2,
      { is: 'failed', failure: { is: 'refused' } },
    ]);
  });
});
