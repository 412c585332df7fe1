import { MalformedBody } from '../src/protocol/malformed';
import { parseNameAddr } from '../src/protocol/sip/headers';
import type { SipMessage } from './codec';
import { refusals } from './diagnostics';
import { tagOf, textOf } from './headerFields';
import type { Endpoint, Reply, Role, RoleRequest } from './role';
import type { ServerTransaction } from './serverTransaction';

/** A request as the roles see it. */
export class IncomingRequest implements RoleRequest {
  readonly transaction: ServerTransaction;
  readonly from: Endpoint;
  readonly #message: SipMessage;

  constructor(transaction: ServerTransaction, from: Endpoint) {
    this.transaction = transaction;
    this.from = from;
    this.#message = transaction.request;
  }

  get method(): string {
    return this.#message.method;
  }

  get uri(): string {
    return this.#message.uri;
  }

  get to(): string {
    return textOf(parseNameAddr(this.#message.raw('to') ?? '')?.uri ?? '');
  }

  get fromTag(): string {
    return tagOf(this.#message.raw('from') ?? '');
  }

  get toTag(): string {
    return tagOf(this.#message.raw('to') ?? '');
  }

  get callId(): string {
    return this.#message.raw('call-id') ?? '';
  }

  get cseq(): number {
    return this.#message.cseq;
  }

  get contentType(): string {
    return this.#message.rawBody === '' ? '' : this.#message.contentType;
  }

  get body(): string {
    return this.#message.body;
  }

  header(name: string): string | undefined {
    return this.#message.header(name);
  }

  values(name: string): string[] {
    return this.#message.rawValues(name.toLowerCase()).map(textOf);
  }
}

/**
 * Hands a request to a role: the one place where a body that cannot be read is caught (400). Any other throw is a bug: the
 * request is answered 500 and the bug is told.
 */
export function handTo(
  role: Pick<Role, 'handle'>,
  transaction: ServerTransaction,
  from: Endpoint,
  onBug: (error: unknown) => void,
): void {
  const reply: Reply = (status, reason, content) => transaction.respond(status, reason, content);
  try {
    role.handle(new IncomingRequest(transaction, from), reply);
  } catch (error) {
    if (error instanceof MalformedBody && !transaction.finished) return transaction.refuse(refusals.malformedBody);
    onBug(error);
    if (!transaction.finished) transaction.respond(500, 'Server Internal Error');
  }
}
