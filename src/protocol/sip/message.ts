/** A whole SIP message as text (RFC 3261 §7): for the trace, the tests and the socket. The server has its own on bytes. */
export interface SipMessage {
  /** `null` for a response. */
  method: string | null;
  /** Request-URI, or `''`. */
  uri: string;
  /** 0 for a request. */
  status: number;
  reason: string;
  /** In order, names as written (compact ones made long), folded lines joined. */
  headers: readonly (readonly [name: string, value: string])[];
  body: string;
}

const compactNames: Record<string, string> = {
  a: 'Accept-Contact',
  b: 'Referred-By',
  c: 'Content-Type',
  e: 'Content-Encoding',
  f: 'From',
  i: 'Call-ID',
  k: 'Supported',
  l: 'Content-Length',
  m: 'Contact',
  o: 'Event',
  r: 'Refer-To',
  s: 'Subject',
  t: 'To',
  u: 'Allow-Events',
  v: 'Via',
  x: 'Session-Expires',
};

/** The full name of a header that may be written compactly (RFC 3261 §7.3.3). */
export function longName(name: string): string {
  return compactNames[name.toLowerCase()] ?? name;
}

/** `null` when the text has no start line or a header line without a colon. */
export function parseMessage(text: string): SipMessage | null {
  const end = text.indexOf('\r\n\r\n');
  const head = end < 0 ? text : text.slice(0, end);
  const [startLine = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers: [string, string][] = [];
  for (const line of lines) {
    if (line === '') continue;
    const colon = line.indexOf(':');
    if (colon <= 0) return null;
    const name = line.slice(0, colon).trim();
    headers.push([longName(name), line.slice(colon + 1).trim()]);
  }
  const body = end < 0 ? '' : text.slice(end + 4);
  const response = /^SIP\/2\.0 (\d{3})(?: (.*))?$/.exec(startLine);
  if (response) return { method: null, uri: '', status: Number(response[1]), reason: response[2] ?? '', headers, body };
  const request = /^([A-Za-z0-9.!%*_+`'~-]+) (\S+) SIP\/2\.0$/.exec(startLine);
  if (!request) return null;
  return { method: request[1] ?? '', uri: request[2] ?? '', status: 0, reason: '', headers, body };
}

/** The first value of a header, its name in any case. */
export function headerOf(message: SipMessage, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return message.headers.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
}

/** All values of a header, line by line. */
export function headersOf(message: SipMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  return message.headers.filter(([candidate]) => candidate.toLowerCase() === wanted).map(([, value]) => value);
}

/** The method of a request, or of the request that a response answers. */
export function methodOf(message: SipMessage): string {
  return message.method ?? headerOf(message, 'CSeq')?.split(/\s+/)[1] ?? '';
}

/** Writes the message; Content-Length is set to the body's bytes. */
export function formatMessage(message: SipMessage): string {
  const start =
    message.method === null
      ? `SIP/2.0 ${message.status} ${message.reason}`
      : `${message.method} ${message.uri} SIP/2.0`;
  const lines = message.headers
    .filter(([name]) => name.toLowerCase() !== 'content-length')
    .map(([name, value]) => `${name}: ${value}`);
  lines.push(`Content-Length: ${new TextEncoder().encode(message.body).length}`);
  return `${start}\r\n${lines.join('\r\n')}\r\n\r\n${message.body}`;
}
