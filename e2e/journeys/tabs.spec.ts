import { type Browser, expect, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

let server: HomeServer;
let bob: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start();
  bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
});

test.afterEach(async () => {
  await bob.leave();
  await server.stop();
});

/** Alice in a browser that has no SharedWorker, as on Android: one of her tabs runs the engine. */
async function aliceWithoutWorker(browser: Browser): Promise<Person> {
  const alice = await Person.arrive(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  await alice.context.addInitScript(() => Reflect.deleteProperty(globalThis, 'SharedWorker'));
  await alice.context.clock.install();
  await alice.page.reload();
  await alice.signIn();
  await alice.isSignedIn();
  return alice;
}

test('without SharedWorker the tabs share one engine, and it outlives the tab that ran it', async ({ browser }) => {
  const alice = await aliceWithoutWorker(browser);
  await alice.talkTo('Bob Barends');
  await alice.say('first');
  await bob.accept('Alice Moreau');
  await bob.say('answer');
  await expect(alice.message('answer')).toBeVisible();

  const first = alice.page;
  const second = await alice.context.newPage();
  await second.goto(alice.wire.url);
  await alice.isSignedIn(second);
  const third = await alice.context.newPage();
  await third.goto(alice.wire.url);
  await alice.isSignedIn(third);
  const registered = () => alice.wire.ladder('REGISTER').filter((line) => line === '< 200 REGISTER').length;
  expect(registered()).toBe(1);
  for (const tab of [second, third]) await tab.getByRole('treeitem', { name: /^Bob Barends, / }).click();
  await bob.say('to all three');
  for (const tab of [first, second, third])
    await expect(tab.getByRole('log', { name: 'Messages' }).getByText('to all three')).toBeVisible();

  // The tab that runs the engine goes; another takes over, signs in by itself, and serves the third.
  await first.close();
  await expect.poll(registered).toBe(2);
  for (const tab of [second, third]) {
    await alice.isSignedIn(tab);
    const log = tab.getByRole('log', { name: 'Messages' });
    if (!(await log.isVisible())) await tab.getByRole('treeitem', { name: /^Bob Barends, / }).click();
    await expect(log.locator('.bubble')).toHaveText(['first', 'answer', 'to all three']);
  }
  await third.getByRole('textbox', { name: 'Message' }).fill('from the third');
  await third.keyboard.press('Enter');
  await expect(bob.message('from the third')).toBeVisible();
  await expect(second.getByRole('log', { name: 'Messages' }).getByText('from the third')).toBeVisible();
  await bob.say('to those left');
  for (const tab of [second, third])
    await expect(tab.getByRole('log', { name: 'Messages' }).getByText('to those left')).toBeVisible();
  await alice.leave();
});

test('Inactive after five minutes without a touch in any tab, Away after five more', async ({ browser }) => {
  const alice = await aliceWithoutWorker(browser);
  const second = await alice.context.newPage();
  await second.goto(alice.wire.url);
  await alice.isSignedIn(second);
  await expect(bob.contact('Alice Moreau')).toHaveAccessibleName(/^Alice Moreau, Available/);
  const pass = (time: string) => alice.context.clock.fastForward(time);

  await alice.page.mouse.move(300, 300);
  await pass('04:30');
  await second.bringToFront();
  await second.mouse.move(400, 400);
  await pass('04:30');
  await expect(bob.contact('Alice Moreau')).toHaveAccessibleName(/^Alice Moreau, Available/);
  await pass('00:45');
  await expect(bob.contact('Alice Moreau')).toHaveAccessibleName(/^Alice Moreau, Inactive/);
  await pass('05:00');
  await expect(bob.contact('Alice Moreau')).toHaveAccessibleName(/^Alice Moreau, Away/);
  await second.keyboard.press('Shift');
  await expect(bob.contact('Alice Moreau')).toHaveAccessibleName(/^Alice Moreau, Available/);
  expect(alice.wire.find('SERVICE sip:alice@contoso.example', 'machineState', '<availability>15500<')).toBeDefined();
  await alice.leave();
});
