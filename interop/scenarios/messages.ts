import { card, pick } from '../../e2e/files';
import type { Person } from '../../e2e/person';
import { expect } from '../expect';
import type { Scenario } from '../scenario';
import type { SipeClient } from '../sipeClient';
import { addressOf, nameOf, type Stage } from '../stage';

export const messages: readonly Scenario[] = [
  {
    name: 'im-from-sipe',
    shows:
      'several quick messages from SIPE arrive once and in order, also those said before the browser accepts; answers too',
    run: fromSipe,
  },
  {
    name: 'im-from-browser',
    shows:
      'several quick messages from the browser arrive once and in order; SIPE’s answers too; each conversation after the last',
    run: fromBrowser,
  },
  {
    name: 'im-withdrawn',
    shows: 'what SIPE says and takes back before the browser answers is a missed conversation, and the next is none',
    run: withdrawn,
  },
  { name: 'im-crossing', shows: 'two first messages that cross arrive once each', run: crossing },
  {
    name: 'im-formatting',
    shows:
      'bold, italic, underlined and struck through text is shown so at the other end; other scripts, markup and lines pass as they are',
    run: formatting,
  },
  {
    name: 'file-refused',
    shows: 'a file offered by the browser is refused by SIPE at once, its card says so, and the conversation goes on',
    run: fileRefused,
  },
  { name: 'typing', shows: 'typing and its end are seen both ways', run: typing },
];

/** The texts that SIPE was told of, in order. */
const heard = (sipe: SipeClient): string[] => sipe.told('im-received').map(({ text }) => text);

/** Says it at the browser, and waits until SIPE has heard it: all that was said before has passed by then. */
async function lastWordOf(person: Person, sipe: SipeClient, text: string): Promise<void> {
  await person.say(text);
  await expect(person.message(text)).toBeVisible();
  await sipe.expect('im-received', (told) => told.text === text);
}

async function fileRefused(stage: Stage): Promise<void> {
  const alice = await stage.browser('alice');
  const bob = await stage.sipeSignedIn('bob');
  await alice.talkTo(nameOf('bob'));
  await lastWordOf(alice, bob, 'a file for you');
  await pick(alice, 'plan.pdf', Buffer.from('a plan'));
  await expect(card(alice, 'plan.pdf')).toContainText('program cannot receive files from Confab');
  await lastWordOf(alice, bob, 'then by mail');
}

async function fromSipe(stage: Stage): Promise<void> {
  const alice = await stage.browser('alice');
  const bob = await stage.sipeSignedIn('bob');
  const said = ['one', 'two', 'three', 'four'];
  for (const text of said) await bob.say(alice.address, text);
  await expect(alice.invitationFrom(nameOf('bob'))).toContainText('one');
  await alice.accept(nameOf('bob'));
  await expect(alice.message('four')).toBeVisible();
  await lastWordOf(alice, bob, 'got them');
  for (const text of ['five', 'six', 'seven']) await bob.say(alice.address, text);
  await expect(alice.message('seven')).toBeVisible();
  await lastWordOf(alice, bob, 'and those');
  expect(await alice.said()).toEqual([...said, 'got them', 'five', 'six', 'seven', 'and those']);
  expect(heard(bob)).toEqual(['got them', 'and those']);

  // Another dialog: its first message is neither lost nor doubled either. SIPE forgets what waits for this one's answer when an
  // answer to the one before comes meanwhile (interop/sipe/README.md).
  await bob.isAnswered();
  await bob.closeIm(alice.address);
  await bob.expectSip('out', 'BYE sip:alice@');
  await bob.say(alice.address, 'eight');
  await bob.say(alice.address, 'nine');
  await expect(alice.message('nine')).toBeVisible();
  await lastWordOf(alice, bob, 'still here');
  expect((await alice.said()).slice(9)).toEqual(['eight', 'nine', 'still here']);
  expect(bob.told('notice').filter(({ kind }) => kind === 'error')).toEqual([]);
}

async function fromBrowser(stage: Stage): Promise<void> {
  const bob = await stage.sipeSignedIn('bob');
  const alice = await stage.browser('alice');
  await alice.talkTo(nameOf('bob'));
  for (const text of ['one', 'two', 'three', 'four']) await alice.say(text);
  await bob.expect('im-received', ({ text }) => text === 'four');
  for (const text of ['five', 'six', 'seven']) await bob.say(alice.address, text);
  await expect(alice.message('seven')).toBeVisible();
  await expect(alice.messages.getByText('Sent')).toBeVisible();

  await alice.closeConversation();
  await bob.expectSip('in', 'BYE sip:bob@');
  // SIPE calls back under the Call-ID that it was called by.
  await bob.say(alice.address, 'eight');
  await alice.accept(nameOf('bob'));
  await expect(alice.message('eight')).toBeVisible();
  await lastWordOf(alice, bob, 'nine');
  expect(heard(bob)).toEqual(['one', 'two', 'three', 'four', 'nine']);
  expect(await alice.said()).toEqual(['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine']);
}

async function withdrawn(stage: Stage): Promise<void> {
  const alice = await stage.browser('alice');
  const bob = await stage.sipeSignedIn('bob');
  stage.expectRefusal(/bob-sipe got 487 INVITE/);
  await bob.say(alice.address, 'never mind');
  await expect(alice.invitationFrom(nameOf('bob'))).toBeVisible();
  await bob.closeIm(alice.address);
  await expect(alice.invitationFrom(nameOf('bob'))).toHaveCount(0);
  await alice.goTo('Conversations');
  await expect(alice.page.getByRole('button', { name: /Bob Barends.*Missed/ })).toBeVisible();
  await bob.say(alice.address, 'or rather');
  await alice.accept(nameOf('bob'));
  await expect(alice.message('or rather')).toBeVisible();
}

async function crossing(stage: Stage): Promise<void> {
  const bob = await stage.sipeSignedIn('bob');
  const alice = await stage.browser('alice');
  await alice.talkTo(nameOf('bob'));
  // The browser's INVITE is on its way when SIPE's leaves.
  alice.wire.hold();
  await alice.say('from the browser');
  await bob.say(alice.address, 'from SIPE');
  await bob.expectSip('in', 'SIP/2.0 100', 'INVITE', `To: <sip:${alice.address}>`);
  alice.wire.letGo();
  // SIPE gives up its own, and hears that there is no such dialog any more.
  stage.expectRefusal(/bob-sipe got 481 BYE/);
  await expect(alice.message('from SIPE')).toBeVisible();
  await bob.expect('im-received', ({ text }) => text === 'from the browser');
  await bob.say(alice.address, 'bye');
  await expect(alice.message('bye')).toBeVisible();
  await lastWordOf(alice, bob, 'bye bye');
  expect(heard(bob)).toEqual(['from the browser', 'bye bye']);
  expect((await alice.said()).toSorted()).toEqual(['bye', 'bye bye', 'from SIPE', 'from the browser']);
}

async function formatting(stage: Stage): Promise<void> {
  const alice = await stage.browser('alice');
  const bob = await stage.sipeSignedIn('bob');
  await bob.sayHtml(alice.address, '<b>bold</b>');
  await alice.accept(nameOf('bob'));
  await bob.sayHtml(alice.address, '<i><u>slanted &lt;and&gt; underlined</u></i>');
  await bob.sayHtml(alice.address, '<s>struck</s>');
  await bob.sayHtml(alice.address, 'plain');
  await expect(alice.message('plain')).toBeVisible();
  await expect(alice.messages.locator('b', { hasText: /^bold$/ })).toBeVisible();
  await expect(alice.messages.locator('i u, u i').getByText('slanted <and> underlined')).toBeVisible();
  await expect(alice.messages.locator('s', { hasText: /^struck$/ })).toBeVisible();

  const texts = ['a < b & "c" > d', 'Grüße, 日本語, 🙂', '<b>not bold</b>', 'https://contoso.example/?a=1&b=2'];
  for (const text of texts) {
    await bob.say(alice.address, text);
    await expect(alice.message(text)).toBeVisible();
    await alice.say(`${text} too`);
    await bob.expect('im-received', (told) => told.text === `${text} too`);
  }
  await alice.page.getByRole('textbox', { name: 'Message' }).fill('first line\nsecond line');
  await alice.page.keyboard.press('Enter');
  await bob.expect('im-received', ({ html }) => html === 'first line\nsecond line');

  await alice.page.keyboard.press('Control+b');
  await alice.page.keyboard.press('Control+i');
  await alice.say('bold and slanted');
  const { html } = await bob.expect('im-received', ({ text }) => text === 'bold and slanted');
  expect(String(html).toLowerCase()).toMatch(/<b>.*bold and slanted|font-weight: ?bold/);
  expect(String(html).toLowerCase()).toMatch(/<i>.*bold and slanted|font-style: ?italic/);
}

async function typing(stage: Stage): Promise<void> {
  const alice = await stage.browser('alice');
  const bob = await stage.sipeSignedIn('bob');
  await alice.talkTo(nameOf('bob'));
  await lastWordOf(alice, bob, 'hello');
  await bob.say(alice.address, 'hello yourself');
  await expect(alice.message('hello yourself')).toBeVisible();

  await bob.setTyping(alice.address, true);
  await expect(alice.page.getByText('Bob is typing')).toBeVisible();
  await bob.setTyping(alice.address, false);
  await expect(alice.page.getByText('Bob is typing')).toBeHidden();

  await alice.page.getByRole('textbox', { name: 'Message' }).pressSequentially('I am writing');
  const { from } = await bob.expect('typing', ({ state }) => state === 'typing');
  expect(from).toBe(`sip:${addressOf('alice')}`);
  const since = bob.now;
  await bob.expect('typing', ({ state }) => state === 'stopped', { since });
}
