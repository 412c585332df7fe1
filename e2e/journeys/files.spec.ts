import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { chromiumWith } from '../browser';
import { bytesOf, card, fileButton, pick, pickLarge, save, sha256 } from '../files';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

// The names that stand for addresses in candidates (mDNS) are not always found where many browsers run on one machine.
test.use({ launchOptions: chromiumWith('--disable-features=WebRtcHideLocalIpsWithMdns') });

let server: HomeServer;
let alice: Person;
let bob: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start();
  [alice, bob] = await Promise.all([
    Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau'),
    Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends'),
  ]);
  await alice.talkTo('Bob Barends');
  await bob.talkTo('Alice Moreau');
});

test.afterEach(async () => {
  for (const person of [alice, bob]) await person.leave();
  await server.stop();
});

/** Drops a file on the conversation, or hangs it over it. */
async function drag(person: Person, name: string, events: readonly string[]): Promise<void> {
  await person.page.locator('.talk').evaluate(
    (talk, { name, events }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['dropped '.repeat(1000)], name));
      for (const type of events)
        talk.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, events },
  );
}

/** A file and what can be done with it, to a screen reader and by its colours. */
async function isClean(person: Person): Promise<void> {
  const { violations } = await new AxeBuilder({ page: person.page }).include('.talk').analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
}

test('a file is picked, offered, taken and saved; one is dropped and declined', async () => {
  const bytes = bytesOf(3_000_001);
  await pick(alice, 'Draft plan (final).pdf', bytes);
  await expect(card(alice, 'Draft plan (final).pdf')).toContainText('Waits until Bob accepts it');
  await expect(card(bob, 'Draft plan (final).pdf')).toContainText('3.0 MB · PDF document');
  await isClean(bob);
  // It is before his eyes.
  await expect(bob.invitationFrom('Alice Moreau')).toHaveCount(0);
  await fileButton(bob, 'Accept Draft plan (final).pdf').click();
  await expect(card(alice, 'Draft plan (final).pdf')).toContainText('Delivered');
  expect(await save(bob, 'Draft plan (final).pdf')).toEqual({ name: 'Draft plan (final).pdf', sha256: sha256(bytes) });

  await isClean(bob);

  await drag(alice, 'notes.txt', ['dragenter', 'dragover']);
  await expect(alice.page.getByText('Drop to send to Bob')).toBeVisible();
  await drag(alice, 'notes.txt', ['drop']);
  await bob.goTo('Settings');
  await bob.invitationFrom('Alice Moreau').getByRole('button', { name: 'Ignore' }).click();
  await expect(card(alice, 'notes.txt')).toContainText('Bob declined this file.');
});

test('goes on from the byte that is there when the page of the one that gets it was loaded again', async () => {
  const expected = await pickLarge(alice, 'recording.mp4', 60);
  await fileButton(bob, 'Accept recording.mp4').click();
  await expect(card(bob, 'recording.mp4')).toContainText(/[1-9]\d? MB of 60 MB/);
  await bob.page.reload();
  await expect(card(alice, 'recording.mp4')).toContainText('Interrupted at');
  await expect(card(alice, 'recording.mp4')).toContainText('Delivered', { timeout: 30_000 });
  expect(alice.wire.messages.some(({ text }) => /a=file-range:[1-9]\d{5,}-\*/.test(text))).toBe(true);
  expect((await save(bob, 'recording.mp4')).sha256).toBe(expected);
});

test('where the two have no way to each other, it goes through the server', async () => {
  // Relays only, of which this server has none.
  for (const { page } of [alice, bob]) {
    await page.evaluate(() => {
      globalThis.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super({ ...configuration, iceTransportPolicy: 'relay' });
        }
      };
    });
  }
  const bytes = bytesOf(500_001);
  await alice.say('here it comes');
  await expect(bob.message('here it comes')).toBeVisible();
  await pick(alice, 'plan.pdf', bytes);
  await fileButton(bob, 'Accept plan.pdf').click();
  await expect(card(alice, 'plan.pdf')).toContainText('Sent to Bob', { timeout: 30_000 });
  await fileButton(bob, 'Download plan.pdf').click();
  await expect(card(bob, 'plan.pdf')).toContainText('Received. Save it to open it.');
  expect((await save(bob, 'plan.pdf')).sha256).toBe(sha256(bytes));
});
