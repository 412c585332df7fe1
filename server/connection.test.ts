import { describe, expect, it } from 'vitest';
import { Connection, type ConnectionLimits, standardLimits } from './connection';
import { StreamFramer } from './framing';
import { silentLog } from './log';
import type { TestEndpoint } from './testing/endpoint';
import { TestHome, testPassword } from './testing/home';

interface Wire {
  connection: Connection;
  sent: string[];
  closedWith: string[];
}

function connect(test: TestHome, changes: Partial<ConnectionLimits> = {}, address = '192.0.2.9'): Wire | null {
  const [sent, closedWith]: [string[], string[]] = [[], []];
  const transport = {
    protocol: 'TCP' as const,
    address,
    port: 1,
    send: (wire: string) => void sent.push(wire),
    close: (why: string) => void closedWith.push(why),
  };
  const connection = Connection.accept(test.home, transport, { ...standardLimits, ...changes });
  return connection === null ? null : { connection, sent, closedWith };
}

function mustConnect(test: TestHome, changes?: Partial<ConnectionLimits>): Wire {
  const wire = connect(test, changes);
  if (wire === null) throw new Error('refused');
  return wire;
}

const message = (endpoint: TestEndpoint, body = ''): string =>
  endpoint.write('MESSAGE', 'sip:bob@contoso.example', { contentType: 'text/plain', body });

describe('a connection and its limits', () => {
  it('RFC 3261 §21.5.7: a message over 1 MB gets 513, and the connection lives on', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    const { connection, sent, closedWith } = mustConnect(test);
    connection.message(Buffer.from(message(alice, 'x'.repeat(1024 * 1024))));
    expect(sent[0]).toMatch(/^SIP\/2\.0 513 Message Too Large\r\n/);
    expect(sent[0]).toContain('CSeq: 1 MESSAGE');
    connection.message(Buffer.from(message(alice)));
    expect(sent[1]).toMatch(/^SIP\/2\.0 403 /);
    expect(closedWith).toEqual([]);
  });

  it('shows the tap each message once, refused ones too, and what goes out', () => {
    const seen: string[] = [];
    const tap = {
      received: (_flow: unknown, bytes: Buffer) => seen.push(`in ${bytes.toString().slice(0, 7)}`),
      sent: (_flow: unknown, wire: string) => seen.push(`out ${wire.slice(8, 11)}`),
    };
    const test = new TestHome({ tap });
    const { connection } = mustConnect(test, { burst: 1, perSecond: 0.001 });
    const text = message(test.endpoint('alice@contoso.example'));
    connection.message(Buffer.from(text));
    connection.message(Buffer.from(text));
    expect(seen).toEqual(['in MESSAGE', 'out 403', 'in MESSAGE', 'out 503']);
  });

  it('the same on a stream', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    const { connection, sent, closedWith } = mustConnect(test);
    const framer = new StreamFramer();
    const stream = Buffer.from(message(alice, 'x'.repeat(1024 * 1024)) + message(alice));
    for (const framed of framer.push(stream)) connection.framed(framed);
    expect(sent.map((text) => text.slice(8, 11))).toEqual(['513', '403']);
    expect(closedWith).toEqual([]);
  });

  it('a long message counts as several against the rate', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    const { connection, sent } = mustConnect(test, { burst: 30, perSecond: 1 });
    for (let count = 0; count < 2; count += 1) connection.message(Buffer.from(message(alice, 'x'.repeat(60 * 1024))));
    expect(sent.map((text) => text.slice(8, 11))).toEqual(['403', '503']);
  });

  it('a connection that sends nothing but nonsense does not fill the log', () => {
    const logged: object[] = [];
    const log = { ...silentLog, warn: (fields: object) => void logged.push(fields) };
    const { connection } = mustConnect(new TestHome({ log }));
    for (let count = 0; count < 2_500; count += 1) connection.message(Buffer.from('nonsense\r\n\r\n'));
    expect(logged).toHaveLength(22);
    expect(logged.at(-1)).toMatchObject({ count: 2_000 });
  });

  it('headers over 64 KB get 400 and the connection goes', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    const { connection, sent, closedWith } = mustConnect(test);
    connection.message(Buffer.from(message(alice).replace('\r\n\r\n', `\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`)));
    expect(sent[0]).toMatch(/^SIP\/2\.0 400 /);
    expect(closedWith).toEqual(['the headers are too long']);
  });

  it('a damaged request gets 400, a damaged ACK or response nothing, and the connection lives on', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    const { connection, sent, closedWith } = mustConnect(test);
    connection.message(Buffer.from(message(alice).replace('Max-Forwards: 70', 'Max-Forwards: x')));
    connection.message(
      Buffer.from(message(alice).replaceAll('MESSAGE', 'ACK').replace('Max-Forwards: 70', 'Max-Forwards: x')),
    );
    connection.message(Buffer.from('SIP/2.0 200 OK\r\nVia: x\r\n\r\n'));
    connection.message(Buffer.from('rubbish'));
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatch(/^SIP\/2\.0 400 Bad Request \(a Max-Forwards that is no number\)\r\n/);
    expect(closedWith).toEqual([]);
  });

  it('RFC 5626 §4.4.1: answers a keep-alive on a stream', () => {
    const { connection, sent } = mustConnect(new TestHome());
    connection.framed({ is: 'ping' });
    expect(sent).toEqual(['\r\n']);
  });

  it('who has not signed in within 30 s is put out; who signed out has as long again', () => {
    const test = new TestHome();
    const { closedWith } = mustConnect(test);
    test.clock.advance(30_000);
    expect(closedWith).toEqual(['not signed in in time']);

    const later = mustConnect(test);
    later.connection.flow.prove(test.addPerson('dora@contoso.example', 'Dora'));
    test.clock.advance(300_000);
    later.connection.flow.disown();
    expect(later.closedWith).toEqual([]);
    test.clock.advance(60_000);
    expect(later.closedWith).toEqual(['not signed in in time']);
  });

  it('one address may have so many connections that have not signed in, and any number that have', () => {
    const test = new TestHome();
    const few = { anonymousPerAddress: 2 };
    const first = connect(test, few);
    expect([connect(test, few), connect(test, few)].map((wire) => wire === null)).toEqual([false, true]);
    expect(connect(test, few, '198.51.100.4')).not.toBeNull();
    first?.connection.flow.prove(test.addPerson('dora@contoso.example', 'Dora'));
    expect(connect(test, few)).not.toBeNull();
  });

  it('too many messages at once get 503 with Retry-After, far too many close', () => {
    const test = new TestHome();
    const alice = test.endpoint('alice@contoso.example');
    const { connection, sent, closedWith } = mustConnect(test, { burst: 3, perSecond: 1, tooMany: 5 });
    for (let count = 0; count < 8; count += 1) connection.message(Buffer.from(message(alice)));
    expect(sent.map((text) => text.slice(8, 11))).toEqual(['403', '403', '403', '503', '503', '503', '503', '503']);
    expect(sent[3]).toContain('Retry-After: 1');
    test.clock.advance(1000);
    connection.message(Buffer.from(message(alice)));
    expect(sent.at(-1)?.slice(8, 11)).toBe('403');
    for (let count = 0; count < 6; count += 1) connection.message(Buffer.from(message(alice)));
    expect(closedWith).toEqual(['too many messages']);
  });

  it('a bug in a role costs its own message only', () => {
    const test = new TestHome();
    const alice = test.signIn('alice@contoso.example', { password: testPassword });
    test.home.receiver.receive = () => {
      throw new Error('a bug');
    };
    const { connection, closedWith } = mustConnect(test);
    expect(() => connection.message(Buffer.from(message(alice)))).not.toThrow();
    expect(closedWith).toEqual([]);
  });
});
