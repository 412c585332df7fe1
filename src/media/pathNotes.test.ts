import { beforeEach, describe, expect, it } from 'vitest';
import type { MediaNote } from '../domain/mediaNote';
import { FakePeerConnection } from '../testing/fakePeerConnection';
import { notePath } from './pathNotes';

let connection: FakePeerConnection;
let notes: [MediaNote, string][];

beforeEach(() => {
  connection = new FakePeerConnection();
  notes = [];
  notePath(connection as unknown as RTCPeerConnection, {
    id: 'c1',
    relays: 1,
    note: (note, level) => notes.push([note, level]),
  });
});

const fail = (url: string, errorCode: number) =>
  connection.dispatchEvent(Object.assign(new Event('icecandidateerror'), { url, errorCode }));

describe('the way of a connection, in the log', () => {
  it('is told with the candidates of both ends whenever it changes', async () => {
    const candidates =
      'a=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\na=candidate:2 1 udp 1 10.0.0.1 9 typ srflx raddr 0.0.0.0';
    await connection.setLocalDescription({ type: 'offer', sdp: candidates });
    connection.connect('connecting');
    connection.connect('connected');
    connection.connect('failed');
    connection.close();
    expect(notes.map(([note, level]) => [note.is === 'mediaPath' && note.state, level])).toEqual([
      ['checking', 'information'],
      ['connected', 'information'],
      ['failed', 'error'],
      ['closed', 'information'],
    ]);
    expect(notes[0]?.[0]).toMatchObject({ connection: 'c1', gathered: ['host', 'srflx'], theirs: [], relays: 1 });
  });

  it('names a server that did not serve, once, and none that served on another network', async () => {
    await connection.setLocalDescription({ type: 'offer', sdp: '' });
    fail('turn:turn.example:3478?transport=udp', 701);
    fail('turn:turn.example:3478?transport=udp', 701);
    fail('stun:stun.example', 701);
    const served = Object.assign(new Event('icecandidate'), { candidate: { url: 'stun:stun.example' } });
    connection.dispatchEvent(served);
    connection.finish();
    expect(notes).toEqual([[{ is: 'relayError', url: 'turn:turn.example:3478?transport=udp', code: 701 }, 'warning']]);
  });
});
