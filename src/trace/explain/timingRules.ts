import type { Flow } from './flow';
import { method, rule, type Test, theyAsked, unanswered, weAsked, withPerson } from './rule';

/** What is known by what did not come: answers, ACKs, and messages that had to be said again. */

/** RFC 3261 Timer B and F. */
const longestMs = 32_000;
/** RFC 4320 §4: what is no INVITE is answered at once, or never. */
const longestForOthersMs = 10_000;

const lost: Test = ({ around }) => around.lossText !== null;
const longAgo: Test = ({ waitedMs, method: name, around: { notes } }) =>
  waitedMs >= (name === 'INVITE' ? longestMs : longestForOthersMs) || notes.some(({ is }) => is === 'givenUp');
const finalTwoHundred = ({ row }: Flow) =>
  row.transaction?.rows.find(({ frame }) => frame.is === 'response' && frame.status >= 200 && frame.status < 300);
const acked: Test = ({ row }) => row.transaction?.rows.some(({ frame }) => frame.method === 'ACK') === true;
const okRepeated: Test = (flow) => (finalTwoHundred(flow)?.repeats ?? 0) > 0;
const requestRepeated: Test = ({ request }) => (request?.repeats ?? 0) > 0;
const rang: Test = ({ row }) =>
  row.transaction?.rows.some(({ frame }) => frame.status >= 180 && frame.status < 190) === true;
/** The dialog's BYE came because our 200 was never acknowledged. */
const notAcked: Test = (flow) => finalTwoHundred(flow) !== undefined && !acked(flow);

export const timingRules = [
  rule('ackLost', 'network', theyAsked, method('INVITE', 'ACK'), okRepeated, notAcked),
  rule('ackLost', 'network', theyAsked, method('INVITE'), notAcked, (flow) => sinceOk(flow) >= longestMs),
  // The connection to the first server loses nothing while it stands (RFC 7118): what is lost is lost behind it.
  rule('ourAckLost', 'yourAdministrator', weAsked, method('INVITE', 'ACK'), okRepeated),
  rule('answerLostWithConnection', 'network', weAsked, unanswered, lost),
  rule('rangUnanswered', 'peer', weAsked, withPerson, method('INVITE'), unanswered, rang, longAgo),
  rule('answerLost', 'network', weAsked, unanswered, requestRepeated, longAgo),
  rule(
    'answerNotReturned',
    'yourAdministrator',
    weAsked,
    unanswered,
    longAgo,
    ({ around: { heard } }) => heard.sinceRequest,
  ),
  rule('noAnswer', 'network', weAsked, unanswered, longAgo),
  rule('weDidNotAnswer', 'program', theyAsked, unanswered, longAgo),
  rule('lateAfterRepeats', 'network', requestRepeated),
] as const;

function sinceOk(flow: Flow): number {
  const ok = finalTwoHundred(flow);
  const end = flow.around.rows.at(-1)?.entry.at ?? 0;
  return ok === undefined ? 0 : end - ok.entry.at;
}
