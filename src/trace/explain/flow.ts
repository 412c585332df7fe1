import {
  parseDiagnostics,
  parseReason,
  parseSeconds,
  parseSubscriptionState,
  parseValue,
  parseWarning,
} from '../../protocol/sip/headers';
import { headerOf, headersOf, parseMessage, type SipMessage } from '../../protocol/sip/message';
import { type BodyGist, bodyGist } from '../bodyGist';
import { type Gist, gistOf } from '../gist';
import { type Origin, originOf } from '../lanes';
import { type Note, parseNote } from '../notes';
import type { Row } from '../row';
import type { Topic } from '../topic';

/** One diagnostics header ([MS-OCER] §2.2) with all its parameters. */
export interface Told {
  header: 'ms-diagnostics' | 'ms-diagnostics-public' | 'ms-client-diagnostics';
  id: number;
  reason: string;
  params: ReadonlyMap<string, string>;
}

/** Everything that an explanation looks at: one request with its fate, and what was around it. */
export interface Flow {
  /** The row that is explained. */
  row: Row;
  request: Row | null;
  requestMessage: SipMessage | null;
  /** The final answer, where there is one. */
  response: Row | null;
  responseMessage: SipMessage | null;
  /** 0 without a final answer. */
  status: number;
  method: string;
  topic: Topic;
  /** What the request wanted. */
  gist: Gist | null;
  /** We asked and were refused, or were asked and refused. */
  asker: 'us' | 'them';
  origin: Origin;
  told: readonly Told[];
  warning: string;
  reason: { cause: number | null; text: string } | null;
  /** What the other side's document says: that of the answer to us, or of the request to us. */
  body: BodyGist;
  note: Note | null;
  peer: string;
  ownDomain: string;
  /** ms from the request to its final answer; to the end of the trace when there is none. */
  waitedMs: number;
  around: Around;
}

/** What else the trace shows at that time. */
export interface Around {
  rows: readonly Row[];
  /** Index of the flow's request among them (of the row, when there is no request). */
  at: number;
  /** Text of the next loss of the connection after the request, before its final answer. */
  lossText: string | null;
  /** Epoch ms of the last successful REGISTER before, and how long it held. */
  registered: { at: number; seconds: number } | null;
  /** The server's clock minus ours, in ms; `null` when no `Date` was told. */
  skewMs: number | null;
  /** Notes within two seconds; of media, within a minute. */
  notes: readonly Note[];
  /** The server had ended the registration, and there was no other since. */
  isSignedOut: boolean;
  /** Whether anything at all came on this connection: since it was opened, and since the request. `null`: its opening is not seen. */
  heard: { sinceOpen: boolean | null; sinceRequest: boolean };
}

const nearMs = 2_000;
/** ICE gives up long after a relay did not serve. */
const nearMediaMs = 60_000;

/** The flow of a row; `rows` is the whole trace in order. */
export function flowOf(row: Row, rows: readonly Row[]): Flow {
  const request = requestOf(row);
  const response = finalOf(row);
  const requestMessage = request === null ? null : parseMessage(request.entry.text);
  const responseMessage = response === null ? null : parseMessage(response.entry.text);
  const end = response?.entry.at ?? rows.at(-1)?.entry.at ?? row.entry.at;
  const asker = (request ?? row).entry.direction === 'out' ? 'us' : 'them';
  const asked = requestMessage ?? (response === null ? parseMessage(row.entry.text) : null);
  const spoken = [responseMessage, asked].filter((message) => message !== null);
  const reason = spoken.flatMap((message) => headersOf(message, 'Reason'))[0];
  return {
    row,
    request,
    requestMessage,
    response,
    responseMessage,
    status: response?.frame.status ?? 0,
    method: row.frame.method,
    topic: row.dialog?.topic ?? 'other',
    gist: request === null ? null : gistOf(request),
    asker,
    origin: response === null ? { is: 'server' } : originOf(response),
    told: spoken.flatMap(toldIn),
    warning: spoken.flatMap((message) => parseWarning(headerOf(message, 'Warning') ?? '')?.text ?? [])[0] ?? '',
    reason: reason === undefined ? null : parseReason(reason),
    body: bodyIn(asker === 'us' ? responseMessage : asked),
    note: row.frame.is === 'note' ? parseNote(row.entry.text) : null,
    peer: row.dialog?.peer ?? '',
    ownDomain: ownDomainOf(request ?? row),
    waitedMs: Math.max(0, end - (request ?? row).entry.at),
    around: aroundOf(request ?? row, end, rows),
  };
}

const requestOf = ({ transaction }: Row): Row | null =>
  transaction?.rows.find(
    ({ frame }) => frame.is === 'request' && frame.method !== 'ACK' && frame.method !== 'CANCEL',
  ) ??
  transaction?.rows.find(({ frame }) => frame.is === 'request') ??
  null;

const finalOf = ({ transaction }: Row): Row | null =>
  transaction?.rows.find(({ frame }) => frame.is === 'response' && frame.status >= 200) ?? null;

function bodyIn(message: SipMessage | null): BodyGist {
  const contentType = message === null ? undefined : headerOf(message, 'Content-Type');
  if (message === null || contentType === undefined || message.body === '') return { is: 'unknown' };
  return bodyGist(contentType, message.body);
}

const diagnosticHeaders = ['ms-diagnostics', 'ms-diagnostics-public', 'ms-client-diagnostics'] as const;

function toldIn(message: SipMessage): Told[] {
  return diagnosticHeaders.flatMap((header) =>
    headersOf(message, header).flatMap((text) => {
      const diagnostics = parseDiagnostics(text);
      if (diagnostics === null) return [];
      return [{ header, id: diagnostics.id, reason: diagnostics.reason, params: parseValue(text).params }];
    }),
  );
}

function ownDomainOf({ entry, frame }: Row): string {
  const ours = (entry.direction === 'out') === (frame.is === 'request') ? frame.from : frame.to;
  return ours.slice(ours.indexOf('@') + 1);
}

function aroundOf(row: Row, end: number, rows: readonly Row[]): Around {
  const at = indexOf(row, rows);
  const near = row.entry.kind === 'media' ? nearMediaMs : nearMs;
  const isNear = ({ entry }: Row): boolean =>
    entry.at >= row.entry.at - near && entry.at <= end + near && entry.kind !== 'sip';
  const notes: Note[] = [];
  for (const one of rows.slice(Math.max(0, at - 200), at + 2_000)) {
    const note = isNear(one) ? parseNote(one.entry.text) : null;
    if (note !== null) notes.push(note);
  }
  return {
    rows,
    at,
    lossText: lossAfter(row, end, rows, at),
    registered: registrationBefore(rows, at),
    skewMs: skewIn(rows, at),
    notes,
    isSignedOut: isSignedOutBefore(rows, at, end),
    heard: { sinceOpen: heardSinceOpen(row, rows, at, end), sinceRequest: hears(row, rows, at + 1, end) },
  };
}

/** Something comes in on the same connection, from `from` to the end of the flow. */
function hears({ entry }: Row, rows: readonly Row[], from: number, end: number): boolean {
  for (let index = Math.max(0, from); index < rows.length; index += 1) {
    const other = rows[index]?.entry;
    if (other === undefined || other.at > end) return false;
    if (other.url === entry.url && isHeard(other)) return true;
  }
  return false;
}

const isHeard = ({ direction, kind }: Row['entry']): boolean =>
  direction === 'in' && (kind === 'sip' || kind === 'ping');

function heardSinceOpen(row: Row, rows: readonly Row[], at: number, end: number): boolean | null {
  for (let index = at; index >= 0; index -= 1) {
    const other = rows[index]?.entry;
    if (other === undefined || other.url !== row.entry.url) continue;
    if (isHeard(other)) return true;
    if (other.kind === 'state') return other.text === 'open' ? hears(row, rows, index + 1, end) : null;
  }
  return null;
}

function isSignedOutBefore(rows: readonly Row[], at: number, end: number): boolean {
  let last = at;
  while ((rows[last + 1]?.entry.at ?? Number.POSITIVE_INFINITY) <= end) last += 1;
  for (let index = Math.min(last, rows.length - 1); index >= 0; index -= 1) {
    const frame = rows[index]?.frame;
    if (frame?.method === 'REGISTER' && frame.status === 200) return false;
    if (frame?.is === 'request' && frame.event === 'registration-notify') return true;
  }
  return false;
}

/** Entries rise in number. */
function indexOf({ entry }: Row, rows: readonly Row[]): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.entry.seq ?? 0) < entry.seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lossAfter({ entry }: Row, end: number, rows: readonly Row[], at: number): string | null {
  for (let index = Math.max(0, at); index < rows.length; index += 1) {
    const other = rows[index]?.entry;
    if (other === undefined || other.at > end) return null;
    if (other.kind === 'state' && other.text !== 'open' && other.url === entry.url) return other.text;
  }
  return null;
}

function registrationBefore(rows: readonly Row[], at: number): Around['registered'] {
  for (let index = at; index >= 0; index -= 1) {
    const row = rows[index];
    if (row?.frame.method !== 'REGISTER' || row.frame.status !== 200) continue;
    const message = parseMessage(row.entry.text);
    const seconds = message === null ? null : parseSeconds(headerOf(message, 'Expires'));
    return seconds === null ? null : { at: row.entry.at, seconds };
  }
  return null;
}

/** Servers tell the time in answers to REGISTER (RFC 3261 §20.17). */
function skewIn(rows: readonly Row[], at: number): number | null {
  for (let index = Math.min(at + 10, rows.length - 1); index >= Math.max(0, at - 500); index -= 1) {
    const row = rows[index];
    // A conference dates what was said before we came, too.
    if (row?.frame.method !== 'REGISTER' || row.entry.direction !== 'in') continue;
    const { entry } = row;
    const date = /^Date:\s*([^\r\n]+)/im.exec(entry.text.slice(0, 4_000))?.[1];
    const told = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isFinite(told)) return told - entry.at;
  }
  return null;
}

/** The reason of a subscription that the other side ended: `rejected`, `noresource`, ...; `''` where it gives none. */
export function terminationOf({ row, request, asker }: Flow): string | null {
  const message = asker === 'them' ? parseMessage((request ?? row).entry.text) : null;
  const text = message === null ? undefined : headerOf(message, 'Subscription-State');
  if (text === undefined) return null;
  const { state, reason } = parseSubscriptionState(text);
  return state === 'terminated' ? (reason ?? '') : null;
}
