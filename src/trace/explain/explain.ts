import type { CauseFacts, Owner, Verdict } from '../../domain/checkup';
import { headerOf } from '../../protocol/sip/message';
import type { Row } from '../row';
import { conferenceRules } from './conferenceRules';
import { connectionRules } from './connectionRules';
import { fileRules } from './fileRules';
import { type Flow, flowOf } from './flow';
import { mediaRules } from './mediaRules';
import { messageRules } from './messageRules';
import { peopleRules } from './peopleRules';
import { presenceRules } from './presenceRules';
import { registrarRules } from './registrarRules';
import { routingRules } from './routingRules';
import type { Rule } from './rule';
import { signInRules } from './signInRules';
import { timingRules } from './timingRules';

/** What is most exact comes first: words of the device and of the socket, error ids, then codes, then silence. */
const rules = [
  ...connectionRules,
  ...signInRules,
  ...mediaRules,
  ...fileRules,
  ...routingRules,
  ...registrarRules,
  ...conferenceRules,
  ...presenceRules,
  ...peopleRules,
  ...messageRules,
  ...timingRules,
] as const;

export type Cause = (typeof rules)[number]['cause'];

export const causes: readonly Cause[] = [...new Set(rules.map(({ cause }) => cause))];

/** Why a flow failed, in values; `ui/words/causes` makes the words. */
export interface Explanation {
  cause: Cause;
  owner: Owner;
  flow: Flow;
  facts: CauseFacts;
}

/** Why the flow of this row failed; `null` when it did not. */
export function explain(row: Row, rows: readonly Row[]): Explanation | null {
  if (!mayNeedExplaining(row)) return null;
  const flow = flowOf(row, rows);
  if (isOrdinary(flow)) return null;
  const found: Rule<Cause> | undefined = rules.find(({ applies }) => applies(flow));
  return found === undefined ? null : { cause: found.cause, owner: found.owner, flow, facts: factsOf(flow) };
}

/** The same without the flow, which is too much to keep or to send. */
export function verdictOf({ cause, owner, flow, facts }: Explanation): Verdict {
  return { cause, owner, tried: flow.gist?.is ?? '', facts };
}

/**
 * Every flow of a trace that failed, once, by the row that shows it best, in the order of the trace; `withOrdinary`: also what
 * is nobody's to mend.
 */
export function explanationsOf(rows: readonly Row[], withOrdinary = false): Explanation[] {
  const seen = new Set<unknown>();
  const found: Explanation[] = [];
  for (const row of rows) {
    const flow = row.transaction ?? row;
    if (seen.has(flow)) continue;
    const explanation = explain(row.transaction?.rows.find(({ isFailure }) => isFailure) ?? row, rows);
    if (explanation === null || (explanation.owner === 'nobody' && !withOrdinary)) continue;
    seen.add(flow);
    found.push(explanation);
  }
  return found;
}

/** Cheap, since a whole trace is asked: what can be known to be in order without reading it is. */
function mayNeedExplaining({ entry, frame, isFailure, repeats, transaction }: Row): boolean {
  if (isFailure || repeats > 0) return true;
  if (frame.is === 'ping' || frame.is === 'unreadable') return false;
  if (frame.is === 'note') return entry.kind !== 'state' || entry.level === 'error';
  const final = transaction?.rows.find((row) => row.frame.status >= 200);
  // A sign-in that worked tells the server's time; who hangs up may have removed us.
  if (final?.frame.status === 487 || frame.method === 'REGISTER' || frame.method === 'BYE') return true;
  if (final === undefined || final.isFailure || final.repeats > 0) return true;
  return isDocument(final.frame.contentType) || mayTell(frame.contentType, entry.text);
}

/** It may be unreadable. */
const isDocument = (contentType: string): boolean =>
  contentType.endsWith('+xml') || contentType === 'multipart/related';

/** Failures that ride in what is in order: C3P answers, delivery reports, ends of subscriptions and registrations, diagnostics. */
function mayTell(contentType: string, text: string): boolean {
  return (
    contentType === 'application/cccp+xml' ||
    contentType === 'application/msrtc-media-relay-auth+xml' ||
    contentType === 'application/ms-imdn+xml' ||
    contentType === 'text/registration-event' ||
    /^(?:subscription-state:\s*terminated|ms-(?:client-)?diagnostics|reason:)/im.test(text.slice(0, 6_000))
  );
}

/** A challenge that was answered, a BYE that crossed another, the end of a subscription that we ended. */
function isOrdinary({ row, request, response, status }: Flow): boolean {
  if (response !== null && status >= 300) return !response.isFailure && status !== 487;
  const isNotice = request !== null && /^(?:BE)?NOTIFY$/.test(request.frame.method);
  return isNotice && row.dialog?.rows.some((one) => one.entry.seq < row.entry.seq && isUnsubscribing(one)) === true;
}

const isUnsubscribing = ({ entry, frame }: Row): boolean =>
  entry.direction === 'out' &&
  frame.is === 'request' &&
  frame.method === 'SUBSCRIBE' &&
  /^Expires:\s*0\s*$/im.test(entry.text);

function factsOf(flow: Flow): CauseFacts {
  const { peer, told, origin, warning, reason, responseMessage, waitedMs, around, note, row } = flow;
  const [first] = told;
  const retryAfter = Number.parseInt((responseMessage && headerOf(responseMessage, 'Retry-After')) ?? '', 10);
  const domain = first?.params.get('domain') ?? peer.slice(peer.indexOf('@') + 1);
  return {
    peer,
    peerDomain: domain,
    host: origin.is === 'host' ? origin.host : '',
    nextHost: first?.params.get('tls-target') ?? '',
    topic: flow.topic,
    unsupported: (responseMessage && headerOf(responseMessage, 'Unsupported')) ?? '',
    said: first?.reason || warning || reason?.text || '',
    id: first?.id ?? null,
    status: flow.status,
    reasonPhrase: responseMessage?.reason ?? '',
    waitedSeconds: Math.round(waitedMs / 1000),
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
    url: note !== null && 'url' in note ? note.url : row.entry.url,
    skewMinutes: Math.round(Math.abs(around.skewMs ?? 0) / 60_000),
  };
}
