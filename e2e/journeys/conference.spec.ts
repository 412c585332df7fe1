import { expect, test } from '@playwright/test';
import { connectSipPeer, type SipPeer } from '../../bench/sipPeer';
import { cccpType, formatCccpRequest } from '../../src/protocol/lync/cccp';
import { commandNode } from '../../src/protocol/lync/conferenceCommands';
import type { Aor } from '../../src/protocol/sip/uri';
import { HomeServer } from '../homeServer';
import { demoPassword, Person } from '../person';

let server: HomeServer;
let alice: Person;
let bob: Person;
let carol: Person;

test.beforeEach(async ({ browser }) => {
  server = await HomeServer.start();
  alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  bob = await Person.signedIn(browser, server.port, 'bob@contoso.example', 'Bob Barends');
  carol = await Person.signedIn(browser, server.port, 'carol@contoso.example', 'Carol Chen');
});

test.afterEach(async () => {
  for (const person of [alice, bob, carol]) await person.leave();
  await server.stop();
});

test('a chat of two becomes a conference in the same window', async ({ browser }) => {
  await alice.talkTo('Bob Barends');
  await alice.say('between us');
  await bob.accept('Alice Moreau');
  await bob.say('yes');
  await expect(alice.message('yes')).toBeVisible();

  await alice.inviteToConversation('Carol Chen');
  await carol.accept('Alice Moreau');
  for (const person of [alice, bob, carol]) await expect(person.roster.getByRole('listitem')).toHaveCount(3);
  await expect(alice.messages.getByText('You added Carol Chen and made this a conference')).toBeVisible();
  await expect(alice.messages.getByText('Carol Chen joined')).toBeVisible();

  await carol.say('hello both');
  await alice.say('hello Carol');
  await bob.say('hi');
  for (const person of [alice, bob, carol]) await expect(person.message('hi')).toBeVisible();
  expect(await alice.said()).toEqual(['between us', 'yes', 'hello both', 'hello Carol', 'hi']);
  expect(await bob.said()).toEqual(['between us', 'yes', 'hello both', 'hello Carol', 'hi']);
  expect(await carol.said()).toEqual(['hello both', 'hello Carol', 'hi']);

  // 6.8: the factory; the focus, its roster, the chat; an invitation to each; BYE to the conversation of two once Bob is in.
  const [factory, focus, chat] = ['focusfactory', 'focus:id:ID', 'chat:id:ID'].map(
    (what) => `sip:alice@contoso.example;gruu;opaque=app:conf:${what}`,
  );
  const escalation = alice.wire.requests('app:conf:', 'INVITE ', 'BYE ', 'ACK ');
  const begun = escalation.slice(escalation.indexOf(`> SERVICE ${factory}`));
  expect(begun.slice(0, 6)).toEqual([
    `> SERVICE ${factory}`,
    `> INVITE ${focus}`,
    `> ACK ${focus}`,
    `> SUBSCRIBE ${focus}`,
    `> INVITE ${chat}`,
    `> ACK ${chat}`,
  ]);
  const ofBob = 'sip:bob@contoso.example;opaque=user:epid:EPID;gruu';
  expect(begun.filter((line) => line.includes('sip:bob@'))).toEqual([
    // 6.8: he is asked in at the endpoint that takes part in the chat.
    `> INVITE ${ofBob}`,
    `> ACK ${ofBob}`,
    `> BYE ${ofBob}`,
    `> BYE ${ofBob}`,
  ]);
  expect(begun.filter((line) => line.includes('sip:carol@')).slice(0, 1)).toEqual([
    '> INVITE sip:carol@contoso.example',
  ]);
  // The callee comes in by the same three.
  expect(carol.wire.requests('app:conf:').slice(0, 5)).toEqual([
    `> INVITE ${focus}`,
    `> ACK ${focus}`,
    `> SUBSCRIBE ${focus}`,
    `> INVITE ${chat}`,
    `> ACK ${chat}`,
  ]);
  // Nothing was refused on the way, but for the challenge of signing in.
  expect(alice.wire.ladder().filter((line) => /^< [3-6]/.test(line))).toEqual(['< 401 REGISTER']);

  // CNF-1 to CNF-29, in Lync's own shapes.
  expect(
    alice.wire.find('SERVICE sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory', '<addConference'),
  ).toBeDefined();
  expect(alice.wire.find('INVITE sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:', '<addUser')).toBeDefined();
  expect(alice.wire.find('INVITE sip:alice@contoso.example;gruu;opaque=app:conf:chat:id:', 'm=message')).toBeDefined();
  expect(
    carol.wire.find('INVITE sip:carol@contoso.example', 'application/ms-conf-invite+xml', '<focus-uri>'),
  ).toBeDefined();
  expect(carol.wire.find('MESSAGE sip:carol@contoso.example', 'Ms-Sender: <sip:bob@contoso.example>')).toBeDefined();
  expect(bob.wire.find('BYE ')).toBeDefined();

  // A fourth; a newcomer sees what the rule gives: all that was said in the conference.
  const dave = await Person.signedIn(browser, server.port, 'dave@contoso.example', 'Dave Okafor');
  await alice.inviteToConversation('Dave Okafor');
  await dave.accept('Alice Moreau');
  await expect(dave.message('hi')).toBeVisible();
  expect(await dave.said()).toEqual(['hello both', 'hello Carol', 'hi']);
  await expect(bob.messages.getByText('Dave Okafor joined')).toBeVisible();
  await dave.leave();
  await expect(bob.messages.getByText('Dave Okafor left')).toBeVisible();

  // Reload in the middle: back in, with everything, also what was said meanwhile.
  await bob.page.reload();
  await alice.say('while Bob reloads');
  await bob.isSignedIn();
  await bob.goTo('Conversations');
  await bob.page.getByRole('button', { name: /Alice, Carol|Carol, Alice/ }).click();
  await expect(bob.message('while Bob reloads')).toBeVisible();
  expect(await bob.said()).toEqual(['between us', 'yes', 'hello both', 'hello Carol', 'hi', 'while Bob reloads']);
});

test('the organizer locks, removes a person and ends it', async () => {
  await alice.page.getByRole('button', { name: 'Meet now' }).click();
  await expect(alice.messages.getByText('You started a conference')).toBeVisible();
  await alice.inviteToConversation('Bob Barends', 'Carol Chen');
  await bob.accept('Alice Moreau');
  await carol.accept('Alice Moreau');
  for (const person of [alice, bob, carol]) await expect(person.roster.getByRole('listitem')).toHaveCount(3);

  await alice.roster.getByRole('button', { name: 'Lock the conference' }).click();
  await expect(bob.messages.getByText('The conference was locked')).toBeVisible();
  // An attendee is offered no lock.
  await expect(bob.roster.getByRole('button', { name: /Lock|Unlock/ })).toHaveCount(0);

  await alice.roster.getByRole('button', { name: 'Options for Carol Chen' }).click();
  await alice.page.getByRole('menuitem', { name: 'Remove from the conference' }).click();
  await expect(carol.page.getByText('You were removed from this conference.').first()).toBeVisible();
  await expect(alice.messages.getByText('You removed Carol Chen')).toBeVisible();
  await expect(bob.messages.getByText('Carol Chen left')).toBeVisible();
  await expect(bob.roster.getByRole('listitem')).toHaveCount(2);
  // 6.6: C3P in the focus dialog, 202, and its effect by the roster; CNF-17: the roster, then BYE in focus and chat.
  const focus = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:ID';
  expect(alice.wire.requests('INFO sip:alice')).toEqual([`> INFO ${focus}`, `> INFO ${focus}`]);
  expect(alice.wire.find(`INFO sip:alice`, '<modifyConferenceLock>', '<locked>true</locked>')).toBeDefined();
  expect(alice.wire.find(`INFO sip:alice`, '<deleteUser>', 'userEntity="sip:carol@contoso.example"')).toBeDefined();
  expect(alice.wire.ladder('INFO').filter((line) => line === '< 202 INFO')).toHaveLength(2);
  expect(carol.wire.requests('< BENOTIFY ', '< BYE ').slice(-4)).toEqual(
    ['BENOTIFY', 'BENOTIFY', 'BYE', 'BYE'].map(
      (method) => `< ${method} sip:carol@contoso.example;opaque=user:epid:EPID;gruu`,
    ),
  );

  await alice.page.getByRole('button', { name: 'More options' }).click();
  await alice.page.getByRole('menuitem', { name: 'End for everyone' }).click();
  await expect(bob.page.getByText('This conference ended.').first()).toBeVisible();
  expect(bob.wire.find('BENOTIFY ', 'state="deleted"', 'terminated;reason=noresource')).toBeDefined();
});

test('policy: one may start none, another at most three, in the screen', async ({ browser }) => {
  const frank = await Person.signedIn(browser, server.port, 'frank@contoso.example', 'Frank Sato');
  await frank.talkTo('Bob Barends');
  await expect(frank.page.getByRole('button', { name: 'Invite', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(frank.page.getByRole('button', { name: 'Meet now' })).toHaveCount(0);
  expect(frank.wire.find('<provisionGroup name="ServerConfiguration">')?.text).not.toContain('focusFactoryUri');
  await frank.leave();

  const grace = await Person.signedIn(browser, server.port, 'grace@contoso.example', 'Grace Njoroge');
  await grace.page.getByRole('button', { name: 'Meet now' }).click();
  await grace.page.getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = grace.page.getByRole('dialog', { name: 'Invite people' });
  for (const name of ['Alice', 'Bob', 'Carol'])
    await dialog.getByRole('checkbox', { name: new RegExp(`^${name}`) }).check();
  await expect(dialog.getByText('Your organization allows at most 3 people in this conference.')).toBeVisible();
  await grace.leave();
});

test('policy: who goes round the screen meets it at the server', async () => {
  const url = `ws://127.0.0.1:${server.port}/sip`;
  const [frank, grace, bobs, carols, daves] = (await Promise.all(
    ['frank', 'grace', 'bob', 'carol', 'dave'].map((name) =>
      connectSipPeer(url, `${name}@contoso.example`, demoPassword),
    ),
  )) as [SipPeer, SipPeer, SipPeer, SipPeer, SipPeer];
  const c3p = (peer: SipPeer, method: string, to: string, command: Parameters<typeof commandNode>[0]) =>
    peer.request(
      method,
      to,
      [`Content-Type: ${cccpType}`],
      formatCccpRequest({ requestId: '1', from: peer.aor, to }, commandNode(command)),
    );
  const create = (peer: SipPeer) =>
    c3p(peer, 'SERVICE', `${peer.aor};gruu;opaque=app:conf:focusfactory`, {
      is: 'addConference',
      conference: {
        id: '7K2M9QXA',
        subject: '',
        expiryTime: null,
        admissionPolicy: 'openAuthenticated',
        media: ['chat'],
      },
    });
  const join = (peer: SipPeer, focus: string) =>
    c3p(peer, 'INVITE', focus, {
      is: 'addUser',
      focus,
      user: peer.aor as Aor,
      role: 'attendee',
      endpoint: '',
      dialOut: false,
    });

  const refused = await create(frank);
  expect(refused).toMatch(/^SIP\/2\.0 403 /);
  expect(refused).toContain('3014;reason="Your organization does not let you start conferences"');
  expect(await create(grace)).toMatch(/^SIP\/2\.0 200 /);
  const focus = `${grace.aor};gruu;opaque=app:conf:focus:id:7K2M9QXA`;
  for (const peer of [grace, bobs, carols]) expect(await join(peer, focus)).toMatch(/^SIP\/2\.0 200 /);
  const full = await join(daves, focus);
  expect(full).toMatch(/^SIP\/2\.0 480 /);
  expect(full).toContain('at most 3 people');
  for (const peer of [frank, grace, bobs, carols, daves]) peer.close();
});
