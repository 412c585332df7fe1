import { readFile } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { HomeServer } from '../homeServer';
import { Person } from '../person';

let server: HomeServer;

test.beforeAll(async () => {
  server = await HomeServer.start();
});

test.afterAll(async () => {
  await server.stop();
});

test('a ladder is read by filter and by key, and says why a message failed', async ({ browser }) => {
  const alice = await Person.arrive(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  const { page } = alice;
  const list = page.getByRole('listbox', { name: 'SIP messages' });
  const option = (name: RegExp) => list.getByRole('option', { name });
  const message = page.getByRole('complementary', { name: 'Message' });
  const explanation = message.getByRole('region', { name: 'Explanation' });

  // From the failed sign-in, before one is signed in: that attempt only.
  await alice.signIn('not the password');
  await page.getByRole('alert').getByRole('button', { name: 'Explain' }).click();
  await expect(explanation).toContainText('The address or the password is not right.');
  await page.getByRole('button', { name: 'Back to sign in' }).click();
  await alice.signIn();
  await alice.isSignedIn();

  // From a bubble to the request that brought it.
  const bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
  await bob.talkTo('Alice Moreau');
  await bob.say('how do you know this?');
  await alice.accept('Bob Barends');
  await expect(alice.message('how do you know this?')).toBeVisible();
  await alice.messages.focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'How do we know?' }).click();
  await expect(message.getByRole('heading', { name: 'INVITE' })).toBeVisible();
  await expect(option(/received INVITE IM with Bob, with the first message/)).toHaveAttribute('aria-selected', 'true');
  await bob.leave();

  // From a message that was not delivered to why.
  await alice.goTo('Contacts');
  await alice.talkTo('Carol Chen');
  await alice.say('are you there?');
  await alice.messages.getByRole('alert').getByRole('button', { name: 'Explain' }).click();
  await expect(explanation).toContainText('Carol is unavailable or offline.');
  await expect(option(/received 480/)).toBeInViewport();
  await message.getByRole('button', { name: 'Close the message' }).click();

  await page.getByRole('button', { name: /^Errors only/ }).click();
  await expect(option(/received 200/)).toHaveCount(0);
  await option(/received 480 .* Server fe1\.contoso to Client You/).click();
  await expect(explanation).toContainText('Carol is unavailable or offline.');
  await expect(explanation).toContainText('Try again when the person is back.');
  await expect(message.getByRole('region', { name: 'Message text' })).toContainText('ms-diagnostics: 1007;');

  // The dialog of the refusal, from its request on.
  await page.getByRole('button', { name: /^Errors only/ }).click();
  await message.getByRole('button', { name: 'Only this dialog' }).click();
  await expect(list.getByRole('option')).toHaveCount(3);
  await list.focus();
  await page.keyboard.press('[');
  await expect(message.getByRole('heading', { name: 'INVITE' })).toBeVisible();
  await expect(option(/^Dialog \w+ .* sent INVITE .*, never reached Carol$/)).toHaveAttribute('aria-selected', 'true');
  await message.getByRole('button', { name: 'Show the answer' }).click();
  await expect(message.getByRole('heading', { name: /^480/ })).toBeVisible();

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /IM with Carol/ }).click();
  await page.getByRole('searchbox', { name: 'Find in messages' }).fill('Event: vnd-microsoft-roaming-contacts');
  await option(/sent SUBSCRIBE Follow the contact list/).click();
  await message.getByRole('button', { name: 'Next message' }).click();
  await message.getByRole('tab', { name: 'Body' }).click();
  await expect(message.getByRole('region', { name: 'application/vnd-microsoft-roaming-contacts+xml' })).toContainText(
    '<contactList',
  );
  await alice.leave();
});

test('a trace that was exported is imported with the same rows and explanations, in each format', async ({
  browser,
}) => {
  const alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  const { page } = alice;
  await alice.talkTo('Carol Chen');
  await alice.say('kept to ourselves');
  // A dot until somebody has looked; and from why it failed to another try.
  await expect(page.getByRole('button', { name: /^Trace .*something failed/ })).toBeVisible();
  await alice.messages.getByRole('alert').getByRole('button', { name: 'Explain' }).click();
  const list = page.getByRole('listbox', { name: 'SIP messages' });
  const refusals = list.getByRole('option', { name: /received 480/ });
  await expect(refusals).toHaveCount(1);
  await page.getByRole('button', { name: 'Send it again' }).click();
  await expect(refusals).toHaveCount(2);
  await page.getByRole('button', { name: 'Close the message' }).click();
  await alice.goTo('Contacts');
  await expect(page.getByRole('button', { name: 'Trace', exact: true })).toBeVisible();
  await alice.goTo('Trace');
  await page.getByRole('button', { name: 'What is logged' }).click();
  const options = page.getByRole('dialog', { name: 'What is logged' });
  await options.getByRole('checkbox', { name: 'Media' }).click();
  await options.getByRole('radio', { name: 'All details' }).click();
  await expect(options.getByRole('radio', { name: 'All details' })).toBeChecked();
  await expect(options.getByRole('checkbox', { name: 'Media' })).not.toBeChecked();
  await expect(options).toContainText('At most 100,000 messages are kept');
  await page.keyboard.press('Escape');
  // What happens meanwhile would be in one and not in the other.
  await page.getByRole('button', { name: 'Stop logging' }).click();
  const rows = async (): Promise<string[]> => {
    await list.focus();
    await page.keyboard.press('Home');
    const texts: string[] = [];
    for (;;) {
      const current = list.getByRole('option', { selected: true });
      texts.push(((await current.textContent()) ?? '').replace(/\s+/g, ' '));
      if ((await current.getAttribute('aria-posinset')) === (await current.getAttribute('aria-setsize'))) return texts;
      await page.keyboard.press('ArrowDown');
    }
  };
  const messages = (all: readonly string[]) => all.filter((text) => !/Connection|Sign-in|Storage/.test(text));
  const live = await rows();
  expect(live.length).toBeGreaterThan(15);

  // Played again: as it was, and to be looked at only.
  const messagesBefore = alice.wire.messages.length;
  await page.getByRole('button', { name: 'Replay' }).click();
  const recording = page.locator('.replay');
  const slider = recording.getByRole('slider', { name: 'Place in the recording' });
  await expect(recording).toContainText('You look at a recording');
  await expect(recording.getByRole('treeitem', { name: /^Carol Chen/ })).toHaveCount(0);
  await slider.fill((await slider.getAttribute('max')) ?? '');
  await expect(recording.getByText('kept to ourselves')).toBeVisible();
  await expect(recording.getByRole('alert')).toContainText('was not delivered to Carol');
  await recording.getByRole('treeitem', { name: /^Bob Barends/ }).click();
  await expect(page.locator('.notice')).toContainText('This is a recording');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  const back = recording.getByRole('button', { name: 'One message back' });
  while ((await recording.getByRole('alert').count()) > 0) await back.click();
  await expect(recording.getByText('kept to ourselves')).toBeVisible();
  const taken = (await recording.locator('.replaybar__message b').textContent()) ?? '';
  await recording.getByRole('button', { name: 'Show in trace' }).click();
  await expect(page.getByRole('complementary', { name: 'Message' }).getByRole('heading', { level: 2 })).toHaveText(
    taken,
  );
  await page.getByRole('button', { name: 'Close the message' }).click();
  await page.getByRole('button', { name: 'Replay' }).click();
  await slider.fill((await slider.getAttribute('max')) ?? '');
  await expect(recording.getByText('kept to ourselves')).toBeVisible();
  await recording.getByRole('button', { name: 'To the beginning' }).click();
  await expect(recording.getByText('kept to ourselves')).toHaveCount(0);
  await recording.getByRole('button', { name: 'Play' }).click();
  await expect(recording.getByRole('treeitem', { name: /^Carol Chen/ })).toBeVisible();
  await recording.getByRole('button', { name: 'Close the recording' }).click();
  await expect(page.getByRole('heading', { name: 'SIP trace' })).toBeVisible();
  expect(alice.wire.messages.slice(messagesBefore).filter(({ direction }) => direction === 'out')).toEqual([]);

  for (const [format, extension] of [
    ['JSON', '.json'],
    ['Snooper text', '.txt'],
    ['Packet capture', '.pcapng'],
  ] as const) {
    await page.getByRole('button', { name: 'Export' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: format }).click();
    const file = await saved;
    expect(file.suggestedFilename()).toContain(extension);
    const path = test.info().outputPath(file.suggestedFilename());
    await file.saveAs(path);
    expect(await readFile(path, 'utf8')).not.toContain('kept to ourselves');

    await page.getByLabel('Trace file').setInputFiles(path);
    await expect(page.getByRole('heading', { name: `Opened file: ${file.suggestedFilename()}` })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Close the file' })).toBeVisible();
    if (format === 'JSON') expect(await rows()).toEqual(live);
    else expect(messages(await rows())).toEqual(messages(live));
    await refusals.last().click();
    await expect(page.getByRole('region', { name: 'Explanation' })).toContainText('Carol is unavailable or offline.');
    await page.getByRole('button', { name: 'Close the file' }).click();
    await expect(page.getByRole('heading', { name: 'SIP trace' })).toBeVisible();
  }

  // Of a filtered trace what is shown, if one wants that only.
  const search = page.getByRole('searchbox', { name: 'Find in messages' });
  await search.fill('Event: vnd-microsoft-roaming-contacts');
  await expect(list.getByRole('option')).toHaveCount(2);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Only the 2 messages shown' }).click();
  const narrowed = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'JSON' }).click();
  const path = test.info().outputPath('narrowed.json');
  await (await narrowed).saveAs(path);
  expect((JSON.parse(await readFile(path, 'utf8')) as { entries: unknown[] }).entries).toHaveLength(2);

  await page
    .getByLabel('Trace file')
    .setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await expect(page.getByRole('alert')).toContainText('none of the logs that Trace can read');
  await alice.leave();
});
