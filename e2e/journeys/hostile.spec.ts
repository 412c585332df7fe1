import { expect, test } from '@playwright/test';
import { answer, connectSipPeer, headerOf } from '../../bench/sipPeer';
import { formatConferenceInvite } from '../../src/protocol/lync/conferenceInvite';
import type { FocusUri } from '../../src/protocol/sip/uri';
import { HomeServer } from '../homeServer';
import { demoPassword, Person } from '../person';

const script = '<img src=x onerror="globalThis.hurt = 1"><script>globalThis.hurt = 1</script>';

let server: HomeServer;

test.beforeAll(async () => {
  server = await HomeServer.start();
  server.users(
    ['add', 'mallory@contoso.example', '--name', `Mallory ${script}`, '--password-stdin'],
    demoPassword.repeat(2),
  );
  server.users(['profile', 'bob@contoso.example', '--title', script, '--department', script]);
});

test.afterAll(async () => {
  await server.stop();
});

test('what others write is text: names, notes, groups, subjects, messages plain and formatted', async ({ browser }) => {
  const alice = await Person.signedIn(browser, server.port, 'alice@contoso.example', 'Alice Moreau');
  const { page } = alice;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  const mallory = await connectSipPeer(
    `ws://127.0.0.1:${server.port}/sip`,
    'mallory@contoso.example',
    demoPassword.repeat(2),
  );
  mallory.onRequest((request) => {
    if (!request.startsWith('ACK')) mallory.send(answer(request, '200 OK', [`Contact: <${mallory.gruu}>`]));
  });

  // A toast, with a name, a subject and a first text that are programs.
  const sdp =
    'v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=x\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=message 5060 sip null\r\na=accept-types:text/plain\r\n';
  const first = Buffer.from(script).toString('base64');
  const invited = mallory.request(
    'INVITE',
    `sip:${alice.address}`,
    [
      'Content-Type: application/sdp',
      `Subject: ${script}`,
      'Ms-Conversation-ID: <script>',
      `ms-text-format: text/html; charset=UTF-8;ms-body=${first}`,
    ],
    sdp,
  );
  const toast = page.getByRole('alertdialog', { name: /^Invitation from Mallory </ });
  await toast.getByRole('button', { name: 'Accept' }).click();
  const accepted = await invited;
  expect(accepted).toMatch(/^SIP\/2\.0 200 /);
  const inDialog = (cseq: number, contentType: string, body: string) => {
    mallory.send(
      [
        `MESSAGE ${/<([^>]*)>/.exec(headerOf(accepted, 'Contact'))?.[1]} SIP/2.0`,
        `Via: SIP/2.0/WS mallory.invalid;branch=z9hG4bKm${cseq}`,
        'Max-Forwards: 70',
        `From: ${headerOf(accepted, 'From')}`,
        `To: ${headerOf(accepted, 'To')}`,
        `Call-ID: ${headerOf(accepted, 'Call-ID')}`,
        `CSeq: ${cseq} MESSAGE`,
        `Content-Type: ${contentType}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
  };
  const formatted = [
    script,
    '<svg onload="globalThis.hurt = 1"><style>*{display:none}</style><iframe src="https://evil.example/"></iframe>',
    '<a href="javascript:globalThis.hurt = 1">a link</a> <a href="https://good.example/">another</a>',
    '<a href="\tjava\nscript:globalThis.hurt = 1">tabs</a><a href="data:text/html,x">data</a><a href="//evil.example">bare</a>',
    '<form action="https://evil.example"><input name="password"><button>Sign in</button></form>',
    '<p style="position:fixed;inset:0" class="signin" id="root" aria-hidden="true" data-tabster="{}" onclick="hurt=1">covers</p>',
    '<math><mtext><table><mglyph><style><img src=x onerror="globalThis.hurt=1">',
    '<link rel="stylesheet" href="https://evil.example/x.css"><img src="https://evil.example/pixel">the end of it',
  ];
  for (const [index, html] of formatted.entries()) inDialog(index + 2, 'text/html; charset=UTF-8', html);
  await expect(alice.messages.getByText('the end of it')).toBeVisible();
  inDialog(20, 'text/plain; charset=UTF-8', script);
  await expect(alice.message(script)).toBeVisible();

  await expect(alice.messages.getByRole('link', { name: 'another' })).toHaveAttribute('href', 'https://good.example/');
  await expect(alice.messages.getByRole('link', { name: 'another' })).toHaveAttribute('rel', /noopener/);
  await expect(alice.messages.getByRole('link')).toHaveCount(1);
  for (const name of ['a link', 'tabs', 'data', 'bare']) {
    await expect(alice.messages.getByText(name, { exact: false }).first()).toBeVisible();
  }
  const kept = await alice.messages.evaluate((log) =>
    [...log.querySelectorAll('.bubble__html *')].flatMap((element) => [
      ...(['script', 'img', 'svg', 'style', 'iframe', 'form', 'input', 'button', 'math', 'link'].includes(
        element.localName,
      )
        ? [element.localName]
        : []),
      ...[...element.attributes]
        .map(({ name }) => name)
        .filter((name) => !['href', 'target', 'rel', 'title'].includes(name)),
    ]),
  );
  expect(kept).toEqual([]);

  // A conference whose subject and conversation are programs; its focus is not there.
  const focus = `${mallory.aor};gruu;opaque=app:conf:focus:id:7K2M9QXA` as FocusUri;
  void mallory.request(
    'INVITE',
    `sip:${alice.address}`,
    ['Content-Type: application/ms-conf-invite+xml'],
    formatConferenceInvite({ focus, subject: script, conversationId: `c${script}`, im: true }),
  );
  const conferenceToast = page.getByRole('alertdialog', { name: /^Invitation from Mallory </ });
  await expect(conferenceToast).toContainText('<img src=x');
  await conferenceToast.getByRole('button', { name: 'Accept' }).click();

  // What one may write about oneself and one's contacts.
  await alice.goTo('Contacts');
  await page.getByRole('searchbox', { name: 'Find a contact' }).fill('bob');
  await expect(page.getByText('<img src=x', { exact: false }).first()).toBeVisible();
  await page.getByRole('searchbox', { name: 'Find a contact' }).fill('');
  await alice.createGroup(script);
  await expect(page.getByRole('treeitem', { name: /^<img src=x/ })).toBeVisible();
  await page.getByRole('button', { name: 'Add a note' }).click();
  await page.getByRole('textbox', { name: 'Your note' }).fill(script);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: /^Your note: <img/ })).toBeVisible();
  for (const place of ['Conversations', 'Trace', 'Settings', 'Contacts'] as const) await alice.goTo(place);

  expect(await page.evaluate(() => (globalThis as { hurt?: number }).hurt)).toBeUndefined();
  const own = new Set([alice.wire.url, server.url]);
  expect(asked.filter((url) => !own.has(new URL(url).origin) && !url.startsWith('blob:'))).toEqual([]);
  mallory.close();
  await alice.leave();
});
