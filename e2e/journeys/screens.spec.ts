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
});

test.afterEach(async () => {
  await alice.leave();
  await bob.leave();
  await server.stop();
});

test('drafts and the open conversation outlive a reload, and nothing of them a sign-out', async () => {
  const field = alice.page.getByRole('textbox', { name: 'Message' });
  await alice.talkTo('Bob Barends');
  await field.fill('half a thought');
  await alice.talkTo('Carol Chen');
  await expect(field).toHaveValue('');
  await field.fill('another');
  await alice.page.reload();
  await alice.isSignedIn();
  await expect(alice.page.getByRole('region', { name: 'Conversation with Carol Chen' })).toBeVisible();
  await expect(field).toHaveValue('another');
  await alice.talkTo('Bob Barends');
  await expect(field).toHaveValue('half a thought');

  await alice.page.getByRole('button', { name: /^Your status/ }).click();
  await alice.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(alice.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  const kept = await alice.page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));
  expect(kept).not.toContain('thought');
  await alice.signIn();
  await alice.isSignedIn();
  await expect(alice.page.getByRole('heading', { name: 'Pick someone to talk to' })).toBeVisible();
});

test('a message that did not arrive can be deleted, or taken back by Up', async () => {
  await alice.talkTo('Carol Chen');
  await alice.say('lost one');
  await expect(alice.messages.getByRole('alert')).toBeVisible();
  await alice.messages.getByRole('button', { name: 'Delete' }).click();
  await expect(alice.message('lost one')).toHaveCount(0);

  const field = alice.page.getByRole('textbox', { name: 'Message' });
  await field.press('Control+b');
  await alice.say('lost two');
  await expect(alice.messages.getByRole('alert')).toBeVisible();
  await field.press('Control+b');
  await expect(field).not.toHaveClass(/is-bold/);
  await field.press('ArrowUp');
  await expect(field).toHaveValue('lost two');
  await expect(field).toHaveClass(/is-bold/);
  await expect(alice.message('lost two')).toHaveCount(0);
  await alice.page.reload();
  await alice.isSignedIn();
  await expect(alice.page.getByRole('textbox', { name: 'Message' })).toHaveValue('lost two');
  await expect(alice.messages).toBeVisible();
  expect(await alice.said()).toEqual([]);
});

test('news is counted in the title until it is read', async () => {
  await alice.talkTo('Bob Barends');
  await alice.say('hello');
  await expect(bob.invitationFrom('Alice Moreau')).toBeVisible();
  await expect(bob.page).toHaveTitle('(1) Confab');
  await bob.accept('Alice Moreau');
  await expect(bob.page).toHaveTitle('Confab');
  await alice.talkTo('Carol Chen');
  await bob.say('one');
  await bob.say('two');
  await expect(alice.page).toHaveTitle('(2) Confab');
  await alice.talkTo('Bob Barends');
  await expect(alice.messages.getByText('New', { exact: true })).toBeVisible();
  await expect(alice.page).toHaveTitle('Confab');
});

test('a new conversation with several people is a conference', async () => {
  await alice.page.getByRole('button', { name: 'New conversation' }).click();
  const dialog = alice.page.getByRole('dialog', { name: 'New conversation' });
  await expect(dialog.getByRole('searchbox')).toBeFocused();
  for (const name of ['bob', 'erin']) {
    await alice.page.keyboard.type(name);
    await expect(dialog.getByRole('checkbox')).toHaveCount(1);
    await alice.page.keyboard.press('Enter');
  }
  await dialog.getByRole('button', { name: 'Start the conference' }).click();
  await bob.accept('Alice Moreau');
  await expect(alice.roster.getByRole('region', { name: 'Attendees' }).getByText('Bob Barends')).toBeVisible();
  await expect(alice.roster.getByRole('region', { name: 'Invited' }).getByText('Erin Lindqvist')).toBeVisible();
});

test('a conference that one left keeps its name, and is joined again', async () => {
  await alice.talkTo('Bob Barends');
  await alice.say('hello');
  await bob.accept('Alice Moreau');
  await alice.inviteToConversation('Carol Chen');
  await expect(alice.roster.getByRole('listitem').filter({ hasText: 'Bob Barends' })).toBeVisible();
  await alice.page.getByRole('button', { name: 'More options' }).click();
  await alice.page.getByRole('menuitem', { name: 'Leave the conference' }).click();
  await expect(alice.messages.getByText('You left')).toBeVisible();
  await expect(alice.page.getByRole('region', { name: 'Conversation with Bob' })).toBeVisible();
  await alice.page.getByRole('button', { name: 'Join again' }).click();
  await expect(alice.roster.getByRole('listitem')).toHaveCount(2);
});

test('a contact card tells who somebody is, by click, by key and by a resting mouse', async () => {
  const card = alice.page.getByRole('dialog', { name: 'Contact card' });
  const row = alice.contact('Bob Barends');
  await row.focus();
  await alice.page.keyboard.press('Alt+Enter');
  await expect(card).toContainText('Software Engineer, Contoso');
  await expect(card).toContainText('bob@contoso.example');
  await alice.page.keyboard.press('Escape');
  await expect(card).toHaveCount(0);
  await expect(row).toBeFocused();

  await row.locator('.facebutton').hover();
  await expect(card).toBeVisible();
  await expect(row).toBeFocused();
  await alice.page.mouse.move(1_200, 850);
  await expect(card).toHaveCount(0);

  await row.locator('.facebutton').click();
  await card.getByRole('button', { name: 'IM' }).click();
  await expect(alice.page.getByRole('region', { name: 'Conversation with Bob Barends' })).toBeVisible();
});

test('a contact is dragged to another group; with Ctrl it is in both', async () => {
  const group = (name: RegExp) => alice.page.getByRole('treeitem', { name });
  await alice.contact('Heidi Kovács').dragTo(group(/^Product, /));
  await expect(group(/^Product, . of 2 online/)).toBeVisible();
  await expect(group(/^Finance, 0 of 0 online/)).toBeVisible();
  await alice.page.keyboard.down('Control');
  await alice.contact('Heidi Kovács').dragTo(group(/^Finance, /));
  await alice.page.keyboard.up('Control');
  await expect(group(/^Product, . of 2 online/)).toBeVisible();
  await expect(group(/^Finance, 0 of 1 online/)).toBeVisible();
});

test('on a phone the list and the conversation take turns, also by the browser’s Back', async () => {
  await alice.page.setViewportSize({ width: 390, height: 844 });
  await alice.talkTo('Bob Barends');
  await expect(alice.contact('Bob Barends')).toBeHidden();
  await alice.page.goBack();
  await expect(alice.contact('Bob Barends')).toBeVisible();
  await alice.talkTo('Bob Barends');
  await alice.page.getByRole('button', { name: 'Back to the list' }).click();
  await expect(alice.contact('Bob Barends')).toBeVisible();
});
