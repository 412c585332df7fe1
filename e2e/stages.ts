import type { Locator, Page } from '@playwright/test';
import type { Person } from './person';

/** What somebody sees of a shared program, and what they press. */
export const ownStage = (person: Person): Locator => person.page.getByRole('region', { name: 'Your sharing' });
export const stage = (person: Person): Locator => person.page.getByRole('region', { name: 'Shared by others' });
export const picture = (person: Person): Locator => stage(person).locator('video');
export const button = (of: Locator, name: string): Locator => of.getByRole('button', { name, exact: true });

/** Chooses the tab that stands ready (`openSource`); the browser's picker answers by itself. */
export async function share(person: Person): Promise<void> {
  await person.page.bringToFront();
  await button(person.page.locator('.talk__head'), 'Share').click();
  await person.page.getByRole('menuitem', { name: 'Browser tab' }).click();
}

/** Makes a page one that nobody sees, or again one that somebody does. */
export function setVisibility(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  return page.evaluate((visibility) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => visibility });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}
