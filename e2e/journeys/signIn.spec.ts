import { createServer } from 'node:http';
import { expect, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { keptBy, Person } from '../person';

let server: HomeServer;

test.beforeAll(async () => {
  server = await HomeServer.start();
});

test.afterAll(async () => {
  await server.stop();
});

test('automatic configuration finds the server of the page, step by step', async ({ browser }) => {
  const alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  await expect(alice.contact('Bob Barends')).toBeVisible();
  // REG-1 to REG-6 as the browser speaks it: a challenge, then a GRUU and the events of a Lync server.
  expect(alice.wire.ladder('REGISTER')).toEqual([
    '> REGISTER sip:contoso.example',
    '< 401 REGISTER',
    '> REGISTER sip:contoso.example',
    '< 200 REGISTER',
  ]);
  expect(
    alice.wire.find(
      'SIP/2.0 200',
      'gruu="sip:alice@contoso.example;opaque=user:epid:',
      'Supported: msrtc-event-categories',
    ),
  ).toBeDefined();
  for (const event of [
    'vnd-microsoft-provisioning-v2',
    'vnd-microsoft-roaming-contacts',
    'vnd-microsoft-roaming-self',
    'presence',
  ]) {
    expect(alice.wire.find('SUBSCRIBE sip:alice@contoso.example', `Event: ${event}`)).toBeDefined();
  }
  await alice.leave();
});

test('manual configuration, and each way to fail has its own words', async ({ browser }) => {
  const alice = await Person.arrive(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  const { page } = alice;
  await alice.signIn('not the password');
  await expect(page.getByRole('alert')).toContainText('The address or the password is not right');

  await page.getByRole('radio', { name: /^Manual/ }).check();
  const address = page.getByRole('textbox', { name: 'Server address' });
  await address.fill('localhost:9');
  await alice.signIn();
  await expect(page.getByRole('alert')).toContainText('Could not connect to the server');
  await expect(page.getByRole('link', { name: /^Open http:\/\/localhost:9/ })).toBeVisible();

  const web = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const listening = web.address();
  await address.fill(`localhost:${typeof listening === 'object' ? listening?.port : 0}`);
  await alice.signIn();
  await expect(page.getByRole('alert')).toContainText('it does not speak SIP');
  web.close();

  await address.fill(`localhost:${alice.wire.port}`);
  await alice.signIn();
  await alice.isSignedIn();
  await alice.leave();
});

test('a disabled account is told so, after the right password only', async ({ browser }) => {
  server.users(['disable', 'erin@contoso.example']);
  const erin = await Person.arrive(browser, server.port, 'erin@contoso.example', 'Erin Lindqvist');
  await expect(async () => {
    await erin.signIn();
    await expect(erin.page.getByRole('alert')).toContainText('Your account is disabled', { timeout: 2_000 });
  }).toPass();
  await erin.leave();
});

test('too many attempts, and a full server, are told apart, each with what to do', async ({ browser }) => {
  const small = await HomeServer.start(['--max-endpoints', '1']);
  const bob = await Person.signedIn(browser, small.port, 'bob@contoso.example', 'Bob Barends');
  const alice = await Person.arrive(browser, small.port, 'alice@contoso.example', 'Alice Moreau');
  const alert = alice.page.getByRole('alert');
  await alice.signIn();
  await expect(alert).toContainText('The server cannot take more people now');
  await expect(alert).toContainText('Try again in a few minutes.');
  await expect(async () => {
    await alice.signIn('not the password');
    // In one look: the answer to a later attempt may come at any time.
    await expect(alert).toContainText(/Too many attempts to sign in.*Wait \d+ seconds, then try again\./, {
      timeout: 300,
    });
  }).toPass({ intervals: [50] });
  await bob.leave();
  await alice.leave();
  await small.stop();
});

test('a saved password signs in again, and is nowhere as text; "forget me" leaves nothing', async ({ browser }) => {
  const secret = 'violets are blue';
  server.users(['add', 'ivy@contoso.example', '--name', 'Ivy Brandt', '--password-stdin'], secret);
  const ivy = await Person.arrive(browser, server.port, 'ivy@contoso.example', 'Ivy Brandt');
  await ivy.page.getByRole('checkbox', { name: 'Save my password on this device' }).check();
  await expect(async () => {
    await ivy.signIn(secret);
    await expect(ivy.page.getByText('No contacts yet')).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await ivy.page.getByRole('searchbox', { name: 'Find a contact' }).fill('grace');
  await ivy.page.getByText('Grace Njoroge').first().click();
  await ivy.say('a secret of ours');
  await expect(ivy.messages.getByRole('alert')).toBeVisible();
  const page = await ivy.context.newPage();
  await ivy.page.close();
  await page.goto(ivy.wire.url);
  await ivy.isSignedIn(page);
  const kept = await keptBy(page);
  expect(kept).not.toContain(secret);
  expect(kept).toContain('secret key, extractable: false');
  expect(kept).toContain('a secret of ours');

  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Forget me on this computer' }).click();
  await page.getByRole('button', { name: 'Forget me', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  const left = await keptBy(page);
  for (const trace of ['ivy', 'Ivy', 'Grace', 'a secret of ours', 'secret key']) expect(left).not.toContain(trace);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await ivy.leave();
});

test('change my password: the old one is refused afterwards', async ({ browser }) => {
  const heidi = await Person.signedIn(browser, server.port, 'heidi@contoso.example', 'Heidi Kovács');
  await heidi.goTo('Settings');
  await heidi.page.getByRole('button', { name: 'Change my password' }).click();
  await heidi.page.getByLabel('Current password').fill('confab');
  await heidi.page.getByLabel('New password', { exact: true }).fill('a longer secret');
  await heidi.page.getByLabel('New password again').fill('a longer secret');
  await heidi.page.getByRole('button', { name: 'Change', exact: true }).click();
  await expect(heidi.page.getByText('Your password is changed')).toBeVisible();
  await heidi.leave();
  const again = await Person.arrive(browser, server.port, 'heidi@contoso.example', 'Heidi Kovács');
  await again.signIn();
  await expect(again.page.getByRole('alert')).toContainText('The address or the password is not right');
  await again.signIn('a longer secret');
  await again.isSignedIn();
  await again.leave();
});

test('the trace shows every message with its text, credentials masked', async ({ browser }) => {
  const alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  await alice.goTo('Trace');
  const list = alice.page.getByRole('listbox', { name: 'SIP messages' });
  await expect(list.getByRole('option', { name: /REGISTER/ }).first()).toBeVisible();
  await alice.page.getByRole('searchbox', { name: 'Find in messages' }).fill('Authorization');
  await list.getByRole('option').first().click();
  const text = alice.page.getByRole('region', { name: 'Message text' });
  await expect(text).toContainText('Authorization: Digest');
  await expect(text).toContainText('response="***"');
  await alice.leave();
});
