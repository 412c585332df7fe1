import type { Page } from '@playwright/test';

export async function signIn(page: Page, url: string, address: string, password: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('Sign-in address').fill(address);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** As somebody who needs no time to type: fills the form in the frame in which it is there. */
export async function signInAtOnce(page: Page, address: string, password: string): Promise<void> {
  await page.waitForFunction(
    ({ address, password }) => {
      const inputs = document.querySelectorAll<HTMLInputElement>(
        'form input:not([type="radio"]):not([type="checkbox"])',
      );
      const [first, second] = inputs;
      if (first === undefined || second === undefined) return false;
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
      for (const [input, value] of [
        [first, address],
        [second, password],
      ] as const) {
        set?.call(input, value);
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
      first.form?.requestSubmit();
      return true;
    },
    { address, password },
  );
}

/**
 * Notes, on the clock that both pages share, when Enter was pressed in one page and when the text was in the DOM of the
 * other and painted. `selector` is the field of the sender; texts are found anywhere in the receiver's document.
 */
export async function noteEnter(page: Page): Promise<void> {
  await page.evaluate(() => {
    const notes: Record<string, number> = {};
    (window as unknown as { notes: Record<string, number> }).notes = notes;
    addEventListener(
      'keydown',
      (event) => {
        const field = event.target as HTMLInputElement;
        if (event.key === 'Enter') notes[field.value] = performance.timeOrigin + performance.now();
      },
      true,
    );
  });
}

export async function noteArrivals(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shared = window as unknown as { arrivals: Record<string, number>; paints: Record<string, number> };
    shared.arrivals = {};
    shared.paints = {};
    new MutationObserver((records) => {
      const now = performance.timeOrigin + performance.now();
      for (const record of records) {
        for (const node of record.addedNodes) {
          const text = /message number \d+/.exec(node.textContent ?? '')?.[0];
          if (text === undefined || shared.arrivals[text] !== undefined) continue;
          shared.arrivals[text] = now;
          requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => {
              shared.paints[text] = performance.timeOrigin + performance.now();
            };
            channel.port2.postMessage(null);
          });
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
}

export interface Timing {
  dom: number[];
  paint: number[];
}

/** Types `count` messages, one after the other has arrived, and answers the times in ms. */
export async function timeMessages(sender: Page, receiver: Page, field: string, count: number): Promise<Timing> {
  await noteEnter(sender);
  await noteArrivals(receiver);
  for (let number = 0; number < count; number += 1) {
    const text = `message number ${number}`;
    await sender.locator(field).fill(text);
    // A finger takes its time from the last key to Enter: what typing and the message before caused is over by then.
    await Promise.all([sender, receiver].map(untilIdle));
    await sender.locator(field).press('Enter');
    await receiver.waitForFunction((wanted) => (window as unknown as Timings).paints[wanted] !== undefined, text);
  }
  const sent = await sender.evaluate(() => (window as unknown as Timings).notes);
  const { arrivals, paints } = await receiver.evaluate(() => {
    const { arrivals, paints } = window as unknown as Timings;
    return { arrivals, paints };
  });
  const since = (times: Record<string, number>) =>
    Object.entries(sent).flatMap(([text, at]) => (times[text] === undefined ? [] : [times[text] - at]));
  return { dom: since(arrivals), paint: since(paints) };
}

/** Resolves when the page has had nothing to do for a moment. */
function untilIdle(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise((resolve) => requestIdleCallback(() => setTimeout(() => requestIdleCallback(() => resolve()), 30))),
  );
}

interface Timings {
  notes: Record<string, number>;
  arrivals: Record<string, number>;
  paints: Record<string, number>;
}
