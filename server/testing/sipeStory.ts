import type { ConferenceInfo } from '../../src/protocol/shared/conferenceInfo';
import { conferenceInfoType } from '../../src/protocol/shared/conferenceInfo';
import { formatImOffer } from '../../src/protocol/sip/imOffer';
import type { SipMessage } from '../codec';
import { demoPassword, makeDemoPeople } from '../demo';
import type { HeaderLines } from '../role';
import { rosterIn } from './conference';
import type { Exchange, TestEndpoint } from './endpoint';
import { TestHome } from './home';
import type { RecordedSipe } from './recordedSipe';
import type { Recording } from './recording';

/** A recorded pidgin-sipe of Bob's at a home server with the demo people, and browsers of Alice and Carol in a test's hands. */
export class SipeStory {
  readonly home = new TestHome({ people: [] });
  readonly sipe: RecordedSipe;
  readonly alice: TestEndpoint;
  readonly carol: TestEndpoint;
  #atSignIn: Exchange[] = [];

  constructor(recording: Recording) {
    makeDemoPeople(this.home.database, this.home.home.accounts, 'contoso.example');
    this.alice = this.home.signIn('alice@contoso.example', { password: demoPassword });
    this.carol = this.home.signIn('carol@contoso.example', { password: demoPassword });
    this.sipe = this.home.recordedSipe(recording);
  }

  signIn(): void {
    this.#atSignIn = this.sipe.signIn(demoPassword);
  }

  /** The answer to what SIPE sent at sign-in with these words in its Request-URI or headers. */
  atSignIn(words: string): SipMessage {
    const found = this.#atSignIn.find(({ request }) => `${request.uri}\n${request.lines.join('\n')}`.includes(words));
    if (found === undefined) throw new Error(`SIPE sent nothing with ${words}`);
    return found.final;
  }

  /** What waits is told. */
  settle(): void {
    this.home.clock.advance(1_000);
  }

  /** The rosters told to an endpoint since the last time. */
  rosters(endpoint: TestEndpoint): ConferenceInfo[] {
    this.settle();
    const documents = take(endpoint, 'BENOTIFY').filter(({ contentType }) => contentType === conferenceInfoType);
    return documents.map(rosterIn);
  }
}

/** The requests of a method that came since the last time. */
export function take(endpoint: TestEndpoint, method: string): SipMessage[] {
  const taken = endpoint.incoming.filter((request) => request.method === method);
  for (const request of taken) endpoint.incoming.splice(endpoint.incoming.indexOf(request), 1);
  return taken;
}

/** The same, and answers them. */
export function answerAll(endpoint: TestEndpoint, method: string): SipMessage[] {
  const taken = take(endpoint, method);
  for (const request of taken) endpoint.answer(request, 200, 'OK');
  return taken;
}

/** Takes the next INVITE at once, as a browser does whose person talks with the caller already. */
export function acceptNext(endpoint: TestEndpoint, headers: HeaderLines = []): void {
  const offer = imOffer(endpoint.aor);
  endpoint.onRequest = (request) => {
    if (request.method !== 'INVITE') return false;
    endpoint.onRequest = () => false;
    endpoint.answer(request, 200, 'OK', { headers, ...(request.contentType === offer.contentType ? offer : {}) });
    endpoint.incoming.push(request);
    return true;
  };
}

/** The body of an IM INVITE, or of the answer to one. */
export function imOffer(uri: string | null = null) {
  return { contentType: 'application/sdp', body: formatImOffer({ uri, acceptTypes: ['text/plain'] }) };
}

export const statuses = (exchanges: readonly Exchange[]): number[] => exchanges.map(({ final }) => final.status);
