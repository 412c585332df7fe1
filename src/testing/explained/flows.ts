import { type Cause, explain } from '../../trace/explain/explain';
import { type ScriptedContent, TraceScript } from '../traceScript';

type Record = (script: TraceScript) => unknown;

/** A recorded flow, the cause that explains it, how it differs from others with that cause, and what else is to be said. */
export type ExplainedFlow = readonly [cause: Cause, record: Record, what?: string, also?: readonly Cause[]];

/** The causes found in a flow, each of its transactions and notes asked once. */
export function causesIn(record: Record): Cause[] {
  const script = new TraceScript();
  record(script);
  const { rows } = script.index();
  const seen = new Set<unknown>();
  return rows.flatMap((row) => {
    const flow = row.transaction ?? row;
    if (seen.has(flow)) return [];
    seen.add(flow);
    const found = explain(row.transaction?.rows.find(({ isFailure }) => isFailure) ?? row, rows);
    return found === null ? [] : [found.cause];
  });
}

export const bob = 'sip:bob@contoso.example';
export const noor = 'sip:noor@litware.example';
export const self = 'sip:alice@contoso.example';
export const focus = 'sip:alice@contoso.example;gruu;opaque=app:conf:focus:id:7K2M9QXA';
export const chatMcu = focus.replace('focus:id', 'chat:id');
export const factory = 'sip:alice@contoso.example;gruu;opaque=app:conf:focusfactory';

export const imOffer = { contentType: 'application/sdp', body: 'v=0\r\nm=message 5060 sip null\r\n' };
export const words = { contentType: 'text/plain', body: 'hello' };
export const c3p = (command: string): ScriptedContent => ({
  contentType: 'application/cccp+xml',
  body: `<request xmlns="urn:ietf:params:xml:ns:cccp" requestId="1" from="${self}" to="${focus}"><${command}/></request>`,
});

/** Alice asks and is refused; `headers` are those of the refusal. */
export const refused =
  (
    method: string,
    uri: string,
    status: number,
    reason: string,
    headers: readonly string[] = [],
    content: ScriptedContent = {},
  ): Record =>
  (script) =>
    script.answers(script.sends(method, uri, content), status, reason, { headers });

/** What only endpoints write into an answer (FRM-6, FRM-7). */
export const ofEndpoint = (uri: string): string => `To: <${uri}>;tag=r1;epid=02b8d5e3fa`;

export const imRefused = (status: number, reason: string, headers: readonly string[] = [], to = bob): Record =>
  refused('INVITE', to, status, reason, headers, imOffer);

export const diagnostics = (id: number, reason = '', source = 'fe1.contoso.example'): string =>
  `ms-diagnostics: ${id};reason="${reason}"${source === '' ? '' : `;source="${source}"`}`;

/** REGISTER, challenged, and again with credentials. */
export function registers(script: TraceScript) {
  const first = script.sends('REGISTER', 'sip:contoso.example');
  script.answers(first, 401, 'Unauthorized', {
    headers: ['WWW-Authenticate: Digest realm="contoso.example", nonce="n"'],
  });
  return script.inDialog(first, 'REGISTER', {
    headers: [`To: <${self}>`, 'Authorization: Digest username="alice", response="***"'],
  });
}

export const registerRefused =
  (status: number, reason: string, headers: readonly string[] = []): Record =>
  (script) =>
    script.answers(registers(script), status, reason, { headers });

/** An IM session that Bob has accepted. */
export function talking(script: TraceScript) {
  const invite = script.sends('INVITE', bob, imOffer);
  script.answers(invite, 200, 'OK', { headers: [ofEndpoint(bob)] });
  script.inDialog(invite, 'ACK');
  return invite;
}

export function inConference(script: TraceScript) {
  const invite = script.sends('INVITE', focus, c3p('addUser'));
  script.answers(invite, 200, 'OK');
  script.inDialog(invite, 'ACK');
  return invite;
}

export function subscribed(script: TraceScript, event: string, uri = self) {
  const subscribe = script.sends('SUBSCRIBE', uri, { headers: [`Event: ${event}`] });
  script.answers(subscribe, 200, 'OK');
  return subscribe;
}

export const socketEnds =
  (text: string, wasOpen = false): Record =>
  (script) => {
    if (wasOpen) script.note('state', 'open');
    script.note('state', text);
  };
