import { MalformedBody } from '../malformed';

/** Host metadata (RFC 6415, JSON form at `/.well-known/host-meta.json`) with a link and a property of ours. */

/** Link relation of ours: its `href` is the WebSocket that SIP is spoken on. Others skip it. */
export const webSocketRelation = 'urn:confab:sip-websocket';
/** Property of ours: the SIP domain that the server is home of. */
export const domainProperty = 'urn:confab:sip-domain';

export interface HostMeta {
  /** The origin that the document is about. */
  subject: string;
  domain: string;
  /** `ws:` or `wss:` URL; `null` when the host names none. */
  webSocket: string | null;
}

export function formatHostMeta({ subject, domain, webSocket }: HostMeta): string {
  return JSON.stringify({
    subject,
    properties: { [domainProperty]: domain },
    links: webSocket === null ? [] : [{ rel: webSocketRelation, href: webSocket }],
  });
}

/** Throws `MalformedBody` when it is no host metadata; what it lacks is `''` or `null`. */
export function parseHostMeta(text: string): HostMeta {
  const document = objectOf(text);
  const { subject, properties, links } = document;
  const domain = isObject(properties) ? properties[domainProperty] : undefined;
  const link = (Array.isArray(links) ? links : []).find(
    (candidate: unknown) => isObject(candidate) && candidate.rel === webSocketRelation,
  ) as { href?: unknown } | undefined;
  const href = typeof link?.href === 'string' && /^wss?:\/\//i.test(link.href) ? link.href : null;
  return {
    subject: typeof subject === 'string' ? subject : '',
    domain: typeof domain === 'string' ? domain : '',
    webSocket: href,
  };
}

function objectOf(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedBody('host-meta', 'it is no JSON');
  }
  if (!isObject(value)) throw new MalformedBody('host-meta', 'it is no object');
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
