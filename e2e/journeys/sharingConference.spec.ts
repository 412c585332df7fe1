import { expect, test } from '@playwright/test';
import { chromiumWith } from '../browser';
import { HomeServer } from '../homeServer';
import { Person } from '../person';
import { captureSwitches, colorOf, framesOf, isMoving, openSource } from '../sharedSource';
import { button, ownStage, picture, setVisibility, share, stage } from '../stages';

test.use({ launchOptions: chromiumWith(...captureSwitches) });
// Three people's pictures, and the forwarder between them, on whatever this machine has left.
test.setTimeout(180_000);

let server: HomeServer;
let alice: Person;
let bob: Person;
let carol: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start();
  alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
  carol = await Person.signedIn(browser, server.port, 'carol@contoso.example', 'Carol Chen');
  await alice.talkTo('Bob Barends');
  await alice.say('look at this');
  await bob.accept('Alice Moreau');
  await expect(bob.message('look at this')).toBeVisible();
});

test.afterEach(async () => {
  for (const person of [alice, bob, carol]) await person.leave();
  await server.stop();
});

async function withCarol(): Promise<void> {
  await alice.inviteToConversation('Carol Chen');
  await carol.accept('Alice Moreau');
  for (const person of [alice, bob, carol]) await expect(person.roster.getByRole('listitem')).toHaveCount(3);
}

test('everybody sees it, who comes late at once, and who closed it when he likes', async () => {
  await withCarol();
  await carol.page.getByRole('button', { name: 'More options' }).click();
  await carol.page.getByRole('menuitem', { name: 'Leave the conference' }).click();
  await openSource(alice.context);
  await share(alice);
  await isMoving(picture(bob));
  await expect(bob.messages.getByText('Alice Moreau started sharing')).toBeVisible();
  await expect(stage(bob).getByText('Alice is sharing a browser tab')).toBeVisible();
  await expect(ownStage(alice).getByRole('region', { name: 'Watching now' }).getByText('Bob')).toBeVisible();

  await carol.page.getByRole('button', { name: 'Join again' }).click();
  await isMoving(picture(carol));
  await expect(ownStage(alice).getByText('Watching now (2)')).toBeVisible();

  await button(stage(bob), 'Stop looking').click();
  await expect(stage(bob)).toBeHidden();
  await expect(ownStage(alice).getByText('Watching now (1)')).toBeVisible();
  await button(bob.page.getByRole('status').filter({ hasText: 'Alice is sharing' }), 'Look at it').click();
  await isMoving(picture(bob));

  await button(ownStage(alice), 'Stop sharing').click();
  for (const person of [bob, carol]) await expect(stage(person)).toBeHidden();
  await expect(bob.messages.getByText('Alice Moreau stopped sharing')).toBeVisible();
});

test('who takes over is asked first; the one before is told, and sees the other picture as everybody does', async () => {
  await withCarol();
  await openSource(alice.context);
  await share(alice);
  for (const person of [bob, carol]) await isMoving(picture(person));
  const red = await colorOf(picture(carol));

  await openSource(bob.context, { color: 'rgb(20, 60, 200)' });
  await share(bob);
  const question = bob.page.getByRole('alertdialog', { name: 'Share instead of Alice?' });
  await button(question, 'Share instead').click();
  await expect(bob.page.getByRole('alert').getByText('Only a presenter can share in this conference.')).toBeVisible();
  await isMoving(picture(carol));

  await alice.roster.getByRole('button', { name: 'Options for Bob Barends' }).click();
  await alice.page.getByRole('menuitem', { name: /presenter/i }).click();
  await expect(bob.roster.getByRole('region', { name: 'Presenters' })).toContainText('Bob Barends');
  await share(bob);
  await button(question, 'Share instead').click();
  await expect(ownStage(bob).getByText('This is what others see')).toBeVisible();
  await expect(ownStage(alice)).toBeHidden();
  await expect(alice.messages.getByText('You stopped sharing. Somebody else shares now.')).toBeVisible();
  await expect.poll(() => colorOf(picture(carol))).not.toBe(red);
  for (const person of [alice, carol]) await isMoving(picture(person));
  await expect(stage(carol).getByText('Bob is sharing')).toBeVisible();
});

test('a share of two goes on when they become a conference', async () => {
  await openSource(alice.context);
  await share(alice);
  await bob.accept('Alice Moreau');
  await isMoving(picture(bob));
  await withCarol();
  await isMoving(picture(carol));
  await isMoving(picture(bob));
  await expect(ownStage(alice).getByText('Watching now (2)')).toBeVisible();
  expect(await alice.messages.getByText('started sharing').count()).toBe(1);
  const [, callId = ''] = /^Call-ID: (.*)$/m.exec(alice.wire.find('INVITE sip:bob', 'role:sharer')?.text ?? '') ?? [];
  await expect.poll(() => alice.wire.find('BYE ', `Call-ID: ${callId.trim()}`)).toBeDefined();
});

test('the server sends nothing to who does not see it, and comes back to who lost the connection', async () => {
  await withCarol();
  await openSource(alice.context);
  await share(alice);
  for (const person of [bob, carol]) await isMoving(picture(person));
  await setVisibility(bob.page, 'hidden');
  await expect(ownStage(alice).getByText('Looks elsewhere')).toBeVisible();
  const stopped = await framesOf(picture(bob));
  await isMoving(picture(carol));
  expect(await framesOf(picture(bob))).toBeLessThan(stopped + 5);
  await setVisibility(bob.page, 'visible');
  await isMoving(picture(bob));
  await expect(ownStage(alice).getByText('Looks elsewhere')).toBeHidden();

  carol.wire.cut();
  await expect(ownStage(alice).getByText('Watching now (1)')).toBeVisible();
  carol.wire.mend();
  await isMoving(picture(carol));
  alice.wire.cut();
  await expect(stage(bob)).toBeHidden();
  alice.wire.mend();
  for (const person of [bob, carol]) await isMoving(picture(person));
});

test('a pause is told to everybody, also to who comes later', async () => {
  await withCarol();
  await openSource(alice.context);
  await share(alice);
  await isMoving(picture(bob));
  await button(ownStage(alice), 'Pause sharing').click();
  for (const person of [bob, carol]) await expect(stage(person).getByText('Alice paused sharing')).toBeVisible();
  await button(ownStage(alice), 'Go on sharing').click();
  for (const person of [bob, carol]) await isMoving(picture(person));
});
