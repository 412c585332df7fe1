import { createHash, randomBytes } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileAudience } from '../../src/protocol/shared/fileTicket';
import type { Member } from '../testing/conference';
import { facts, type Got, put, StoreMeeting, ticketFor } from '../testing/fileStore';
import { alice, bob } from '../testing/meeting';

let meeting: StoreMeeting;
beforeEach(async () => {
  meeting = new StoreMeeting();
  await meeting.listen();
});
afterEach(() => meeting.close());

const toBob: FileAudience = { is: 'peer', peer: bob };
const jsonOf = ({ body }: Got) => JSON.parse(body.toString()) as Record<string, unknown>;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const bytes = randomBytes(300_000);

function begin(changes: Parameters<typeof facts>[0] = {}) {
  return ticketFor(meeting.organizer, { is: 'upload', to: toBob, file: facts({ size: bytes.length, ...changes }) });
}

async function get(id: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  const { ticket } = await ticketFor(meeting.signIn(bob), { is: 'download', id });
  return meeting.http(method, id, ticket, { headers });
}

const part = (from: number, to: number, total = bytes.length) => ({
  headers: { 'Content-Range': `bytes ${from}-${to}/${total}` },
  body: [bytes.subarray(from, to + 1)],
});

describe('FIL-4 into the store', () => {
  it('a file comes whole, and is digested', async () => {
    const { answer } = await put(meeting, meeting.organizer, toBob, bytes);
    expect([answer.status, jsonOf(answer)]).toEqual([200, { received: bytes.length, sha256: sha256(bytes) }]);
  });

  it('an empty file is one too', async () => {
    const { id, answer } = await put(meeting, meeting.organizer, toBob, Buffer.alloc(0));
    expect(jsonOf(answer)).toEqual({ received: 0, sha256: sha256(Buffer.alloc(0)) });
    expect((await get(id)).body).toHaveLength(0);
  });

  it('a file comes in pieces, each from where the store is', async () => {
    const { id, ticket } = await begin();
    expect(jsonOf(await meeting.http('PUT', id, ticket, part(0, 99_999)))).toEqual({ received: 100_000 });
    const tooFar = await meeting.http('PUT', id, ticket, part(200_000, 299_999));
    expect([tooFar.status, tooFar.headers['upload-offset'], jsonOf(tooFar)]).toEqual([
      416,
      '100000',
      { error: 'offset' },
    ]);
    const head = await meeting.http('HEAD', id, ticket);
    expect([head.status, head.headers['upload-offset']]).toEqual([200, '100000']);
    const last = await meeting.http('PUT', id, ticket, part(100_000, 299_999));
    expect(jsonOf(last)).toEqual({ received: 300_000, sha256: sha256(bytes) });
    expect((await get(id)).body.equals(bytes)).toBe(true);
  });

  /** Half a file comes; then the connection breaks, or stays without a word. */
  const half = (id: string, ticket: string, cut: () => Promise<unknown>) =>
    meeting.http('PUT', id, ticket, {
      headers: { 'Content-Length': String(bytes.length) },
      body: [bytes.subarray(0, 150_000)],
      cut: async () => {
        await expect.poll(() => meeting.disk.sizeOf(id)).toBe(150_000);
        await cut();
      },
    });

  it('goes on where a connection broke', async () => {
    const { id, ticket } = await begin();
    await expect(half(id, ticket, async () => undefined)).rejects.toThrow();
    const again = await ticketFor(meeting.organizer, { is: 'resume', id });
    expect(again.received).toBe(150_000);
    expect(jsonOf(await meeting.http('PUT', id, again.ticket, part(150_000, 299_999)))).toMatchObject({
      sha256: sha256(bytes),
    });
  });

  it('the next upload ends one that hangs; of several that come at once one goes on', async () => {
    const { id, ticket } = await begin();
    const isBroken = expect(half(id, ticket, () => new Promise(() => undefined))).rejects.toThrow();
    await expect.poll(() => meeting.disk.sizeOf(id)).toBe(150_000);
    const rest = Array.from({ length: 6 }, () => meeting.http('PUT', id, ticket, part(150_000, 299_999)));
    await Promise.allSettled([isBroken, ...rest]);
    const received = Number((await meeting.http('HEAD', id, ticket)).headers['upload-offset']);
    await meeting.http('PUT', id, ticket, received < 300_000 ? part(received, 299_999) : {});
    expect((await get(id)).body.equals(bytes)).toBe(true);
  });

  it('a sender that falls silent is hung up on, and may go on', async () => {
    meeting.transfers.idleMs = 100;
    const { id, ticket } = await begin();
    const forGood = new Promise(() => undefined);
    await expect(half(id, ticket, () => forGood)).rejects.toThrow();
    expect((await meeting.http('HEAD', id, ticket)).headers['upload-offset']).toBe('150000');
    meeting.transfers.idleMs = 60_000;
    expect((await meeting.http('PUT', id, ticket, part(150_000, 299_999))).status).toBe(200);
  });

  it('a full disk is said (507), and what there was room for stays', async () => {
    const { id, ticket } = await begin();
    symlinkSync('/dev/full', path.join(meeting.directory, 'files', id));
    const answer = await meeting.http('PUT', id, ticket, part(0, 299_999));
    expect([answer.status, jsonOf(answer)]).toEqual([507, { error: 'full' }]);
    expect((await ticketFor(meeting.organizer, { is: 'resume', id })).received).toBe(0);
  });

  it('a server that was stopped before the digest makes it when asked again', async () => {
    const { id, ticket } = await begin();
    await meeting.disk.append(id, Readable.from([bytes]), bytes.length);
    expect((await ticketFor(meeting.organizer, { is: 'resume', id })).received).toBe(300_000);
    expect(jsonOf(await meeting.http('PUT', id, ticket))).toEqual({ received: 300_000, sha256: sha256(bytes) });
  });

  it('ends in the middle when its owner leaves the conference, and the file does not become complete', async () => {
    const [a] = meeting.members(alice, bob);
    const to = { is: 'conference', focus: meeting.focus } as const;
    const file = facts({ size: bytes.length });
    const { id, ticket } = await ticketFor(meeting.organizer, { is: 'upload', to, file });
    const answer = await meeting.http('PUT', id, ticket, {
      headers: { 'Content-Length': String(bytes.length) },
      body: [bytes.subarray(0, 150_000)],
      rest: async () => {
        await expect.poll(() => meeting.disk.sizeOf(id)).toBe(150_000);
        a.command({ is: 'deleteUser', focus: meeting.focus, user: alice });
        return [bytes.subarray(150_000)];
      },
    });
    expect([answer.status, jsonOf(answer)]).toEqual([403, { error: 'forbidden' }]);
    expect(await meeting.disk.sizeOf(id)).toBe(150_000);
  });

  it('an answer that was lost is given again', async () => {
    const { id, ticket } = await begin();
    await meeting.http('PUT', id, ticket, part(0, 299_999));
    const again = await meeting.http('PUT', id, ticket, part(0, 299_999));
    expect([again.status, jsonOf(again)]).toEqual([200, { received: 300_000, sha256: sha256(bytes) }]);
    expect((await meeting.http('HEAD', id, ticket)).headers['upload-offset']).toBe('300000');
  });

  it('more than was announced is refused, and what came of it is gone', async () => {
    const { id, ticket } = await begin();
    await meeting.http('PUT', id, ticket, part(0, 9));
    const headers = { 'Content-Range': `bytes 10-19/${bytes.length}` };
    const answer = await meeting.http('PUT', id, ticket, { headers, body: [bytes.subarray(10, 21)] });
    expect([answer.status, jsonOf(answer)]).toEqual([413, { error: 'size' }]);
    expect(await meeting.disk.sizeOf(id)).toBe(10);
  });

  it.each(['bytes 0-9/10', 'bytes 0-300000/300000', 'bytes 5-4/300000', 'bytes 0-9/*', 'pages 1-2/3'])(
    'Content-Range %s is refused',
    async (range) => {
      const { id, ticket } = await begin();
      const answer = await meeting.http('PUT', id, ticket, { headers: { 'Content-Range': range }, body: [bytes] });
      expect([answer.status, jsonOf(answer)]).toEqual([400, { error: 'malformed' }]);
    },
  );

  it('another SHA-256 than announced is refused, and the file is gone', async () => {
    const { id, ticket } = await begin({ sha256: sha256(Buffer.from('other')) });
    const answer = await meeting.http('PUT', id, ticket, part(0, 299_999));
    expect([answer.status, jsonOf(answer)]).toEqual([422, { error: 'digest' }]);
    expect((await meeting.http('HEAD', id, ticket)).status).toBe(404);
    expect(await meeting.disk.all()).toEqual([]);
  });

  it('the announced SHA-256 is right', async () => {
    const { answer } = await put(meeting, meeting.organizer, toBob, bytes, { sha256: sha256(bytes) });
    expect(answer.status).toBe(200);
  });

  it('is taken back', async () => {
    const { id, ticket } = await begin();
    await meeting.http('PUT', id, ticket, part(0, 9));
    expect((await meeting.http('DELETE', id, ticket)).status).toBe(204);
    expect(await meeting.disk.all()).toEqual([]);
    expect((await meeting.http('PUT', id, ticket, part(0, 9))).status).toBe(404);
  });
});

describe('FIL-4 out of the store', () => {
  let id: string;
  beforeEach(async () => {
    ({ id } = await put(meeting, meeting.organizer, toBob, bytes, { name: "Über 'das' (1).html", type: 'text/html' }));
  });

  it('a file is given to be saved, never to be shown', async () => {
    const { status, headers, body } = await get(id);
    expect([status, body.equals(bytes)]).toEqual([200, true]);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': "attachment; filename*=UTF-8''%C3%9Cber%20%27das%27%20%281%29.html",
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-length': '300000',
      'repr-digest': `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`,
    });
  });

  it('in part, from where one is', async () => {
    const { status, headers, body } = await get(id, { Range: 'bytes=299990-' });
    expect([status, headers['content-range'], headers['content-length']]).toEqual([
      206,
      'bytes 299990-299999/300000',
      '10',
    ]);
    expect(body.equals(bytes.subarray(299_990))).toBe(true);
    expect((await get(id, { Range: 'bytes=300000-' })).headers['content-range']).toBe('bytes */300000');
  });

  it('in part only when it is still the same', async () => {
    const { headers } = await get(id, {}, 'HEAD');
    expect((await get(id, { Range: 'bytes=0-9', 'If-Range': String(headers.etag) })).status).toBe(206);
    expect((await get(id, { Range: 'bytes=0-9', 'If-Range': '"another"' })).status).toBe(200);
  });

  it('HEAD tells all of it and gives nothing', async () => {
    const { status, headers, body } = await get(id, {}, 'HEAD');
    expect([status, headers['content-length'], body.length]).toEqual([200, '300000', 0]);
  });

  it('not with a ticket for uploading, and nothing goes in with one for downloading', async () => {
    const up = await ticketFor(meeting.organizer, { is: 'resume', id });
    expect((await meeting.http('GET', id, up.ticket)).status).toBe(405);
    const down = await ticketFor(meeting.organizer, { is: 'download', id });
    expect((await meeting.http('PUT', id, down.ticket, { body: [bytes] })).status).toBe(405);
    expect((await meeting.http('DELETE', id, down.ticket)).status).toBe(405);
    expect((await get(id)).body.equals(bytes)).toBe(true);
  });
});

describe('FIL-5 out of a conference', () => {
  /** More than the system takes ahead between two ends of this computer. */
  const large = randomBytes(30_000_000);
  let id: string;
  let ticket: string;
  beforeEach(async () => {
    await meeting.close();
    meeting = new StoreMeeting({}, { size: large.length, quota: large.length, total: large.length });
    await meeting.listen();
  });

  /** Bob gets a file of Alice's; `meanwhile` happens when it has begun. */
  const whileGetting = async (meanwhile: (a: Member) => void) => {
    const [a, b] = meeting.members(alice, bob);
    ({ id } = await put(meeting, meeting.organizer, { is: 'conference', focus: meeting.focus }, large));
    ({ ticket } = await ticketFor(b.endpoint, { is: 'download', id }));
    const getting = meeting.http('GET', id, ticket, { onHead: () => meanwhile(a) });
    const broken = await getting.catch((error: Error) => error);
    expect(broken).toBeInstanceOf(Error);
  };

  it('a file stops in the middle for who is removed, and the ticket is worth nothing (403)', async () => {
    await whileGetting((a) => a.command({ is: 'deleteUser', focus: meeting.focus, user: bob }));
    expect((await meeting.http('GET', id, ticket)).status).toBe(403);
  });

  it('and for everybody when it ends (404)', async () => {
    await whileGetting((a) => a.command({ is: 'deleteConference', focus: meeting.focus }));
    expect((await meeting.http('GET', id, ticket)).status).toBe(404);
  });
});

describe('FIL-4 tickets', () => {
  it.each([
    ['none', null],
    ['a made-up one', 'A'.repeat(43)],
    ['a path', '../../../etc/passwd'],
  ])('%s opens nothing (401)', async (_what, ticket) => {
    const { id } = await begin();
    const answer = await meeting.http('PUT', id, ticket, part(0, 9));
    expect([answer.status, jsonOf(answer), answer.headers['www-authenticate']]).toEqual([
      401,
      { error: 'ticket' },
      'Bearer',
    ]);
  });

  it('one of another file opens nothing, nor one for what is no file', async () => {
    const [first, second] = [await begin(), await begin()];
    expect((await meeting.http('PUT', second.id, first.ticket, part(0, 9))).status).toBe(401);
    expect((await meeting.http('GET', '..%2f..%2fsecret.key', first.ticket)).status).toBe(401);
    expect((await meeting.http('GET', `${first.id}/../x`, first.ticket)).status).toBe(401);
  });

  it('lasts an hour', async () => {
    const { id, ticket } = await begin();
    meeting.home.clock.advance(3_599_000);
    expect((await meeting.http('HEAD', id, ticket)).status).toBe(200);
    meeting.home.clock.advance(2_000);
    expect((await meeting.http('HEAD', id, ticket)).status).toBe(401);
  });

  it('is worth nothing when the person may not any more', async () => {
    const { id, ticket } = await begin();
    meeting.setPolicy({ files: false });
    expect((await meeting.http('PUT', id, ticket, part(0, 9))).status).toBe(403);
  });

  it('nobody has more than eight transfers at once', async () => {
    const uploads = await Promise.all(Array.from({ length: 9 }, () => begin({ size: 100_000 })));
    const ends: (() => void)[] = [];
    const hold = () => new Promise<void>((resolve) => ends.push(resolve));
    const going = uploads.slice(0, 8).map(({ id, ticket }) =>
      meeting
        .http('PUT', id, ticket, {
          headers: { 'Content-Length': '100000' },
          body: [bytes.subarray(0, 10)],
          cut: hold,
        })
        .catch(() => undefined),
    );
    const sizes = () => Promise.all(uploads.slice(0, 8).map(({ id }) => meeting.disk.sizeOf(id)));
    await expect.poll(sizes).toEqual(Array(8).fill(10));
    const [last] = uploads.slice(8);
    const answer = await meeting.http('HEAD', last?.id ?? '', last?.ticket ?? '');
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '5']);
    for (const end of ends) end();
    await Promise.all(going);
    await expect.poll(async () => (await meeting.http('HEAD', last?.id ?? '', last?.ticket ?? '')).status).toBe(200);
  });
});
