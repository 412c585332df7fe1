import { atOnce, expect, soon } from '../expect';
import type { Scenario } from '../scenario';
import type { Stage } from '../stage';

const heidi = 'heidi@contoso.example';

export const contacts: readonly Scenario[] = [
  {
    name: 'contacts-from-sipe',
    shows:
      'what SIPE changes in contacts and groups is at once in the same person’s browser, and there after a new sign-in',
    run: changedBySipe,
  },
  {
    name: 'contacts-from-browser',
    shows: 'what the browser changes in contacts and groups is at once in the same person’s SIPE',
    run: changedByBrowser,
  },
];

async function changedBySipe(stage: Stage): Promise<void> {
  const sipe = await stage.sipeSignedIn('alice');
  const browser = await stage.browser('alice');
  await expect(browser.contact('Heidi Kovács')).toBeVisible();
  await sipe.removeContact(heidi);
  await expect(browser.contact('Heidi Kovács')).toHaveCount(0, atOnce);
  await sipe.addContact(heidi, 'Sales');
  await expect(browser.group('Sales')).toHaveAccessibleName('Sales, 0 of 3 online', atOnce);
  await expect(browser.contact('Heidi Kovács')).toBeVisible(atOnce);
  await sipe.removeContact(heidi);
  await expect(browser.contact('Heidi Kovács')).toHaveCount(0, atOnce);

  await sipe.addContact(heidi, 'Book club');
  await expect(browser.group('Book club')).toHaveAccessibleName('Book club, 0 of 1 online', atOnce);
  const again = await stage.sipeSignedIn('alice', 2);
  await expect.poll(() => again.contact(heidi), soon).toMatchObject({ group: 'Book club' });
  await sipe.removeContact(heidi);
  await expect.poll(() => again.contact(heidi), soon).toBeUndefined();
  await sipe.removeGroup('Book club');
  await expect(browser.group('Book club')).toHaveCount(0, atOnce);
}

async function changedByBrowser(stage: Stage): Promise<void> {
  const sipe = await stage.sipeSignedIn('alice');
  const browser = await stage.browser('alice');
  const groups = async () => (await sipe.contacts()).groups;
  await browser.removeContact('Heidi Kovács');
  await expect.poll(() => sipe.contact(heidi), soon).toBeUndefined();
  await browser.createGroup('Book club');
  await expect.poll(groups, soon).toContain('Book club');
  await browser.addContact('heid', 'Heidi Kovács', 'Book club');
  await expect
    .poll(() => sipe.contact(heidi), soon)
    .toMatchObject({ group: 'Book club', server_alias: 'Heidi Kovács' });
  await browser.moveContact('Heidi Kovács', 'Sales');
  await expect.poll(() => sipe.contact(heidi), soon).toMatchObject({ group: 'Sales' });
  await browser.renameGroup('Book club', 'Reading');
  await expect.poll(groups, soon).toContain('Reading');
  // SIPE 1.25 keeps an empty group that another device deleted, and Pidgin hides it; who is put into it is not lost.
  await browser.moveContact('Heidi Kovács', 'Reading');
  await expect.poll(() => sipe.contact(heidi), soon).toMatchObject({ group: 'Reading' });
  await browser.removeGroup('Reading');
  await expect.poll(() => sipe.contact(heidi), soon).toMatchObject({ group: 'Other Contacts' });
  await sipe.removeContact(heidi);
  await expect(browser.contact('Heidi Kovács')).toHaveCount(0, atOnce);
  await sipe.addContact(heidi, 'Reading');
  await expect(browser.contact('Heidi Kovács')).toBeVisible(atOnce);
  await expect(browser.group('Reading')).toHaveCount(0);
}
