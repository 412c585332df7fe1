import type { Person } from '../../e2e/person';
import { expect, soon } from '../expect';
import type { Scenario } from '../scenario';
import type { SipeClient } from '../sipeClient';
import { addressOf, nameOf, type Stage } from '../stage';

/** SIPE waits 10 s when it is told that its person has other devices. */
const afterItsWait = { within: 20_000 };

export const devices: readonly Scenario[] = [
  {
    name: 'devices-browser-answers',
    shows:
      'of SIPE and two browsers, the browser that answers first has the chat; it is withdrawn elsewhere and missed nowhere',
    run: browserAnswers,
  },
  {
    name: 'devices-sipe-answers',
    shows: 'when no browser answers, SIPE takes the chat after its 10 s, and it is withdrawn in both browsers',
    run: sipeAnswers,
  },
  {
    name: 'devices-escalation',
    shows:
      'a chat that becomes a conference asks in the device that took part, be it the browser or SIPE, and no other',
    seconds: 90,
    run: escalation,
  },
  {
    name: 'devices-presence',
    shows: 'the status of SIPE and a browser is one; it is picked on either, and each signs out alone',
    run: presence,
  },
  {
    name: 'devices-sign-in',
    shows: 'another SIPE and a browser that sign in and out break neither the first SIPE nor its chat',
    run: comingAndGoing,
  },
];

/** Nothing rings, and no conversation was missed. */
async function missedNothing(person: Person, from: 'alice'): Promise<void> {
  await expect(person.invitationFrom(nameOf(from))).toHaveCount(0);
  await person.goTo('Conversations');
  await expect(person.page.getByRole('button', { name: new RegExp(`${nameOf(from)}.*Missed`) })).toHaveCount(0);
  await person.goTo('Contacts');
}

/** It answers nevertheless, after its wait, and then hears that it came too late. */
async function hungUpOn(sipe: SipeClient): Promise<void> {
  const isLate = (message: string) =>
    message.startsWith('BYE ') && message.includes('From: <sip:alice@contoso.example>');
  await sipe.expect('sip', ({ dir, message }) => dir === 'in' && isLate(message), afterItsWait);
}

async function browserAnswers(stage: Stage): Promise<void> {
  const sipe = await stage.sipeSignedIn('bob');
  const [desk, laptop] = [await stage.browser('bob'), await stage.browser('bob')];
  const alice = await stage.browser('alice');
  await alice.talkTo(nameOf('bob'));
  await alice.say('which one?');
  for (const browser of [desk, laptop])
    await expect(browser.invitationFrom(nameOf('alice'))).toContainText('which one?');
  await laptop.accept(nameOf('alice'));
  await laptop.say('this one');
  await expect(alice.message('this one')).toBeVisible();
  await missedNothing(desk, 'alice');
  await hungUpOn(sipe);
  await alice.say('good');
  await expect(laptop.message('good')).toBeVisible();
  expect(await laptop.said()).toEqual(['which one?', 'this one', 'good']);
  expect(sipe.told('im-received')).toEqual([]);
  await missedNothing(desk, 'alice');
}

async function sipeAnswers(stage: Stage): Promise<void> {
  const sipe = await stage.sipeSignedIn('bob');
  const browsers = [await stage.browser('bob'), await stage.browser('bob')];
  const alice = await stage.browser('alice');
  await alice.talkTo(nameOf('bob'));
  await alice.say('anybody?');
  for (const browser of browsers) await expect(browser.invitationFrom(nameOf('alice'))).toBeVisible();
  const { ms: askedAt } = await sipe.expectSip('in', 'INVITE sip:bob@');
  const { ms: shownAt } = await sipe.expect('im-received', ({ text }) => text === 'anybody?', afterItsWait);
  expect(shownAt - askedAt).toBeGreaterThan(9_000);
  for (const browser of browsers) await missedNothing(browser, 'alice');
  await sipe.say(alice.address, 'me');
  await expect(alice.message('me')).toBeVisible();
  await alice.say('fine');
  await sipe.expect('im-received', ({ text }) => text === 'fine');
  expect(sipe.told('im-received').map(({ text }) => text)).toEqual(['anybody?', 'fine']);
}

async function escalation(stage: Stage): Promise<void> {
  const [alice, carol] = [await stage.browser('alice'), await stage.browser('carol')];
  const sipe = await stage.sipeSignedIn('bob');
  const desk = await stage.browser('bob');
  const asked = () => sipe.sip('in').filter((message) => message.includes('ms-conf-invite+xml')).length;

  await alice.talkTo(nameOf('bob'));
  await alice.say('to the browser');
  await desk.accept(nameOf('alice'));
  await expect(desk.message('to the browser')).toBeVisible();
  await alice.inviteToConversation(nameOf('carol'));
  await carol.accept(nameOf('alice'));
  for (const person of [alice, desk, carol]) await expect(person.roster.getByRole('listitem')).toHaveCount(3);
  await hungUpOn(sipe);
  expect(asked()).toBe(0);

  await sipe.say(addressOf('alice'), 'from SIPE');
  await alice.accept(nameOf('bob'));
  await expect(alice.message('from SIPE')).toBeVisible();
  await alice.inviteToConversation(nameOf('carol'));
  await carol.accept(nameOf('alice'));
  await expect
    .poll(() => sipe.roster(), soon)
    .toEqual([`${addressOf('alice')}*`, addressOf('bob'), addressOf('carol')]);
  expect(asked()).toBe(1);
  await expect(desk.invitationFrom(nameOf('alice'))).toHaveCount(0);
}

async function presence(stage: Stage): Promise<void> {
  const alice = await stage.browser('alice');
  const sipe = await stage.sipeSignedIn('bob');
  const desk = await stage.browser('bob');
  const seen = alice.contact(nameOf('bob'));
  await expect(seen).toHaveAccessibleName('Bob Barends, Available');
  await desk.setStatus('Do not disturb');
  await expect(seen).toHaveAccessibleName('Bob Barends, Do not disturb');
  await expect.poll(() => sipe.ownStatus(), soon).toBe('do-not-disturb');
  await sipe.setStatus('be-right-back');
  await expect(seen).toHaveAccessibleName('Bob Barends, Be right back');
  await expect(desk.page.getByRole('button', { name: 'Your status: Be right back' })).toBeVisible();
  await sipe.setStatus('available');
  await expect(desk.page.getByRole('button', { name: 'Your status: Available' })).toBeVisible();

  await sipe.signOut();
  await desk.setStatus('Busy');
  await expect(seen).toHaveAccessibleName('Bob Barends, Busy');
  // It brings the status that its person picked in it.
  await sipe.signIn('confab');
  await expect(seen).toHaveAccessibleName('Bob Barends, Available');
  await desk.setStatus('Busy');
  await expect.poll(() => sipe.ownStatus(), soon).toBe('busy');
  await desk.signOut();
  await sipe.setStatus('away');
  await expect(seen).toHaveAccessibleName(/^Bob Barends, Away/);
  await sipe.signOut();
  await expect(seen).toHaveAccessibleName(/^Bob Barends, Offline/);
}

async function comingAndGoing(stage: Stage): Promise<void> {
  const first = await stage.sipeSignedIn('bob');
  const alice = await stage.browser('alice');
  await alice.talkTo(nameOf('bob'));
  let round = 0;
  const talk = async () => {
    round += 1;
    await alice.say(`hello ${round}`);
    await first.expect('im-received', ({ text }) => text === `hello ${round}`);
    await first.say(alice.address, `here ${round}`);
    await expect(alice.message(`here ${round}`)).toBeVisible();
  };
  await talk();
  const second = await stage.sipeSignedIn('bob', 2);
  await talk();
  const desk = await stage.browser('bob');
  await talk();
  await second.signOut();
  await talk();
  await desk.signOut();
  await talk();
  await expect(alice.contact(nameOf('bob'))).toHaveAccessibleName('Bob Barends, Available');
  expect(second.told('im-received')).toEqual([]);
  expect(first.told('connection-error')).toEqual([]);
}
