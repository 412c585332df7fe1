import { readFileSync } from 'node:fs';
import { parseNameAddr } from '../../src/protocol/sip/headers';
import { messageOf } from './endpoint';

/**
 * What a real pidgin-sipe sent in one session, by section: `npm run interop -- --record server/testing/sipe` writes it.
 *
 *     @@@@ says two things
 *     @@@
 *     INVITE sip:alice@contoso.example SIP/2.0
 *     ...
 *
 * Messages are byte for byte as they were, but what the server and the peers had chosen has names: `{{target}}`, `{{tag}}`,
 * `{{epid}}` and `{{call-id}}` of a dialog, and `{{echo}}` for the headers of an answer that repeat the request's. Signatures
 * are left out, since they depend on the keys of the session.
 */
export interface Recording {
  /** `bob@contoso.example`. */
  readonly address: string;
  readonly epid: string;
  /** Messages, in order. Throws when there is no such section. */
  section(name: string): readonly string[];
}

export function readRecording(file: URL): Recording {
  const sections = new Map<string, string[]>();
  for (const part of readFileSync(file, 'utf8').split('@@@@ ').slice(1)) {
    const [name = '', ...rest] = part.split('\n');
    const messages = rest
      .join('\n')
      .split(/^@@@\n/m)
      .slice(1);
    sections.set(
      name,
      messages.map((message) => message.slice(0, -1)),
    );
  }
  const first = messageOf([...sections.values()][0]?.[0] ?? '');
  const from = parseNameAddr(first.raw('from') ?? '');
  return {
    address: from?.uri.slice('sip:'.length) ?? '',
    epid: from?.params.get('epid') ?? '',
    section: (name) => {
      const messages = sections.get(name);
      if (messages === undefined) throw new Error(`the recording has no section "${name}"`);
      return messages;
    },
  };
}
