import { expect, test } from '@playwright/test';
import { bytesOf, card, fileButton, pick, pickLarge, save, saveAs, sha256, slowDown } from '../files';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

let server: HomeServer;
let alice: Person;
let bob: Person;
let carol: Person;

/** Alice and Bob are in a conference that Carol is asked into. */
test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start(['--file-size', '50']);
  [alice, bob, carol] = await Promise.all([
    Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau'),
    Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends'),
    Person.signedIn(browser, server.port, 'carol@contoso.example', 'Carol Chen'),
  ]);
  await alice.talkTo('Bob Barends');
  await alice.say('the plan, to all of us');
  await bob.accept('Alice Moreau');
  await alice.inviteToConversation('Carol Chen');
  for (const person of [alice, bob]) await expect(person.roster.getByRole('listitem').first()).toBeVisible();
});

test.afterEach(async () => {
  for (const person of [alice, bob, carol]) await person.leave();
  await server.stop();
});

test('a file is sent to a conference; who is there and who comes later gets it; what may not be sent says why', async () => {
  const bytes = bytesOf(3_000_001);
  const plan = { name: 'Draft plan (final).pdf', sha256: sha256(bytes) };
  await pick(alice, plan.name, bytes);
  await expect(card(alice, plan.name)).toContainText('Sent to the conference');
  await expect(card(bob, plan.name)).toContainText('Ready to download');
  await fileButton(bob, `Download ${plan.name}`).click();
  expect(await save(bob, plan.name)).toEqual(plan);

  await carol.accept('Alice Moreau');
  expect(await saveAs(carol, plan.name)).toBe(plan.sha256);

  // Said in words before anything is sent.
  await pick(alice, 'setup.exe', Buffer.from('MZ'));
  await expect(card(alice, 'setup.exe')).toContainText('does not let files of this kind be sent');
  await pickLarge(alice, 'film.mp4', 51);
  await expect(card(alice, 'film.mp4')).toContainText('50 MB');
  await expect(card(bob, 'film.mp4')).toHaveCount(0);
});

test('goes on where the connection broke, on its way in and on its way out', async () => {
  for (const person of [alice, bob]) await slowDown(person, 4_000_000);
  const expected = await pickLarge(alice, 'recording.mp4', 16);
  await expect(card(alice, 'recording.mp4')).toContainText(/[1-9](?:\.\d|\d)? MB of 16 MB/);
  alice.wire.cut();
  await expect(card(alice, 'recording.mp4')).toContainText('Interrupted at');
  alice.wire.mend();
  await expect(card(alice, 'recording.mp4')).toContainText('Sent to the conference', { timeout: 60_000 });
  expect(alice.wire.messages.some(({ text }) => /<file [^>]*received="[1-9]\d{5,}"/.test(text))).toBe(true);

  await fileButton(bob, 'Download recording.mp4').click();
  await expect(card(bob, 'recording.mp4')).toContainText(/[1-9](?:\.\d|\d)? MB of 16 MB/);
  bob.wire.cut();
  await expect(card(bob, 'recording.mp4')).toContainText('Interrupted at');
  bob.wire.mend();
  await expect(fileButton(bob, 'Save recording.mp4')).toBeVisible({ timeout: 60_000 });
  expect((await save(bob, 'recording.mp4')).sha256).toBe(expected);
});
