import { aorOf, parseUri } from '../src/protocol/sip/uri';
import type { SipMessage } from './codec';
import type { Core } from './core';
import { type Refusal, refusals } from './diagnostics';
import type { Flow } from './flow';
import { tagOf } from './headerFields';
import { refusalOfMedia } from './mediaPolicy';
import type { SipProxy } from './proxy';
import { Rate } from './rate';
import type { Binding } from './registrations';
import type { Role } from './role';
import type { RoleDialogs } from './roleDialogs';
import { handTo } from './roleRequest';
import type { ServerTransaction } from './serverTransaction';

/** Which role serves what. Filled by `roles.ts`. */
export interface Roles {
  /** Requests to a URI whose `opaque` begins so, e.g. `app:conf:focus:`; the first that fits. */
  readonly applications: readonly (readonly [opaquePrefix: string, role: Role])[];
  /** SUBSCRIBE to a person, by event package. */
  readonly events: ReadonlyMap<string, Role>;
  /** SERVICE to a person, by content type in lower case. */
  readonly services: ReadonlyMap<string, Role>;
  /** SERVICE to the domain itself (`sip:contoso.example`), by content type in lower case. */
  readonly domainServices: ReadonlyMap<string, Role>;
}

/** Requests that look into the database or write whole documents: at sign-in a dozen, then a few. */
const costly = new Set(['SERVICE', 'SUBSCRIBE']);
const costlyLimits = { burst: 2_000, perSecond: 50, tooMany: Number.POSITIVE_INFINITY };

/** Methods that one client may send to another; everything else ends at the server. */
const passedOn = new Set(['INVITE', 'MESSAGE', 'INFO', 'BYE', 'UPDATE', 'NOTIFY', 'REFER', 'PRACK', 'OPTIONS']);

/** Native clients believe any NOTIFY by its Event alone, so clients send each other none but what a REFER brings (RFC 3515). */
function mayPass(request: SipMessage): boolean {
  return passedOn.has(request.method) && (request.method !== 'NOTIFY' || /^refer\b/i.test(request.raw('event') ?? ''));
}

/** Where a request goes: by dialog, by GRUU, by `opaque`, by address (`lync-wire` 0.3 rule d). */
export class Router {
  readonly #core: Core;
  readonly #roles: Roles;
  readonly #dialogs: RoleDialogs;
  readonly #proxy: SipProxy;
  readonly #rates = new WeakMap<Flow, Rate>();

  constructor(core: Core, roles: Roles, dialogs: RoleDialogs, proxy: SipProxy) {
    this.#core = core;
    this.#roles = roles;
    this.#dialogs = dialogs;
    this.#proxy = proxy;
  }

  route(transaction: ServerTransaction, sender: Binding) {
    const { request } = transaction;
    const endpoint = this.#core.registrations.ofGruu(request.uri);
    if (endpoint !== undefined && mayPass(request)) {
      if (this.#isForbidden(transaction, sender)) return;
      return this.#proxy.toEndpoint(transaction, sender, endpoint);
    }
    const toTag = tagOf(request.raw('to') ?? '');
    const dialog = toTag === '' ? undefined : this.#dialogs.find(request, sender);
    if (dialog !== undefined) return this.#hand(dialog, transaction, sender);
    this.#routeByUri(transaction, sender, toTag !== '');
  }

  /** ACK to a 2xx: to the role whose dialog it is in, or on to the other client. */
  acknowledge(ack: SipMessage, sender: Binding): void {
    const dialog = this.#dialogs.find(ack, sender);
    if (dialog === undefined) return this.#proxy.passAck(ack, sender);
    try {
      dialog.acknowledged(ack);
    } catch (error) {
      this.#core.log.error({ method: 'ACK', error }, 'a role failed');
    }
  }

  #routeByUri(transaction: ServerTransaction, sender: Binding, inDialog: boolean) {
    const { request } = transaction;
    const uri = parseUri(request.uri);
    if (uri === null) return transaction.refuse(isOtherScheme(request.uri) ? refusals.otherScheme : refusals.badUri);
    // RFC 3261 §19.1.1: headers have no place in a Request-URI.
    if (request.uri.includes('?')) return transaction.refuse(refusals.badUri);
    // PRS-11: the Contact of our dialogs names this server.
    if (inDialog && uri.host === this.#core.serverName.split(':')[0]) return transaction.refuse(refusals.noSuchDialog);
    if (uri.host !== this.#core.domain) return transaction.refuse(refusals.otherDomain);
    const opaque = uri.params.get('opaque');
    if (opaque?.startsWith('user:epid:'))
      return transaction.refuse(inDialog ? refusals.dialogGone : refusals.endpointGone);
    const person = aorOf(request.uri);
    if (opaque === undefined && person !== null && mayPass(request)) {
      if (this.#isForbidden(transaction, sender)) return;
      return this.#proxy.toPerson(transaction, sender, person);
    }
    if (opaque === undefined && person === null && request.method === 'OPTIONS') return transaction.respond(200, 'OK');
    // A dialog of ours that we do not know: from before a restart, or ended.
    if (inDialog) return transaction.refuse(refusals.noSuchDialog);
    const role = this.#roleFor(transaction, opaque, person !== null);
    if ('status' in role) return transaction.refuse(role);
    this.#hand(role, transaction, sender);
  }

  /** True when it was refused: the sender's policy forbids what it offers. */
  #isForbidden(transaction: ServerTransaction, sender: Binding): boolean {
    const refusal = refusalOfMedia(transaction.request, this.#core.accounts.find(sender.aor)?.policy);
    if (refusal !== null) transaction.refuse(refusal);
    return refusal !== null;
  }

  #roleFor({ request }: ServerTransaction, opaque: string | undefined, isPerson: boolean): Role | Refusal {
    const { applications, events, services, domainServices } = this.#roles;
    if (opaque !== undefined) {
      return applications.find(([prefix]) => opaque.startsWith(prefix))?.[1] ?? refusals.unknownService;
    }
    if (request.method === 'SUBSCRIBE' && isPerson) {
      const event = (request.raw('event') ?? '').split(';', 1)[0]?.trim() ?? '';
      return events.get(event) ?? refusals.unknownEvent;
    }
    if (request.method === 'SERVICE') {
      return (isPerson ? services : domainServices).get(request.contentType) ?? refusals.unknownContent;
    }
    return refusals.unknownMethod;
  }

  #isTooFast({ flow, request }: ServerTransaction): boolean {
    if (!costly.has(request.method)) return false;
    const rate = this.#rates.get(flow) ?? new Rate(this.#core.clock, costlyLimits);
    this.#rates.set(flow, rate);
    return rate.count() !== 'pass';
  }

  #hand(role: Pick<Role, 'handle'>, transaction: ServerTransaction, sender: Binding): void {
    if (this.#isTooFast(transaction)) return transaction.refuse(refusals.tooFast, [['Retry-After', '1']]);
    handTo(role, transaction, sender, (error) =>
      this.#core.log.error({ method: transaction.request.method, error }, 'a role failed'),
    );
  }
}

function isOtherScheme(uri: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(uri) && !/^sips?:/i.test(uri);
}
