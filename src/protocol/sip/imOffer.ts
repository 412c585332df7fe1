import { MalformedBody } from '../malformed';

/** What an IM session's SDP says (`lync-wire` 5.2): `m=message PORT sip URI|null` and the accepted media types. */
export interface ImOffer {
  /** `null` in an offer; the answerer's URI in an answer. */
  uri: string | null;
  acceptTypes: readonly string[];
}

export const ourAcceptTypes = [
  'text/plain',
  'text/html',
  'multipart/alternative',
  'application/im-iscomposing+xml',
  'application/ms-imdn+xml',
] as const;

export function formatImOffer(offer: ImOffer): string {
  return [
    'v=0',
    'o=- 0 0 IN IP4 0.0.0.0',
    's=session',
    'c=IN IP4 0.0.0.0',
    't=0 0',
    `m=message 5060 sip ${offer.uri ?? 'null'}`,
    `a=accept-types:${offer.acceptTypes.join(' ')}`,
    '',
  ].join('\r\n');
}

/** Throws `MalformedBody` when there is no `m=message` (or, before 2007, `m=x-ms-message`) line. */
export function parseImOffer(sdp: string): ImOffer {
  const media = /^m=(?:message|x-ms-message) \d+ sip (\S+)\s*$/m.exec(sdp);
  if (!media) throw new MalformedBody('SDP', 'there is no m=message line');
  const types = /^a=accept-types:(.*)$/m.exec(sdp)?.[1]?.trim() ?? '';
  const uri = media[1] ?? 'null';
  return { uri: uri === 'null' ? null : uri, acceptTypes: types === '' ? [] : types.split(/\s+/) };
}

/** True for an SDP that offers IM and nothing else that is live. */
export function isImOffer(sdp: string): boolean {
  return /^m=(?:message|x-ms-message) /m.test(sdp) && !/^m=(?:audio|video|application) (?!0 )/m.test(sdp);
}
