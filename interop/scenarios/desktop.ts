import { type ChildProcess, spawn } from 'node:child_process';
import { chromium } from '@playwright/test';
import { chromiumWith } from '../../e2e/browser';
import { HomeServer } from '../../e2e/homeServer';
import { Person } from '../../e2e/person';
import { isMoving } from '../../e2e/sharedSource';
import { button, ownStage, picture } from '../../e2e/stages';
import type { Scenario } from '../scenario';
import { addressOf, nameOf } from '../stage';

export const desktop: readonly Scenario[] = [
  {
    name: 'sharing-desktop',
    shows: 'a whole desktop (of an X server without a screen) is shown to one person, who sees it move',
    seconds: 90,
    run: shareDesktop,
  },
];

async function shareDesktop(): Promise<void> {
  const { xvfb, display } = await startDisplay();
  const server = await HomeServer.start();
  const options = chromiumWith('--auto-select-desktop-capture-source=Entire screen', '--window-size=1280,900');
  const browser = await chromium.launch({
    ...options,
    headless: false,
    env: { ...process.env, DISPLAY: display },
  });
  try {
    const alice = await Person.signedIn(browser, server.port, addressOf('alice'), nameOf('alice'));
    const bob = await Person.signedIn(browser, server.port, addressOf('bob'), nameOf('bob'));
    await alice.talkTo(nameOf('bob'));
    await alice.say('look at this');
    await bob.accept(nameOf('alice'));
    await alice.page.bringToFront();
    await button(alice.page.locator('.talk__head'), 'Share').click();
    await alice.page.getByRole('menuitem', { name: 'Desktop' }).click();
    await bob.accept(nameOf('alice'));
    await ownStage(alice).getByText('You are sharing: a desktop').waitFor();
    await isMoving(picture(bob));
  } finally {
    await browser.close();
    await server.stop();
    xvfb.kill();
  }
}

/** An X server on a display that is free. */
async function startDisplay(): Promise<{ xvfb: ChildProcess; display: string }> {
  const xvfb = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    xvfb.stdio[3]?.once('data', (piece: Buffer) => resolve(piece.toString().trim()));
    xvfb.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { xvfb, display: `:${number}` };
}
