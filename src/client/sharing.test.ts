import { beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../domain/failure';
import type { ConversationId, InvitationId, MediaSessionId, TabId } from '../domain/ids';
import type { Aor } from '../protocol/sip/uri';
import { itemsOfConversation } from '../state/selectors';
import { ClientBench, linesOf, onlyConversation, open, talking } from '../testing/clientBench';
import { alice, bob, carol } from '../testing/people';
import type { Client } from './client';

const desk = 'tab-desk' as TabId;
const other = 'tab-other' as TabId;

let bench: ClientBench;
let alices: Client;
let bobs: Client;
beforeEach(async () => {
  bench = new ClientBench();
  alices = await bench.signedIn(alice);
  bobs = await bench.signedIn(bob);
});

let sessions = 0;
function start(client: Client, id: ConversationId, tab = desk) {
  sessions += 1;
  const session = `s-${sessions}` as MediaSessionId;
  const outcome = client.startSharing(id, { tab, session, surface: 'program', offer: `offer ${session}` });
  return { session, outcome };
}

/** Looks at what is shown, and answers. */
async function look(client: Client, id: ConversationId, tab = desk) {
  const watched = client.watchSharing(id, tab);
  await bench.world.elapse(10);
  const value = settled(await watched);
  const answered = client.answerMedia(value.session, `answer to ${value.offer}`);
  await bench.world.elapse(10);
  settled(await answered);
  return value;
}

function settled<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.failure));
  return outcome.value;
}

const ownIn = (client: Client, id: ConversationId) => client.state.sharing[id]?.own ?? null;
const theirsIn = (client: Client, id: ConversationId) => client.state.sharing[id]?.theirs ?? null;
const eventsOf = (client: Client, id: ConversationId) =>
  itemsOfConversation(client.state, id).flatMap((item) => (item.kind === 'line' ? [item.event] : []));
const statusOf = (client: Client, aor: Aor) => client.state.presence[aor];
const onlyInvitation = (client: Client): InvitationId => Object.keys(client.state.invitations)[0] as InvitationId;

/** Alice and Bob talk; Alice shows something, Bob looks. */
async function sharing() {
  const id = await talking(bench, alices, bobs);
  const theirs = onlyConversation(bobs).id;
  const { session, outcome } = start(alices, id);
  await bench.world.elapse(50);
  const watched = await look(bobs, theirs);
  settled(await outcome);
  return { id, theirs, session, watched };
}

describe('sharing with one person', () => {
  it('asks by a toast, is looked at in the tab that accepts, and shows who presents', async () => {
    const id = await talking(bench, alices, bobs);
    const theirs = onlyConversation(bobs).id;
    bobs.watch([alice]);
    const { session, outcome } = start(alices, id);
    await bench.world.elapse(50);
    expect(ownIn(alices, id)).toMatchObject({ session, tab: desk, state: 'calling', to: 'peer', surface: 'program' });
    expect(Object.values(bobs.state.invitations)).toMatchObject([{ is: 'sharing', from: alice }]);
    expect(theirsIn(bobs, theirs)).toMatchObject({ sharer: alice, surface: 'program', view: { is: 'offered' } });
    expect(settled(await bobs.accept(onlyInvitation(bobs)))).toBe(theirs);
    const { offer } = await look(bobs, theirs);
    expect(offer).toBe(`offer ${session}`);
    expect(await outcome).toEqual({ ok: true, value: { answer: `answer to offer ${session}` } });
    expect(ownIn(alices, id)).toMatchObject({ state: 'live', canPoint: true });
    expect(theirsIn(bobs, theirs)?.view).toMatchObject({ is: 'live', tab: desk });
    expect(bobs.state.invitations).toEqual({});
    expect(eventsOf(alices, id).at(-1)).toEqual({ is: 'sharingStarted', who: alice, surface: 'program' });
    expect(eventsOf(bobs, theirs).at(-1)).toEqual({ is: 'sharingStarted', who: alice, surface: 'program' });
    await bench.world.elapse(50);
    expect(statusOf(bobs, alice)?.activity).toEqual({ token: 'in-presentation' });
    await alices.stopSharing(id);
    await bench.world.elapse(50);
    expect([alices.state.sharing, bobs.state.sharing, alices.state.media, bobs.state.media]).toEqual([{}, {}, {}, {}]);
    expect(eventsOf(bobs, theirs).at(-1)).toEqual({ is: 'sharingStopped', who: alice, why: 'stopped' });
    expect(statusOf(bobs, alice)?.activity).toBeUndefined();
  });

  it('reaches somebody one has not talked to, and opens the conversation when it is accepted', async () => {
    const id = await open(alices, bob);
    const { outcome } = start(alices, id);
    await bench.world.elapse(50);
    expect(onlyConversation(bobs)).toMatchObject({ open: false, party: { peer: alice } });
    await look(bobs, onlyConversation(bobs).id);
    settled(await outcome);
    expect(onlyConversation(bobs).open).toBe(true);
  });

  it('that is ignored, or lapses, is told at both ends', async () => {
    const id = await talking(bench, alices, bobs);
    const theirs = onlyConversation(bobs).id;
    const ignored = start(alices, id);
    await bench.world.elapse(50);
    await bobs.ignore(onlyInvitation(bobs));
    await bench.world.elapse(50);
    expect(await ignored.outcome).toMatchObject({ ok: false, failure: { status: 603 } });
    const lapsed = start(alices, id);
    await bench.world.elapse(31_000);
    expect(await lapsed.outcome).toMatchObject({ ok: false, failure: { status: 603 } });
    expect(eventsOf(bobs, theirs)).toEqual([
      { is: 'sharingMissed', who: alice },
      { is: 'sharingMissed', who: alice },
    ]);
    expect([alices.state.sharing, bobs.state.sharing, bobs.state.media]).toEqual([{}, {}, {}]);
    expect(linesOf(alices, id)).toEqual([]);
  });

  it('can be given up while it rings', async () => {
    const id = await talking(bench, alices, bobs);
    const { outcome } = start(alices, id);
    await bench.world.elapse(50);
    await alices.stopSharing(id);
    await bench.world.elapse(50);
    expect(await outcome).toEqual({ ok: false, failure: { is: 'cancelled' } });
    expect([bobs.state.invitations, bobs.state.sharing]).toEqual([{}, {}]);
    expect(linesOf(alices, id)).toEqual([]);
  });

  it('is not tried where policy forbids it, or without a connection', async () => {
    const id = await talking(bench, alices, bobs);
    bench.endpoint(alice).lose();
    await bench.world.elapse(50);
    expect(await start(alices, id).outcome).toEqual({ ok: false, failure: { is: 'offline' } });
    bench.town.resident(alice).policy = { ...bench.town.resident(alice).policy, sharing: false };
    bench.endpoint(alice).regain();
    await bench.world.elapse(50);
    const forbidden = { ok: false, failure: { is: 'forbidden', policy: 'sharing' } };
    expect(await start(alices, id).outcome).toEqual(forbidden);
    expect(alices.state.sharing).toEqual({});
  });

  it('a changed offer waits in the ledger for the tab that has to answer it', async () => {
    const { session, watched } = await sharing();
    const changed = alices.reofferMedia(session, 'second offer');
    await bench.world.elapse(50);
    expect(bobs.state.media[watched.session]).toMatchObject({ tab: desk, offer: 'second offer' });
    settled(await bobs.answerMedia(watched.session, 'second answer'));
    expect(await changed).toEqual({ ok: true, value: 'second answer' });
    expect(bobs.state.media[watched.session]?.offer).toBeNull();
  });

  it('tells a pause and what else is shown', async () => {
    const { id, theirs, session, watched } = await sharing();
    await alices.changeSharing(id, { isPaused: true, surface: 'tab' });
    void alices.reofferMedia(session, 'a=inactive');
    await bench.world.elapse(50);
    await bobs.answerMedia(watched.session, 'answer');
    expect(ownIn(alices, id)).toMatchObject({ isPaused: true, surface: 'tab' });
    expect(theirsIn(bobs, theirs)?.isPaused).toBe(true);
  });

  it('ends with the tab that shows, and with the tab that looks', async () => {
    const first = await sharing();
    alices.tabGone(other);
    expect(ownIn(alices, first.id)).not.toBeNull();
    alices.tabGone(desk);
    await bench.world.elapse(50);
    expect([alices.state.sharing, alices.state.media, bobs.state.sharing, bobs.state.media]).toEqual([{}, {}, {}, {}]);
    const { outcome } = start(alices, first.id);
    await bench.world.elapse(50);
    await look(bobs, first.theirs);
    settled(await outcome);
    bobs.tabGone(desk);
    await bench.world.elapse(50);
    expect([alices.state.sharing, alices.state.media, bobs.state.sharing, bobs.state.media]).toEqual([{}, {}, {}, {}]);
    expect(eventsOf(alices, first.id).at(-1)).toEqual({ is: 'sharingStopped', who: alice, why: 'unwatched' });
  });

  it('waits for a lost connection: the same tab shows again, and the tab that looked looks again unasked', async () => {
    const { id, theirs } = await sharing();
    bench.endpoint(alice).lose();
    await bench.world.elapse(50);
    expect(ownIn(alices, id)).toMatchObject({ state: 'interrupted', session: null });
    expect(theirsIn(bobs, theirs)?.view).toEqual({ is: 'interrupted', tab: desk });
    bench.endpoint(alice).regain();
    await bench.world.elapse(1_000);
    const again = start(alices, id);
    await bench.world.elapse(50);
    expect(bobs.state.invitations).toEqual({});
    expect(theirsIn(bobs, theirs)?.view).toMatchObject({ is: 'offered', again: desk });
    await look(bobs, theirs);
    settled(await again.outcome);
    await bench.world.elapse(120_000);
    expect(ownIn(alices, id)?.state).toBe('live');
    expect(linesOf(alices, id).filter((is) => is === 'sharingStarted')).toHaveLength(1);
  });

  it('asks the person after all when that tab does not look again', async () => {
    const { id } = await sharing();
    bench.endpoint(alice).lose();
    await bench.world.elapse(50);
    bench.endpoint(alice).regain();
    await bench.world.elapse(50);
    start(alices, id);
    await bench.world.elapse(4_000);
    expect(Object.values(bobs.state.invitations)).toMatchObject([{ is: 'sharing' }]);
  });

  it('gives up after a minute without a connection', async () => {
    const { id, theirs } = await sharing();
    bench.endpoint(alice).lose();
    await bench.world.elapse(61_000);
    expect([alices.state.sharing, bobs.state.sharing]).toEqual([{}, {}]);
    expect(eventsOf(alices, id).at(-1)).toEqual({ is: 'sharingStopped', who: alice, why: 'lost' });
    expect(eventsOf(bobs, theirs).at(-1)).toEqual({ is: 'sharingStopped', who: alice, why: 'lost' });
  });

  it('shows one thing: who accepts the other’s share stops the own one', async () => {
    const { id, theirs } = await sharing();
    const { outcome } = start(bobs, theirs);
    await bench.world.elapse(50);
    expect(ownIn(alices, id)?.state).toBe('live');
    await look(alices, id);
    settled(await outcome);
    await bench.world.elapse(50);
    expect([ownIn(alices, id), theirsIn(alices, id)?.view.is]).toEqual([null, 'live']);
    expect([ownIn(bobs, theirs)?.state, theirsIn(bobs, theirs)]).toEqual(['live', null]);
  });

  it('ends with closing the conversation and with signing out', async () => {
    const { id } = await sharing();
    await alices.closeConversation(id);
    await bench.world.elapse(50);
    expect([alices.state.sharing, alices.state.media, bobs.state.sharing]).toEqual([{}, {}, {}]);
    await sharing();
    await bobs.signOut();
    await bench.world.elapse(50);
    expect([bobs.state.media, alices.state.sharing, alices.state.media]).toEqual([{}, {}, {}]);
  });
});

describe('sharing in a conference', () => {
  let carols: Client;
  let id: ConversationId;
  const idOf = (client: Client) => onlyConversation(client).id;

  beforeEach(async () => {
    carols = await bench.signedIn(carol);
  });

  async function meeting() {
    id = await talking(bench, alices, bobs);
    void alices.invite(id, [carol]);
    await bench.world.elapse(100);
    void carols.accept(onlyInvitation(carols));
    await bench.world.elapse(100);
  }

  it('is there for everybody, also for who comes late, and goes with the sharer', async () => {
    await meeting();
    settled(await start(alices, id).outcome);
    await bench.world.elapse(50);
    expect(ownIn(alices, id)).toMatchObject({ state: 'live', to: 'conference' });
    for (const client of [bobs, carols]) {
      expect(theirsIn(client, idOf(client))).toMatchObject({ sharer: alice, view: { is: 'available' } });
      await look(client, idOf(client));
      expect(theirsIn(client, idOf(client))?.surface).toBe('program');
    }
    expect(eventsOf(bobs, idOf(bobs)).at(-1)).toEqual({ is: 'sharingStarted', who: alice, surface: null });
    await carols.leaveConference(idOf(carols));
    expect(carols.state.sharing).toEqual({});
    void carols.rejoin(idOf(carols));
    await bench.world.elapse(50);
    expect(theirsIn(carols, idOf(carols))?.view).toEqual({ is: 'available', isDismissed: false });
    await alices.stopSharing(id);
    await bench.world.elapse(50);
    for (const client of [alices, bobs, carols]) expect([client.state.sharing, client.state.media]).toEqual([{}, {}]);
    expect(eventsOf(bobs, idOf(bobs)).filter(({ is }) => is === 'sharingStopped')).toHaveLength(1);
  });

  it('stays available to who closed it, and moves to another tab of the same person', async () => {
    await meeting();
    settled(await start(alices, id).outcome);
    await bench.world.elapse(50);
    const first = await look(bobs, idOf(bobs));
    const second = await look(bobs, idOf(bobs), other);
    expect(Object.keys(bobs.state.media)).toEqual([second.session]);
    expect(second.session).not.toBe(first.session);
    await bobs.stopWatching(idOf(bobs));
    expect(theirsIn(bobs, idOf(bobs))?.view).toEqual({ is: 'available', isDismissed: true });
    expect(bobs.state.media).toEqual({});
  });

  it('that ends just as somebody begins to look is told as ended, not as a failure', async () => {
    await meeting();
    settled(await start(alices, id).outcome);
    await bench.world.elapse(50);
    const watched = bobs.watchSharing(idOf(bobs), desk);
    void alices.stopSharing(id);
    await bench.world.elapse(50);
    expect(await watched).toEqual({ ok: false, failure: { is: 'cancelled' } });
    expect([bobs.state.sharing, bobs.state.media]).toEqual([{}, {}]);
    expect(eventsOf(bobs, idOf(bobs)).at(-1)).toEqual({ is: 'sharingStopped', who: alice, why: 'stopped' });
  });

  it('passes to who takes over; the others see it in the session that they have', async () => {
    await meeting();
    settled(await start(alices, id).outcome);
    await bench.world.elapse(50);
    await look(bobs, idOf(bobs));
    const watched = await look(carols, idOf(carols));
    settled(await start(bobs, idOf(bobs)).outcome);
    await bench.world.elapse(50);
    expect(ownIn(alices, id)).toBeNull();
    expect(eventsOf(alices, id)).toContainEqual({ is: 'sharingStopped', who: alice, why: 'takenOver' });
    expect(theirsIn(alices, id)).toMatchObject({ sharer: bob, view: { is: 'available' } });
    expect(theirsIn(carols, idOf(carols))).toMatchObject({
      sharer: bob,
      view: { is: 'live', session: watched.session },
    });
    expect([ownIn(bobs, idOf(bobs))?.state, theirsIn(bobs, idOf(bobs))]).toEqual(['live', null]);
  });

  it('shows a pause by the roster', async () => {
    await meeting();
    const { session, outcome } = start(alices, id);
    settled(await outcome);
    await bench.world.elapse(50);
    await look(bobs, idOf(bobs));
    void alices.reofferMedia(session, 'a=inactive');
    await bench.world.elapse(50);
    expect(theirsIn(bobs, idOf(bobs))).toMatchObject({ sharer: alice, isPaused: true, view: { is: 'live' } });
    void alices.reofferMedia(session, 'a=sendonly');
    await bench.world.elapse(50);
    expect(theirsIn(bobs, idOf(bobs))?.isPaused).toBe(false);
  });

  it('a running share of two moves into the conference without an end', async () => {
    const first = await sharing();
    id = first.id;
    void alices.invite(id, [carol]);
    await bench.world.elapse(100);
    void carols.accept(onlyInvitation(carols));
    await bench.world.elapse(100);
    expect(ownIn(alices, id)).toMatchObject({ to: 'peer', state: 'live', session: first.session });
    expect(theirsIn(bobs, first.theirs)?.view.is).toBe('live');
    const moved = start(alices, id);
    settled(await moved.outcome);
    await bench.world.elapse(50);
    expect(ownIn(alices, id)).toMatchObject({ to: 'conference', state: 'live', session: moved.session });
    expect(Object.keys(alices.state.media)).toEqual([moved.session]);
    for (const client of [bobs, carols]) {
      expect(theirsIn(client, idOf(client))).toMatchObject({ sharer: alice, view: { is: 'available' } });
    }
    expect(linesOf(alices, id).filter((is) => is.startsWith('sharing'))).toEqual(['sharingStarted']);
  });

  it('one that cannot move goes on between the two', async () => {
    const first = await sharing();
    id = first.id;
    void alices.invite(id, [carol]);
    await bench.world.elapse(100);
    bench.endpoint(alice).failNext({ is: 'rejected', status: 403, reason: 'Forbidden' });
    expect(await start(alices, id).outcome).toMatchObject({ ok: false });
    expect(ownIn(alices, id)).toMatchObject({ to: 'peer', state: 'live', session: first.session });
  });

  it('is not tried by who may not', async () => {
    await meeting();
    const party = carols.state.conversations[idOf(carols)]?.party;
    if (party?.is !== 'conference' || party.focus === null) throw new Error('no conference');
    bench.endpoint(carol).report({
      ...{ type: 'conference.changed', focus: party.focus, subject: '', organizer: alice, locked: false },
      ...{ maxSize: 250, sharing: 'presenters', roster: party.conference.roster },
    });
    expect(await start(carols, idOf(carols)).outcome).toEqual({
      ok: false,
      failure: { is: 'forbidden', policy: 'role' },
    });
  });

  it('comes back by itself after a loss', async () => {
    await meeting();
    settled(await start(alices, id).outcome);
    await bench.world.elapse(50);
    await look(bobs, idOf(bobs));
    bench.endpoint(bob).lose();
    await bench.world.elapse(50);
    expect(theirsIn(bobs, idOf(bobs))?.view).toEqual({ is: 'interrupted', tab: desk });
    bench.endpoint(bob).regain();
    await bench.world.elapse(1_000);
    expect(theirsIn(bobs, idOf(bobs))?.view).toEqual({ is: 'available', isDismissed: false });
    await look(bobs, idOf(bobs));
    await bench.world.elapse(120_000);
    expect(theirsIn(bobs, idOf(bobs))?.view.is).toBe('live');
  });

  it('control goes from one to another by the sharer’s word alone', async () => {
    await meeting();
    settled(await start(alices, id).outcome);
    await bench.world.elapse(50);
    for (const client of [bobs, carols]) await look(client, idOf(client));
    settled(await bobs.controlSharing(idOf(bobs), { is: 'request' }));
    settled(await carols.controlSharing(idOf(carols), { is: 'request' }));
    expect(ownIn(alices, id)?.asking).toEqual([bob, carol]);
    expect(theirsIn(bobs, idOf(bobs))?.isAsking).toBe(true);
    settled(await alices.controlSharing(id, { is: 'grant', to: bob }));
    expect(ownIn(alices, id)).toMatchObject({ asking: [carol], controller: bob });
    expect(theirsIn(bobs, idOf(bobs))).toMatchObject({ controller: bob, isAsking: false });
    expect(theirsIn(carols, idOf(carols))).toMatchObject({ controller: bob, isAsking: true });
    settled(await alices.controlSharing(id, { is: 'grant', to: carol }));
    expect(theirsIn(bobs, idOf(bobs))?.controller).toBe(carol);
    expect(eventsOf(bobs, idOf(bobs)).slice(-2)).toEqual([
      { is: 'controlEnded', who: bob },
      { is: 'controlGiven', by: alice, to: carol },
    ]);
    const view = theirsIn(carols, idOf(carols))?.view;
    const forged = { type: 'sharing.controlled', from: bob, control: { is: 'grant', to: bob } } as const;
    if (view?.is === 'live') bench.endpoint(carol).report({ ...forged, session: view.session });
    expect(theirsIn(carols, idOf(carols))?.controller).toBe(carol);
    settled(await carols.controlSharing(idOf(carols), { is: 'giveUp' }));
    expect(ownIn(alices, id)?.controller).toBeNull();
    settled(await bobs.controlSharing(idOf(bobs), { is: 'request' }));
    settled(await alices.controlSharing(id, { is: 'decline', to: bob }));
    expect([ownIn(alices, id)?.asking, theirsIn(bobs, idOf(bobs))?.isAsking]).toEqual([[], false]);
    expect(eventsOf(bobs, idOf(bobs)).at(-1)).toEqual({ is: 'controlRefused', by: alice });
    settled(await alices.controlSharing(id, { is: 'grant', to: bob }));
    await bobs.stopWatching(idOf(bobs));
    await bench.world.elapse(50);
    expect(ownIn(alices, id)?.controller).toBeNull();
  });
});
