import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { ownCertificate } from '../../server/certificate';
import { HomeServer } from '../homeServer';
import { PageServer } from '../pageServer';

/** Where no name leads: that host has no address. */
const nowhere = '~NOTFOUND';
const names = ['contoso.example', 'lyncdiscover.contoso.example', 'sip.contoso.example'];

let directory: string;
let page: PageServer;
let home: HomeServer;
let trustedKey: string;

test.beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'confab-tls-'));
  const { file, cert } = await ownCertificate(directory, names);
  const key = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
  trustedKey = createHash('sha256').update(key).digest('base64');
  page = await PageServer.start();
  const tls = ['--tls-cert', file, '--tls-key', path.join(directory, 'tls-key.pem')];
  home = await HomeServer.start([...tls, '--allow-origin', page.url]);
});

test.afterAll(async () => {
  await home.stop();
  await page.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** A browser for which the names of the domain lead where a test says, and that trusts the home server's certificate. */
async function browserWhere(rules: Record<string, string>, trusts = true): Promise<Browser> {
  const map = Object.entries({ ...rules, '*.example': nowhere }).map(([name, address]) => `MAP ${name} ${address}`);
  const { launchOptions } = test.info().project.use;
  const trust = trusts ? [`--ignore-certificate-errors-spki-list=${trustedKey}`] : [];
  const args = [...(launchOptions?.args ?? []), ...trust, `--host-resolver-rules=${map.join(', ')}`];
  return chromium.launch({ ...launchOptions, args });
}

const homeAddress = () => `127.0.0.1:${home.port}`;

async function signIn(tab: Page): Promise<void> {
  await tab.getByLabel('Sign-in address').fill('alice@contoso.example');
  await tab.getByLabel('Password', { exact: true }).fill('confab');
  await tab.getByRole('button', { name: 'Sign in' }).click();
}

/** Opens the page and notes every step of the search that the screen shows from now on. */
async function openNoting(browser: Browser, url: string): Promise<{ tab: Page; shown(): Promise<string[]> }> {
  const tab = await (await browser.newContext({ ignoreHTTPSErrors: false })).newPage();
  await tab.addInitScript(() => {
    const shown: string[] = [];
    Object.assign(globalThis, { shown });
    const note = () => {
      for (const step of document.querySelectorAll('.signin__discovery li')) {
        const text = [...step.children].map((part) => part.textContent).join(' ');
        if (!shown.includes(text)) shown.push(text);
      }
    };
    new MutationObserver(note).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await tab.goto(url);
  return { tab, shown: () => tab.evaluate(() => (globalThis as unknown as { shown: string[] }).shown) };
}

const isSignedIn = (tab: Page) => expect(tab.getByRole('button', { name: /^Your status/ })).toBeVisible();

test('finds the server by the Lync discovery document of the domain, and remembers it', async () => {
  const browser = await browserWhere({ 'lyncdiscover.contoso.example': homeAddress() });
  const { tab, shown } = await openNoting(browser, page.url);
  await signIn(tab);
  await isSignedIn(tab);
  expect(await shown()).toContain('Lync discovery lyncdiscover.contoso.example found');
  expect(await shown()).toContain('Host metadata contoso.example asking');

  await tab.getByRole('button', { name: 'Settings' }).click();
  await tab.getByRole('button', { name: 'Sign out' }).click();
  await signIn(tab);
  await isSignedIn(tab);
  expect(await shown()).toContain('Server of last time lyncdiscover.contoso.example found');
  await browser.close();
});

test('finds the server by the host metadata of the domain when there is no lyncdiscover host', async () => {
  const browser = await browserWhere({ 'contoso.example': homeAddress() });
  const { tab, shown } = await openNoting(browser, page.url);
  await signIn(tab);
  await isSignedIn(tab);
  const steps = await shown();
  expect(steps).toContain('Lync discovery lyncdiscover.contoso.example nothing there');
  expect(steps).toContain('Host metadata contoso.example found');
  await browser.close();
});

test('finds the server that the page came from when the domain names none', async () => {
  const browser = await browserWhere({ 'sip.contoso.example': homeAddress() });
  const { tab, shown } = await openNoting(browser, 'https://sip.contoso.example/');
  await signIn(tab);
  await isSignedIn(tab);
  const steps = await shown();
  expect(steps).toContain('Lync discovery lyncdiscover.contoso.example nothing there');
  expect(steps).toContain('Host metadata contoso.example nothing there');
  expect(steps).toContain('The server of this page sip.contoso.example found');
  await browser.close();
});

test('says what it tried when nothing answers, and what to do', async () => {
  const browser = await browserWhere({});
  const { tab } = await openNoting(browser, page.url);
  await signIn(tab);
  const alert = tab.getByRole('alert');
  await expect(alert).toContainText('Could not find a server for this address');
  await expect(alert).toContainText('choose Manual');
  await expect(alert.getByRole('listitem')).toHaveText([
    /^Lync discovery lyncdiscover\.contoso\.example nothing there$/,
    /^Host metadata contoso\.example nothing there$/,
    /^The server of this page localhost:\d+ nothing there$/,
  ]);
  await browser.close();
});

test('a name that leads nowhere and a certificate that is not trusted: says that it cannot tell, with a link to look', async () => {
  const browser = await browserWhere({ 'sip.contoso.example': homeAddress() }, false);
  const { tab } = await openNoting(browser, page.url);
  await tab.getByRole('radio', { name: /^Manual/ }).check();
  for (const host of ['nowhere.contoso.example', 'sip.contoso.example']) {
    await tab.getByRole('textbox', { name: 'Server address' }).fill(host);
    await signIn(tab);
    await expect(tab.getByRole('alert')).toContainText('a web page cannot tell which');
    await expect(tab.getByRole('link', { name: /^Open / })).toHaveAttribute('href', `https://${host}`);
  }
  await browser.close();
});
