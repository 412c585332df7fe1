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

test('two people chat: toast, accept, both ways, typing, in order', async () => {
  await alice.talkTo('Bob Barends');
  await alice.say('Morning! The numbers are in.');
  await expect(bob.invitationFrom('Alice Moreau')).toContainText('Morning! The numbers are in.');
  await bob.accept('Alice Moreau');
  await expect(bob.message('Morning! The numbers are in.')).toBeVisible();
  await expect(alice.messages.getByText('Sent')).toBeVisible();

  await bob.page.getByRole('textbox', { name: 'Message' }).pressSequentially('Row 42');
  await expect(alice.page.getByText('Bob is typing')).toBeVisible();
  await bob.page.keyboard.press('Enter');
  await expect(alice.message('Row 42')).toBeVisible();
  for (const text of ['one', 'two', 'three']) await alice.say(text);
  await expect(bob.message('three')).toBeVisible();
  expect(await bob.said()).toEqual(['Morning! The numbers are in.', 'Row 42', 'one', 'two', 'three']);

  await alice.page.keyboard.press('Control+b');
  await expect(alice.page.getByRole('button', { name: 'Bold' })).toHaveAttribute('aria-pressed', 'true');
  await alice.say('and loud');
  await expect(bob.messages.locator('b', { hasText: 'and loud' })).toBeVisible();
  expect(alice.wire.find('MESSAGE ', 'Content-Type: text/plain; charset=UTF-8; msgr=', 'and loud')).toBeDefined();

  // IM-1 to IM-5: an INVITE with the first text, then MESSAGE in the dialog, each answered by the peer.
  expect(alice.wire.ladder('INVITE', 'ACK').slice(0, 4)).toEqual([
    '> INVITE sip:bob@contoso.example',
    expect.stringMatching(/^< 1\d\d INVITE$/),
    expect.stringMatching(/^< (180|200) INVITE$/),
    expect.stringMatching(/^[<>] (200 INVITE|ACK sip:bob@contoso.example;opaque=user:epid:.*;gruu)$/),
  ]);
  expect(alice.wire.find('INVITE sip:bob@contoso.example', 'ms-text-format', 'm=message')).toBeDefined();
  expect(bob.wire.find('SIP/2.0 200', 'Supported: ms-text-format')).toBeDefined();
});

test('an ignored invitation fails the message with its reason and is a missed conversation', async () => {
  await alice.talkTo('Bob Barends');
  await alice.say('Are you there?');
  await bob.invitationFrom('Alice Moreau').getByRole('button', { name: 'Ignore' }).click();
  await expect(alice.messages.getByRole('alert')).toContainText('Not delivered');
  await bob.goTo('Conversations');
  await expect(bob.page.getByRole('button', { name: /Alice Moreau.*Missed/ })).toBeVisible();
});

test('somebody offline gives the Lync answer at once, and Try again delivers', async () => {
  await alice.talkTo('Carol Chen');
  await alice.say('Can you look at this?');
  await expect(alice.messages.getByRole('alert')).toContainText(
    'This message was not delivered to Carol because this person is unavailable or offline.',
  );
  const carol = await Person.signedIn(
    alice.context.browser() ?? never(),
    server.port,
    'carol@contoso.example',
    'Carol Chen',
  );
  await expect(alice.contact('Carol Chen')).toHaveAccessibleName(/Available/);
  await alice.messages.getByRole('button', { name: 'Try again' }).click();
  await carol.accept('Alice Moreau');
  await expect(carol.message('Can you look at this?')).toBeVisible();
  await expect(alice.messages.getByText('Sent')).toBeVisible();
  await carol.leave();
});

test('a second tab shows the same conversation; closing either loses nothing', async () => {
  await alice.talkTo('Bob Barends');
  await alice.say('first');
  await bob.accept('Alice Moreau');
  await expect(bob.message('first')).toBeVisible();
  const second = await alice.context.newPage();
  await second.goto(alice.wire.url);
  await alice.isSignedIn(second);
  await second.getByRole('treeitem', { name: /^Bob Barends, / }).click();
  const log = second.getByRole('log', { name: 'Messages' });
  await expect(log.getByText('first')).toBeVisible();
  await bob.say('to both');
  await expect(log.getByText('to both')).toBeVisible();
  await expect(alice.message('to both')).toBeVisible();
  await alice.page.close();
  await bob.say('to the one left');
  await expect(log.getByText('to the one left')).toBeVisible();
  // One browser is one endpoint: the second tab registered nothing.
  expect(alice.wire.ladder('REGISTER').filter((line) => line.startsWith('>')).length).toBe(2);
});

test('a reload keeps who one is and what was said', async () => {
  await alice.talkTo('Bob Barends');
  await alice.say('before');
  await bob.accept('Alice Moreau');
  await bob.say('answer');
  await expect(alice.message('answer')).toBeVisible();
  await alice.page.reload();
  await alice.isSignedIn();
  await alice.talkTo('Bob Barends');
  expect(await alice.said()).toEqual(['before', 'answer']);
  await alice.say('after');
  await expect(bob.message('after')).toBeVisible();
  expect(await bob.said()).toEqual(['before', 'answer', 'after']);

  // Loaded again in the moment of Enter: what was asked of the engine went with it.
  await alice.page.evaluate(() => {
    MessagePort.prototype.postMessage = () => undefined;
  });
  await alice.say('lost with the page?');
  await alice.page.reload();
  await expect(bob.message('lost with the page?')).toBeVisible();
  expect((await bob.said()).at(-1)).toBe('lost with the page?');
  await expect(alice.message('lost with the page?')).toHaveCount(1);
  await alice.page.reload();
  await expect(alice.message('lost with the page?')).toHaveCount(1);
  expect(await bob.said()).toEqual(['before', 'answer', 'after', 'lost with the page?']);
});

function never(): never {
  throw new Error('no browser');
}
