import { describe, expect, it } from 'vitest';
import { connectionFlows } from '../../testing/explained/connectionFlows';
import { bob, causesIn, imOffer, registers, subscribed, words } from '../../testing/explained/flows';
import { peopleFlows } from '../../testing/explained/peopleFlows';
import { serverFlows } from '../../testing/explained/serverFlows';
import type { TraceScript } from '../../testing/traceScript';
import { causes } from './explain';

const flows = [...connectionFlows, ...peopleFlows, ...serverFlows];

describe('a recorded flow', () => {
  for (const [cause, record, what = '', also = []] of flows) {
    it(`${cause} ${what}`.trim(), () => expect(causesIn(record)).toEqual([cause, ...also]));
  }

  it('is there for every cause', () => {
    const told = new Set(flows.flatMap(([cause, , , also = []]) => [cause, ...also]));
    expect(causes.filter((cause) => !told.has(cause))).toEqual([]);
    expect(causes.length).toBeGreaterThan(80);
  });
});

it.each<[string, (script: TraceScript) => unknown]>([
  ['a sign-in that works, with its challenge', (script) => script.answers(registers(script), 200, 'OK')],
  ['the socket opened', (script) => script.note('state', 'open')],
  ['a request that still waits', (script) => script.sends('MESSAGE', bob, words)],
  [
    'a subscription that we end',
    (script) => {
      const subscribe = subscribed(script, 'presence');
      const ends = script.inDialog(subscribe, 'SUBSCRIBE', { headers: ['Event: presence', 'Expires: 0'] });
      script.answers(ends, 200, 'OK');
      script.inDialog(subscribe, 'BENOTIFY', {
        by: 'them',
        headers: ['Event: presence', 'subscription-state: terminated'],
      });
    },
  ],
  [
    'a notification that nobody answers',
    (script) => {
      script.inDialog(subscribed(script, 'presence'), 'BENOTIFY', { by: 'them', headers: ['Event: presence'] });
      script.wait(60_000).note('ping', '\r\n\r\n');
    },
  ],
  [
    'an INVITE that was accepted, and both hanging up at once',
    (script) => {
      const invite = script.sends('INVITE', bob, imOffer);
      script.answers(invite, 180, 'Ringing');
      script.answers(invite, 200, 'OK');
      script.inDialog(invite, 'ACK');
      script.answers(script.inDialog(invite, 'BYE'), 481, 'Call/Transaction Does Not Exist');
    },
  ],
])('nothing is to be explained of %s', (_what, record) => {
  expect(causesIn(record)).toEqual([]);
});
