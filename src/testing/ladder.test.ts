import { describe, expect, it } from 'vitest';
import type { TraceEntry } from '../trace/entry';
import { ladderOf } from './ladder';

function entry(direction: 'in' | 'out', text: string, kind: TraceEntry['kind'] = 'sip'): TraceEntry {
  return { seq: 1, at: 0, direction, kind, url: 'wss://contoso.example/sip', text };
}

const focus = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA';
const lines = (start: string, ...headers: string[]) => `${[start, ...headers].join('\r\n')}\r\n\r\n`;

describe('a ladder', () => {
  it.each([
    [
      'out',
      'INVITE sip:bob@contoso.example SIP/2.0',
      ['Content-Type: application/sdp'],
      '',
      'alice -> server INVITE sip:bob@contoso.example (im)',
    ],
    ['in', 'SIP/2.0 180 Ringing', ['CSeq: 1 INVITE'], '', 'server -> alice 180 INVITE'],
    [
      'out',
      'MESSAGE sip:bob@contoso.example;opaque=user:epid:Wv8RGY4moVaspQXhg_9kfAAA;gruu SIP/2.0',
      ['c: text/plain; charset=UTF-8'],
      'hi',
      'alice -> server MESSAGE sip:bob@contoso.example;gruu (text)',
    ],
    [
      'in',
      'BENOTIFY sip:alice@contoso.example SIP/2.0',
      ['Event: presence'],
      '',
      'server -> alice BENOTIFY sip:alice@contoso.example (presence)',
    ],
    [
      'out',
      `INFO ${focus} SIP/2.0`,
      ['Content-Type: application/cccp+xml'],
      '<request requestId="1"><deleteUser/></request>',
      'alice -> server INFO sip:alice@contoso.example;focus (deleteUser)',
    ],
  ] as const)('%s: %s', (direction, start, headers, body, line) => {
    expect(ladderOf('alice', [entry(direction, `${lines(start, ...headers)}${body}`)])).toEqual([line]);
  });

  it('leaves out keep-alives, news of the socket, and what is no SIP', () => {
    const others = [
      entry('out', '\r\n\r\n', 'ping'),
      entry('in', 'open', 'state'),
      entry('in', 'HTTP/1.1 400 Bad Request'),
    ];
    expect(ladderOf('alice', others)).toEqual([]);
  });
});
