import { expect, it } from 'vitest';
import { standardLog } from './log';
import { TestHome, testPassword } from './testing/home';

function logged(level = 'info') {
  const lines: string[] = [];
  return { lines, log: standardLog(level, { write: (line) => void lines.push(line) }) };
}

it('hides credentials that an error or a peer’s words quote', () => {
  const { lines, log } = logged();
  const quoted =
    'REGISTER sip:x SIP/2.0\r\nAuthorization: NTLM gssapi-data="TlRMTVNT", realm="r"\r\n\r\n<password>rose</password>';
  log.error({ error: new Error(`cannot read ${quoted}`) }, 'failed');
  log.warn({ why: quoted, flow: 'a', count: 3 }, 'damaged');
  const [error, warning] = lines.map((line) => JSON.parse(line));
  expect(lines.join('')).not.toMatch(/TlRMTVNT|rose/);
  expect(error.error.message).toContain('cannot read REGISTER sip:x');
  expect(error.error.stack).toContain('log.test.ts');
  expect(warning).toMatchObject({
    why: expect.stringContaining('gssapi-data="***"'),
    flow: 'a',
    count: 3,
    msg: 'damaged',
  });
});

it('says of sign-ins and damaged messages what happened, and nothing secret or said', () => {
  const { lines, log } = logged('trace');
  const test = new TestHome({ log });
  test.endpoint('alice@contoso.example').register('wrong horse');
  test.endpoint('alice@contoso.example', { protocol: 'TLS' }).register(testPassword);
  test.signInNative('bob@contoso.example');
  const alice = test.signIn('alice@contoso.example');
  alice.send(alice.write('MESSAGE', 'sip:bob@contoso.example', { contentType: 'text/plain', body: 'rose petals' }));
  test.connect(() => undefined).send('MESSAGE sip:bob@contoso.example SIP/2.0\r\nbroken\r\n\r\nrose petals');
  const text = lines.join('');
  expect(text).toContain('REGISTER refused');
  expect(text).toContain('damaged SIP message');
  expect(text).not.toMatch(/horse|rose|response=|gssapi|nonce/i);
});
