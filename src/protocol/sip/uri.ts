import type { Brand } from '../brand';

/** SIP URIs as Lync writes them: RFC 3261 §19.1 and `lync-wire` 0.3. */

/** An address of record: a *person*. Canonical form `sip:user@host`, all lower case, no parameters. */
export type Aor = Brand<'Aor'>;
/** A globally routable user agent URI: one *endpoint* of a person (RFC 5627). Kept exactly as the registrar wrote it. */
export type Gruu = Brand<'Gruu'>;
/** A *conference*: `sip:organizer@domain;gruu;opaque=app:conf:focus:id:ID`. Kept exactly as the factory wrote it. */
export type FocusUri = Brand<'FocusUri'>;

/** A parsed SIP URI. Parameter names are lower case; a valueless parameter has the value `''`. */
export interface SipUri {
  scheme: 'sip' | 'sips';
  user: string;
  host: string;
  port: number | null;
  params: ReadonlyMap<string, string>;
}

const grammar =
  /^(sips?):(?:([^@;?\s<>"]*)@)?([^\s:;?<>"@]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?((?:;[^?\s<>"]*)?)(?:\?.*)?$/i;

/** Reads a SIP URI; `null` when the text is not one. */
export function parseUri(text: string): SipUri | null {
  const match = grammar.exec(text.trim());
  if (!match) return null;
  const [, scheme = '', user = '', host = '', port, tail = ''] = match;
  const params = new Map<string, string>();
  for (const piece of tail.split(';')) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    if (equals < 0) params.set(piece.toLowerCase(), '');
    else params.set(piece.slice(0, equals).toLowerCase(), piece.slice(equals + 1));
  }
  return {
    scheme: scheme.toLowerCase() as SipUri['scheme'],
    user,
    host: host.toLowerCase(),
    port: port === undefined ? null : Number(port),
    params,
  };
}

/** Writes a SIP URI; parameters in the order of the map. */
export function formatUri(uri: SipUri): string {
  let text = `${uri.scheme}:${uri.user === '' ? '' : `${uri.user}@`}${uri.host}`;
  if (uri.port !== null) text += `:${uri.port}`;
  for (const [name, value] of uri.params) text += value === '' ? `;${name}` : `;${name}=${value}`;
  return text;
}

/**
 * The person a URI belongs to: scheme `sip`, user and host lower-cased, parameters dropped. Accepts `alice@contoso.example`
 * without a scheme, as the contact list and container members write it. `null` when there is no user part.
 */
export function aorOf(text: string): Aor | null {
  const trimmed = text.trim();
  const uri = parseUri(/^sips?:/i.test(trimmed) ? trimmed : `sip:${trimmed}`);
  return uri === null || uri.user === '' ? null : (`sip:${uri.user.toLowerCase()}@${uri.host}` as Aor);
}

/** `alice@contoso.example`: an AoR as people type it and as Lync's contact list and container members carry it. */
export function bareAddress(aor: Aor): string {
  return aor.slice('sip:'.length);
}

/** The SIP domain of a person. */
export function domainOf(aor: Aor): string {
  return aor.slice(aor.indexOf('@') + 1);
}

/** The `opaque` parameter, which routes GRUUs and conference URIs (`lync-wire` 0.3); `null` when absent. */
export function opaqueOf(text: string): string | null {
  return parseUri(text)?.params.get('opaque') ?? null;
}

/** A focus URI, or `null` when the text does not name a conference's focus. */
export function focusUriOf(text: string): FocusUri | null {
  const isFocus = aorOf(text) !== null && opaqueOf(text)?.startsWith('app:conf:focus:id:');
  return isFocus ? (text as FocusUri) : null;
}

/** Swaps the word after `app:conf:` of a focus URI to name one of its MCUs (`lync-wire` 0.3 rule b). */
export function mcuUriOf(focus: FocusUri, kind: 'chat' | 'applicationsharing' | 'audio-video'): string {
  return focus.replace('app:conf:focus:', `app:conf:${kind}:`);
}
