/**
 * Hides what must never reach a trace or a log: credentials of every scheme (digest `response` and `cnonce`, NTLM and other
 * tokens), passwords and tickets in bodies, the password of ICE and keys in SDP. What it hides becomes `***`, so that the shape of the message stays readable; a
 * Content-Length that was right stays right.
 */
export function maskSecrets(message: string): string {
  const end = message.indexOf('\r\n\r\n');
  const head = end < 0 ? message : message.slice(0, end);
  const body = end < 0 ? '' : message.slice(end);
  const hidden = maskBody(body);
  return hidden === body ? maskHead(head) + body : withLength(maskHead(head), body, hidden) + hidden;
}

/** The same for a text that may quote a message, or a part of one: a line of a log. */
export function maskQuoted(text: string): string {
  return maskBody(maskHead(text));
}

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

/** The bodies still have the empty line before them. */
function withLength(head: string, body: string, hidden: string): string {
  return head.replace(/^(Content-Length|l)[ \t]*:[ \t]*(\d+)/im, (line, name: string, told: string) =>
    Number(told) === bytesOf(body) - 4 ? `${name}: ${bytesOf(hidden) - 4}` : line,
  );
}

const authHeader =
  /^((?:(?:Proxy-)?Authorization|(?:Proxy-|WWW-)Authenticate|(?:Proxy-)?Authentication-Info)[ \t]*:)([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/gim;
/** Schemes that speak in parameters; what follows any other (Bearer, Basic) is one token, all of it secret. */
const parameterScheme = /^\s*(?:Digest|NTLM|Kerberos|TLS-DSK)\s/i;
/** Every parameter is read in turn, so that a value which looks like a secret's name cannot shift the quotes. */
const parameter = /(?<![\w-])([\w-]+)(\s*=\s*)(?:"(?:[^"\\]|\\[\s\S])*\\?"?|[^\s,;"]+)/g;
const secretNames = new Set(['response', 'rspauth', 'cnonce', 'gssapi-data', 'password', 'ticket']);

function maskHead(head: string): string {
  return head.replace(authHeader, (_whole, name: string, value: string) =>
    /authorization/i.test(name) && !parameterScheme.test(value)
      ? name + maskToken(value)
      : name + maskParameters(value),
  );
}

function maskToken(value: string): string {
  return value.replace(/^(\s*(?:\S+\s+)?)\S[\s\S]*$/, '$1***');
}

function maskParameters(value: string): string {
  return value.replace(parameter, (whole, name: string, equals: string) =>
    secretNames.has(name.toLowerCase()) ? `${name}${equals}"***"` : whole,
  );
}

/** Up to the closing tag, since a secret may stand in CDATA or in a child; a cut body is hidden to its end. */
const secretElement =
  /<((?:[\w.-]+:)?(?:password|credential|ticket))(?=[\s>])([^<>]*)(?<!\/)>[\s\S]*?(?=<\/\1\s*>|$)/gi;

/** RFC 8839 section 5.4, RFC 4568 section 4: who has these can join the connection, or read it. */
const secretAttribute = /^(a=(?:ice-pwd:|crypto:[^\r\n]*?\binline:))[^\r\n]+/gim;

function maskBody(body: string): string {
  return body.replace(secretElement, '<$1$2>***').replace(secretAttribute, '$1***');
}
