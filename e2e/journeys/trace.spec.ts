import { expect, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

let server: HomeServer;

test.beforeAll(async () => {
  server = await HomeServer.start();
});

test.afterAll(async () => {
  await server.stop();
});

test('a ladder is read by filter and by key, and says why a message failed', async ({ browser }) => {
  const alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  const { page } = alice;
  await alice.talkTo('Carol Chen');
  await alice.say('are you there?');
  await expect(alice.messages.getByRole('alert')).toBeVisible();
  await alice.goTo('Trace');
  const list = page.getByRole('listbox', { name: 'SIP messages' });
  const option = (name: RegExp) => list.getByRole('option', { name });
  const message = page.getByRole('complementary', { name: 'Message' });

  await page.getByRole('button', { name: /^Errors only/ }).click();
  await expect(list.getByRole('option')).toHaveCount(1);
  await option(/received 480 .* Server fe1\.contoso to Client You/).click();
  const explanation = message.getByRole('region', { name: 'Explanation' });
  await expect(explanation).toContainText('Carol is unavailable or offline.');
  await expect(explanation).toContainText('Try again when the person is back.');
  await expect(message.getByRole('region', { name: 'Message text' })).toContainText('ms-diagnostics: 1007;');

  // The dialog of the refusal, from its request on.
  await page.getByRole('button', { name: /^Errors only/ }).click();
  await message.getByRole('button', { name: 'Only this dialog' }).click();
  await expect(list.getByRole('option')).toHaveCount(3);
  await list.focus();
  await page.keyboard.press('[');
  await expect(message.getByRole('heading', { name: 'INVITE' })).toBeVisible();
  await expect(option(/^Dialog \w+ .* sent INVITE .*, never reached Carol$/)).toHaveAttribute('aria-selected', 'true');
  await message.getByRole('button', { name: 'Show the answer' }).click();
  await expect(message.getByRole('heading', { name: /^480/ })).toBeVisible();

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /IM with Carol/ }).click();
  await page.getByRole('searchbox', { name: 'Find in messages' }).fill('Event: vnd-microsoft-roaming-contacts');
  await option(/sent SUBSCRIBE Follow the contact list/).click();
  await message.getByRole('button', { name: 'Next message' }).click();
  await message.getByRole('tab', { name: 'Body' }).click();
  await expect(message.getByRole('region', { name: 'application/vnd-microsoft-roaming-contacts+xml' })).toContainText(
    '<contactList',
  );
  await alice.leave();
});
