import { expect, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

let server: HomeServer;
let alice: Person;
let bob: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start([], (home) => {
    home.users(
      ['add', 'zoe@contoso.example', '--name', 'Zoe Papadakis', '--title', 'Treasurer', '--password-stdin'],
      'password-of-zoe',
    );
  });
  alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
});

test.afterEach(async () => {
  await alice.leave();
  await bob.leave();
  await server.stop();
});

test('status and note: the others see them', async () => {
  await bob.setStatus('Do not disturb');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Do not disturb/);
  await bob.setNote('Quarter close week');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Quarter close week/);
  await expect(bob.page.getByRole('button', { name: 'Your note: Quarter close week' })).toBeVisible();
  await bob.page.getByRole('button', { name: /^Your status/ }).click();
  await bob.page.getByRole('menuitem', { name: 'Reset status' }).click();
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/^Bob Barends, Available/);
  expect(
    bob.wire.find('SERVICE sip:bob@contoso.example', 'msrtc-category-publish+xml', 'categoryName="state"'),
  ).toBeDefined();
  expect(alice.wire.find('SUBSCRIBE sip:alice@contoso.example', 'Event: presence', 'adhocList')).toBeDefined();
});

test('signing out is seen as offline', async () => {
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Available/);
  await bob.signOut();
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Offline/);
});

test('find in the directory, group, move, remove; on the other device at once, after a reload and a restart', async ({
  browser,
}) => {
  const other = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  await alice.createGroup('Finance close');
  await alice.addContact('pap', 'Zoe Papadakis', 'Finance close');
  for (const device of [alice, other]) {
    await expect(device.page.getByRole('treeitem', { name: 'Finance close, 0 of 1 online' })).toBeVisible();
    await expect(device.contact('Zoe Papadakis')).toBeVisible();
  }

  await alice.moveContact('Zoe Papadakis', 'Finance');
  await expect(other.page.getByRole('treeitem', { name: 'Finance, 0 of 2 online' })).toBeVisible();

  await alice.renameGroup('Finance close', 'Closing');
  await expect(other.page.getByRole('treeitem', { name: /^Closing, / })).toBeVisible();

  await alice.removeContact('Heidi Kovács');
  await expect(other.contact('Heidi Kovács')).toHaveCount(0);

  await other.removeGroup('Sales');
  await expect(alice.group('Sales')).toHaveCount(0);
  await other.leave();

  // CON: SOAP by SERVICE, one operation at a time; each is told to the other device as a delta.
  const soap = 'application/SOAP+xml';
  for (const operation of ['addGroup', 'setContact', 'modifyGroup', 'deleteContact']) {
    expect(alice.wire.find('SERVICE sip:alice@contoso.example', soap, `<m:${operation} `)).toBeDefined();
  }
  expect(alice.wire.find('SERVICE sip:contoso.example', '<m:directorySearch ')).toBeDefined();
  expect(other.wire.find('SERVICE sip:alice@contoso.example', soap, '<m:deleteGroup ')).toBeDefined();
  for (const told of ['<addedGroup ', '<modifiedContact ', '<modifiedGroup ', '<deletedContact ']) {
    expect(other.wire.find('BENOTIFY ', 'vnd-microsoft-roaming-contacts', '<contactDelta ', told)).toBeDefined();
  }

  await server.kill();
  await server.startAgain();
  await alice.page.reload();
  await alice.isSignedIn();
  await expect(alice.page.getByRole('treeitem', { name: /^Closing, / })).toBeVisible();
  await expect(alice.contact('Zoe Papadakis')).toBeVisible();
  await expect(alice.contact('Heidi Kovács')).toHaveCount(0);
  await expect(alice.group('Sales')).toHaveCount(0);
});

test('somebody added while the server runs signs in within a second, and is signed out when disabled', async ({
  browser,
}) => {
  server.users(['add', 'yara@contoso.example', '--name', 'Yara Haddad', '--password-stdin'], 'password-of-yara');
  const yara = await Person.arrive(browser, server.port, 'yara@contoso.example', 'Yara Haddad');
  await expect(async () => {
    await yara.signIn('password-of-yara');
    await expect(yara.page.getByText('No contacts yet')).toBeVisible({ timeout: 2_000 });
  }).toPass();
  server.users(['disable', 'yara@contoso.example']);
  await expect(yara.page.getByText('Your account was disabled')).toBeVisible();
  await yara.leave();
});
