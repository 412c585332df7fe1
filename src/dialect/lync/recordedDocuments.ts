import type { Outcome } from '../../domain/failure';
import { categoriesType, parseCategories } from '../../protocol/lync/categories';
import { selfEvent, selfType } from '../../protocol/lync/roamingSelf';
import { MalformedBody } from '../../protocol/malformed';
import { splitCommas } from '../../protocol/sip/headers';
import { mediaType, parseBody } from '../../protocol/sip/multipart';
import type { Aor } from '../../protocol/sip/uri';
import type { SipRequest, SipResponse } from '../../sip/sipMessages';
import type { World } from '../../world';
import type { DialectHost } from '../dialect';
import type { Told } from '../recording';
import { Contacts } from './contacts';
import type { Endpoint, LyncContext, Subscribed } from './context';
import { capabilitiesOf, Provisioning } from './provisioning';
import { SelfPresence } from './self';
import { Watching } from './watching';

type Reader = (document: SipRequest | SipResponse) => void;

/** What subscriptions told in a recording, read by the same parts that read it when it is new. */
export class RecordedDocuments {
  readonly #readers = new Map<string, Reader>();
  readonly #self: SelfPresence;
  readonly #watching: Watching;
  readonly #tell: (told: Told) => void;
  #allowedEvents: readonly string[] = [];

  constructor(world: World, aor: Aor, tell: (told: Told) => void) {
    this.#tell = tell;
    const host: DialectHost = {
      report: (report) => tell({ is: 'reported', report }),
      keep: () => Promise.reject(new Error('a document is no message')),
    };
    const context: LyncContext = { world, host, aor, ua: this.#endpoint(), isLive: () => false };
    this.#watching = new Watching(context);
    new Contacts(context, (people) => this.#watching.setContacts(people));
    this.#self = new SelfPresence(context, '');
    new Provisioning(context, (provisioned) => {
      const capabilities = capabilitiesOf(provisioned, this.#allowedEvents);
      host.report({ type: 'capabilities.changed', capabilities });
      host.report({ type: 'policy.changed', policy: provisioned.policy });
    });
  }

  /** The answer to a REGISTER. */
  registered(response: SipResponse): void {
    this.#allowedEvents = response.headers('Allow-Events').flatMap(splitCommas);
  }

  /** A document of a subscription, in its answer or a notification; `event` as written. */
  take(event: string, document: SipRequest | SipResponse): void {
    if (document.body === '') return;
    if (event === 'presence') this.#want(document);
    this.#readers.get(event)?.(document);
    if (event === selfEvent) this.#tell({ is: 'named', displayName: this.#self.displayName });
  }

  /** The answer to a SERVICE: to a publication it has what is published now. */
  served(request: SipRequest, response: SipResponse): void {
    // As a notification, which names what has changed: an answer to SUBSCRIBE is all there is.
    if (mediaType(response.contentType) === selfType) this.take(selfEvent, { ...request, ...bodyOf(response) });
  }

  /** A recording that begins late has no list of who was watched: whoever is told of was. */
  #want(document: SipRequest | SipResponse): void {
    for (const part of parseBody(document.contentType, document.body)) {
      if (part.contentType !== categoriesType) continue;
      try {
        this.#watching.watch([parseCategories(part.body).aor]);
      } catch (error) {
        if (!(error instanceof MalformedBody)) throw error;
      }
    }
  }

  /** Takes every subscription, and sends nothing. */
  #endpoint(): Endpoint {
    const never = (): Promise<Outcome<never>> => new Promise(() => undefined);
    return {
      contact: '',
      gruu: null,
      handle: () => undefined,
      request: never,
      service: never,
      invite: () => {
        throw new Error('a recording invites nobody');
      },
      subscription: ({ event, onDocument }): Subscribed => {
        this.#readers.set(event, (document) => onDocument(parseBody(document.contentType, document.body), document));
        return { start: never, refresh: never, stop: () => Promise.resolve(), isActive: false };
      },
    };
  }
}

const bodyOf = ({ contentType, body, frame }: SipResponse) => ({ contentType, body, frame });
