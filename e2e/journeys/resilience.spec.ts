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

test('kill -9 of the server in the middle of a chat: said, and whole again when it is back', async () => {
  await bob.say('answer');
  await expect(alice.message('answer')).toBeVisible();
  await server.kill();
  for (const person of [alice, bob]) await expect(person.page.getByText(/^Reconnecting to/)).toBeVisible();
  // What is written meanwhile waits, in order.
  await alice.say('while it is down');
  await expect(alice.messages.getByText('Waiting for the connection')).toBeVisible();
  await alice.say('and this');

  await server.startAgain();
  await expect(alice.page.getByText(/^Reconnecting to/)).toBeHidden({ timeout: 6_000 });
  await expect(bob.message('and this')).toBeVisible();
  expect(await bob.said()).toEqual(['before', 'answer', 'while it is down', 'and this']);
  expect(await alice.said()).toEqual(['before', 'answer', 'while it is down', 'and this']);
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Available/);
  await expect(alice.contact('Heidi Kovács')).toHaveAccessibleName(/Offline/);
});

test('a cut cable: presence becomes unknown, messages wait, nothing is doubled when it is mended', async () => {
  alice.wire.cut();
  await expect(alice.page.getByText(/^Reconnecting to/)).toBeVisible();
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Available at/);
  await alice.say('one');
  await alice.say('two');
  alice.wire.mend();
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
