import { parseNameAddr } from '../src/protocol/sip/headers';
import { aorOf } from '../src/protocol/sip/uri';
import type { SipMessage } from './codec';
import { type Refusal, refusals } from './diagnostics';
import { type Binding, isOwnContact } from './registrations';

/** A flow that proved who it is speaks only as that person: From, asserted identity, Ms-Sender and Contact must be theirs. */
export function refusalOf(request: SipMessage, sender: Binding): Refusal | null {
  const { flow } = sender;
  const from = request.raw('from') ?? '';
  if (from !== flow.checkedFrom) {
    if (aorOf(parseNameAddr(from)?.uri ?? '') !== sender.aor) return refusals.otherFrom;
    flow.checkedFrom = from;
  }
  // RFC 4475 §3.1.2.6: a display name whose quotes do not close.
  const to = request.raw('to') ?? '';
  if (to.includes('"') && parseNameAddr(to) === null) return refusals.badTo;
  const contact = request.raw('contact');
  if (contact !== undefined && contact !== flow.checkedContact) {
    const addresses = request.rawValues('contact');
    if (addresses.length !== 1 || !isOwnContact(sender, parseNameAddr(contact)?.uri ?? ''))
      return refusals.otherContact;
    flow.checkedContact = contact;
  }
  if (!namesOnly(request, sender, ['p-asserted-identity', 'p-preferred-identity'])) return refusals.otherIdentity;
  return namesOnly(request, sender, ['ms-sender']) ? null : refusals.otherSender;
}

/** True when every SIP address in these headers is the sender's own. */
function namesOnly(request: SipMessage, sender: Binding, headers: readonly string[]): boolean {
  for (const header of headers) {
    if (!request.names.includes(header)) continue;
    for (const value of request.rawValues(header)) {
      const uri = parseNameAddr(value)?.uri ?? '';
      if (!/^tel:/i.test(uri) && aorOf(uri) !== sender.aor) return false;
    }
  }
  return true;
}

/** What a request demands of proxies that we do not know (RFC 3261 §16.3); Lync's own are all agreed to. */
export function unsupportedOf(request: SipMessage): string[] {
  if (!request.names.includes('proxy-require')) return [];
  return request.rawValues('proxy-require').filter((token) => !/^(?:ms-|com\.microsoft\.)/i.test(token));
}
