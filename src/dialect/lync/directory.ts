import { failed, type Outcome } from '../../domain/failure';
import type { FoundPerson } from '../../domain/people';
import { soapType } from '../../protocol/lync/contactService';
import { type DirectoryRow, formatDirectoryQuery, parseDirectoryAnswer } from '../../protocol/lync/directorySearch';
import { domainOf } from '../../protocol/sip/uri';
import type { DirectoryPort } from '../dialect';
import { type LyncContext, reading } from './context';

const mostResults = 50;

/** SERVICE `directorySearch` to the domain (`lync-wire` 3.3, CON-6). */
export class Directory implements DirectoryPort {
  readonly #context: LyncContext;

  constructor(context: LyncContext) {
    this.#context = context;
  }

  async find(text: string): Promise<Outcome<readonly FoundPerson[]>> {
    const { aor, ua } = this.#context;
    if (!this.#context.isLive()) return failed({ is: 'offline' });
    const body = formatDirectoryQuery({ terms: new Map([['givenName', text]]), maxResults: mostResults });
    const outcome = await ua.service(`sip:${domainOf(aor)}`, { contentType: soapType, body });
    return reading(outcome, (response) => parseDirectoryAnswer(response.body).rows.map(personOf));
  }
}

function personOf({ aor, displayName, title, department, email }: DirectoryRow): FoundPerson {
  return {
    aor,
    displayName,
    ...(title === '' ? {} : { title }),
    ...(department === '' ? {} : { department }),
    ...(email === '' ? {} : { email }),
  };
}
