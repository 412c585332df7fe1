import { beforeEach, describe, expect, it } from 'vitest';
import { parseCard, parseCategories } from '../../src/protocol/lync/categories';
import { formatContainerMembers } from '../../src/protocol/lync/containerMembers';
import { parseResourceList } from '../../src/protocol/shared/rlmi';
import { parseBody } from '../../src/protocol/sip/multipart';
import type { Aor } from '../../src/protocol/sip/uri';
import type { SipMessage } from '../codec';
import type { TestEndpoint } from '../testing/endpoint';
import { TestHome } from '../testing/home';
import { batchOf, lyncAbilities, machine, note, person, pick, publish, toldIn, watch } from '../testing/presence';

const bob = person('bob@contoso.example');
const carol = person('carol@contoso.example');

let home: TestHome;
let alice: TestEndpoint;
let bobs: TestEndpoint;
beforeEach(() => {
  home = new TestHome();
  alice = home.signIn('alice@contoso.example');
  bobs = home.signIn('bob@contoso.example');
});

const settle = () => home.clock.advance(50);
const listIn = (message: SipMessage) =>
  parseResourceList(parseBody(message.header('content-type') ?? '', message.body)[0]?.body ?? '');

/** Puts alice into one of bob's containers. */
function putAlice(container: number) {
  const member = { type: 'user' as const, value: 'alice@contoso.example' };
  return bobs.request('SERVICE', bobs.aor, {
    contentType: 'application/msrtc-setcontainermembers+xml',
    body: formatContainerMembers([{ id: container, version: 0, members: [{ action: 'add', member }] }]),
  }).final;
}

describe('a batch of people', () => {
  it('PRS-1, PRS-2, PRS-3: the first document rides in the 200', () => {
    const answer = watch(alice, bob, carol).final;
    expect(answer.status).toBe(200);
    expect([answer.header('event'), answer.header('ms-piggyback-cseq')]).toEqual(['presence', '1']);
    expect(answer.header('subscription-state')).toBe('active;expires=28800');
    expect(answer.header('require')).toBe('eventlist');
    expect(answer.header('contact')).toBe('<sip:fe1.contoso.example:5061;transport=tls>');
    expect(answer.header('content-type')).toMatch(/;boundary=[^;]+$/);
    expect(answer.body).toMatch(/\r\n\r\n--[^\r]+--\r\n$/);
    expect(toldIn(answer).map(({ who, availability }) => [who, availability])).toEqual([
      [bob, 18_500],
      [carol, 18_500],
    ]);
  });

  it('PRS-4, PRS-8: every instance has a state; who is unknown is terminated with noresource', () => {
    const nobody = person('nobody@contoso.example');
    const answer = watch(alice, bob, nobody).final;
    expect(listIn(answer)).toMatchObject({
      owner: alice.aor,
      version: 0,
      resources: [
        { aor: bob, state: 'active', cid: 'bob@contoso.example' },
        { aor: nobody, state: 'terminated', reason: 'noresource' },
      ],
    });
  });

  it('PUB-7: a publication is told by BENOTIFY, once, within the second', () => {
    watch(alice, bob);
    publish(bobs, { content: machine(3500) }, { container: 3, content: machine(3500) });
    home.clock.advance(1000);
    const notice = alice.expect('BENOTIFY');
    expect(toldIn(notice)).toEqual([{ who: bob, categories: ['state'], availability: 3500 }]);
    expect(alice.incoming).toEqual([]);
  });

  it('PRS-9: only what looks different is told, and only to those for whom it does', () => {
    watch(alice, bob);
    publish(bobs, { content: machine(3500) }, note(200, 'Back at three'));
    settle();
    expect(toldIn(alice.expect('BENOTIFY'))).toMatchObject([{ categories: ['state', 'note'], note: 'Back at three' }]);
    publish(bobs, { ...note(200, 'Back at four'), version: 1 });
    settle();
    expect(toldIn(alice.expect('BENOTIFY'))).toEqual([{ who: bob, categories: ['note'], note: 'Back at four' }]);
    publish(bobs, note(400, 'For friends only'));
    settle();
    expect(alice.incoming).toEqual([]);
  });

  it('PRS-6: a note taken away is told as empty', () => {
    publish(bobs, note(200, 'Back at three'));
    watch(alice, bob);
    publish(bobs, { ...note(200, ''), version: 1, expiresSeconds: 0, content: null });
    settle();
    const notice = alice.expect('BENOTIFY');
    expect(toldIn(notice)).toEqual([{ who: bob, categories: ['note'] }]);
    expect(notice.body).toContain('<category name="note"/>');
  });

  it('several people who change in one moment come in one document', () => {
    watch(alice, bob, carol);
    publish(bobs, { content: machine(3500) });
    publish(home.signIn('carol@contoso.example'), { content: machine(15_500) });
    settle();
    const notice = alice.expect('BENOTIFY');
    expect(toldIn(notice).map(({ who }) => who)).toEqual([bob, carol]);
    expect(listIn(notice).version).toBe(1);
    expect(alice.incoming).toEqual([]);
  });

  it('4.6: SUBSCRIBEs in the dialog add people and drop them', () => {
    const dialog = watch(alice, bob);
    const headers = [['Event', 'presence'], ...lyncAbilities] as const;
    const added = alice.inDialog(dialog, 'SUBSCRIBE', { headers, ...batchOf(alice.aor, [carol]) });
    expect(toldIn(added.final).map(({ who }) => who)).toEqual([carol]);
    const dropped = alice.inDialog(dialog, 'SUBSCRIBE', { headers, ...batchOf(alice.aor, [bob], 'unsubscribe') });
    expect([dropped.final.status, dropped.final.body]).toEqual([200, '']);
    publish(bobs, { content: machine(3500) });
    publish(home.signIn('carol@contoso.example'), { content: machine(3500) });
    settle();
    expect(toldIn(alice.expect('BENOTIFY')).map(({ who }) => who)).toEqual([carol]);
    expect(alice.incoming).toEqual([]);
  });

  it('PRS-10: a refresh goes to the Contact of the 200, and only renews', () => {
    const dialog = watch(alice, bob);
    const headers = [['Event', 'presence'], ...lyncAbilities] as const;
    const answer = alice.inDialog(dialog, 'SUBSCRIBE', { headers }).final;
    expect(answer.status).toBe(200);
    expect([answer.body, answer.header('ms-piggyback-cseq')]).toEqual(['', undefined]);
  });

  it('PRS-11: a refresh of a subscription that is over gets 481', () => {
    const dialog = watch(alice, bob);
    const headers = [['Event', 'presence'], ...lyncAbilities] as const;
    alice.inDialog(dialog, 'SUBSCRIBE', { headers: [...headers, ['Expires', '0']] });
    expect(alice.inDialog(dialog, 'SUBSCRIBE', { headers }).final.status).toBe(481);
    publish(bobs, { content: machine(3500) });
    settle();
    expect(alice.incoming).toEqual([]);
  });

  it('PRS-13: a poll answers once and leaves nothing behind', () => {
    const answer = alice.request('SUBSCRIBE', alice.aor, {
      headers: [['Event', 'presence'], ['Expires', '0'], ...lyncAbilities],
      ...batchOf(alice.aor, [bob]),
    }).final;
    expect(toldIn(answer)).toMatchObject([{ who: bob, availability: 18_500 }]);
    expect([answer.header('subscription-state'), answer.header('expires')]).toEqual(['terminated;expires=0', '0']);
    publish(bobs, { content: machine(3500) });
    settle();
    expect(alice.incoming).toEqual([]);
  });
});

describe('who may see what', () => {
  it('PRS-14: who is blocked sees somebody offline, with a name and nothing else', () => {
    publish(bobs, { content: machine(3500) }, note(200, 'Back at three'));
    expect(putAlice(32_000).status).toBe(200);
    expect(toldIn(watch(alice, bob).final)).toEqual([
      { who: bob, categories: ['state', 'note', 'contactCard'], availability: 18_500 },
    ]);
  });

  it('4.1: a change of level is told at once', () => {
    publish(bobs, { content: machine(3500) }, note(200, 'For colleagues'), note(400, 'For friends'));
    watch(alice, bob);
    putAlice(400);
    settle();
    expect(toldIn(alice.expect('BENOTIFY'))).toEqual([{ who: bob, categories: ['note'], note: 'For friends' }]);
    bobs.incoming.length = 0;
  });

  it('4.5: Do Not Disturb lets the workgroup through, and nobody else', () => {
    publish(bobs, { content: machine(3500) }, { container: 3, content: machine(3500) }, pick(2, 9500), pick(3, 9500));
    putAlice(300);
    const [forAlice] = toldIn(watch(alice, bob).final);
    expect(forAlice).toMatchObject({ availability: 6900, activity: 'urgent-interruptions-only' });
    const [forCarol] = toldIn(watch(home.signIn('carol@contoso.example'), bob).final);
    expect(forCarol).toMatchObject({ availability: 9500 });
  });

  it('4.1: the workgroup sees who publishes for container 2 only', () => {
    publish(bobs, { content: machine(3500) });
    putAlice(300);
    expect(toldIn(watch(alice, bob).final)).toMatchObject([{ availability: 3500 }]);
  });

  it('4.1: in no container one sees that there is somebody, no status', () => {
    publish(bobs, { content: machine(3500) });
    const member = { type: 'sameEnterprise' as const, value: '' };
    bobs.request('SERVICE', bobs.aor, {
      contentType: 'application/msrtc-setcontainermembers+xml',
      body: formatContainerMembers([{ id: 200, version: 0, members: [{ action: 'remove', member }] }]),
    });
    expect(toldIn(watch(alice, bob).final)).toMatchObject([{ availability: 0 }]);
  });

  it('4.3: the card comes from the account, and its changes too', () => {
    watch(alice, bob);
    home.home.accounts.setProfile(bob, { title: 'Draughtsman', phone: '+31 20 555 0102' });
    settle();
    const part = parseBody('x/y', alice.expect('BENOTIFY').body);
    expect(part).toHaveLength(1);
    const [told] = toldCards(watch(alice, bob).final);
    expect(told).toMatchObject({
      displayName: 'Bob Barends',
      email: 'bob@contoso.example',
      title: 'Draughtsman',
      workPhone: '+31 20 555 0102',
    });
  });
});

function toldCards(message: SipMessage) {
  return parseBody(message.header('content-type') ?? '', message.body)
    .filter(({ contentType }) => contentType === 'application/msrtc-event-categories+xml')
    .flatMap(({ body }) => {
      const card = parseCategories(body).categories.find(({ name }) => name === 'contactCard')?.content;
      return card ? [parseCard(card)] : [];
    });
}

describe('people who come and go', () => {
  it('PUB-5: who leaves is offline since then, and keeps the note, also over a restart', () => {
    publish(bobs, { content: machine(3500) }, note(200, 'Back at three'));
    watch(alice, bob);
    bobs.connection.lose();
    settle();
    const lastActive = '2026-03-02T09:00:00.000';
    expect(toldIn(alice.expect('BENOTIFY'))).toEqual([
      { who: bob, categories: ['state'], availability: 18_500, lastActive },
    ]);
    const again = new TestHome({ database: home.database, people: [] });
    expect(toldIn(watch(again.signIn('alice@contoso.example'), bob).final)).toMatchObject([
      { availability: 18_500, lastActive, note: 'Back at three' },
    ]);
  });

  it('somebody disabled is terminated, and comes back when enabled', () => {
    watch(alice, bob);
    home.home.accounts.setDisabled(bob, true);
    settle();
    expect(listIn(alice.expect('BENOTIFY')).resources).toEqual([
      { aor: bob, state: 'terminated', reason: 'noresource' },
    ]);
    home.home.accounts.setDisabled(bob, false);
    settle();
    expect(toldIn(alice.expect('BENOTIFY'))).toMatchObject([{ who: bob, availability: 18_500 }]);
  });

  it('nobody who gets the address of one removed shows that one’s note', () => {
    publish(bobs, note(200, 'Back at three'));
    home.home.accounts.remove(bob);
    home.addPerson('bob@contoso.example', 'Another Bob');
    expect(toldIn(watch(alice, bob).final)).toEqual([
      { who: bob, categories: ['state', 'note', 'contactCard'], availability: 18_500 },
    ]);
  });
});

describe('one person', () => {
  const single = (draft: Parameters<TestEndpoint['request']>[2] = {}, who: Aor = bob) =>
    alice.request('SUBSCRIBE', who, { headers: [['Event', 'presence'], ...lyncAbilities], ...draft });

  it('PRS-12: is told bare, and only the categories asked for', () => {
    const answer = single({
      contentType: 'application/msrtc-adrl-categorylist+xml',
      body: '<categoryList xmlns="http://schemas.microsoft.com/2006/09/sip/categorylist"><category name="state"/></categoryList>',
    }).final;
    expect(answer.header('content-type')).toBe('application/msrtc-event-categories+xml');
    expect(toldIn(answer)).toEqual([{ who: bob, categories: ['state'], availability: 18_500 }]);
  });

  it('keeps apart what is asked under names that look like others’', () => {
    const asking = (...names: string[]) => ({
      contentType: 'application/msrtc-adrl-categorylist+xml',
      body: `<categoryList>${names.map((name) => `<category name="${name}"/>`).join('')}</categoryList>`,
    });
    single(asking('state contactCard'));
    expect(toldIn(single(asking('state', 'contactCard')).final)).toEqual([
      { who: bob, categories: ['state', 'contactCard'], availability: 18_500 },
    ]);
  });

  it('PRS-9: changes are told bare', () => {
    single();
    publish(bobs, { content: machine(3500) });
    settle();
    const notice = alice.expect('BENOTIFY');
    expect(notice.header('content-type')).toBe('application/msrtc-event-categories+xml');
    expect(toldIn(notice)).toMatchObject([{ availability: 3500 }]);
  });

  it('who does not exist gets 404; who goes ends the subscription', () => {
    const answer = single({}, person('nobody@contoso.example')).final;
    expect([answer.status, answer.header('ms-diagnostics')]).toEqual([404, expect.stringMatching(/^1003;/)]);
    single();
    home.home.accounts.remove(bob);
    settle();
    expect(alice.expect('BENOTIFY').header('subscription-state')).toBe('terminated;reason=noresource;expires=0');
  });
});

describe('what is refused', () => {
  it.each<[string, () => SipMessage]>([
    ['a batch at somebody else', () => subscribe(bob, alice.aor)],
    ['a batch in somebody else’s name', () => subscribe(alice.aor, bob)],
  ])('%s', (_what, request) => {
    expect(request().status).toBe(403);
  });

  function subscribe(target: Aor, named: Aor): SipMessage {
    const headers = [['Event', 'presence'], ...lyncAbilities] as const;
    return alice.request('SUBSCRIBE', target, { headers, ...batchOf(named, [carol]) }).final;
  }

  const crowd = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => person(`p${from + index}@contoso.example`));

  it('PRS-15: who begins anew with too many people for both takes the place of what was before, as after a lost connection', () => {
    const stale = watch(alice, bob, ...crowd(0, 1999));
    const fresh = watch(alice, bob, ...crowd(0, 1999));
    expect(fresh.final.status).toBe(200);
    const end = alice.expect('BENOTIFY');
    expect(end.raw('call-id')).toBe(stale.request.raw('call-id'));
    expect(end.header('subscription-state')).toBe('terminated;reason=deactivated;expires=0');
    expect(end.header('ms-diagnostics-public')).toMatch(/^2139;/);
    publish(bobs, { content: machine(3500) });
    settle();
    expect(alice.expect('BENOTIFY').raw('call-id')).toBe(fresh.request.raw('call-id'));
    expect(alice.incoming).toEqual([]);
  });

  it('PRS-15: an endpoint that subscribes over and over has the newest two hundred', () => {
    for (let count = 0; count < 500; count += 1) watch(alice);
    expect(alice.incoming.splice(0).map(({ method }) => method)).toEqual(Array(300).fill('BENOTIFY'));
    watch(alice, bob);
    publish(bobs, { content: machine(3500) });
    alice.incoming.length = 0;
    settle();
    expect(alice.incoming).toHaveLength(1);
  });

  it('too many people, in one request or by adding (2012)', () => {
    const refused = watch(alice, ...crowd(0, 3001)).final;
    expect([refused.status, refused.header('ms-diagnostics')]).toEqual([403, expect.stringMatching(/^2012;/)]);
    const dialog = watch(alice, ...crowd(0, 2999));
    const headers = [['Event', 'presence'], ...lyncAbilities] as const;
    const more = alice.inDialog(dialog, 'SUBSCRIBE', { headers, ...batchOf(alice.aor, [bob, carol]) }).final;
    expect(listIn(more).resources).toMatchObject([
      { aor: bob, state: 'active' },
      { aor: carol, state: 'terminated', reason: 'rejected' },
    ]);
  });

  it('a damaged batch: 400, and no dialog is left', () => {
    const headers = [['Event', 'presence'], ...lyncAbilities] as const;
    const body = '<batchSub><action name="subscribe">';
    const contentType = 'application/msrtc-adrl-categorylist+xml';
    expect(alice.request('SUBSCRIBE', alice.aor, { headers, contentType, body }).final.status).toBe(400);
    const dialog = watch(alice, bob);
    expect(alice.inDialog(dialog, 'SUBSCRIBE', { headers, contentType, body }).final.status).toBe(400);
    publish(bobs, { content: machine(3500) });
    settle();
    expect(toldIn(alice.expect('BENOTIFY'))).toMatchObject([{ availability: 3500 }]);
  });
});
