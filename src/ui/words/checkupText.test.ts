import { expect, it } from 'vitest';
import { type CheckState, type Checkup, type Link, links, type Verdict } from '../../domain/checkup';
import type { TabId } from '../../domain/ids';
import { reportText, summaryText } from './checkupText';

const wrongPassword: Verdict = {
  cause: 'wrongPassword',
  owner: 'you',
  tried: 'signIn',
  facts: {
    peer: '',
    peerDomain: '',
    host: '',
    nextHost: '',
    topic: 'registration',
    unsupported: '',
    said: '',
    id: null,
    status: 401,
    reasonPhrase: 'Unauthorized',
    waitedSeconds: 0,
    retryAfterSeconds: null,
    url: '',
    skewMinutes: 0,
  },
};

function checkup(states: Partial<Record<Link, CheckState>>, endedAt: number | null = 1): Checkup {
  const checks = Object.fromEntries(
    links.map((link) => [link, { state: states[link] ?? { is: 'fine', detail: null }, tookMs: 40 }]),
  ) as Checkup['checks'];
  return {
    tab: 'tab-1' as TabId,
    beganAt: Date.UTC(2026, 2, 2, 8),
    endedAt,
    address: 'alice@contoso.example',
    server: 'wss://im.contoso.example/sip',
    checks,
  };
}

it.each<[string, Partial<Record<Link, CheckState>>, number | null]>([
  ['Everything works', {}, 1],
  ['What was tried works; 1 of 11 was not tried', { relay: { is: 'skipped', because: { is: 'notOffered' } } }, 1],
  ['Looking at: WebSocket', { webSocket: { is: 'running' } }, null],
  [
    'Broken: Signing in, and 1 more',
    {
      registration: { is: 'broken', verdict: wrongPassword, failure: null, evidence: null },
      storage: { is: 'broken', verdict: null, failure: { is: 'storage' }, evidence: null },
    },
    null,
  ],
])('says it in a sentence: %s', (sentence, states, endedAt) => {
  expect(summaryText(checkup(states, endedAt))).toBe(sentence);
});

it('the report names each link, and of a broken one what, why, whose, and where a log has it', () => {
  const evidence = { at: Date.UTC(2026, 2, 2, 8, 0, 1), line: 'REGISTER 401 Unauthorized', callId: 'c1' };
  const report = reportText(
    checkup({
      registration: { is: 'broken', verdict: wrongPassword, failure: null, evidence },
      settings: { is: 'skipped', because: { is: 'after', link: 'registration' } },
      storage: { is: 'fine', detail: { is: 'room', used: 5_000_000, quota: 10_700_000_000 } },
    }),
    'Test/1.0',
  );
  const lines = report.split('\n');
  expect(lines.slice(0, 8)).toEqual([
    'Confab, connection doctor',
    'Broken: Signing in',
    '',
    'When: 2026-03-02T08:00:00.000Z',
    'Address: alice@contoso.example',
    'Server: wss://im.contoso.example/sip',
    'Browser: Test/1.0',
    '',
  ]);
  expect(report).toContain(
    [
      '4. Signing in: BROKEN, 40 ms',
      '   The address or the password is not right.',
      '   The server asked who you are and did not accept the answer. It tells no stranger which of the two is wrong.',
      '   - Check both and try again.',
      '   - If it still fails, ask your helpdesk to reset your password.',
      '   Whose it is: You',
      '   REGISTER 401 Unauthorized, 2026-03-02T08:00:01.000Z, Call-ID c1',
      '5. Settings of your organization: not tried, 40 ms',
      '   Not tried: “Signing in” has to work first',
    ].join('\n'),
  );
  expect(report).toContain('5.0 MB of 10.7 GB used');
});
