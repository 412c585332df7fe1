import { demoPassword } from '../../e2e/person';
import { expect, soon } from '../expect';
import type { Scenario } from '../scenario';
import type { SipeClient } from '../sipeClient';
import { SipWire } from '../sipWire';
import type { Stage } from '../stage';

export const signIn: readonly Scenario[] = [
  {
    name: 'sign-in-tcp',
    shows: 'SIPE signs in over TCP with NTLM and is served; every message after that is signed both ways',
    run: (stage) => signsIn(stage, 'tcp'),
  },
  {
    name: 'sign-in-tls',
    shows: 'the same over TLS with the self-made certificate',
    run: (stage) => signsIn(stage, 'tls'),
  },
  {
    name: 'wrong-password',
    shows: 'a wrong password is refused as such, and the right one is taken after it',
    run: wrongPassword,
  },
  {
    name: 'altered-on-the-way',
    shows: 'what SIPE says with a signature that is wrong is dropped and logged, and what it says after it is taken',
    run: altered,
  },
  {
    name: 'sign-out',
    shows: 'SIPE signs out and is offline to browsers and to SIPE; what is sent to it is reported; it comes back',
    run: signsOut,
  },
];

async function signsIn(stage: Stage, transport: 'tcp' | 'tls'): Promise<void> {
  const alice = await stage.sipe('alice');
  await alice.signIn(demoPassword, transport);
  const { buddies, groups } = await alice.contacts();
  expect(buddies.map(({ name }) => name)).toContain('sip:bob@contoso.example');
  expect(groups).toEqual(expect.arrayContaining(['Engineering', 'Product', 'Sales', 'Finance']));
  await alice.expectSip('in', 'getConferencingCapabilities', 'code="success"');
  await alice.expectSip('in', 'SIP/2.0 404', 'To: <sip:ocschat@contoso.example>');
  isSigned(alice);
}

/** AUT-1: from the 200 on, everything but what is provisional or a challenge. */
function isSigned(alice: SipeClient): void {
  const registered = alice
    .sip('in')
    .find((message) => /^SIP\/2\.0 200/.test(message) && /^CSeq: \d+ REGISTER/m.test(message));
  expect(registered).toMatch(/^Authentication-Info: NTLM .*rspauth="01000000[0-9A-F]{16}64000000"/im);
  const from = alice.told('sip').findIndex(({ message }) => message.startsWith('SIP/2.0 200'));
  for (const { dir, message } of alice.told('sip').slice(from)) {
    if (/^SIP\/2\.0 1/.test(message)) continue;
    const header = dir === 'out' ? /^Authorization: NTLM .*response="/im : /^Authentication-Info: NTLM .*rspauth="/im;
    expect(message).toMatch(header);
  }
}

async function wrongPassword(stage: Stage): Promise<void> {
  const alice = await stage.sipe('alice');
  await alice.startSignIn('not the password');
  const { reason, text } = await alice.expect('connection-error');
  expect({ reason, text }).toEqual({
    reason: 'authentication-failed',
    text: expect.stringContaining('Authentication failed'),
  });
  await alice.expect('signed-off');
  await alice.signIn(demoPassword);
}

async function altered(stage: Stage): Promise<void> {
  const alice = await stage.browser('alice');
  const wire = await SipWire.open(stage.server.ports.sip, (direction, message) =>
    direction === 'out' && message.includes('altered') ? wronglySigned(message) : message,
  );
  const bob = await stage.sipeThrough('bob', wire.port);
  await bob.signIn(demoPassword);
  await bob.say(alice.address, 'before it');
  await alice.accept('Bob Barends');
  await expect(alice.message('before it')).toBeVisible();
  stage.expectRefusal(/the server logged .*message dropped for its signature/);
  await bob.say(alice.address, 'altered');
  await bob.say(alice.address, 'after it');
  await expect(alice.message('after it')).toBeVisible();
  expect(await alice.said()).toEqual(['before it', 'after it']);
  expect(stage.server.log).toMatch(/"method":"MESSAGE".*"verdict":"wrong".*message dropped for its signature/);
  await bob.quit();
  await wire.close();
}

/** The last digit of the signature is another one. */
function wronglySigned(message: Buffer): Buffer {
  const text = message
    .toString('latin1')
    .replace(
      / response="(\w+)(\w)"/,
      (_all, digits: string, last: string) => ` response="${digits}${last === '0' ? '1' : '0'}"`,
    );
  return Buffer.from(text, 'latin1');
}

async function signsOut(stage: Stage): Promise<void> {
  const bob = await stage.sipeSignedIn('bob');
  const alice = await stage.browser('alice');
  const carol = await stage.sipeSignedIn('carol');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Available/);
  await expect.poll(() => carol.contact(bob.address), soon).toMatchObject({ online: true });
  await bob.signOut();
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Offline/);
  await expect.poll(() => carol.contact(bob.address), soon).toMatchObject({ online: false });

  await alice.talkTo('Bob Barends');
  await alice.say('Are you there?');
  await expect(alice.messages.getByRole('alert')).toContainText('because this person is unavailable or offline');
  stage.expectRefusal(/carol-sipe got 480 INVITE sip:bob@/);
  await carol.say(bob.address, 'And for me?');
  await carol.expect('notice', ({ kind, text }) => kind === 'error' && text.includes('And for me?'));

  await bob.signIn(demoPassword);
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/Available/);
  await alice.messages.getByRole('button', { name: 'Try again' }).click();
  await bob.expect('im-received', ({ text }) => text === 'Are you there?');
  await expect(alice.messages.getByText('Sent')).toBeVisible();
  expect(bob.told('im-received').map(({ text }) => text)).toEqual(['Are you there?']);
}
