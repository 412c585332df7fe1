import { expect, type Page, test } from '@playwright/test';
import { chromiumWith } from '../browser';
import { HomeServer } from '../homeServer';
import { Person } from '../person';
import { captureSwitches, colorOf, framesOf, isMoving, openSource } from '../sharedSource';
import { button, ownStage, picture, setVisibility, share, stage } from '../stages';

test.use({ launchOptions: chromiumWith(...captureSwitches) });
// Two people's pictures are coded and decoded on whatever this machine has left.
test.setTimeout(120_000);

let server: HomeServer;
let alice: Person;
let bob: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start();
  alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
  await alice.talkTo('Bob Barends');
  await alice.say('look at this');
  await bob.accept('Alice Moreau');
  await expect(bob.message('look at this')).toBeVisible();
});

test.afterEach(async () => {
  for (const person of [alice, bob]) await person.leave();
  await server.stop();
});

async function sharing(size?: { width: number; height: number }): Promise<Page> {
  const source = await openSource(alice.context, size === undefined ? {} : { size });
  await share(alice);
  await bob.accept('Alice Moreau');
  await isMoving(picture(bob));
  return source;
}

const invites = (person: Person): number =>
  person.wire.ladder('INVITE').filter((line) => /^[<>] INVITE/.test(line)).length;

test('a tab is shown to one person, who sees it move, and stops', async () => {
  await openSource(alice.context);
  await share(alice);
  await expect(ownStage(alice).getByText('Waiting for Bob to accept')).toBeVisible();
  await isMoving(ownStage(alice).locator('video'));
  await bob.accept('Alice Moreau');
  await isMoving(picture(bob));
  await expect.poll(() => colorOf(picture(bob))).toBe(await colorOf(ownStage(alice).locator('video')));
  await expect(ownStage(alice).getByText('This is what others see')).toBeVisible();
  await expect(bob.messages.getByText('Alice Moreau started sharing a browser tab')).toBeVisible();
  await expect(bob.page.locator('.talk__about').getByText('Presenting')).toBeVisible();
  await alice.say('see?');
  await expect(bob.message('see?')).toBeVisible();

  await button(ownStage(alice), 'Stop sharing').click();
  await expect(stage(bob)).toBeHidden();
  await expect(ownStage(alice)).toBeHidden();
  await expect(bob.messages.getByText('Alice Moreau stopped sharing')).toBeVisible();
  await expect(bob.page.locator('.talk__about').getByText('Presenting')).toBeHidden();
  expect(alice.wire.find('INVITE sip:bob@contoso.example', 'a=x-applicationsharing-role:sharer')).toBeDefined();
});

test('who does not want to see it says so, and it is said', async () => {
  await openSource(alice.context);
  await share(alice);
  await bob.invitationFrom('Alice Moreau').getByRole('button', { name: 'Ignore' }).click();
  await expect(alice.page.getByRole('alert').getByText('Bob declined.')).toBeVisible();
  await expect(ownStage(alice)).toBeHidden();
  await expect(bob.messages.getByText('Alice Moreau wanted to show you something')).toBeVisible();
});

test('a pause holds the last picture, and going on moves it again', async () => {
  await sharing();
  await button(ownStage(alice), 'Pause sharing').click();
  await expect(stage(bob).getByText('Alice paused sharing')).toBeVisible();
  const before = await framesOf(picture(bob));
  const color = await colorOf(picture(bob));
  await bob.say('still there?');
  await expect(alice.message('still there?')).toBeVisible();
  expect(await framesOf(picture(bob))).toBeLessThan(before + 3);
  expect(await colorOf(picture(bob))).toBe(color);
  await button(ownStage(alice), 'Go on sharing').click();
  await expect(stage(bob).getByText('Alice paused sharing')).toBeHidden();
  await isMoving(picture(bob));
});

test('something else is shown without a new offer', async () => {
  const first = await sharing();
  const red = await colorOf(picture(bob));
  const before = invites(alice);
  await first.evaluate(() => {
    document.title = 'no longer';
  });
  await openSource(alice.context, { color: 'rgb(20, 60, 200)' });
  await alice.page.bringToFront();
  await button(ownStage(alice), 'Share something else').click();
  await alice.page.getByRole('menuitem', { name: 'Browser tab' }).click();
  await expect.poll(() => colorOf(picture(bob))).not.toBe(red);
  await isMoving(picture(bob));
  expect(invites(alice)).toBe(before);
  await first.close();
  await isMoving(picture(bob));
});

test('what is shared ends with its window, and with the tab that shares it', async () => {
  const source = await sharing();
  await source.close();
  await expect(stage(bob)).toBeHidden();
  await expect(ownStage(alice)).toBeHidden();

  const other = await alice.context.newPage();
  await other.goto(alice.wire.url);
  await alice.isSignedIn(other);
  await sharing();
  await alice.page.close();
  await expect(stage(bob)).toBeHidden();
  await expect(bob.messages.getByText('Alice Moreau stopped sharing')).toHaveCount(2);
});

test('a lost connection takes nothing away: the picture comes back by itself', async () => {
  await sharing();
  alice.wire.cut();
  await expect(stage(bob).getByText('The connection was lost. Waiting for Alice.')).toBeVisible();
  alice.wire.mend();
  await isMoving(picture(bob));
  await expect(bob.invitationFrom('Alice Moreau')).toBeHidden();
  await expect(ownStage(alice).getByText('This is what others see')).toBeVisible();
  bob.wire.cut();
  await expect(ownStage(alice).getByText('The connection was lost')).toBeVisible();
  bob.wire.mend();
  await isMoving(picture(bob));
});

test('who looks may fit it, see it pixel by pixel, fill the screen, and take it out into a window', async () => {
  await sharing({ width: 1440, height: 900 });
  const fit = button(stage(bob), 'Fit to window');
  const fitted = await picture(bob).boundingBox();
  await fit.click();
  await expect(fit).toHaveAttribute('aria-pressed', 'false');
  const size = await picture(bob).evaluate((element) => (element as HTMLVideoElement).videoWidth);
  expect((await picture(bob).boundingBox())?.width).toBe(size);
  expect(fitted?.width).toBeLessThan(size);

  await button(stage(bob), 'Full screen (Alt+Shift+F)').click();
  await expect.poll(() => bob.page.evaluate(() => document.fullscreenElement?.className ?? '')).toContain('stage');
  await bob.page.keyboard.press('Alt+Shift+F');
  await expect.poll(() => bob.page.evaluate(() => document.fullscreenElement)).toBeNull();

  const opened = bob.context.waitForEvent('page');
  await button(stage(bob), 'Show in a window of its own').click();
  const popup = await opened;
  await isMoving(popup.locator('video'));
  await expect(popup).toHaveTitle('Alice Moreau is sharing');
  await button(stage(bob), 'Bring it back').click();
  await expect.poll(() => popup.isClosed()).toBe(true);
  await isMoving(picture(bob));
  await button(stage(bob), 'Stop looking').click();
  await expect(ownStage(alice)).toBeHidden();
  await expect(alice.messages.getByText('Nobody looks at it any more')).toBeVisible();
});

test('nothing is sent to who does not see it', async () => {
  await sharing();
  const before = invites(bob);
  await setVisibility(bob.page, 'hidden');
  await expect.poll(() => invites(bob)).toBe(before + 1);
  await expect.poll(() => bob.wire.find('a=inactive', 'a=x-applicationsharing-role:viewer')).toBeDefined();
  const stopped = await framesOf(picture(bob));
  await bob.say('I look elsewhere');
  await expect(alice.message('I look elsewhere')).toBeVisible();
  expect(await framesOf(picture(bob))).toBeLessThan(stopped + 10);
  await setVisibility(bob.page, 'visible');
  await isMoving(picture(bob));
  expect(invites(bob)).toBe(before + 2);
});
