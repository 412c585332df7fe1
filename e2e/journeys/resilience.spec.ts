import { expect, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

let server: HomeServer;
let alice: Person;
let bob: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start();
  alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
  await alice.talkTo('Bob Barends');
  await alice.say('before');
  await bob.accept('Alice Moreau');
  await expect(bob.message('before')).toBeVisible();
});

test.afterEach(async () => {
  await alice.leave();
  await bob.leave();
  await server.stop();
});

test('kill -9 of the server in the middle of a chat: said, and whole again within 5 s of its return', async () => {
  await alice.createGroup('Closing');
  await expect(alice.page.getByRole('treeitem', { name: /^Closing, / })).toBeVisible();
  await bob.goTo('Contacts');
  await bob.page.getByRole('button', { name: 'Add a note' }).click();
  await bob.page.getByRole('textbox', { name: 'Your note' }).fill('Quarter close week');
  await bob.page.keyboard.press('Enter');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Quarter close week/);
  await bob.say('answer');
  await expect(alice.message('answer')).toBeVisible();
  await server.kill();
  for (const person of [alice, bob]) await expect(person.page.getByText(/^Reconnecting to/)).toBeVisible();
  // What is written meanwhile waits, in order.
  await alice.say('while it is down');
  await expect(alice.messages.getByText('Waiting for the connection')).toBeVisible();
  await alice.say('and this');

  await server.startAgain();
  const isLive = (person: Person) => expect(person.page.getByText(/^Reconnecting to/)).toBeHidden({ timeout: 5_000 });
  await Promise.all([alice, bob].map(isLive));
  await expect(bob.message('and this')).toBeVisible();
  const said = ['before', 'answer', 'while it is down', 'and this'];
  expect(await bob.said()).toEqual(said);
  expect(await alice.said()).toEqual(said);
  const isWhole = async () => {
    await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Available.*Quarter close week/);
    await expect(alice.contact('Heidi Kovács')).toHaveAccessibleName(/Offline/);
    await expect(alice.page.getByRole('treeitem', { name: /^Closing, / })).toBeVisible();
    await expect(bob.page.getByRole('button', { name: 'Your note: Quarter close week' })).toBeVisible();
  };
  await isWhole();
  for (const [person, other] of [
    [alice, 'Bob Barends'],
    [bob, 'Alice Moreau'],
  ] as const) {
    await person.page.reload();
    await person.isSignedIn();
    await person.talkTo(other);
    expect(await person.said()).toEqual(said);
  }
  await isWhole();
});

test('kill -9 of the server in the middle of a conference: everybody is back in, in order, and nothing is lost', async ({
  browser,
}) => {
  const carol = await Person.signedIn(browser, server.port, 'carol@contoso.example', 'Carol Chen');
  await alice.inviteToConversation('Carol Chen');
  await carol.accept('Alice Moreau');
  for (const person of [alice, bob, carol]) await expect(person.roster.getByRole('listitem')).toHaveCount(3);
  await carol.say('one');
  await expect(alice.message('one')).toBeVisible();
  await server.kill();
  for (const person of [alice, bob, carol]) await expect(person.page.getByText(/^Reconnecting to/)).toBeVisible();
  await alice.say('two');
  await bob.say('three');
  await server.startAgain();
  for (const person of [alice, bob, carol]) {
    await expect(person.message('two')).toBeVisible({ timeout: 15_000 });
    await expect(person.message('three')).toBeVisible();
    await expect(person.roster.getByRole('listitem')).toHaveCount(3);
  }
  await carol.say('four');
  for (const person of [alice, bob]) await expect(person.message('four')).toBeVisible();
  // The focus's order is everybody's.
  const [, ...inConference] = await alice.said();
  expect(inConference).toEqual(await carol.said());
  expect([...inConference].sort()).toEqual(['four', 'one', 'three', 'two']);
  expect(await bob.said()).toEqual(['before', ...inConference]);
  await carol.leave();
});

test('a cut cable: presence becomes unknown, messages wait, what is not there yet comes later, nothing is doubled', async () => {
  alice.wire.cut();
  await expect(alice.page.getByText(/^Reconnecting to/)).toBeVisible();
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Available at/);
  await alice.say('one');
  await alice.say('two');
  await alice.goTo('Settings');
  await expect(alice.page.getByText('This part of Confab cannot be loaded now.')).toBeVisible();
  alice.wire.mend();
  await expect(alice.page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await expect(bob.message('two')).toBeVisible({ timeout: 15_000 });
  expect(await bob.said()).toEqual(['before', 'one', 'two']);
});

test('written while the server is down: sent when it is back, though the peer comes back later', async () => {
  await server.kill();
  await expect(alice.page.getByText(/^Reconnecting to/)).toBeVisible();
  await alice.say('waits for both');
  await expect(alice.messages.getByText('Waiting for the connection')).toBeVisible();
  await server.startAgain();
  await expect(bob.message('waits for both')).toBeVisible({ timeout: 15_000 });
  expect(await bob.said()).toEqual(['before', 'waits for both']);
});
