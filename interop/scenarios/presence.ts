import { expect, soon } from '../expect';
import type { Scenario } from '../scenario';
import type { SipeStatus } from '../sipeClient';
import type { Stage } from '../stage';

/** Words of the browser for what SIPE calls its statuses. */
const words: readonly (readonly [sipe: SipeStatus, seen: string, picked: string])[] = [
  ['busy', 'Busy', 'Busy'],
  ['do-not-disturb', 'Do not disturb', 'Do not disturb'],
  ['be-right-back', 'Be right back', 'Be right back'],
  ['away', 'Away', 'Appear away'],
  ['available', 'Available', 'Available'],
];

export const presence: readonly Scenario[] = [
  {
    name: 'presence-of-sipe',
    shows: 'the browser sees each status and note of SIPE, that a note is taken away, appearing offline, and offline',
    run: sipeIsSeen,
  },
  {
    name: 'presence-of-browser',
    shows: 'SIPE sees each status and note of the browser, that a note is taken away, and offline',
    run: browserIsSeen,
  },
];

async function sipeIsSeen(stage: Stage): Promise<void> {
  const alice = await stage.browser('alice');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName('Bob Barends, Offline');
  const bob = await stage.sipeSignedIn('bob');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName('Bob Barends, Available');
  for (const [status, seen] of words) {
    await bob.setStatus(status);
    await expect(alice.contact('Bob Barends')).toHaveAccessibleName(new RegExp(`^Bob Barends, ${seen}`));
  }
  for (const note of ['At the pier till noon', 'Back "soon" & <well>', 'At the pier till noon']) {
    await bob.setStatus('busy', note);
    await expect(alice.contact('Bob Barends')).toHaveAccessibleName(`Bob Barends, Busy, ${note}`);
    await bob.setStatus('available');
    await expect(alice.contact('Bob Barends')).toHaveAccessibleName('Bob Barends, Available');
  }
  await bob.setStatus('invisible');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/^Bob Barends, Offline/);
  await bob.setStatus('available');
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName('Bob Barends, Available');
  await bob.signOut();
  await expect(alice.contact('Bob Barends')).toHaveAccessibleName(/^Bob Barends, Offline/);
}

async function browserIsSeen(stage: Stage): Promise<void> {
  const bob = await stage.sipeSignedIn('bob');
  const seen = () => bob.contact('alice@contoso.example');
  await expect.poll(seen, soon).toMatchObject({ online: false, server_alias: 'Alice Moreau' });
  const alice = await stage.browser('alice');
  await expect.poll(seen, soon).toMatchObject({ online: true, status: 'available' });
  for (const [status, , picked] of words) {
    await alice.setStatus(picked);
    await expect.poll(seen, soon).toMatchObject({ status });
  }
  for (const note of ['Quarter close week', 'Back "soon" & <well>', 'Quarter close week']) {
    await alice.setNote(note);
    await expect.poll(() => bob.statusText(alice.address), soon).toContain(note);
    await alice.setNote('');
    await expect.poll(() => bob.statusText(alice.address), soon).not.toContain(note);
  }
  await alice.signOut();
  await expect.poll(seen, soon).toMatchObject({ online: false });
}
