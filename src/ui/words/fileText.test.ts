import { describe, expect, it } from 'vitest';
import type { Failure } from '../../domain/failure';
import type { FileItem, FileState } from '../../domain/file';
import { bob } from '../../testing/people';
import { fileFailureText, fileStateText, progressText } from './fileText';

const item = (own: boolean, state: FileState, route: FileItem['route'] = { is: 'peer', peer: bob }) =>
  ({ own, state, route }) as FileItem;
const rejected = (status: number): Failure => ({ is: 'rejected', status, reason: '' });

describe('words about files', () => {
  it.each([
    [item(true, { is: 'offered' }), 'Waits until Bob accepts it'],
    [item(true, { is: 'offered' }, { is: 'store', file: null, sha256: null }), 'Waits to be uploaded'],
    [item(false, { is: 'offered' }, { is: 'store', file: 'a', sha256: 'f'.repeat(64) }), 'Ready to download'],
    [item(true, { is: 'done', at: 0, place: null }), 'Delivered'],
    [item(false, { is: 'done', at: 0, place: 'disk' }), 'Saved where you wanted it'],
    [item(true, { is: 'declined' }), 'Bob declined this file.'],
    [item(false, { is: 'cancelled', byUs: false }), 'Bob cancelled it.'],
    [item(true, { is: 'interrupted', bytes: 0 }), 'Waits for the connection. It goes on when that is back.'],
    [
      item(false, { is: 'interrupted', bytes: 12_000_000 }),
      'Interrupted at 12 MB. It goes on from there when the connection is back.',
    ],
  ])('says where it is: %#', (file, text) => {
    expect(fileStateText(file, 'Bob')).toBe(text);
  });

  it.each([
    [rejected(488), 'Bob’s program cannot receive files from Confab. Send it another way, by mail for example.'],
    [rejected(501), 'Bob’s program cannot receive files from Confab. Send it another way, by mail for example.'],
    [rejected(480), 'Bob is unavailable or offline. Try again when Bob is back.'],
    [
      { is: 'forbidden', policy: 'fileSize', limit: 10_000_000 } as const,
      'The file is larger than your limit of 10 MB.',
    ],
    [
      { is: 'forbidden', policy: 'fileEnding' } as const,
      'Your organization does not let files of this kind be sent. Put it into an archive, or ask your helpdesk.',
    ],
    [
      { is: 'file', what: 'changed' } as const,
      'The file was changed, moved or deleted after you chose it. Choose it again.',
    ],
  ])('says why it did not go, and what to do: %#', (failure, text) => {
    expect(fileFailureText(failure, { who: 'Bob', own: true })).toBe(text);
  });

  it.each([
    [413, 60_002, true, 'It is larger than you may send.'],
    [403, 60_004, true, /^Your files take all the room/],
    [507, 60_005, true, 'The server has no room for it. Try again later, or ask your administrator.'],
    [404, 60_000, true, 'The server has given up what had been sent of it. Try again.'],
    [404, 60_000, false, 'The server does not keep it any more. Ask Bob to send it again.'],
    [481, 0, false, 'You are not in this conference any more. Join it again, then try again.'],
  ])('says what the server’s store says: %i %i', (status, id, own, text) => {
    const failure: Failure = { is: 'rejected', status, reason: '', diagnostics: { id, reason: '' } };
    expect(fileFailureText(failure, { who: 'Bob', own })).toMatch(text);
  });

  it.each([
    [{ bytes: 12_000_000, bytesPerSecond: 3_500_000 }, '12 MB of 40 MB · 3.5 MB/s · 8 s left'],
    [{ bytes: 0, bytesPerSecond: null }, '0 bytes of 40 MB'],
    [{ bytes: 0, bytesPerSecond: 4_000 }, '0 bytes of 40 MB · 4.0 KB/s · 2 h 47 min left'],
  ])('says how far it is: %#', (transfer, text) => {
    expect(progressText(transfer, 40_000_000)).toBe(text);
  });
});
