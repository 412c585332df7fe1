/**
 * A light SIP endpoint for load: registers with digest over a WebSocket, answers what it must, and counts. It parses no
 * more of a message than it needs, so that the generator costs little beside the server.
 */
import { createHash, randomUUID } from 'node:crypto';
import WebSocket from 'ws';
import { noDelay, sendCorked } from './corked';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export interface SipPeer {
  readonly aor: string;
  readonly gruu: string;
  /** Sends one message as it stands. */
  send(message: string): void;
  /** Sends a request outside a dialog and resolves with the final answer. */
  request(method: string, uri: string, headers: readonly string[], body?: string): Promise<string>;
  /** Every request that is not answered here by itself. */
  onRequest(run: (message: string) => void): void;
  /** Every response that no `request` waits for. */
  onResponse(run: (message: string) => void): void;
  close(): void;
}

export function headerOf(message: string, name: string): string {
  const match = new RegExp(`^${name}:[ \\t]*(.*?)\\r?$`, 'im').exec(message);
  return match?.[1] ?? '';
}

/** The headers that a response repeats (RFC 3261 §8.2.6), and a body. */
export function answer(request: string, status: string, extra: readonly string[] = [], body = ''): string {
  const lines = request.slice(0, request.indexOf('\r\n\r\n')).split('\r\n');
  const kept = lines.filter((line) => /^(via|from|call-id|cseq|record-route):/i.test(line));
  const to = lines.find((line) => /^to:/i.test(line)) ?? '';
  const tagged = /;tag=/.test(to) ? to : `${to};tag=${randomUUID().slice(0, 8)}`;
  return `SIP/2.0 ${status}\r\n${[...kept, tagged, ...extra].join('\r\n')}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Connects and registers; rejects with the server's last answer when it refuses. */
export async function connectSipPeer(url: string, address: string, password: string): Promise<SipPeer> {
  const aor = `sip:${address}`;
  const domain = address.slice(address.indexOf('@') + 1);
  const instance = randomUUID();
  const epid = instance.slice(0, 8);
  const viaHost = `${instance.slice(-12)}.invalid`;
  const ws = new WebSocket(url, 'sip', { perMessageDeflate: false, skipUTF8Validation: true });
  const waiting = new Map<string, (message: string) => void>();
  let takeRequest: (message: string) => void = () => undefined;
  let takeResponse: (message: string) => void = () => undefined;
  let counter = 0;

  ws.on('message', (data: Buffer) => {
    const message = data.toString('utf8');
    if (!message.startsWith('SIP/2.0 ')) {
      if (message.length > 4) takeRequest(message);
      return;
    }
    if (message.startsWith('SIP/2.0 1')) return;
    const key = `${headerOf(message, 'Call-ID')} ${headerOf(message, 'CSeq')}`;
    const settle = waiting.get(key);
    if (settle === undefined) return takeResponse(message);
    waiting.delete(key);
    settle(message);
  });
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  noDelay(ws);

  const transact = (
    method: string,
    uri: string,
    callId: string,
    cseq: number,
    headers: readonly string[],
    body: string,
  ) =>
    new Promise<string>((resolve) => {
      counter += 1;
      waiting.set(`${callId} ${cseq} ${method}`, resolve);
      const to = method === 'REGISTER' ? aor : uri;
      sendCorked(
        ws,
        [
          `${method} ${uri} SIP/2.0`,
          `Via: SIP/2.0/WS ${viaHost};branch=z9hG4bK${epid}${counter}`,
          'Max-Forwards: 70',
          `From: <${aor}>;tag=${epid}${counter};epid=${epid}`,
          `To: <${to}>`,
          `Call-ID: ${callId}`,
          `CSeq: ${cseq} ${method}`,
          ...headers,
          `Content-Length: ${Buffer.byteLength(body)}`,
          '',
          body,
        ].join('\r\n'),
      );
    });

  const registrar = `sip:${domain}`;
  const callId = randomUUID();
  const register = [
    `Contact: <sip:${address.split('@')[0]}@${viaHost};transport=ws>;+sip.instance="<urn:uuid:${instance}>";expires=3600`,
    'Supported: gruu-10, adhoclist, msrtc-event-categories',
    'Event: registration',
    'Expires: 3600',
  ];
  const challenge = await transact('REGISTER', registrar, callId, 1, register, '');
  const parameter = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const ha1 = md5(`${address}:${parameter('realm')}:${password}`);
  const cnonce = instance.slice(0, 8);
  const response = md5(`${ha1}:${parameter('nonce')}:00000001:${cnonce}:auth:${md5(`REGISTER:${registrar}`)}`);
  const authorization = `Authorization: Digest username="${address}", realm="${parameter('realm')}", nonce="${parameter('nonce')}", uri="${registrar}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}"`;
  const registered = await transact('REGISTER', registrar, callId, 2, [...register, authorization], '');
  if (!registered.startsWith('SIP/2.0 200')) throw new Error(`REGISTER of ${address}: ${registered.split('\r\n')[0]}`);
  const gruu = /;(?:pub-)?gruu="([^"]+)"/.exec(headerOf(registered, 'Contact'))?.[1] ?? '';

  return {
    aor,
    gruu,
    send: (message) => sendCorked(ws, message),
    request: (method, uri, headers, body = '') =>
      transact(method, uri, randomUUID(), 1, [`Contact: <${gruu}>`, ...headers], body),
    onRequest: (run) => {
      takeRequest = run;
    },
    onResponse: (run) => {
      takeResponse = run;
    },
    close: () => ws.close(),
  };
}
