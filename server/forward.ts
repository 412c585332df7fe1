import { parseNameAddr } from '../src/protocol/sip/headers';
import type { SipMessage } from './codec';
import { quotedWire, valuesOf } from './headerFields';
import type { Binding } from './registrations';

/** Messages passed on (RFC 3261 §16.6, §16.7): header lines as they came, Via and hops edited, identity ours to assert. */

/** Never passed on: routing is ours, proofs of identity are hop by hop, asserted identity is the server's word. */
const dropped = new Set([
  'route',
  'record-route',
  'authorization',
  'proxy-authorization',
  'authentication-info',
  'proxy-authentication-info',
  'www-authenticate',
  'proxy-authenticate',
  'p-asserted-identity',
  'p-preferred-identity',
  'max-forwards',
  'content-length',
]);

/** Everything of a request but its start line and our Via. `assert` adds who sent it (RFC 3325). */
export function tailOf(request: SipMessage, sender: Binding, assert: boolean): string {
  const hops = Number(request.raw('max-forwards') ?? 71) - 1;
  let text = '';
  for (const [index, name] of request.names.entries()) {
    if (dropped.has(name)) continue;
    const line = request.lines[index] ?? '';
    text += name === 'contact' ? `${ownContact(line, sender)}\r\n` : `${line}\r\n`;
  }
  if (assert) text += `P-Asserted-Identity: ${quotedWire(sender.displayName)} <${sender.aor}>\r\n`;
  return `${text}Max-Forwards: ${hops}\r\nContent-Length: ${request.rawBody.length}\r\n\r\n${request.rawBody}`;
}

/** A response for the hop before us; `null` when no Via would be left, so that it was not for anybody behind us. */
export function passedBack(response: SipMessage, sender: Binding): string | null {
  // A native client answers a challenge at once, again and again: clients have nothing to challenge each other with.
  const challenges = response.status === 401 || response.status === 407;
  let text = `SIP/2.0 ${challenges ? '403 Forbidden' : `${response.status} ${response.reason}`}\r\n`;
  let ours = true;
  let vias = 0;
  for (const [index, name] of response.names.entries()) {
    let line = response.lines[index] ?? '';
    if (name === 'via') {
      if (ours) {
        ours = false;
        line = afterFirstVia(line);
        if (line === '') continue;
      }
      vias += 1;
    } else if (dropped.has(name) && name !== 'record-route') continue;
    else if (name === 'contact') {
      if (response.status >= 300) continue;
      line = ownContact(line, sender);
    }
    text += `${line}\r\n`;
  }
  if (vias === 0) return null;
  return `${text}Content-Length: ${response.rawBody.length}\r\n\r\n${response.rawBody}`;
}

function afterFirstVia(line: string): string {
  if (!line.includes(',')) return '';
  const rest = valuesOf(line.slice(line.indexOf(':') + 1)).slice(1);
  return rest.length === 0 ? '' : `Via: ${rest.join(', ')}`;
}

/** A Contact that would not lead back through this server becomes the endpoint's GRUU ([MS-SIP] 3.1.5.3 proxy=replace). */
function ownContact(line: string, sender: Binding): string {
  if (line.includes(`<${sender.gruu}>`)) return line;
  const address = parseNameAddr(line.slice(line.indexOf(':') + 1));
  if (address?.uri === sender.gruu) return line;
  return `Contact: <${sender.gruu}>`;
}
