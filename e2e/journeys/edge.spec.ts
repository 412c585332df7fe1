import path from 'node:path';
import { expect, test } from '@playwright/test';
import { freePort, HomeServer } from '../homeServer';
import { Person } from '../person';
import { ServerProcess } from '../serverProcess';

let server: HomeServer;
let edge: ServerProcess;
let port: number;

test.beforeEach(async () => {
  server = await HomeServer.start();
  port = await freePort();
  const upstream = `localhost:${server.ports.sips},ca=${path.join(server.data, 'tls-cert.pem')}`;
  edge = new ServerProcess(['server/edge.ts', '--port', String(port), '--upstream', upstream]);
  await edge.start();
});

test.afterEach(async () => {
  await edge.end('SIGTERM');
  await server.stop();
});

test('a browser behind the edge signs in by NTLM over TLS, sees who is there and chats with one at the home server', async ({
  browser,
}) => {
  const bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
  const alice = await Person.signedIn(browser, port, 'alice@contoso.example', 'Alice Moreau');
  // The page of the edge finds the edge, and the server behind it asks for NTLM, as a Front End does.
  expect(alice.wire.ladder('REGISTER')).toEqual([
    '> REGISTER sip:contoso.example',
    '< 401 REGISTER',
    '> REGISTER sip:contoso.example',
    '< 401 REGISTER',
    '> REGISTER sip:contoso.example',
    '< 200 REGISTER',
  ]);
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Available/);
  await expect(bob.contact('Alice Moreau')).toHaveAccessibleName(/Available/);

  await alice.talkTo('Bob Barends');
  await alice.say('Hello from the other side: Grüße 😀');
  await bob.accept('Alice Moreau');
  await expect(bob.message('Hello from the other side: Grüße 😀')).toBeVisible();
  for (const text of ['one', 'two', 'three']) await bob.say(text);
  await expect(alice.message('three')).toBeVisible();
  await alice.say('four');
  await expect(bob.message('four')).toBeVisible();
  expect(await alice.said()).toEqual(['Hello from the other side: Grüße 😀', 'one', 'two', 'three', 'four']);

  // AUT-1 to AUT-5: after the handshake everything is signed, both ways.
  const signed = alice.wire.messages.slice(6);
  expect(signed.length).toBeGreaterThan(20);
  for (const { direction, text } of signed) {
    expect(text).toMatch(
      direction === 'out' ? /^Authorization: NTLM .*response="/m : /^Authentication-Info: NTLM .*rspauth="/m,
    );
  }

  await alice.goTo('Trace');
  const list = alice.page.getByRole('listbox', { name: 'SIP messages' });
  await alice.page.getByRole('searchbox', { name: 'Find in messages' }).fill('gssapi-data');
  await list.getByRole('option').last().click();
  const text = alice.page.getByRole('region', { name: 'Message text' });
  await expect(text).toContainText('gssapi-data="***"');
  await alice.leave();
  await bob.leave();
});

test('a server behind the edge that restarts is signed in to again, and what was said meanwhile arrives', async ({
  browser,
}) => {
  const alice = await Person.signedIn(browser, port, 'alice@contoso.example', 'Alice Moreau');
  const bob = await Person.signedIn(browser, port, 'bob@contoso.example', 'Bob Barends');
  await alice.talkTo('Bob Barends');
  await server.kill();
  await expect(alice.page.getByText(/reconnect/i).first()).toBeVisible();
  await bob.page.reload();
  await expect(bob.page.getByText('The server does not answer. Confab keeps trying')).toBeVisible();
  await server.startAgain();
  await expect(bob.contact('Alice Moreau')).toHaveAccessibleName(/Available/, { timeout: 15_000 });
  await alice.say('still there?');
  await bob.accept('Alice Moreau');
  await expect(bob.message('still there?')).toBeVisible();
  await alice.leave();
  await bob.leave();
});

test('another user name, a wrong password, and a server that the edge cannot reach have their own words', async ({
  browser,
}) => {
  const alice = await Person.arrive(browser, port, 'alice@contoso.example', 'Alice Moreau');
  const { page } = alice;
  await alice.signIn('not the password');
  await expect(page.getByRole('alert')).toContainText('The address or the password is not right');

  await page.getByRole('radio', { name: /^Manual/ }).check();
  await page.getByRole('textbox', { name: 'Server address' }).fill(`localhost:${port}`);
  await page.getByRole('textbox', { name: 'User name' }).fill('CONTOSO\\bob');
  await alice.signIn();
  await expect(page.getByRole('alert')).toContainText('The address or the password is not right');

  await server.kill();
  await page.getByRole('textbox', { name: 'User name' }).fill('CONTOSO\\alice');
  await alice.signIn();
  await expect(page.getByRole('alert')).toContainText('This site could not connect to your server');
  await expect(page.getByRole('alert')).toContainText(`localhost:${server.ports.sips} refuses connections`);

  await server.startAgain();
  await alice.signIn();
  await alice.isSignedIn();
  await alice.leave();
});
