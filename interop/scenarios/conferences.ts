import type { Person } from '../../e2e/person';
import { expect, soon } from '../expect';
import type { Scenario } from '../scenario';
import type { SipeClient } from '../sipeClient';
import { addressOf, nameOf, type Stage, type User } from '../stage';

export const conferences: readonly Scenario[] = [
  {
    name: 'conference-from-browser',
    shows: 'a conference of two browsers and SIPE made by a browser: rosters, messages of each to all, each leaving',
    run: fromBrowser,
  },
  {
    name: 'conference-from-sipe',
    shows: 'the same made by SIPE, twice: also after it was started again',
    run: fromSipe,
  },
  {
    name: 'escalation-by-browser',
    shows: 'a browser turns its chat with SIPE into a conference in the same window, and the chat of two ends',
    run: escalatedByBrowser,
  },
  {
    name: 'escalation-by-sipe',
    shows: 'SIPE turns its chat with a browser into a conference in the same window, and the chat of two ends',
    run: escalatedBySipe,
  },
  {
    name: 'conference-roster',
    shows:
      'who joins by address, is made a presenter, removed or locked out is seen right on all three, whoever does it',
    run: roster,
  },
];

/** Those are in the conference and nobody else, at both kinds of client; a star marks presenters. */
async function areIn(
  people: { browsers: readonly Person[]; sipes: readonly SipeClient[] },
  ...users: string[]
): Promise<void> {
  const named = users.map((user) => [user.replace('*', '') as User, user.endsWith('*')] as const);
  const roster = named.map(([user, leads]) => `${addressOf(user)}${leads ? '*' : ''}`).sort();
  for (const sipe of people.sipes) await expect.poll(() => sipe.roster(), soon).toEqual(roster);
  for (const person of people.browsers) {
    await expect(person.roster.getByRole('listitem')).toHaveCount(named.length);
    for (const [user, leads] of named) {
      const section = person.roster.getByRole('region', { name: leads ? /^(Organizer|Presenters)$/ : 'Attendees' });
      await expect(section.getByRole('listitem').filter({ hasText: nameOf(user) })).toBeVisible();
    }
    await expect(person.roster.getByText('Not in the messages yet')).toHaveCount(0);
  }
}

/** What a SIPE was told in the conference, without its own words. */
const heard = (sipe: SipeClient): string[] =>
  sipe.told('chat-message').flatMap(({ text, self }) => (self ? [] : [text]));

/** Each says something that all others get. */
async function allTalk(browsers: readonly Person[], sipes: readonly SipeClient[], round: string): Promise<void> {
  for (const speaker of [...browsers, ...sipes]) {
    const text = `${round}, says ${speaker.address.split('@')[0]}`;
    await ('say' in speaker && 'page' in speaker ? speaker.say(text) : (speaker as SipeClient).sayInConference(text));
    for (const person of browsers) await expect(person.message(text)).toBeVisible();
    for (const sipe of sipes) {
      if (sipe === speaker) continue;
      const { from } = await sipe.expect('chat-message', (told) => told.text === text);
      expect(from.toLowerCase()).toBe(`sip:${speaker.address}`);
    }
  }
}

async function fromBrowser(stage: Stage): Promise<void> {
  const bob = await stage.sipeSignedIn('bob');
  const [alice, carol] = [await stage.browser('alice'), await stage.browser('carol')];
  await alice.page.getByRole('button', { name: 'Meet now' }).click();
  await expect(alice.messages.getByText('You started a conference')).toBeVisible();
  await alice.inviteToConversation(nameOf('bob'), nameOf('carol'));
  await carol.accept(nameOf('alice'));
  await areIn({ browsers: [alice, carol], sipes: [bob] }, 'alice*', 'bob', 'carol');
  await allTalk([alice, carol], [bob], 'all three');

  await bob.leaveConference();
  await areIn({ browsers: [alice, carol], sipes: [] }, 'alice*', 'carol');
  await expect(alice.messages.getByText('Bob Barends left')).toBeVisible();
  await allTalk([alice, carol], [], 'without Bob');
  expect(heard(bob)).toEqual(['all three, says alice', 'all three, says carol']);
  // Asked in again; who was in the conference before is not told again what was said then.
  await alice.inviteToConversation(nameOf('bob'));
  await areIn({ browsers: [alice, carol], sipes: [bob] }, 'alice*', 'bob', 'carol');
  await carol.leaveConference();
  await areIn({ browsers: [alice], sipes: [bob] }, 'alice*', 'bob');
  await allTalk([alice], [bob], 'without Carol');
  expect(await alice.said()).toEqual([
    ...['all three, says alice', 'all three, says carol', 'all three, says bob'],
    ...['without Bob, says alice', 'without Bob, says carol', 'without Carol, says alice', 'without Carol, says bob'],
  ]);
  stage.expectRefusal(/bob-sipe got 481 BYE sip:alice@/);
}

async function fromSipe(stage: Stage): Promise<void> {
  const [alice, carol] = [await stage.browser('alice'), await stage.browser('carol')];
  stage.expectRefusal(/bob-sipe got 481 BYE sip:bob@/);
  for (const round of ['first', 'second']) {
    const bob = await stage.sipeSignedIn('bob');
    await bob.startConference(addressOf('alice'));
    await alice.accept(nameOf('bob'));
    await areIn({ browsers: [alice], sipes: [bob] }, 'alice', 'bob*');
    await bob.inviteToConference(addressOf('carol'));
    await carol.accept(nameOf('bob'));
    await areIn({ browsers: [alice, carol], sipes: [bob] }, 'alice', 'bob*', 'carol');
    await allTalk([alice, carol], [bob], round);
    const said = ['alice', 'carol', 'bob'].map((user) => `${round}, says ${user}`);
    for (const person of [alice, carol]) expect(await person.said()).toEqual(said);
    await bob.leaveConference();
    await areIn({ browsers: [alice, carol], sipes: [] }, 'alice', 'carol');
    await bob.quit();
    for (const person of [alice, carol]) await person.closeConversation();
  }
}

async function escalatedByBrowser(stage: Stage): Promise<void> {
  const bob = await stage.sipeSignedIn('bob');
  const [alice, carol] = [await stage.browser('alice'), await stage.browser('carol')];
  await alice.talkTo(nameOf('bob'));
  await alice.say('between us');
  await bob.expect('im-received', ({ text }) => text === 'between us');
  await bob.say(alice.address, 'yes');
  await expect(alice.message('yes')).toBeVisible();
  await alice.inviteToConversation(nameOf('carol'));
  await carol.accept(nameOf('alice'));
  await areIn({ browsers: [alice, carol], sipes: [bob] }, 'alice*', 'bob', 'carol');
  await bob.expectSip('in', 'INVITE sip:bob@contoso.example;opaque=user:epid:', 'ms-conf-invite+xml');
  await bob.expectSip('in', 'BYE sip:bob@contoso.example;opaque=user:epid:', 'From: <sip:alice@contoso.example>');
  await allTalk([alice, carol], [bob], 'all three');
  const said = ['all three, says alice', 'all three, says carol', 'all three, says bob'];
  expect(await alice.said()).toEqual(['between us', 'yes', ...said]);
  expect(await carol.said()).toEqual(said);
}

async function escalatedBySipe(stage: Stage): Promise<void> {
  const bob = await stage.sipeSignedIn('bob');
  const [alice, carol] = [await stage.browser('alice'), await stage.browser('carol')];
  await bob.say(alice.address, 'between us');
  await alice.accept(nameOf('bob'));
  await alice.say('yes');
  await bob.expect('im-received', ({ text }) => text === 'yes');
  await bob.startConference(addressOf('alice'));
  await areIn({ browsers: [alice], sipes: [bob] }, 'alice', 'bob*');
  await expect(alice.invitationFrom(nameOf('bob'))).toHaveCount(0);
  await bob.expectSip('out', 'BYE sip:alice@contoso.example;opaque=user:epid:');
  await bob.inviteToConference(addressOf('carol'));
  await carol.accept(nameOf('bob'));
  await areIn({ browsers: [alice, carol], sipes: [bob] }, 'alice', 'bob*', 'carol');
  await allTalk([alice, carol], [bob], 'all three');
  const said = ['all three, says alice', 'all three, says carol', 'all three, says bob'];
  expect(await alice.said()).toEqual(['between us', 'yes', ...said]);
  expect(await carol.said()).toEqual(said);
}

async function roster(stage: Stage): Promise<void> {
  const bob = await stage.sipeSignedIn('bob');
  const dave = await stage.sipeSignedIn('dave');
  const [alice, carol] = [await stage.browser('alice'), await stage.browser('carol')];
  await bob.startConference(addressOf('alice'));
  await alice.accept(nameOf('bob'));
  await bob.inviteToConference(addressOf('carol'));
  await carol.accept(nameOf('bob'));
  const joined = await bob.expect('sip', ({ dir, message }) => dir === 'out' && message.includes('<addUser>'));
  const focus = joined.first.split(' ')[1] ?? '';
  await dave.joinConference(focus);
  await areIn({ browsers: [alice, carol], sipes: [bob, dave] }, 'alice', 'bob*', 'carol', 'dave');

  // SIPE makes a browser's person a presenter, who makes another one.
  await bob.makeLeader(addressOf('alice'));
  await areIn({ browsers: [alice, carol], sipes: [bob, dave] }, 'alice*', 'bob*', 'carol', 'dave');
  await optionOf(alice, 'carol', 'Make a presenter');
  await areIn({ browsers: [alice, carol], sipes: [bob, dave] }, 'alice*', 'bob*', 'carol*', 'dave');

  // SIPE locks; a browser unlocks and locks again.
  await bob.setLocked(true);
  await expect(carol.messages.getByText('The conference was locked')).toBeVisible();
  await dave.expect('notice', ({ kind, text }) => kind === 'system' && /conference is locked/.test(text));
  await alice.roster.getByRole('button', { name: 'Unlock the conference' }).click();
  await dave.expect('notice', ({ kind, text }) => kind === 'system' && /no longer locked/.test(text));
  const since = dave.now;
  await alice.roster.getByRole('button', { name: 'Lock the conference' }).click();
  await dave.expect('notice', ({ kind, text }) => kind === 'system' && /conference is locked/.test(text), { since });

  // A browser removes a SIPE, who cannot come back; SIPE removes a browser.
  await optionOf(alice, 'dave', 'Remove from the conference');
  await dave.expect('notice', ({ text }) => /disconnected from this conference/.test(text));
  await areIn({ browsers: [alice, carol], sipes: [bob] }, 'alice*', 'bob*', 'carol*');
  stage.expectRefusal(/dave-sipe got (480 INVITE|481 BYE|403 SUBSCRIBE) sip:bob@/);
  await dave.leaveConference();
  await dave.joinConference(focus);
  await dave.expect('notify', ({ kind }) => kind === 'error');
  await bob.removeFromConference(addressOf('carol'));
  await expect(carol.page.getByText('You were removed from this conference.').first()).toBeVisible();
  await areIn({ browsers: [alice], sipes: [bob] }, 'alice*', 'bob*');
  await allTalk([alice], [bob], 'the rest');
  expect(heard(dave)).toEqual([]);
}

async function optionOf(person: Person, user: User, entry: string): Promise<void> {
  await person.roster.getByRole('button', { name: `Options for ${nameOf(user)}` }).click();
  await person.page.getByRole('menuitem', { name: entry }).click();
}
