import { expect, type Locator, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

let server: HomeServer;
let alice: Person;
let bob: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start();
  alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
});

test.afterEach(async () => {
  await alice.leave();
  await bob.leave();
  await server.stop();
});

const press = (...keys: string[]) =>
  keys.reduce((done, key) => done.then(() => alice.page.keyboard.press(key)), Promise.resolve());
const role = (...[name, options]: Parameters<typeof alice.page.getByRole>): Locator =>
  alice.page.getByRole(name, options);

test('a whole conversation without a mouse: find, write, invite, answer, move on', async () => {
  await press('Alt+q');
  await expect(role('searchbox', { name: 'Find a contact' })).toBeFocused();
  await alice.page.keyboard.type('bob');
  await expect(role('button', { name: 'Send an IM to Bob Barends' })).toBeVisible();
  await press('Enter');
  await expect(role('textbox', { name: 'Message' })).toBeFocused();
  await alice.page.keyboard.type('first line');
  await press('Shift+Enter');
  await alice.page.keyboard.type('second line');
  await press('Enter');
  await expect(alice.message('first line second line')).toBeVisible();

  await expect(bob.invitationFrom('Alice Moreau')).toBeVisible();
  await bob.page.keyboard.press('Alt+Shift+a');
  await expect(bob.message('first line second line')).toBeVisible();

  await press('Alt+i');
  await expect(role('dialog', { name: 'Invite people' }).getByRole('searchbox')).toBeFocused();
  await press('Escape');
  await expect(role('dialog')).toHaveCount(0);
  await expect(role('textbox', { name: 'Message' })).toBeFocused();

  await press('Alt+2');
  await expect(role('heading', { name: 'Conversations', level: 1 })).toBeVisible();
  await press('Alt+5');
  await expect(role('heading', { name: 'Settings', level: 1 })).toBeVisible();
  await press('Alt+1');
  await alice.talkTo('Carol Chen');
  await press('Alt+PageDown');
  await expect(role('region', { name: 'Conversation with Bob Barends' })).toBeVisible();
  await press('Alt+PageUp');
  await expect(role('region', { name: 'Conversation with Carol Chen' })).toBeVisible();

  await bob.say('are you there?');
  await press('Control+/');
  await expect(role('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await press('Escape');
  await expect(role('dialog')).toHaveCount(0);
});

test('F6 goes through the regions of the window, and back', async () => {
  await alice.talkTo('Bob Barends');
  await expect(role('textbox', { name: 'Message' })).toBeFocused();
  const regions = [
    role('button', { name: 'Contacts', exact: true }),
    role('button', { name: /^Your status/ }),
    role('searchbox', { name: 'Find a contact' }),
    role('radio', { name: 'Groups' }),
    alice.contact('Bob Barends'),
    role('button', { name: 'Contact card of Bob Barends' }),
    alice.messages,
    role('textbox', { name: 'Message' }),
  ];
  for (const region of regions) {
    await press('F6');
    await expect(region).toBeFocused();
  }
  await press('Shift+F6');
  await expect(alice.messages).toBeFocused();
});

test('the contact list: move, fold, rename, take out and bring back, delete a group', async () => {
  const group = (name: RegExp) => role('treeitem', { name });
  await group(/^Product, /).focus();
  await press('ArrowLeft');
  await expect(group(/^Product, /)).toHaveAttribute('aria-expanded', 'false');
  await alice.page.reload();
  await alice.isSignedIn();
  await expect(group(/^Product, /)).toHaveAttribute('aria-expanded', 'false');
  await group(/^Product, /).focus();
  await press('ArrowRight', 'ArrowDown');
  await expect(alice.contact('Carol Chen')).toBeFocused();

  await press('ArrowLeft', 'F2');
  const dialog = role('dialog', { name: 'Rename the group' });
  await expect(dialog.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await alice.page.keyboard.type('sales');
  await press('Enter');
  await expect(dialog.getByRole('alert')).toHaveText('There is a group with this name.');
  await press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(group(/^Product, /)).toBeFocused();

  await alice.contact('Heidi Kovács').focus();
  await press('Delete');
  await expect(alice.contact('Heidi Kovács')).toHaveCount(0);
  await expect(alice.page.locator(':focus')).toHaveRole('treeitem');
  await role('button', { name: 'Undo' }).click();
  await expect(group(/^Finance, 0 of 1/)).toBeVisible();

  await group(/^Sales, /).focus();
  await press('Delete');
  await expect(role('alertdialog')).toContainText('2 people are in no other group and will be under Other contacts.');
  await press('Tab', 'Enter');
  await expect(group(/^Sales, /)).toHaveCount(0);
  await expect(group(/^Other contacts, 0 of 2/)).toBeVisible();
  await expect(alice.page.locator(':focus')).toHaveRole('treeitem');
});
