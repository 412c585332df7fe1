import { describe, expect, it } from 'vitest';
import { gistOf } from '../gist';
import { isServersView } from '../peerLanes';
import { TraceIndex } from '../traceIndex';
import { TraceFileReader } from './readTrace';

function read(text: string, encoding: 'utf-8' | 'utf-16le' = 'utf-8') {
  const bytes =
    encoding === 'utf-8'
      ? new TextEncoder().encode(text)
      : new Uint8Array(Uint16Array.from(`\ufeff${text}`, (character) => character.charCodeAt(0)).buffer);
  const reader = new TraceFileReader();
  return { entries: [...reader.push(bytes), ...reader.end()], skipped: reader.skipped };
}

const local = (hour: number, minute: number, second: number, ms: number): number =>
  new Date(2026, 2, 2, hour, minute, second, ms).getTime();

/** `lync-wire` 9.3, as OCSLogger of Lync Server 2010 writes it. */
const record = [
  'TL_INFO(TF_PROTOCOL) [0]1A2C.0B40::03/02/2026-08:00:01.417.00000042 (SIPStack,SIPAdminLog::TraceProtocolRecord:SIPAdminLog.cpp(125))$$begin_record',
  'Trace-Correlation-Id: 1288490189',
  'Instance-Id: 0000002A',
  'Direction: incoming;source="internal edge";destination="external edge"',
  'Peer: 10.0.0.21:50123',
  'Message-Type: request',
  'Start-Line: MESSAGE sip:bob@contoso.example;opaque=user:epid:Wv8RGY4moVaspQXhg_9kfAAA;gruu SIP/2.0',
  'From: <sip:alice@contoso.example>;tag=41c09e;epid=01a7c4d2e9',
  'To: <sip:bob@contoso.example>;tag=9b21;epid=02b8d5e3fa',
  'CSeq: 2 MESSAGE',
  'Call-ID: im-2f6e9c',
  'Via: SIP/2.0/TLS 10.0.0.21:50123',
  'Content-Type: text/plain; charset=UTF-8',
  'Content-Length: 9',
  'Message-Body: hello bob',
  '$$end_record',
  '',
];

describe('the text of an OCS or Lync server', () => {
  it('is read, with what is between the records passed over', () => {
    const noise =
      'TL_INFO(TF_COMPONENT) [0]06E4.0EB4::03/02/2026-08:00:01.001.00000041 (SIPStack,X:y.cpp(1))( 0001 )Exit';
    const { entries, skipped } = read([noise, '', ...record, noise, ...record].join('\r\n'));
    expect(skipped).toBe(0);
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({
      at: local(8, 0, 1, 417),
      direction: 'in',
      kind: 'sip',
      url: '10.0.0.21:50123',
    });
    expect(entries[0]?.text).toBe(
      [record[6]?.slice('Start-Line: '.length), ...record.slice(7, 14), '', 'hello bob'].join('\r\n'),
    );
    const index = new TraceIndex();
    index.add(entries.map((entry, at) => ({ ...entry, seq: at + 1 })));
    expect(index.rows.map(gistOf)[0]).toEqual({
      is: 'message',
      peer: 'alice@contoso.example',
      characters: 9,
      typing: null,
    });
    expect(isServersView(index.rows)).toBe(false);
  });

  it('is read in the order of OCS 2007 R2, without correlation, and as CLSLogger writes its heads', () => {
    const [, , instance, direction, peer, type, startLine, ...rest] = record;
    const shuffled = [
      'TL_INFO(TF_PROTOCOL) [sfvedge\\sfvedge]0584.0A44::03/02/2026-08:00:02.000.0000773E (SIPStack,SIPAdminLog::ProtocolRecord::Flush:ProtocolRecord.cpp(265)) [156659184] $$begin_record',
      startLine,
      peer,
      instance,
      type,
      direction,
      ...rest,
    ];
    expect(read(shuffled.join('\r\n')).entries.map(({ text }) => text)).toEqual(
      read(record.join('\r\n')).entries.map(({ text }) => text),
    );
  });

  it('is read in UTF-16, and with line ends of Unix', () => {
    const expected = read(record.join('\r\n')).entries;
    expect(read(record.join('\r\n'), 'utf-16le').entries).toEqual(expected);
    expect(read(record.join('\n')).entries).toEqual(expected);
  });

  it('gives a body its line ends back where Content-Length says that it had them', () => {
    const sdp = record.map((line) =>
      line.startsWith('Content-Length')
        ? 'Content-Length: 10'
        : line === 'Message-Body: hello bob'
          ? 'Message-Body: v=0\ns=-\n'
          : line,
    );
    expect(read(sdp.join('\n')).entries[0]?.text).toMatch(/\r\n\r\nv=0\r\ns=-\r\n$/);
  });

  it('takes a dash for no body', () => {
    const empty = record.map((line) =>
      line.startsWith('Content-Length')
        ? 'CONTENT-LENGTH: 0'
        : line.startsWith('Message-Body')
          ? 'Message-Body: -'
          : line,
    );
    expect(read(empty.join('\r\n')).entries[0]?.text).toMatch(/CONTENT-LENGTH: 0\r\n\r\n$/);
  });

  it('keeps diagnostic records as notes', () => {
    const diagnostic = [
      'TL_ERROR(TF_DIAG) [0]0860.0CDC::03/02/2026-08:00:02.000.000d0b31 (SIPStack,SIPAdminLog::WriteDiagnosticEvent:SIPAdminLog.cpp(802))$$begin_record',
      'LogType: diagnostic',
      'Severity: error',
      'Text: Message cannot be routed because the peer certificate does not contain a matching FQDN',
      'Result-Code: 0xc3e93d6a SIPPROXY_E_ROUTING_MSG_CERT_MISMATCH',
      'SIP-Start-Line: INVITE sip:noor@litware.example SIP/2.0',
      'SIP-Call-ID: 7f3',
      'SIP-CSeq: 1 INVITE',
      'Peer: edge.litware.example:5061',
      'Data: expected-fqdn="edge.litware.example"',
      '$$end_record',
    ];
    expect(read(diagnostic.join('\r\n')).entries).toEqual([
      expect.objectContaining({
        kind: 'state',
        level: 'error',
        url: 'edge.litware.example:5061',
        text: expect.stringContaining('SIPPROXY_E_ROUTING_MSG_CERT_MISMATCH') as string,
      }),
    ]);
  });

  it('counts records that cannot be read', () => {
    const noStart = record.filter((line) => !line.startsWith('Start-Line'));
    const unclosed = record.slice(0, -2);
    expect(read([...noStart, ...record, ...unclosed].join('\r\n'))).toMatchObject({ skipped: 2, entries: [{}] });
  });
});

describe('the log of a Lync client', () => {
  const head = '03/02/2026|08:00:01.417 1A2C:0B40 INFO  :: ';
  const message = [
    'MESSAGE sip:bob@contoso.example SIP/2.0',
    'Call-ID: 1',
    'CSeq: 2 MESSAGE',
    'Content-Length: 9',
    '',
    'hello bob',
  ];
  const sending = 'Sending Packet - 10.0.0.5:5061 (From Local Address: 10.0.0.21:50123) 412 bytes:';
  const block = [sending, ...message, `End of ${sending}`].map((line) => head + line);

  it('is read, each message with its direction and peer', () => {
    const received = 'Data Received - 10.0.0.5:5061 (To Local Address: 10.0.0.21:50123) 60 bytes:';
    const answer = [received, 'SIP/2.0 200 OK', 'Call-ID: 1', 'CSeq: 2 MESSAGE', '', `End of ${received}`];
    const other = head.replace('0B40', '0B44');
    const lines = [
      ...block.slice(0, 3),
      `${other}TRACE in between`,
      ...block.slice(3),
      ...answer.map((line) => head + line),
    ];
    const { entries, skipped } = read(lines.join('\r\n'));
    expect(skipped).toBe(0);
    expect(entries).toEqual([
      { at: local(8, 0, 1, 417), direction: 'out', kind: 'sip', url: '10.0.0.5:5061', text: message.join('\r\n') },
      {
        at: local(8, 0, 1, 417),
        direction: 'in',
        kind: 'sip',
        url: '10.0.0.5:5061',
        text: 'SIP/2.0 200 OK\r\nCall-ID: 1\r\nCSeq: 2 MESSAGE\r\n\r\n',
      },
    ]);
  });

  it('is read where the lines of a message have no head of their own', () => {
    const bare = [head + sending, ...message, `${head}End of ${sending}`];
    expect(read(bare.join('\n')).entries[0]?.text).toBe(message.join('\r\n'));
  });

  it('keeps its errors and warnings as notes, and counts messages that are cut', () => {
    const error = head.replace('INFO ', 'ERROR');
    const { entries, skipped } = read([`${error}Cannot connect`, `${head}chatter`, ...block.slice(0, 4)].join('\r\n'));
    expect(entries).toEqual([expect.objectContaining({ kind: 'ui', level: 'error', text: 'Cannot connect' })]);
    expect(skipped).toBe(1);
  });
});
