import { parseNameAddr } from '../../protocol/sip/headers';
import { headerOf, headersOf, methodOf, parseMessage, type SipMessage } from '../../protocol/sip/message';
import type { SipRequest, SipResponse } from '../../sip/sipMessages';
import type { TraceEntry } from '../../trace/entry';

/** A message of a recording, in the shape in which a living user agent hands it over. */
export type RecordedMessage = {
  direction: 'in' | 'out';
  /** Of the request, also in its answers; upper case. */
  method: string;
  /** The same for a request and its answers. */
  transaction: string;
  callId: string;
} & ({ is: 'request'; request: SipRequest } | { is: 'response'; response: SipResponse });

/** `null` for what is no SIP message. */
export function readRecorded(entry: TraceEntry): RecordedMessage | null {
  const message = entry.kind === 'sip' ? parseMessage(entry.text) : null;
  if (message === null) return null;
  const method = methodOf(message).toUpperCase();
  const callId = headerOf(message, 'Call-ID') ?? '';
  const [number = ''] = (headerOf(message, 'CSeq') ?? '').split(/\s+/);
  const [fromTag, toTag] = [tagIn(message, 'From'), tagIn(message, 'To')];
  const { direction } = entry;
  const common = { direction, method, callId, transaction: `${callId} ${fromTag} ${number} ${method}` };
  const headers = {
    header: (name: string) => headerOf(message, name),
    headers: (name: string) => headersOf(message, name),
    contentType: headerOf(message, 'Content-Type') ?? '',
    body: message.body,
    frame: entry.seq,
  };
  const { status, reason, uri } = message;
  if (message.method === null) return { ...common, is: 'response', response: { ...headers, status, reason, toTag } };
  return { ...common, is: 'request', request: { ...headers, method, uri, callId, fromTag, toTag } };
}

function tagIn(message: SipMessage, name: string): string {
  return parseNameAddr(headerOf(message, name) ?? '')?.params.get('tag') ?? '';
}
