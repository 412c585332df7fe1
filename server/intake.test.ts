import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatContactOperation } from '../src/protocol/lync/contactService';
import { formatDirectoryQuery } from '../src/protocol/lync/directorySearch';
import { Connection } from './connection';
import { type Framed, StreamFramer } from './framing';
import { silentLog } from './log';
import type { TestEndpoint } from './testing/endpoint';
import { TestHome, testPassword } from './testing/home';
import { alice, bob, carol, Meeting } from './testing/meeting';
import { publish, watch } from './testing/presence';
import { tortureMessages } from './testing/tortureMessages';

/** Bugs that the server caught and logged. */
const bugs = vi.spyOn(silentLog, 'error');
beforeEach(() => void bugs.mockClear());
afterEach(() => expect(bugs.mock.calls).toEqual([]));

/** A change of a message, anywhere in it. */
type Edit = (text: string) => string;

const hostile = [
  ...[
    '',
    '\r\n',
    '\r\n\r\n',
    '\n',
    '\r',
    '\0',
    '\x7f',
    ' ',
    '\t',
    '"',
    '\\',
    '<',
    '>',
    ';',
    ',',
    '=',
    ':',
    '@',
    '?',
    '%00',
  ],
  ...['-1', '0', '4294967296', '99999999999999999999', 'ä', '\u{1f600}', 'sip:', 'sip:alice@contoso.example', ';tag=x'],
  ...['<a>', '</a>', '&#0;', '&x;', ']]>', '<!DOCTYPE x [<!ENTITY a "b">]>', ' xmlns="urn:x"', '--', '*'],
  ...[';opaque=app:conf:focus:id:', ';gruu', 'NTLM gssapi-data="', 'Content-Length: 5\r\n', 'Expires: 0\r\n'],
];

const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(8), fc.constantFrom(...hostile)).map(
    ([at, length, piece]): Edit =>
      (text) =>
        spliced(text, at, length, () => piece),
  ),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 80 }), fc.integer({ min: 0, max: 50 })).map(
    ([at, length, times]): Edit =>
      (text) =>
        spliced(text, at, length, (part) => part.repeat(times)),
  ),
  fc.tuple(fc.nat(), fc.nat()).map(
    ([one, other]): Edit =>
      (text) => {
        const lines = text.split('\r\n');
        const line = lines[one % lines.length] ?? '';
        return lines.toSpliced(other % lines.length, 1, line).join('\r\n');
      },
  ),
);

function spliced(text: string, at: number, length: number, replace: (part: string) => string): string {
  const start = at % (text.length + 1);
  return text.slice(0, start) + replace(text.slice(start, start + length)) + text.slice(start + length);
}

/** Damage of one of some messages: anywhere, or in its body only, with a Content-Length that fits. */
const damages = fc
  .tuple(fc.nat(), fc.array(edits, { minLength: 1, maxLength: 4 }), fc.constantFrom('anywhere', 'body', 'body'))
  .map(([index, all, where]) => ({
    of: (messages: readonly string[]): string => {
      const change = (text: string): string => all.reduce((changed, edit) => edit(changed), text);
      const text = messages[index % messages.length] ?? '';
      const body = text.indexOf('\r\n\r\n') + 4;
      if (where === 'anywhere' || body === text.length) return change(text);
      const changed = change(text.slice(body));
      const head = text.slice(0, body);
      return head.replace(/^Content-Length:.*$/m, `Content-Length: ${Buffer.byteLength(changed)}`) + changed;
    },
  }));

/** The answer may repeat what was damaged, which the test's own clients would refuse to read. */
function deafen(...endpoints: TestEndpoint[]): void {
  for (const endpoint of endpoints) Object.assign(endpoint, { take: () => undefined });
}

/** Two browsers and a native client who have done a little of everything, and what they said. */
function busyTown() {
  const meeting = new Meeting();
  const [, member] = meeting.members(alice, bob);
  const { home: test, organizer } = meeting;
  const native = test.signInNative('carol@contoso.example', { protocol: 'TLS' });
  watch(organizer, bob, carol);
  watch(native, bob);
  publish(organizer, {});
  const contacts = { headers: [['Event', 'vnd-microsoft-roaming-contacts']] as const };
  const self = { headers: [['Event', 'vnd-microsoft-roaming-self']] as const };
  for (const draft of [contacts, self]) organizer.request('SUBSCRIBE', organizer.aor, draft);
  const soap = { contentType: 'application/SOAP+xml' };
  const contact = { aor: bob, name: '', groups: [1], subscribed: true, externalUri: '', deltaNum: 1 };
  const added = formatContactOperation({ is: 'setContact', ...contact });
  organizer.request('SERVICE', organizer.aor, { ...soap, body: added });
  const body = formatDirectoryQuery({ terms: new Map([['givenName', 'bo']]), maxResults: 5 });
  organizer.request('SERVICE', 'sip:contoso.example', { ...soap, body });
  const invite = organizer.request('INVITE', native.gruu, { contentType: 'application/sdp', body: 'v=0\r\n' });
  native.answer(native.expect('INVITE'), 200);
  organizer.acknowledge(invite);
  organizer.inDialog(invite, 'MESSAGE', { contentType: 'text/plain', body: 'grüße' });
  native.answer(native.expect('MESSAGE'), 200);
  const said = (endpoint: TestEndpoint): string[] =>
    test.ladder
      .filter(({ who, direction }) => who === endpoint.epid && direction === 'to server')
      .map(({ text }) => text.replace(/^Authorization: .*\r\n/m, ''));
  return { test, organizer, native, member, said };
}

// Quick, but hundreds of runs: not to be judged by a busy machine.
describe('nothing that a client sends brings the server down', { timeout: 60_000 }, () => {
  it('people who are signed in, with damaged messages of all roles', () => {
    const { test, organizer, native, member, said } = busyTown();
    const [fromBrowser = [], fromNative = []] = [organizer, native].map((endpoint) =>
      said(endpoint).filter((text) => !text.startsWith('REGISTER')),
    );
    expect(fromBrowser.length).toBeGreaterThan(12);
    deafen(organizer, native);
    fc.assert(
      fc.property(damages, fc.boolean(), (damage, isNative) => {
        test.ladder.splice(0);
        if (!isNative) return organizer.connection.send(damage.of(fromBrowser));
        let text = damage.of(fromNative);
        try {
          text = native.sign(text);
        } catch {
          // Too damaged for its own client to sign.
        }
        native.connection.send(text);
      }),
      { numRuns: 1500 },
    );
    // Both were signed in to the end, and the others' conference goes on.
    expect([organizer, native].map(({ connection }) => connection.flow.owner)).toEqual([organizer.aor, native.aor]);
    expect(member.say('still here').status).toBe(200);
  });

  it('strangers, with torture and damage in pieces over TCP: an answer, or the connection is closed', () => {
    const { test, organizer, said } = busyTown();
    const messages = [...said(organizer), ...[...tortureMessages().values()].map((bytes) => bytes.toString('latin1'))];
    const { size } = test.home.flows;
    fc.assert(
      fc.property(fc.array(damages, { maxLength: 3 }), fc.integer({ min: 1, max: 700 }), (all, step) => {
        let closed = false;
        const connection = Connection.accept(test.home, {
          protocol: 'TCP',
          address: '192.0.2.9',
          port: 1,
          send: () => undefined,
          close: () => {
            closed = true;
          },
        });
        const framer = new StreamFramer();
        const bytes = Buffer.from(all.map((damage) => damage.of(messages)).join(''));
        for (let at = 0; at < bytes.length && !closed; at += step) {
          for (const framed of framer.push(bytes.subarray(at, at + step))) connection?.framed(framed);
        }
        expect(connection?.flow.owner).toBeNull();
        connection?.ended();
      }),
      { numRuns: 300 },
    );
    expect(test.home.flows.size).toBe(size);
    test.clock.advance(180_000);
    expect(test.home.core.clientTransactions.size).toBe(0);
  });

  it('with one header of 60,000 characters of a kind: no reader takes longer than its length', () => {
    const test = new TestHome();
    const organizer = test.signIn('alice@contoso.example');
    const native = test.signInNative('carol@contoso.example');
    deafen(organizer, native);
    const headers =
      'Via From To Call-ID CSeq Contact Authorization Event Expires Content-Type Supported Require Proxy-Require P-Asserted-Identity Ms-Sender Reason'.split(
        ' ',
      );
    const starts = ['', '"', '<sip:alice@contoso.example>;', 'NTLM gssapi-data="",', 'multipart/mixed;boundary='];
    const pieces = ['"', '\\', ' ', ';', ',', '<', '=', '"\\', ';a=', ', ', '; ', '<sip:a@b>,', ';;,', 'a ', '" ', 'ä'];
    const one = fc.tuple(fc.constantFrom(...headers), fc.constantFrom(...starts), fc.constantFrom(...pieces));
    fc.assert(
      fc.property(one, fc.constantFrom('REGISTER', 'MESSAGE', 'SUBSCRIBE'), ([name, start, piece], method) => {
        const value = start + piece.repeat(60_000 / Buffer.byteLength(piece));
        const target = method === 'REGISTER' ? 'sip:contoso.example' : native.gruu;
        const plain = organizer.write(method, target, { body: '--x\r\n\r\n' });
        const line = new RegExp(`^${name}: .*\r\n`, 'm');
        test.ladder.splice(0);
        const began = performance.now();
        organizer.connection.send(plain.replace(line, '').replace('\r\n', () => `\r\n${name}: ${value}\r\n`));
        // Linear is some milliseconds; quadratic would be half a minute.
        expect(performance.now() - began).toBeLessThan(5_000);
      }),
      { numRuns: 100 },
    );
  });

  it('with a damaged AUTHENTICATE: 401, or what was changed proves nothing', () => {
    const test = new TestHome();
    const blobs = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(blobs, fc.nat(400), (changes, cut) => {
        const client = test.native('alice@contoso.example', { version: 3 });
        const second = client.step(600, client.answerTo(client.step(600), ['gssapi-data', '']));
        const value = client.authenticate(second, testPassword);
        const blob = Buffer.from(/gssapi-data="([^"]*)"/.exec(value)?.[1] ?? '', 'base64');
        for (const [at, byte] of changes) blob[at % blob.length] = byte;
        const sent = blob.subarray(0, cut < 300 ? blob.length : cut).toString('base64');
        deafen(client);
        client.connection.send(
          client.write('REGISTER', 'sip:contoso.example', {
            to: client.aor,
            headers: [['Authorization', value.replace(/gssapi-data="[^"]*"/, `gssapi-data="${sent}"`)]],
          }),
        );
        const answered = Number(test.ladder.splice(0).at(-1)?.text.slice(8, 11));
        expect([200, 401]).toContain(answered);
        expect(client.connection.flow.owner).toBe(answered === 200 ? client.aor : null);
        client.connection.lose();
        test.clock.advance(16 * 60_000);
      }),
      { numRuns: 150 },
    );
  });
});

describe('the stream framer', () => {
  const streams = fc
    .array(
      fc.oneof(
        damages.map((damage) => damage.of(sound)),
        fc.constantFrom(...hostile),
      ),
      { maxLength: 8 },
    )
    .map((pieces) => Buffer.from(pieces.join('')));
  const sound = ['MESSAGE sip:b@c SIP/2.0\r\nContent-Length: 5\r\n\r\nhello', 'SIP/2.0 200 OK\r\nl: 0\r\n\r\n'];
  const told = (all: Framed[]): string[] =>
    all.map((framed) => (framed.is === 'message' ? framed.bytes.toString('latin1') : framed.is));

  it('finds the same in a stream however it is cut', () => {
    fc.assert(
      fc.property(
        streams,
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
        (bytes, steps) => {
          const whole = new StreamFramer().push(bytes);
          const framer = new StreamFramer();
          const found: Framed[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
            const step = steps[turn % steps.length] ?? 1;
            found.push(...framer.push(bytes.subarray(at, at + step)));
            at += step;
          }
          expect(told(found)).toEqual(told(whole));
        },
      ),
      { numRuns: 500 },
    );
  });
});
