import { createHash, randomBytes } from 'node:crypto';
import { rmSync, symlinkSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreMeeting, ticketFor } from '../../../server/testing/fileStore';
import { bob } from '../../../server/testing/meeting';
import type { StoreTicket } from '../../domain/file';
import type { FileAudience } from '../../protocol/shared/fileTicket';
import { fakeWorld } from '../../testing/fakeWorld';
import type { FileSink } from './fileSink';
import { Source } from './outflow';
import { StoreDownload } from './storeDownload';
import { StoreUpload } from './storeUpload';

const size = 2_500_000;
const bytes = new Uint8Array(randomBytes(size));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const toBob: FileAudience = { is: 'peer', peer: bob };

let meeting: StoreMeeting;
beforeEach(async () => {
  meeting = new StoreMeeting({}, { size: 10 * size, quota: 10 * size, total: 10 * size });
  await meeting.listen();
});
afterEach(() => meeting.close());

async function leave(id?: string, announced: string | null = null): Promise<StoreTicket> {
  const file = { name: 'film.mp4', size, type: 'video/mp4', sha256: announced };
  const request = id === undefined ? { is: 'upload' as const, to: toBob, file } : { is: 'resume' as const, id };
  return withUrl(await ticketFor(meeting.organizer, request));
}

const withUrl = (ticket: Omit<StoreTicket, 'url'>): StoreTicket => ({ ...ticket, url: meeting.urlOf(ticket.id) });
const pathOf = ({ id }: StoreTicket) => path.join(meeting.directory, 'files', id);

function uploadOf(content: Uint8Array<ArrayBuffer> = bytes) {
  const reached: number[] = [];
  const source = new Source(new File([content], 'film.mp4'), 'whole');
  return { upload: new StoreUpload(fakeWorld(), source, (count) => reached.push(count)), reached };
}

describe('FIL-4 a file of ours', () => {
  it('goes to the store a block a request, and what the store has is what was read', async () => {
    const { upload, reached } = uploadOf();
    expect(await upload.run(await leave())).toEqual({ is: 'complete', sha256 });
    expect(reached).toEqual([1_048_576, 2_097_152, size]);
  });

  it('goes on where it was interrupted, though more had arrived than was heard of', async () => {
    const first = await leave();
    await meeting.http('PUT', first.id, first.ticket, {
      headers: { 'Content-Range': `bytes 0-999999/${size}` },
      body: [Buffer.from(bytes.subarray(0, 1_000_000))],
    });
    const { upload, reached } = uploadOf();
    expect(await upload.run({ ...first, received: 0 })).toEqual({ is: 'complete', sha256 });
    expect(reached[0]).toBe(1_000_000);
  });

  it('goes in smaller blocks while the way is slow, and in larger ones again', async () => {
    const reached: number[] = [];
    let at = 0;
    // Looked at before and after each request.
    const now = () => {
      at += reached.length < 3 ? 10_000 : 0;
      return at;
    };
    const source = new Source(new File([bytes], 'film.mp4'), 'whole');
    const upload = new StoreUpload({ ...fakeWorld(), now }, source, (count) => reached.push(count));
    await upload.run(await leave());
    expect(reached).toEqual([1_048_576, 1_572_864, 1_835_008, 1_966_080, 2_228_224, size]);
  });

  it('is told lost without a way, and goes on with another ticket in the same page', async () => {
    const { upload } = uploadOf();
    const ticket = await leave();
    expect(await upload.run({ ...ticket, url: 'http://127.0.0.1:1/' })).toEqual({ is: 'lost', bytes: 0 });
    expect(await upload.run({ ...ticket, ticket: 'A'.repeat(43) })).toEqual({ is: 'lost', bytes: 0 });
    expect(await upload.run(await leave(ticket.id))).toEqual({ is: 'complete', sha256 });
  });

  it('that was all there, but not yet looked at, is complete with one question', async () => {
    const ticket = await leave();
    await meeting.disk.append(ticket.id, [Buffer.from(bytes)] as unknown as AsyncIterable<Buffer>, size);
    expect(await uploadOf().upload.run(await leave(ticket.id))).toEqual({ is: 'complete', sha256 });
  });

  it('is damaged when the store has something else', async () => {
    const ticket = await leave();
    const other = Buffer.from(bytes.subarray(0, 1000)).fill(0);
    await meeting.disk.append(ticket.id, [other] as unknown as AsyncIterable<Buffer>, 1000);
    const failure = { is: 'file', what: 'damaged' };
    expect(await uploadOf().upload.run(await leave(ticket.id))).toEqual({ is: 'failed', failure });
    expect(await uploadOf().upload.run(await leave(undefined, 'f'.repeat(64)))).toEqual({ is: 'failed', failure });
  });

  it('that changed since it was chosen is not sent', async () => {
    const { upload } = uploadOf(bytes.slice(0, size - 1));
    expect(await upload.run(await leave())).toEqual({ is: 'lost', bytes: 0 });
    const source = new Source(new File([bytes], 'film.mp4'), 'whole');
    Object.defineProperty(source.file, 'slice', { value: () => new Blob([bytes.slice(0, 3)]) });
    const changed = new StoreUpload(fakeWorld(), source, () => undefined);
    expect(await changed.run(await leave())).toEqual({ is: 'failed', failure: { is: 'file', what: 'changed' } });
  });

  it('says that the disk of the store is full', async () => {
    const ticket = await leave();
    symlinkSync('/dev/full', pathOf(ticket));
    expect(await uploadOf().upload.run(ticket)).toMatchObject({
      is: 'failed',
      failure: { is: 'rejected', status: 507, diagnostics: { id: 60_005 } },
    });
  });

  it('is taken back, and stops at once', async () => {
    const { upload } = uploadOf();
    const ticket = await leave();
    const running = upload.run(ticket);
    upload.stop();
    expect(await running).toMatchObject({ is: 'lost' });
    await upload.takeBack(ticket);
    expect(meeting.home.home.transfers).not.toBeNull();
    expect(await meeting.disk.all()).toEqual([]);
  });
});

class MemorySink implements FileSink {
  readonly place = 'browser';
  readonly pieces: Uint8Array[] = [];
  room = Number.POSITIVE_INFINITY;

  get bytes(): number {
    return this.pieces.reduce((sum, piece) => sum + piece.length, 0);
  }
  async settled(): Promise<number> {
    return this.bytes;
  }
  async write(piece: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.bytes + piece.length > this.room) throw new Error('no room');
    this.pieces.push(piece);
  }
  async digest(): Promise<string> {
    return createHash('sha256').update(Buffer.concat(this.pieces)).digest('hex');
  }
  async keep(): Promise<void> {}
  async discard(): Promise<void> {}
}

describe('FIL-4 a file of somebody else', () => {
  let ticket: StoreTicket;
  let given: StoreTicket;
  beforeEach(async () => {
    given = await leave();
    await uploadOf().upload.run(given);
    ticket = withUrl(await ticketFor(meeting.signIn(bob), { is: 'download', id: given.id }));
  });

  const downloadTo = (sink: FileSink, file = { size, sha256 }) =>
    new StoreDownload(fakeWorld(), sink, file, () => undefined);

  it('comes out of the store, and is what was told', async () => {
    const sink = new MemorySink();
    const reached: number[] = [];
    const download = new StoreDownload(fakeWorld(), sink, { size, sha256 }, (count) => reached.push(count));
    expect(await download.run(ticket)).toEqual({ is: 'complete', sha256 });
    expect(Buffer.concat(sink.pieces).equals(bytes)).toBe(true);
    expect(reached.at(-1)).toBe(size);
  });

  it('goes on from the byte that is not there yet', async () => {
    const sink = new MemorySink();
    await sink.write(bytes.slice(0, 1_000_000));
    expect(await downloadTo(sink).run({ ...ticket, url: 'http://127.0.0.1:1/' })).toEqual({
      is: 'lost',
      bytes: 1_000_000,
    });
    expect(await downloadTo(sink).run(ticket)).toEqual({ is: 'complete', sha256 });
    expect(await downloadTo(sink).run(ticket)).toEqual({ is: 'complete', sha256 });
  });

  it('that is not what was told is damaged', async () => {
    const failure = { is: 'file', what: 'damaged' };
    expect(await downloadTo(new MemorySink(), { size, sha256: 'f'.repeat(64) }).run(ticket)).toEqual({
      is: 'failed',
      failure,
    });
  });

  it('that is longer than was told is not taken', async () => {
    const failure = { is: 'file', what: 'notAsOffered' };
    expect(await downloadTo(new MemorySink(), { size: 10, sha256 }).run(ticket)).toEqual({ is: 'failed', failure });
  });

  it('that is shorter, or gone, is lost', async () => {
    truncateSync(pathOf(given), 1_000_000);
    expect(await downloadTo(new MemorySink()).run(ticket)).toEqual({ is: 'lost', bytes: 0 });
    rmSync(pathOf(given));
    expect(await downloadTo(new MemorySink()).run(ticket)).toMatchObject({ is: 'lost' });
  });

  it('stops where there is no room', async () => {
    const sink = new MemorySink();
    sink.room = 1_000_000;
    expect(await downloadTo(sink).run(ticket)).toEqual({ is: 'failed', failure: { is: 'file', what: 'noRoom' } });
  });
});
