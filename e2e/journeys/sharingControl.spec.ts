import { type Browser, expect, type Locator, type Page, test } from '@playwright/test';
import { chromiumWith } from '../browser';
import { HomeServer } from '../homeServer';
import { Person } from '../person';
import { captureSwitches, isMoving, openSource } from '../sharedSource';
import { button, ownStage, picture, share, stage } from '../stages';

test.use({ launchOptions: chromiumWith(...captureSwitches) });

let server: HomeServer;
let alice: Person;
let bob: Person;
let carol: Person;
let everybody: Person[];
let source: Page;

const question = (): Locator => ownStage(alice).getByRole('alertdialog', { name: 'Bob asks for control' });
const pointer = (of: Locator): Locator => of.locator('.ptr');
const ink = (of: Locator): Locator => of.locator('.ink');

const names = { alice: 'Alice Moreau', bob: 'Bob Barends', carol: 'Carol Chen' };

/** These are signed in, and Alice and Bob talk. */
async function arrive(browser: Browser, ...who: (keyof typeof names)[]): Promise<void> {
  server = await HomeServer.start();
  everybody = await Promise.all(
    who.map((user) => Person.signedIn(browser, server.port, `${user}@contoso.example`, names[user])),
  );
  [alice, bob, carol] = everybody as [Person, Person, Person];
  await alice.talkTo('Bob Barends');
  await alice.say('look at this');
  await bob.accept('Alice Moreau');
  await expect(bob.message('look at this')).toBeVisible();
}

async function leave(): Promise<void> {
  for (const person of everybody) await person.leave();
  await server.stop();
}

/** The browser asks nobody whether a captured tab may be zoomed. */
async function grantZoom(browser: Browser): Promise<void> {
  const devtools = await browser.newBrowserCDPSession();
  const page = await alice.context.newCDPSession(alice.page);
  const { targetInfo } = await page.send('Target.getTargetInfo');
  await devtools.send('Browser.setPermission', {
    permission: { name: 'captured-surface-control' },
    setting: 'granted',
    origin: new URL(alice.page.url()).origin,
    browserContextId: targetInfo.browserContextId ?? '',
  });
}

async function bobHasControl(): Promise<void> {
  await button(stage(bob), 'Request control').click();
  await button(question(), 'Allow').click();
  await expect(stage(bob).getByText('You have control of Alice’s browser tab')).toBeVisible();
}

/** Bob's mouse, in parts of the picture. */
async function moveTo(x: number, y: number): Promise<void> {
  const box = await picture(bob).boundingBox();
  if (box === null) throw new Error('there is no picture');
  await bob.page.mouse.move(box.x + box.width * x, box.y + box.height * y);
}

/** Where a pointer stands, in hundredths of the picture. */
const placeOf = (of: Locator): Promise<number[]> =>
  pointer(of).evaluate(({ style }) => [style.left, style.top].map((part) => Math.round(Number.parseFloat(part))));

test.describe('between two people', () => {
  test.beforeAll(async ({ browser }) => {
    await arrive(browser, 'alice', 'bob');
    await grantZoom(browser);
    source = await openSource(alice.context);
    await share(alice);
    await bob.accept('Alice Moreau');
    await isMoving(picture(bob));
  });

  test.afterAll(leave);

  test('who asks is told what control is, may be refused, and may think better of it', async () => {
    await expect(button(stage(bob), 'Request control')).toHaveAccessibleDescription(
      'You can point and draw. No browser lets you click or type on another computer. Zooming is up to Alice’s browser.',
    );
    await button(stage(bob), 'Request control').click();
    await expect(question().getByText('Whether to zoom it too, the browser asks you.')).toBeVisible();
    await button(question(), 'Decline').click();
    await expect(bob.messages.getByText('Alice Moreau did not give you control')).toBeVisible();
    await button(stage(bob), 'Request control').click();
    await expect(question()).toBeVisible();
    await button(stage(bob), 'Asked for control. Cancel').click();
    await expect(question()).toBeHidden();
    await expect(ownStage(alice)).toBeVisible();
  });

  test('who has control points and draws over it, until it is taken back', async () => {
    await bobHasControl();
    await moveTo(0.25, 0.75);
    await expect(pointer(ownStage(alice)).getByText('Bob')).toBeVisible();
    await expect.poll(() => placeOf(ownStage(alice))).toEqual([25, 75]);
    await expect(pointer(stage(bob)).getByText('You')).toBeVisible();

    await button(stage(bob), 'Laser').click();
    await moveTo(0.5, 0.5);
    await expect(ownStage(alice).locator('.ptr--laser')).toBeVisible();

    await button(stage(bob), 'Pen').click();
    for (const wiper of [stage(bob), ownStage(alice)]) {
      await moveTo(0.2, 0.2);
      await bob.page.mouse.down();
      await moveTo(0.5, 0.5);
      await moveTo(0.8, 0.2);
      await bob.page.mouse.up();
      await expect(ink(ownStage(alice))).toHaveCount(1);
      await expect(ink(ownStage(alice))).toHaveAttribute('points', /^0\.2,0\.2\d* .*0\.8,0\.2\d*$/);
      await button(wiper, 'Wipe the ink').click();
      for (const side of [stage(bob), ownStage(alice)]) await expect(ink(side)).toHaveCount(0);
    }

    await alice.page.keyboard.press('Control+Alt+Space');
    await expect(button(stage(bob), 'Request control')).toBeVisible();
    await expect(alice.messages.getByText('Bob Barends has no control any more')).toBeVisible();
    await expect(pointer(ownStage(alice))).toHaveCount(0);
    await moveTo(0.4, 0.4);
    await expect(pointer(stage(bob))).toHaveCount(0);
  });

  test('who has control zooms the shared tab, where the browser lets it, and the sharer’s wheel turns there', async () => {
    await bobHasControl();
    await expect(button(stage(bob), 'Release control')).toHaveAccessibleDescription(/^You can point, draw and zoom\./);
    const ratio = () => source.evaluate(() => devicePixelRatio);
    expect(await ratio()).toBe(1);
    await button(stage(bob), 'Show it larger there').click();
    await expect.poll(ratio).toBeGreaterThan(1);
    await button(stage(bob), 'Show it smaller there').click();
    await expect.poll(ratio).toBe(1);

    await source.evaluate(() => {
      document.body.style.height = '3000px';
    });
    await ownStage(alice).locator('.own__frame').hover();
    await alice.page.mouse.wheel(0, 120);
    await expect.poll(() => source.evaluate(() => scrollY)).toBeGreaterThan(0);
    await button(stage(bob), 'Release control').click();
    await expect(button(ownStage(alice), 'Give control')).toBeVisible();
  });

  test('the quality is told in numbers, and in the trace', async () => {
    for (const [person, of] of [
      [bob, stage(bob)],
      [alice, ownStage(alice)],
    ] as const) {
      await of.getByRole('button', { name: /^Sharing quality: / }).click();
      const numbers = person.page.getByRole('dialog', { name: 'Sharing quality' });
      for (const name of ['Round trip', 'Frames', 'Resolution', 'Bandwidth', 'Lost packets', 'Path']) {
        await expect(numbers.getByText(name, { exact: true })).toBeVisible();
      }
      await expect(numbers.getByText('Direct, in the same network, UDP')).toBeVisible();
      await button(numbers, 'Show in trace').click();
      const said = person === bob ? 'Looking at a shared screen' : 'Sharing a screen';
      const note = person.page.getByRole('complementary', { name: 'Message' });
      await expect(note).toContainText(said);
      await expect(note).toContainText(/ kbit\/s, .*path host over UDP/s);
      const media = person.page.getByRole('region', { name: 'Media' });
      await expect(media.getByRole('button', { name: /^Measured / }).last()).toHaveAttribute('aria-pressed', 'true');
      await expect(media.getByRole('img', { name: /^Bitrate: / }).last()).toBeVisible();
      await button(media, 'As a table').last().click();
      await expect(media.getByRole('cell', { name: 'Connected' })).toBeVisible();
    }
  });
});

test.describe('in a conference', () => {
  test.beforeAll(async ({ browser }) => {
    await arrive(browser, 'alice', 'bob', 'carol');
    await alice.inviteToConversation('Carol Chen');
    await carol.accept('Alice Moreau');
    for (const person of everybody) await expect(person.roster.getByRole('listitem')).toHaveCount(3);
    await openSource(alice.context);
    await share(alice);
    for (const person of [bob, carol]) await isMoving(picture(person));
  });

  test.afterAll(leave);

  test('everybody sees who points, and the keyboard points too', async () => {
    await bobHasControl();
    await moveTo(0.5, 0.25);
    for (const side of [ownStage(alice), stage(carol)]) {
      await expect(pointer(side).getByText('Bob')).toBeVisible();
      await expect.poll(() => placeOf(side)).toEqual([50, 25]);
    }
    await stage(bob).getByRole('application').focus();
    await bob.page.keyboard.press('ArrowRight');
    await bob.page.keyboard.press('ArrowDown');
    await expect.poll(() => placeOf(stage(carol))).toEqual([52, 27]);
    await expect(button(stage(carol), 'Request control')).toBeVisible();

    // Control goes to another: who had it draws no more.
    await button(ownStage(alice), 'Take back control').click();
    await button(ownStage(alice), 'Give control').click();
    await alice.page.getByRole('menuitem', { name: 'Carol' }).click();
    await expect(stage(carol).getByText('You have control of Alice’s')).toBeVisible();
    await moveTo(0.9, 0.9);
    await expect(button(stage(bob), 'Request control')).toBeVisible();
    await expect(pointer(ownStage(alice))).toHaveCount(0);
    await button(stage(carol), 'Release control').click();
    await expect(button(ownStage(alice), 'Give control')).toBeVisible();
  });
});
