import { MalformedBody } from '../malformed';
import { attribute, child, childrenOf, formatXml, parseXml, xml } from '../xml';

/** [MS-OCDISCWS]: what a `lyncdiscover` host answers. */
export const autodiscoverType = 'application/vnd.microsoft.rtc.autodiscover+xml';

/** Our own link token: its `href` is the `wss:` (on loopback `ws:`) URL of the server's SIP WebSocket. Others skip it. */
export const webSocketToken = 'Confab/WebSocket';

export interface Autodiscover {
  accessLocation: 'Internal' | 'External';
  /** Link tokens and their addresses: `Domain`, `User`, `Redirect`, and ours. */
  links: readonly { token: string; href: string }[];
}

export function formatAutodiscover(answer: Autodiscover): string {
  const links = answer.links.map(({ token, href }) => xml('Link', { token, href }));
  return formatXml(xml('AutodiscoverResponse', { AccessLocation: answer.accessLocation }, xml('Root', {}, ...links)));
}

/** Reads the links of `Root` or `User`. Throws `MalformedBody` for any other document. */
export function parseAutodiscover(text: string): Autodiscover {
  const root = parseXml(text, 'AutodiscoverResponse');
  const section = child(root, 'Root') ?? child(root, 'User');
  if (root.name !== 'AutodiscoverResponse' || section === undefined) {
    throw new MalformedBody('AutodiscoverResponse', 'there is neither Root nor User');
  }
  const links = childrenOf(section, 'Link').flatMap((link) => {
    const token = attribute(link, 'token');
    const href = attribute(link, 'href');
    return token === undefined || href === undefined ? [] : [{ token, href }];
  });
  return { accessLocation: attribute(root, 'AccessLocation') === 'External' ? 'External' : 'Internal', links };
}
