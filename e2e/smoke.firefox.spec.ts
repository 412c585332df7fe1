import { type Browser, chromium, expect, test } from '@playwright/test';
import { HomeServer } from './homeServer';
import { Person } from './person';

let server: HomeServer;
let otherBrowser: Browser;

test.beforeAll(async () => {
  server = await HomeServer.start();
  const other = test.info().config.projects.find(({ name }) => name === 'chromium');
  otherBrowser = await chromium.launch(other?.use.launchOptions);
});

test.afterAll(async () => {
  await otherBrowser.close();
  await server.stop();
});

test('Firefox: sign in, see who is there, chat with somebody in Chromium, and find it again after a reload', async ({
  browser,
}) => {
  const alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Offline/);
  const bob = await Person.signedIn(otherBrowser, server.port, 'bob@contoso.example', 'Bob Barends');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Available/);

  await alice.talkTo('Bob Barends');
  await alice.say('Morning from Firefox');
  await bob.accept('Alice Moreau');
  await bob.say('Morning from Chromium');
  await expect(alice.message('Morning from Chromium')).toBeVisible();
  await expect(alice.messages.getByText('Sent')).toBeVisible();
  expect(alice.wire.ladder('INVITE')[0]).toBe('> INVITE sip:bob@contoso.example');
  expect(alice.wire.ladder('MESSAGE')).toEqual([
    expect.stringMatching(/^< MESSAGE sip:alice@contoso\.example;opaque=user:epid:/),
    '> 200 MESSAGE',
  ]);

  await bob.say('Still there?');
  await expect(alice.message('Still there?')).toBeVisible();
  await alice.page.reload();
  await alice.isSignedIn();
  await alice.talkTo('Bob Barends');
  expect(await alice.said()).toEqual(['Morning from Firefox', 'Morning from Chromium', 'Still there?']);
  await alice.say('Yes, after a reload');
  await expect(bob.message('Yes, after a reload')).toBeVisible();
  // One endpoint a browser: a SharedWorker held it, and the reload made a new one.
  expect(alice.wire.ladder('REGISTER').filter((line) => line === '< 200 REGISTER')).toHaveLength(2);
  await alice.leave();
  await bob.leave();
});
