import { writeFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { freePort, HomeServer } from '../homeServer';
import { demoPassword, Person } from '../person';

/** The doctor names what is broken within this time from its beginning. */
const namedWithinMs = 10_000;

const links = (page: Page) => page.getByRole('list', { name: 'Links' });
const link = (page: Page, name: string) =>
  links(page)
    .locator('.step')
    .filter({ has: page.getByText(name, { exact: true }) });

async function isClean(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).exclude('[data-tabster-dummy]').analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
}

test('before sign-in the doctor tries what the form holds, and names a wrong password', async ({ browser }) => {
  const server = await HomeServer.start();
  const alice = await Person.arrive(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  const { page } = alice;
  const wrong = 'not the password';
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write', 'notifications']);
  await alice.signIn(wrong);
  await page.getByRole('alert').getByRole('button', { name: 'Ask the doctor' }).click();
  await expect(page.getByRole('status')).toHaveText(/^Broken: Signing in/, { timeout: namedWithinMs });
  const broken = link(page, 'Signing in');
  await expect(broken).toContainText('The address or the password is not right.');
  await expect(broken).toContainText('Whose it is: You');
  await expect(link(page, 'WebSocket')).toContainText('Whether what is between lets SIP through');
  await expect(link(page, 'A conference')).toContainText('“Signing in” has to work first');
  await isClean(page);

  await page.getByRole('button', { name: 'Copy the report' }).click();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toContain('Signing in: BROKEN');
  expect(report).toContain('Call-ID');
  expect(report).not.toContain(wrong);

  await broken.getByRole('button', { name: 'Show in Trace' }).click();
  await expect(page.getByRole('region', { name: 'Explanation' })).toContainText('password is not right');
  await page.getByRole('button', { name: 'Back to the doctor' }).click();
  await page.getByRole('button', { name: 'Back to sign in' }).click();
  await page.getByLabel('Password', { exact: true }).fill(demoPassword);
  await page.getByRole('button', { name: 'Connection doctor' }).click();
  await expect(page.getByRole('status')).toHaveText(/^What was tried works/, { timeout: namedWithinMs });
  await page.getByRole('button', { name: 'Back to sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await alice.leave();
  await server.stop();
});

test('signed in, the doctor finds a dead relay and nothing else; nobody notices it', async ({ browser }) => {
  const relay = `127.0.0.1:${await freePort()}`;
  const secret = test.info().outputPath('secret');
  await writeFile(secret, 'shared with nobody');
  const server = await HomeServer.start(['--turn', relay, '--turn-secret-file', secret]);
  const alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  const bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
  await alice.setStatus('Busy');
  const { page } = alice;
  await page.emulateMedia({ colorScheme: 'dark' });
  await alice.goTo('Settings');
  await page.getByRole('button', { name: 'Connection doctor' }).click();
  await expect(page.getByRole('status')).toHaveText('Broken: Relay for shared windows', { timeout: namedWithinMs });
  await expect(link(page, 'Relay for shared windows')).toContainText('The relay could not be reached.');
  await expect(page.getByRole('button', { name: 'Look again' })).toBeVisible();
  for (const fine of ['Finding the server', 'Secure connection', 'WebSocket', 'Signing in', 'A message to yourself']) {
    await expect(link(page, fine).getByRole('img', { name: 'Fine' })).toBeVisible();
  }
  await expect(link(page, 'A conference').getByRole('img', { name: 'Fine' })).toBeVisible();
  await isClean(page);

  await alice.goTo('Conversations');
  await expect(page.getByText('No conversations yet')).toBeVisible();
  await expect(bob.contact('Alice Moreau')).toHaveAccessibleName(/Busy/);
  await alice.leave();
  await bob.leave();
  await server.stop();
});
