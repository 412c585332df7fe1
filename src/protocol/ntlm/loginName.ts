/**
 * The names of an AUTHENTICATE message ([MS-NLMP] §2.2.1.3) from what a person types: `CONTOSO\alice` names a domain, a user
 * principal name such as `alice@contoso.example` goes as it is.
 */
export function parseLoginName(text: string): { user: string; domain: string } {
  const slash = text.indexOf('\\');
  return slash < 0 ? { user: text, domain: '' } : { user: text.slice(slash + 1), domain: text.slice(0, slash) };
}
