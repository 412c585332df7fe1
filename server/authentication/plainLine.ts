import { formatNameAddr, parseNameAddr } from '../../src/protocol/sip/headers';

const plainAddress = /^[A-Za-z]+: (?:"[^"<>;\\]*" ?|[\w .-]+ )?<[^<>"\s]+>(?:;[\w-]+(?:=[^;"<>\s]*)?)*$/;
const plainIdentity = /^[A-Za-z-]+: (?:"[^"<>;,\\]*" ?)?<[^<>"\s]+>$/;
const plainCSeq = /^[A-Za-z]+: \d+ [^\s]+$/;
const plainValue = /^[A-Za-z-]+: \S(?:.*\S)?$/;

/**
 * A signed header line in the one spelling that every reader takes alike. Native clients look for `<` and `;tag=` without
 * minding quotes, and close the connection when they and we do not sign the same text: a peer could make them by a name
 * such as `"a <b>"`.
 */
export function plainLine(name: string, line: string): string {
  switch (name) {
    case 'from':
    case 'to':
      return plainAddress.test(line) ? line : addressLine(line);
    case 'p-asserted-identity':
    case 'p-preferred-identity':
      return plainIdentity.test(line) ? line : addressLine(line);
    case 'cseq':
      return plainCSeq.test(line) ? line : `CSeq: ${fieldValue(line).replace(/\s+/, ' ')}`;
    case 'call-id':
    case 'expires':
      return plainValue.test(line) ? line : `${line.slice(0, line.indexOf(':')).trim()}: ${fieldValue(line)}`;
    default:
      return line;
  }
}

/** Without the display name and with no parameters but tag and epid. */
function addressLine(line: string): string {
  const address = parseNameAddr(fieldValue(line));
  if (address === null) return line;
  const params = new Map<string, string>();
  for (const name of ['tag', 'epid']) {
    const value = address.params.get(name);
    if (value !== undefined && /^[^;"<>\s]+$/.test(value)) params.set(name, value);
  }
  return `${line.slice(0, line.indexOf(':')).trim()}: ${formatNameAddr({ uri: address.uri, params })}`;
}

function fieldValue(line: string): string {
  return line.slice(line.indexOf(':') + 1).trim();
}
