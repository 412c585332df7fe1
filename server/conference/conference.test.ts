import { beforeEach, describe, expect, it } from 'vitest';
import type { FocusUri } from '../../src/protocol/sip/uri';
import { addConference, command, join, rosterIn, type Seat, subscribeRoster } from '../testing/conference';
import type { TestEndpoint } from '../testing/endpoint';
import { TestHome } from '../testing/home';

let home: TestHome;
let alice: TestEndpoint;
let bob: TestEndpoint;
let focus: FocusUri;
let aliceSeat: Seat;
let bobSeat: Seat;

beforeEach(() => {
  home = new TestHome();
  alice = home.signIn('alice@contoso.example');
  bob = home.signIn('bob@contoso.example');
  focus = addConference(alice);
  aliceSeat = join(alice, focus);
  bobSeat = join(bob, focus);
  settle();
});

/** Lets what waits be told, and forgets it. */
function settle(): void {
  home.clock.advance(1000);
  for (const { incoming } of [alice, bob]) incoming.length = 0;
}

/** The last rosters that came, without those that say nothing of people. */
const rosters = (endpoint: TestEndpoint) => endpoint.incoming.filter(({ body }) => body !== '').map(rosterIn);

describe('leaving a conference', () => {
  it('CNF-17: who is removed is told by the roster, which then falls silent, before focus and chat hang up', () => {
    expect(command(alice, aliceSeat, { is: 'deleteUser', focus, user: bob.aor }).status).toBe(202);
    expect(bob.incoming.map(({ method, uri }) => [method, uri])).toEqual(
      ['BENOTIFY', 'BENOTIFY', 'BYE', 'BYE'].map((method) => [method, bob.gruu]),
    );
    const [deleted, silent, focusBye, chatBye] = bob.incoming;
    expect(deleted && rosterIn(deleted)).toEqual(['bob: gone']);
    expect(silent?.header('subscription-state')).toBe('terminated;reason=rejected;expires=0');
    expect(focusBye?.raw('call-id')).toBe(bobSeat.focus.request.raw('call-id'));
    expect(chatBye?.raw('call-id')).toBe(bobSeat.chat.request.raw('call-id'));
    home.clock.advance(1000);
    expect(rosters(alice)).toEqual([['bob: gone']]);
  });

  it('lync-wire 6.5: a SUBSCRIBE outside the dialog with Expires 0, as SIPE leaves, ends the one before', () => {
    const answer = subscribeRoster(bob, focus, 0).final;
    expect([answer.status, answer.header('subscription-state')]).toEqual([200, 'terminated;expires=0']);
    settle();
    command(alice, aliceSeat, { is: 'modifyConferenceLock', focus, locked: true });
    home.clock.advance(1000);
    expect(alice.incoming).toHaveLength(1);
    expect(bob.incoming).toEqual([]);
  });

  it('whoever leaves is told nothing more of who is there', () => {
    bob.inDialog(bobSeat.focus, 'BYE');
    home.clock.advance(1000);
    expect(rosters(alice)).toEqual([['bob: gone']]);
    expect(rosters(bob)).toEqual([]);
    expect(subscribeRoster(bob, focus).final.status).toBe(403);
  });

  it('CNF-16, CNF-24: who leaves the chat alone stays at the focus; the end is told, then every dialog hangs up', () => {
    bob.inDialog(bobSeat.chat, 'BYE');
    home.clock.advance(1000);
    expect(rosters(alice)).toEqual([['bob: focus']]);
    settle();
    command(alice, aliceSeat, { is: 'deleteConference', focus });
    for (const [endpoint, dialogs] of [
      [alice, 2],
      [bob, 1],
    ] as const) {
      const [last, ...rest] = endpoint.incoming;
      expect(last?.body).toContain('state="deleted"');
      expect(last?.header('subscription-state')).toBe('terminated;reason=noresource;expires=0');
      expect(rest.map(({ method }) => method)).toEqual(Array(dialogs).fill('BYE'));
    }
  });
});
