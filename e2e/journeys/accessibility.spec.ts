import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

/** Tooltips, and where Fluent turns the focus around at the ends of a menu or dialog: hidden, but focusable by design. */
const outside = '[data-tabster-dummy], [role="tooltip"]';

let server: HomeServer;

test.beforeAll(async () => {
  server = await HomeServer.start();
});

test.afterAll(async () => {
  await server.stop();
});

const themes = ['dark', 'light'] as const;

/** Everything in light; in dark what another theme can spoil. */
async function isClean(page: Page, what: string, ...ignored: string[]): Promise<void> {
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await expect(page.locator('html')).toHaveCSS('color-scheme', theme);
    const axe = new AxeBuilder({ page }).exclude(outside);
    const { violations } = await (theme === 'dark'
      ? axe.withRules(['color-contrast', 'link-in-text-block'])
      : axe.disableRules(ignored)
    ).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${what}, ${theme}: ${id} ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
    );
    expect(found).toEqual([]);
  }
}

/** Opens something that lies over the screen, looks at it, and closes it by Escape. */
async function opened(page: Page, what: string, open: () => Promise<void>, role: 'menu' | 'dialog'): Promise<void> {
  await open();
  await expect(page.getByRole(role).first()).toBeVisible();
  // What lies over the page belongs to no landmark of it.
  await isClean(page, what, 'region');
  await page.keyboard.press('Escape');
  await expect(page.getByRole(role)).toHaveCount(0);
  // Nothing stays hidden behind it.
  await expect(page.locator('#root')).not.toHaveAttribute('aria-hidden', 'true');
}

test('every screen passes axe, in light and dark', async ({ browser }) => {
  test.setTimeout(120_000);
  const alice = await Person.arrive(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  const { page } = alice;
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });

  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await isClean(page, 'sign-in');
  await alice.signIn('not the password');
  await expect(page.getByRole('alert')).toBeVisible();
  await page.getByRole('radio', { name: /^Manual/ }).check();
  await isClean(page, 'failed sign-in');
  await page.getByRole('radio', { name: /^Automatic/ }).check();
  await alice.signIn();
  await alice.isSignedIn();
  const bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');

  await isClean(page, 'contacts');
  await opened(page, 'status menu', () => button(/^Your status/).click(), 'menu');
  await opened(page, 'contact menu', () => alice.contact('Bob Barends').click({ button: 'right' }), 'menu');
  await opened(
    page,
    'group menu',
    () => page.getByRole('treeitem', { name: /^Sales/ }).click({ button: 'right' }),
    'menu',
  );
  await alice.contact('Bob Barends').focus();
  await opened(page, 'contact card', () => page.keyboard.press('Alt+Enter'), 'dialog');
  await expect(alice.contact('Bob Barends')).toBeFocused();
  await page.getByRole('searchbox', { name: 'Find a contact' }).fill('a');
  await expect(page.getByRole('region', { name: 'Company directory' })).toBeVisible();
  await isClean(page, 'search');
  await page.getByRole('searchbox', { name: 'Find a contact' }).fill('');

  await alice.talkTo('Bob Barends');
  await alice.say('hello https://contoso.example/');
  await expect(bob.invitationFrom('Alice Moreau')).toBeVisible();
  await isClean(bob.page, 'toast');
  await bob.accept('Alice Moreau');
  await alice.talkTo('Carol Chen');
  await alice.say('lost?');
  await expect(alice.messages.getByRole('alert')).toBeVisible();
  await isClean(page, 'conversation');
  await opened(page, 'emoji', () => button('Emoji').click(), 'dialog');
  await alice.goTo('Conversations');
  await isClean(page, 'conversations');
  await opened(page, 'new conversation', () => page.keyboard.press('Alt+n'), 'dialog');
  await opened(page, 'shortcuts', () => page.keyboard.press('Control+/'), 'dialog');

  await button('Meet now').click();
  await expect(alice.messages.getByText('You started a conference')).toBeVisible();
  await alice.inviteToConversation('Bob Barends');
  await bob.accept('Alice Moreau');
  await expect(alice.roster.getByRole('listitem')).toHaveCount(2);
  await isClean(page, 'conference');
  await opened(page, 'participant menu', () => button('Options for Bob Barends').click(), 'menu');
  await opened(page, 'invite', () => page.keyboard.press('Alt+i'), 'dialog');

  await alice.goTo('Trace');
  await page.getByRole('option').first().click();
  await isClean(page, 'trace');
  await button('Replay').click();
  await page.getByRole('slider', { name: 'Place in the recording' }).press('End');
  await expect(page.getByText('This is a recording: nothing can be sent.')).toBeVisible();
  await isClean(page, 'replay');
  await button('Close the recording').click();
  await opened(page, 'trace filters', () => button('More').click(), 'dialog');
  await opened(page, 'logging options', () => button('What is logged').click(), 'dialog');
  await alice.goTo('Settings');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await isClean(page, 'settings');
  await opened(page, 'password', () => button('Change my password').click(), 'dialog');
  await expect(button('Change my password')).toBeFocused();

  await alice.goTo('Contacts');
  await alice.talkTo('Bob Barends');
  alice.wire.cut();
  await expect(page.getByText(/^Reconnecting to/)).toBeVisible();
  await alice.say('later');
  await expect(alice.messages.getByText('Waiting for the connection')).toBeVisible();
  await isClean(page, 'reconnecting');
  await bob.leave();
  await alice.leave();
});

test('every screen passes axe on a phone, in light and dark', async ({ browser }) => {
  const alice = await Person.arrive(browser, server.port, 'grace@contoso.example', 'Grace Njoroge');
  const { page } = alice;
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await isClean(page, 'sign-in');
  await alice.signIn();
  await alice.isSignedIn();
  await isClean(page, 'contacts');
  await alice.talkTo('Heidi Kovács');
  await alice.say('lost?');
  await expect(alice.messages.getByRole('alert')).toBeVisible();
  await isClean(page, 'conversation');
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await alice.goTo('Conversations');
  await isClean(page, 'conversations');
  await page.getByRole('button', { name: 'Meet now' }).click();
  await expect(alice.messages.getByText('You started a conference')).toBeVisible();
  await page.getByRole('button', { name: 'Participants', exact: true }).click();
  await expect(alice.roster).toBeVisible();
  await isClean(page, 'participants');
  await page.keyboard.press('Escape');
  await expect(alice.roster).toHaveCount(0);
  await page.getByRole('button', { name: 'Back to the list' }).click();
  await alice.goTo('Trace');
  await page.getByRole('option').first().click();
  await isClean(page, 'a message of the trace');
  await page.getByRole('button', { name: 'Close the message' }).click();
  await page.getByRole('tab', { name: 'Ladder' }).click();
  await isClean(page, 'ladder');
  await alice.goTo('Settings');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await isClean(page, 'settings');
  await alice.leave();
});
