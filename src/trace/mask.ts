/**
 * Hides what must never reach a trace or a log: credentials of every scheme (digest `response` and `cnonce`, NTLM and other
 * tokens), passwords and tickets in bodies. What it hides becomes `***`, so that the shape of the message stays readable.
 */
export function maskSecrets(message: string): string {
  const end = message.indexOf('\r\n\r\n');
  const head = end < 0 ? message : message.slice(0, end);
  const body = end < 0 ? '' : message.slice(end);
  return maskHead(head) + maskBody(body);
}

const secretHeader = /^((?:Proxy-)?Authorization[ \t]*:[ \t]*\S+)[ \t]+([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)/gim;
const secretParameter = /\b(response|cnonce|gssapi-data|password|ticket)=("[^"]*"|[^\s,;"]+)/gi;
const secretChallenge = /^((?:Proxy-|WWW-)?Authenticate[ \t]*:[^\r\n]*?\bgssapi-data=)("[^"]*")/gim;

function maskHead(head: string): string {
  return head
    .replace(secretHeader, (_whole, scheme: string, rest: string) => {
      const masked = rest.replace(secretParameter, '$1="***"');
      // A bare token (Bearer, Basic) has no parameters: all of it is secret.
      return `${scheme} ${/=/.test(rest) && /\b(realm|username|qop|targetname)=/i.test(rest) ? masked : '***'}`;
    })
    .replace(secretChallenge, '$1"***"');
}

const secretElement = /<((?:\w+:)?(?:password|credential|ticket))\b([^<>]*)>[^<]*</gi;

function maskBody(body: string): string {
  return body === '' ? body : body.replace(secretElement, '<$1$2>***<');
}
