import { type Browser, type BrowserContext, expect as baseExpect, type Locator, type Page } from '@playwright/test';
import { patienceMs, personsWindow } from './browser';
import { Wire } from './wire';

/** As patient outside the test runner as inside. */
const expect = baseExpect.configure({ timeout: patienceMs });

export const demoPassword = 'confab';

/** Where a browser profile of one's own comes from. */
type Profiles = Pick<Browser, 'newContext'>;

/** What a person sees and does: the only place of the journeys that knows the screens' names. */
export class Person {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly wire: Wire;
  readonly name: string;
  readonly address: string;

  private constructor(context: BrowserContext, page: Page, wire: Wire, name: string, address: string) {
    this.context = context;
    this.page = page;
    this.wire = wire;
    this.name = name;
    this.address = address;
  }

  /** A browser profile of its own, behind a network of its own. */
  static async arrive(browser: Profiles, port: number, address: string, name: string): Promise<Person> {
    const wire = await Wire.open(port);
    const context = await browser.newContext(personsWindow);
    context.setDefaultTimeout(patienceMs);
    const page = await context.newPage();
    await page.goto(wire.url);
    return new Person(context, page, wire, name, address);
  }

  static async signedIn(browser: Profiles, port: number, address: string, name: string): Promise<Person> {
    const person = await Person.arrive(browser, port, address, name);
    await person.signIn();
    await person.isSignedIn();
    return person;
  }

  async leave(): Promise<void> {
    await this.context.close();
    await this.wire.close();
  }

  async signIn(password = demoPassword, page = this.page): Promise<void> {
    await write(page.getByLabel('Sign-in address'), this.address);
    await write(page.getByLabel('Password', { exact: true }), password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }

  async isSignedIn(page = this.page): Promise<void> {
    await expect(page.getByRole('button', { name: /^Your status/ })).toBeVisible();
  }

  /** Picks a status by its word in the menu. */
  async setStatus(status: string): Promise<void> {
    await this.page.getByRole('button', { name: /^Your status/ }).click();
    await this.page.getByRole('menuitemradio', { name: status }).click();
  }

  /** Writes a note; an empty one takes it away. */
  async setNote(note: string): Promise<void> {
    await this.page.getByRole('button', { name: /^(Add a note|Your note: )/ }).click();
    await write(this.page.getByRole('textbox', { name: 'Your note' }), note);
    await this.page.keyboard.press('Enter');
  }

  /** Of the contact list. */
  group(name: string): Locator {
    return this.page.getByRole('treeitem', { name: new RegExp(`^${name}, \\d+ of`) });
  }

  async renameGroup(name: string, next: string): Promise<void> {
    await this.#groupMenu(name, 'Rename the group');
    await this.page.getByRole('textbox', { name: 'Name' }).fill(next);
    await this.page.getByRole('button', { name: 'Rename', exact: true }).click();
  }

  /** One with people in it: that is asked twice. */
  async removeGroup(name: string): Promise<void> {
    await this.#groupMenu(name, 'Delete the group');
    await this.page.getByRole('alertdialog').getByRole('button', { name: 'Delete the group' }).click();
  }

  async #groupMenu(name: string, entry: string): Promise<void> {
    await this.group(name).hover();
    await this.group(name)
      .getByRole('button', { name: `Options for the group ${name}` })
      .click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }

  /** Finds a person by a part of the name and adds them to a group. */
  async addContact(part: string, name: string, group: string): Promise<void> {
    await this.page.getByRole('searchbox', { name: 'Find a contact' }).fill(part);
    await this.page.getByRole('button', { name: `Add ${name} to your contacts` }).click();
    await this.page.getByRole('menuitem', { name: `Add to ${group}`, exact: true }).click();
    await this.page.getByRole('searchbox', { name: 'Find a contact' }).fill('');
  }

  async moveContact(name: string, group: string): Promise<void> {
    await this.contact(name).click({ button: 'right' });
    await this.page.getByRole('menuitem', { name: 'Move to group' }).click();
    await this.page.getByRole('menuitem', { name: group, exact: true }).click();
  }

  async removeContact(name: string): Promise<void> {
    await this.contact(name).click({ button: 'right' });
    await this.page.getByRole('menuitem', { name: 'Remove from contacts' }).click();
  }

  async signOut(): Promise<void> {
    await this.goTo('Settings');
    await this.page.getByRole('button', { name: 'Sign out' }).click();
    await expect(this.page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  }

  contact(name: string): Locator {
    return this.page.getByRole('treeitem', { name: new RegExp(`^${name}, `) });
  }

  async goTo(place: 'Contacts' | 'Conversations' | 'Trace' | 'Settings'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: place }).click();
  }

  async createGroup(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'More for contacts' }).click();
    await this.page.getByRole('menuitem', { name: 'Create a group' }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Create a group' });
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByRole('button', { name: 'Create', exact: true }).click();
    await expect(dialog).toBeHidden();
  }

  async talkTo(name: string): Promise<void> {
    await this.contact(name).click();
    await expect(this.page.getByRole('region', { name: `Conversation with ${name}` })).toBeVisible();
  }

  async say(text: string): Promise<void> {
    await write(this.page.getByRole('textbox', { name: 'Message' }), text);
    await this.page.keyboard.press('Enter');
  }

  get messages(): Locator {
    return this.page.getByRole('log', { name: 'Messages' });
  }

  message(text: string): Locator {
    return this.messages.getByText(text, { exact: true });
  }

  /** The texts of the bubbles, in order. */
  async said(): Promise<string[]> {
    return this.messages.locator('.bubble').allInnerTexts();
  }

  invitationFrom(name: string): Locator {
    return this.page.getByRole('alertdialog', { name: `Invitation from ${name}` });
  }

  async accept(name: string): Promise<void> {
    await this.invitationFrom(name).getByRole('button', { name: 'Accept' }).click();
  }

  async inviteToConversation(...names: string[]): Promise<void> {
    await this.page.getByRole('button', { name: 'Invite', exact: true }).click();
    const dialog = this.page.getByRole('dialog', { name: 'Invite people' });
    for (const name of names) await dialog.getByRole('checkbox', { name: new RegExp(`^${name}`) }).check();
    await dialog.getByRole('button', { name: /^Invite( \d+ people)?$/ }).click();
    await expect(dialog).toBeHidden();
  }

  async leaveConference(): Promise<void> {
    await this.#conversationMenu('Leave the conference');
  }

  /** Leaves the conference that it is, too. */
  async closeConversation(): Promise<void> {
    await this.#conversationMenu(/^(Close the conversation|Leave and close)$/);
  }

  async #conversationMenu(entry: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: 'More options' }).click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }

  get roster(): Locator {
    return this.page.getByRole('complementary', { name: 'Participants' });
  }
}

/** Everything that a page has kept in this browser, as text: bytes as they are, keys by whether they can be taken out. */
export function keptBy(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const promised = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const plain = (_name: string, value: unknown): unknown => {
      if (value instanceof CryptoKey) return `${value.type} key, extractable: ${value.extractable}`;
      if (value instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(value));
      return ArrayBuffer.isView(value) ? String.fromCharCode(...new Uint8Array(value.buffer)) : value;
    };
    const kept: unknown[] = [Object.entries(localStorage), Object.entries(sessionStorage)];
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await promised(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        kept.push([name, store, await promised(database.transaction(store).objectStore(store).getAll())]);
      }
      database.close();
    }
    return JSON.stringify(kept, plain);
  });
}

/** In Firefox key by key: what Playwright fills in there, React does not hear of. */
async function write(field: Locator, text: string): Promise<void> {
  const isFirefox = field.page().context().browser()?.browserType().name() === 'firefox';
  if (!isFirefox) return field.fill(text);
  await field.clear();
  await field.pressSequentially(text);
}
