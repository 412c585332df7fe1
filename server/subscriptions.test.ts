import { beforeEach, describe, expect, it } from 'vitest';
import { type ContactOperation, formatContactOperation } from '../src/protocol/lync/contactService';
import type { HeaderLines } from './role';
import type { TestEndpoint } from './testing/endpoint';
import { TestHome } from './testing/home';
import { lyncAbilities } from './testing/presence';

const event = ['Event', 'vnd-microsoft-roaming-contacts'] as const;
const benotify = ['Supported', 'ms-benotify'] as const;
const piggyback = ['Supported', 'ms-piggyback-first-notify'] as const;

let home: TestHome;
let alice: TestEndpoint;
beforeEach(() => {
  home = new TestHome();
  alice = home.signIn('alice@contoso.example');
});

const subscribe = (headers: HeaderLines = lyncAbilities, endpoint = alice) =>
  endpoint.request('SUBSCRIBE', endpoint.aor, { headers: [event, ...headers] });

let groups = 0;
/** Changes the list, so that there is something to tell. */
function change(endpoint = alice): void {
  groups += 1;
  const operation: ContactOperation = { is: 'addGroup', name: `Group ${groups}`, externalUri: '', deltaNum: null };
  const body = formatContactOperation(operation);
  endpoint.request('SERVICE', endpoint.aor, { contentType: 'application/SOAP+xml', body });
}

const state = (message: { header(name: string): string | undefined }) => message.header('subscription-state');

describe('WSS-1: by what the client says it can', () => {
  it('a Lync client gets the document in the 200 and changes by BENOTIFY', () => {
    const answer = subscribe().final;
    expect(answer.body).toContain('<contactList ');
    expect([answer.header('ms-piggyback-cseq'), state(answer)]).toEqual(['1', 'active;expires=28800']);
    expect(alice.incoming).toEqual([]);
    change();
    const notice = alice.expect('BENOTIFY');
    expect([notice.raw('event'), state(notice)]).toEqual([event[1], 'active;expires=28800']);
    expect(alice.incoming).toEqual([]);
  });

  it('[MS-SIP] 3.5: what rides in the 200 has the first CSeq number, so the next has the second', () => {
    subscribe();
    change();
    change();
    expect([alice.expect('BENOTIFY').raw('cseq'), alice.expect('BENOTIFY').raw('cseq')]).toEqual([
      '2 BENOTIFY',
      '3 BENOTIFY',
    ]);
  });

  it('a client of RFC 6665 gets an empty 200 and NOTIFY, the first at once', () => {
    const answer = subscribe([]).final;
    expect([answer.status, answer.body, answer.header('ms-piggyback-cseq')]).toEqual([200, '', undefined]);
    const first = alice.expect('NOTIFY');
    expect(first.raw('cseq')).toBe('1 NOTIFY');
    expect(first.body).toContain('<contactList ');
    alice.answer(first, 200);
    change();
    expect(alice.expect('NOTIFY').body).toContain('<contactDelta ');
  });

  it('a client that takes BENOTIFY but no document in the 200 gets it after', () => {
    expect(subscribe([benotify]).final.body).toBe('');
    expect(alice.expect('BENOTIFY').body).toContain('<contactList ');
  });

  it('a client that takes the document in the 200 but no BENOTIFY gets changes by NOTIFY', () => {
    expect(subscribe([piggyback]).final.body).toContain('<contactList ');
    change();
    expect(alice.expect('NOTIFY').raw('cseq')).toBe('2 NOTIFY');
  });

  it('2.1: each Supported is a line of its own; autoextend only for who asked', () => {
    expect(subscribe([piggyback]).final.rawValues('supported')).toEqual(['ms-piggyback-first-notify', 'ms-benotify']);
    const lines = subscribe().final.lines.filter((line) => /^supported:/i.test(line));
    expect(lines).toEqual([
      'Supported: com.microsoft.autoextend',
      'Supported: ms-piggyback-first-notify',
      'Supported: ms-benotify',
    ]);
  });
});

describe('its life', () => {
  const day = 28_800_000;
  const hour = 3_600_000;
  /** Keeps the registration alive, which would end everything. */
  function wait(ms: number): void {
    for (let left = ms; left > 0; left -= hour / 2) {
      home.clock.advance(Math.min(left, hour / 2));
      alice.register('correct horse', 7200);
    }
  }

  it('RFC 6665 §4.1.2.1: gives what is asked for, at most the longest', () => {
    expect(subscribe([['Expires', '3600'], ...lyncAbilities]).final.header('expires')).toBe('3600');
    expect(subscribe([['Expires', '999999'], ...lyncAbilities]).final.header('expires')).toBe('28800');
    expect(subscribe([['Expires', 'soon'], ...lyncAbilities]).final.header('expires')).toBe('28800');
  });

  it('RFC 6665 §4.2.1.1: refuses a life that is too short (423)', () => {
    const answer = subscribe([['Expires', '59'], ...lyncAbilities]).final;
    expect([answer.status, answer.header('min-expires')]).toEqual([423, '60']);
    change();
    expect(alice.incoming).toEqual([]);
  });

  it('ends when nobody refreshes it, and says so', () => {
    const dialog = subscribe();
    wait(day);
    expect(alice.incoming).toEqual([]);
    wait(40_000);
    expect(state(alice.expect('BENOTIFY'))).toBe('terminated;reason=timeout;expires=0');
    expect(alice.inDialog(dialog, 'SUBSCRIBE', { headers: [event, ...lyncAbilities] }).final.status).toBe(481);
  });

  it('a refresh renews it and tells the document', () => {
    const dialog = subscribe();
    wait(day - hour);
    const answer = alice.inDialog(dialog, 'SUBSCRIBE', { headers: [event, ...lyncAbilities] }).final;
    expect([answer.status, answer.header('ms-piggyback-cseq')]).toEqual([200, '2']);
    expect(answer.body).toContain('<contactList ');
    wait(day - hour);
    expect(alice.incoming).toEqual([]);
  });

  it('WSS-1: a refresh of a client of RFC 6665 brings a NOTIFY', () => {
    const dialog = subscribe([]);
    alice.answer(alice.expect('NOTIFY'), 200);
    expect(alice.inDialog(dialog, 'SUBSCRIBE', { headers: [event] }).final.body).toBe('');
    expect(alice.expect('NOTIFY').body).toContain('<contactList ');
  });

  it('PRS-10: a notification renews it for who autoextends', () => {
    subscribe();
    wait(day - hour);
    change();
    expect(state(alice.expect('BENOTIFY'))).toBe('active;expires=28800');
    wait(2 * hour);
    expect(alice.incoming).toEqual([]);
  });

  it('RFC 6665: a notification tells others only what is left', () => {
    subscribe([benotify, piggyback]);
    wait(day - hour);
    change();
    expect(state(alice.expect('BENOTIFY'))).toBe('active;expires=3600');
    wait(2 * hour);
    expect(state(alice.expect('BENOTIFY'))).toMatch(/^terminated/);
  });

  it('is ended by Expires: 0 in its dialog: told in the 200, or by a last NOTIFY', () => {
    const [lync, plain] = [subscribe(), subscribe([])];
    alice.answer(alice.expect('NOTIFY'), 200);
    const zero = ['Expires', '0'] as const;
    const answer = alice.inDialog(lync, 'SUBSCRIBE', { headers: [event, zero, ...lyncAbilities] }).final;
    expect([answer.status, answer.header('expires'), state(answer)]).toEqual([200, '0', 'terminated;expires=0']);
    expect(alice.incoming).toEqual([]);
    alice.inDialog(plain, 'SUBSCRIBE', { headers: [event, zero] });
    expect(state(alice.expect('NOTIFY'))).toBe('terminated;reason=timeout;expires=0');
    change();
    expect(alice.incoming).toEqual([]);
  });

  it('PRS-13: a poll of a client of RFC 6665 is told by one NOTIFY that ends it', () => {
    expect(subscribe([['Expires', '0']]).final.body).toBe('');
    const notice = alice.expect('NOTIFY');
    expect(notice.body).toContain('<contactList ');
    expect(state(notice)).toMatch(/^terminated/);
    change();
    expect(alice.incoming).toEqual([]);
  });

  it('RFC 6665 §4.2.2: ends when a NOTIFY is answered 481', async () => {
    subscribe([]);
    alice.answer(alice.expect('NOTIFY'), 481);
    await Promise.resolve();
    await Promise.resolve();
    change();
    expect(alice.incoming).toEqual([]);
  });

  it('ends with its endpoint, and other endpoints are told on', () => {
    const other = home.signIn('alice@contoso.example');
    subscribe();
    subscribe(lyncAbilities, other);
    alice.connection.lose();
    change(other);
    expect(alice.incoming).toEqual([]);
    expect(other.expect('BENOTIFY').body).toContain('<contactDelta ');
  });

  it('REG-11: moves with its endpoint to another connection', () => {
    subscribe();
    const moved = home.signIn('alice@contoso.example', { epid: alice.epid });
    change(moved);
    expect(moved.expect('BENOTIFY').body).toContain('<contactDelta ');
  });

  it('PRS-15: the fifth of an endpoint takes the place of the first', () => {
    const [first, ...others] = Array.from({ length: 5 }, () => subscribe());
    const notice = alice.expect('BENOTIFY');
    expect(notice.raw('call-id')).toBe(first?.request.raw('call-id'));
    expect(state(notice)).toBe('terminated;reason=deactivated;expires=0');
    expect(notice.header('ms-diagnostics-public')).toMatch(/^2139;/);
    change();
    const told = Array.from({ length: 4 }, () => alice.expect('BENOTIFY').raw('call-id'));
    expect(told).toEqual(others.map(({ request }) => request.raw('call-id')));
    expect(alice.incoming).toEqual([]);
  });

  it('nobody else can speak in it', () => {
    const dialog = subscribe();
    const bob = home.signIn('bob@contoso.example');
    expect(bob.inDialog(dialog, 'SUBSCRIBE', { headers: [event, ['Expires', '0']] }).final.status).toBe(481);
    change();
    expect(alice.expect('BENOTIFY').body).toContain('<contactDelta ');
  });
});
