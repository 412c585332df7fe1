import { expect, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

let server: HomeServer;
let alice: Person;
let bob: Person;
let carol: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start();
  alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
  carol = await Person.signedIn(browser, server.port, 'carol@contoso.example', 'Carol Chen');
});

test.afterEach(async () => {
  for (const person of [alice, bob, carol]) await person.leave();
  await server.stop();
});

test('a chat of two becomes a conference in the same window', async ({ browser }) => {
  await alice.talkTo('Bob Barends');
  await alice.say('between us');
  await bob.accept('Alice Moreau');
  await bob.say('yes');
  await expect(alice.message('yes')).toBeVisible();

  await alice.inviteToConversation('Carol Chen');
  await carol.accept('Alice Moreau');
  for (const person of [alice, bob, carol]) await expect(person.roster.getByRole('listitem')).toHaveCount(3);
  await expect(alice.messages.getByText('You added Carol Chen and made this a conference')).toBeVisible();
  await expect(alice.messages.getByText('Carol Chen joined')).toBeVisible();

  await carol.say('hello both');
  await alice.say('hello Carol');
  await bob.say('hi');
  for (const person of [alice, bob, carol]) await expect(person.message('hi')).toBeVisible();
  expect(await alice.said()).toEqual(['between us', 'yes', 'hello both', 'hello Carol', 'hi']);
  expect(await bob.said()).toEqual(['between us', 'yes', 'hello both', 'hello Carol', 'hi']);
  expect(await carol.said()).toEqual(['hello both', 'hello Carol', 'hi']);

  // CNF-1 to CNF-29: the factory, the focus, its event package, the IM MCU, the invitation, in Lync's own shapes.
  expect(
    alice.wire.find('SERVICE sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory', '<addConference'),
  ).toBeDefined();
  expect(alice.wire.find('INVITE sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:', '<addUser')).toBeDefined();
  expect(alice.wire.find('INVITE sip:alice@contoso.example;gruu;opaque=app:conf:chat:id:', 'm=message')).toBeDefined();
  expect(
    carol.wire.find('INVITE sip:carol@contoso.example', 'application/ms-conf-invite+xml', '<focus-uri>'),
  ).toBeDefined();
  expect(carol.wire.find('MESSAGE sip:carol@contoso.example', 'Ms-Sender: <sip:bob@contoso.example>')).toBeDefined();
  expect(bob.wire.find('BYE ')).toBeDefined();

  // A fourth; a newcomer sees what the rule gives: all that was said in the conference.
  const dave = await Person.signedIn(browser, server.port, 'dave@contoso.example', 'Dave Okafor');
  await alice.inviteToConversation('Dave Okafor');
  await dave.accept('Alice Moreau');
  await expect(dave.message('hi')).toBeVisible();
  expect(await dave.said()).toEqual(['hello both', 'hello Carol', 'hi']);
  await expect(bob.messages.getByText('Dave Okafor joined')).toBeVisible();
  await dave.leave();
  await expect(bob.messages.getByText('Dave Okafor left')).toBeVisible();

  // Reload in the middle: back in, with everything, also what was said meanwhile.
  await bob.page.reload();
  await alice.say('while Bob reloads');
  await bob.isSignedIn();
  await bob.goTo('Conversations');
  await bob.page.getByRole('button', { name: /Alice, Carol|Carol, Alice/ }).click();
  await expect(bob.message('while Bob reloads')).toBeVisible();
  expect(await bob.said()).toEqual(['between us', 'yes', 'hello both', 'hello Carol', 'hi', 'while Bob reloads']);
});

test('the organizer locks, removes a person and ends it', async () => {
  await alice.page.getByRole('button', { name: 'Meet now' }).click();
  await expect(alice.messages.getByText('You started a conference')).toBeVisible();
  await alice.inviteToConversation('Bob Barends', 'Carol Chen');
  await bob.accept('Alice Moreau');
  await carol.accept('Alice Moreau');
  for (const person of [alice, bob, carol]) await expect(person.roster.getByRole('listitem')).toHaveCount(3);

  await alice.roster.getByRole('button', { name: 'Lock the conference' }).click();
  await expect(bob.messages.getByText('The conference was locked')).toBeVisible();
  // An attendee is offered no lock.
  await expect(bob.roster.getByRole('button', { name: /Lock|Unlock/ })).toHaveCount(0);

  await alice.roster.getByRole('button', { name: 'Options for Carol Chen' }).click();
  await alice.page.getByRole('menuitem', { name: 'Remove from the conference' }).click();
  await expect(carol.page.getByText('You were removed from this conference.').first()).toBeVisible();
  await expect(alice.messages.getByText('You removed Carol Chen')).toBeVisible();
  await expect(bob.messages.getByText('Carol Chen left')).toBeVisible();
  await expect(bob.roster.getByRole('listitem')).toHaveCount(2);

  await alice.page.getByRole('button', { name: 'More options' }).click();
  await alice.page.getByRole('menuitem', { name: 'End for everyone' }).click();
  await expect(bob.page.getByText('This conference ended.').first()).toBeVisible();
});

test('policy: one may start none, another at most three, also at the server', async ({ browser }) => {
  const frank = await Person.signedIn(browser, server.port, 'frank@contoso.example', 'Frank Sato');
  await frank.talkTo('Bob Barends');
  await expect(frank.page.getByRole('button', { name: 'Invite', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(frank.page.getByRole('button', { name: 'Meet now' })).toHaveCount(0);
  expect(frank.wire.find('<provisionGroup name="ServerConfiguration">')?.text).not.toContain('focusFactoryUri');
  await frank.leave();

  const grace = await Person.signedIn(browser, server.port, 'grace@contoso.example', 'Grace Njoroge');
  await grace.page.getByRole('button', { name: 'Meet now' }).click();
  await grace.page.getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = grace.page.getByRole('dialog', { name: 'Invite people' });
  for (const name of ['Alice', 'Bob', 'Carol'])
    await dialog.getByRole('checkbox', { name: new RegExp(`^${name}`) }).check();
  await expect(dialog.getByText('Your organization allows at most 3 people in this conference.')).toBeVisible();
  await grace.leave();
});
