import { describe, expect, it } from 'vitest';
import { TraceScript } from '../testing/traceScript';
import { Lanes } from './lanes';
import { isServersView, PeerLanes } from './peerLanes';

const bob = 'sip:bob@contoso.example';
const chat = { contentType: 'application/sdp', body: 'm=message 5060 sip null\r\n' };
const notice = (...vias: string[]) => ({
  by: 'them' as const,
  headers: [
    'Event: vnd-microsoft-roaming-self',
    ...vias.map((host) => `Via: SIP/2.0/TLS ${host}:5061;branch=z9hG4bK1`),
  ],
});

function ladderOf(script: TraceScript, lanes: Lanes | PeerLanes = new Lanes()) {
  const { rows } = script.index();
  for (const row of rows) lanes.take(row);
  return {
    lanes: lanes.all.map(({ role, host }) => (host === '' ? role : `${role} ${host}`)),
    spans: rows.map((row) => lanes.spanOf(row)),
  };
}

function signedIn(...vias: string[]): TraceScript {
  const script = new TraceScript();
  const subscribe = script.sends('SUBSCRIBE', 'sip:alice@contoso.example', {
    headers: ['Event: vnd-microsoft-roaming-self'],
  });
  script.inDialog(subscribe, 'BENOTIFY', notice(...vias));
  return script;
}

describe('the lanes of a client', () => {
  it('are client and server where nothing stands between and nobody else was spoken to', () => {
    const { lanes, spans } = ladderOf(signedIn());
    expect(lanes).toEqual(['client', 'server fe1.contoso.example']);
    expect(spans).toEqual([
      { from: 0, to: 1, hops: [], missed: null },
      { from: 1, to: 0, hops: [], missed: null },
    ]);
  });

  it('have a lane for what Via names before the server that notifies us', () => {
    const script = signedIn('edge1.contoso.example', 'fe1.contoso.example');
    const invite = script.sends('INVITE', bob, chat);
    script.answers(invite, 200, 'OK');
    const { lanes, spans } = ladderOf(script);
    expect(lanes).toEqual(['client', 'edge edge1.contoso.example', 'server fe1.contoso.example', 'peer']);
    expect(spans.at(-2)).toEqual({ from: 0, to: 3, hops: [1, 2], missed: null });
    expect(spans.at(-1)).toEqual({ from: 3, to: 0, hops: [1, 2], missed: null });
  });

  it('have a lane for what Record-Route names behind the server, the nearest to us first', () => {
    const script = signedIn();
    const invite = script.sends('INVITE', bob, chat);
    script.answers(invite, 180, 'Ringing', {
      headers: ['Record-Route: <sip:edge.fabrikam.example:5061;lr>, <sip:fe1.contoso.example:5061;lr>'],
    });
    expect(ladderOf(script).lanes).toEqual([
      'client',
      'server fe1.contoso.example',
      'edge edge.fabrikam.example',
      'peer',
    ]);
  });

  it('know the edge by what it says of a remote user, whatever its name', () => {
    const script = new TraceScript();
    const subscribe = script.sends('SUBSCRIBE', 'sip:alice@contoso.example', {
      headers: ['Event: vnd-microsoft-roaming-self'],
    });
    script.answers(subscribe, 200, 'OK', {
      headers: [
        'Record-Route: <sip:fe1.contoso.example;lr>, <sip:sip.contoso.example;lr>',
        'ms-user-logon-data: RemoteUser',
      ],
    });
    script.inDialog(subscribe, 'BENOTIFY', notice('sip.contoso.example', 'fe1.contoso.example'));
    expect(ladderOf(script).lanes).toEqual(['client', 'edge sip.contoso.example', 'server fe1.contoso.example']);
  });

  it('show where a request died: at the host that its refusal names', () => {
    const script = signedIn('edge1.contoso.example', 'fe1.contoso.example');
    const invite = script.sends('INVITE', 'sip:noor@litware.example', chat);
    script.answers(invite, 504, 'Server time-out', {
      headers: ['ms-diagnostics: 1008;reason="Unable to resolve DNS SRV record";source="edge1.contoso.example"'],
    });
    const { spans } = ladderOf(script);
    expect(spans.at(-2)).toEqual({ from: 0, to: 1, hops: [], missed: 3 });
    expect(spans.at(-1)).toEqual({ from: 1, to: 0, hops: [], missed: null });
  });

  it('tell a refusal of the server from one of the other person by the epid that endpoints write', () => {
    const script = signedIn();
    const offline = script.sends('INVITE', bob, chat);
    script.answers(offline, 480, 'Temporarily Unavailable');
    const busy = script.sends('INVITE', bob, chat);
    script.answers(busy, 486, 'Busy Here', { headers: ['To: <sip:bob@contoso.example>;tag=r1;epid=02b8d5e3fa'] });
    const { spans } = ladderOf(script);
    expect(spans.slice(2).map((span) => [span?.from, span?.to, span?.missed])).toEqual([
      [0, 1, 2],
      [1, 0, null],
      [0, 2, null],
      [2, 0, null],
    ]);
  });

  it('end where a refusal came from for its ACK, which goes no further (RFC 3261 §17.1.1.3)', () => {
    const script = signedIn();
    const offline = script.sends('INVITE', bob, chat);
    script.answers(offline, 480, 'Temporarily Unavailable');
    script.inDialog(offline, 'ACK');
    expect(ladderOf(script).spans.at(-1)).toEqual({ from: 0, to: 1, hops: [], missed: null });
  });

  it('end at the server for what the server does itself', () => {
    const script = signedIn();
    script.sends('INVITE', bob, chat);
    script.sends('SERVICE', 'sip:alice@contoso.example', { contentType: 'application/SOAP+xml', body: '<a/>' });
    script.sends('INVITE', 'sip:alice@contoso.example;gruu;opaque=app:conf:chat:id:7', chat);
    expect(
      ladderOf(script)
        .spans.slice(3)
        .map((span) => span?.to),
    ).toEqual([1, 1]);
  });

  it('change their version only when a lane comes', () => {
    const lanes = new Lanes();
    const versions = signedIn()
      .index()
      .rows.map((row) => {
        lanes.take(row);
        return lanes.version;
      });
    const script = signedIn();
    script.sends('INVITE', bob, chat);
    script.sends('INVITE', bob, chat);
    for (const row of script.index().rows) lanes.take(row);
    expect(versions).toEqual([0, 1]);
    expect(lanes.version).toBe(2);
  });
});

describe('the lanes of a server', () => {
  it('are the connections of its log, called by who is at the other end', () => {
    const script = new TraceScript();
    script.url = '10.0.0.21:50123';
    script.gets('REGISTER', 'sip:alice@contoso.example', { headers: ['Via: SIP/2.0/TLS 10.0.0.21:50123'] });
    script.url = '10.0.0.22:50200';
    const vias = ['Via: SIP/2.0/TLS fe1.contoso.example:5061', 'Via: SIP/2.0/TLS 10.0.0.21:50123'];
    script.sends('INVITE', bob, { ...chat, headers: vias });
    const { rows } = script.index();
    expect(isServersView(rows)).toBe(true);
    const { lanes, spans } = ladderOf(script, new PeerLanes());
    expect(lanes).toEqual(['peer alice@contoso.example', 'server', 'peer 10.0.0.22:50200']);
    expect(spans.map((span) => [span?.from, span?.to])).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('are not those of a client', () => {
    expect(isServersView(signedIn().index().rows)).toBe(false);
  });
});
