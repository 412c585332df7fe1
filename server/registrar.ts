import { randomBytes } from 'node:crypto';
import {
  type DeregistrationEvent,
  formatDeregistered,
  registrationEventType,
  registrationNotifyEvent,
} from '../src/protocol/lync/registrationEvent';
import { type NameAddr, parseNameAddr } from '../src/protocol/sip/headers';
import { type Aor, aorOf, parseUri } from '../src/protocol/sip/uri';
import type { Authentication } from './authentication/authentication';
import { carriesSignature } from './authentication/securityAssociation';
import type { Core } from './core';
import { diagnosticsOf, type Refusal, refusals } from './diagnostics';
import type { Flow } from './flow';
import { tagOf } from './headerFields';
import { type Binding, epidOfInstance, gruuOf, instanceOfEpid } from './registrations';
import type { Endpoint, HeaderLines } from './role';
import type { ServerTransaction } from './serverTransaction';

const longest = 7200;
const shortest = 60;
/** Devices and browser profiles of one person. */
const mostPerPerson = 100;
/** How long messages to a client wait while it proves again who it is. */
const provesWithin = 10_000;

export interface RegistrarEvents {
  added(endpoint: Endpoint): void;
  /** Before its dialogs and subscriptions end; `last` when the person has no endpoint left. */
  removed(endpoint: Binding, last: boolean): void;
}

/** What a REGISTER asks for. */
interface Wish {
  aor: Aor;
  epid: string;
  instance: string;
  contact: NameAddr | null;
  removeAll: boolean;
  /** Seconds; 0 signs out. */
  expires: number;
}

/** REGISTER (RFC 3261 §10.3, [MS-SIPREGE]; rules REG-1 to REG-14). */
export class Registrar {
  readonly #core: Core;
  readonly #authentication: Authentication;
  readonly #events: RegistrarEvents;
  readonly #maxEndpoints: number;

  constructor(core: Core, authentication: Authentication, events: RegistrarEvents, maxEndpoints: number) {
    this.#core = core;
    this.#authentication = authentication;
    this.#events = events;
    this.#maxEndpoints = maxEndpoints;
  }

  handle(transaction: ServerTransaction) {
    const wish = wishOf(transaction, this.#core.registrations.ofFlow(transaction.flow));
    if ('status' in wish) return transaction.refuse(wish);
    if (!wish.aor.endsWith(`@${this.#core.domain}`)) return transaction.refuse(refusals.otherDomain);
    const { flow, request } = transaction;
    if (flow.owner !== null && flow.owner !== wish.aor) return transaction.refuse(refusals.otherFrom);
    const provesAgain = flow.association !== null && !carriesSignature(request);
    if (flow.owner === null || provesAgain) {
      const decision = this.#authentication.decide(flow, request, wish.aor);
      if (decision.is === 'refused') {
        this.#core.log.info(
          { flow: flow.id, address: flow.transport.address, status: decision.refusal.status },
          'REGISTER refused',
        );
        // The old association stays valid until there is a new one, or the client has given up.
        if (decision.refusal.status === 401) flow.hold((run) => this.#core.clock.after(provesWithin, run));
        return transaction.refuse(decision.refusal, decision.headers);
      }
      flow.prove(wish.aor, decision.association);
    }
    this.#carryOut(transaction, wish);
    flow.release();
  }

  #carryOut(transaction: ServerTransaction, wish: Wish) {
    if (wish.removeAll || wish.expires === 0) return this.#unregister(transaction, wish);
    if (wish.expires < shortest) {
      return transaction.refuse({ status: 423, reason: 'Interval Too Brief' }, [['Min-Expires', String(shortest)]]);
    }
    this.#register(transaction, wish);
  }

  /** The connection is gone, and its endpoint with it (REG-14). */
  flowLost(flow: Flow): void {
    const binding = this.#core.registrations.ofFlow(flow);
    if (binding !== undefined) this.#remove(binding);
  }

  /** Signs a person's endpoints out by the server's will (`lync-wire` 1.6), all but that of `except`. */
  deregisterPerson(aor: Aor, event: DeregistrationEvent, diagnostics: Refusal, except?: Flow): void {
    for (const binding of [...this.#core.registrations.of(aor)]) {
      if (binding.flow === except) continue;
      this.#notifyDeregistered(binding, binding.flow, event, diagnostics);
      binding.flow.disown();
      this.#remove(binding);
    }
  }

  #register(transaction: ServerTransaction, wish: Wish) {
    const { registrations, clock, accounts } = this.#core;
    const { flow, request } = transaction;
    const present = registrations.find(wish.aor, wish.epid);
    if (present === undefined && registrations.of(wish.aor).length >= mostPerPerson) {
      flow.disown();
      return transaction.refuse(refusals.tooManyEndpoints);
    }
    if (present === undefined && registrations.size >= this.#maxEndpoints) {
      flow.disown();
      return transaction.refuse(refusals.full, [['Retry-After', '60']]);
    }
    if (present !== undefined && present.instance !== wish.instance) this.#remove(present);
    const expires = Math.min(wish.expires, longest);
    const kept = registrations.find(wish.aor, wish.epid);
    const binding = kept ?? this.#newBinding(flow, wish, accounts.find(wish.aor)?.displayName ?? '');
    binding.contactUri = wish.contact?.uri ?? binding.contactUri;
    binding.expiresAt = clock.now() + expires * 1000;
    binding.cancelExpiry();
    binding.cancelExpiry = clock.after(expires * 1000, () => this.#lapse(binding));
    if (kept === undefined) this.#add(binding);
    else if (kept.flow !== flow) this.#moveTo(kept, flow);
    binding.registerFrom = request.raw('from') ?? '';
    binding.registerCallId = request.raw('call-id') ?? '';
    flow.checkedContact = '';
    transaction.respond(200, 'OK', { headers: this.#answer(binding, wish, expires, kept === undefined) });
    if (kept === undefined) this.#events.added(binding);
  }

  #lapse(binding: Binding): void {
    binding.flow.disown();
    this.#remove(binding);
  }

  #add(binding: Binding): void {
    // A flow is one endpoint's: another epid on it takes the place of the one before.
    const before = this.#core.registrations.ofFlow(binding.flow);
    if (before !== undefined) this.#remove(before);
    this.#core.registrations.add(binding);
  }

  /** REG-11: the same endpoint on another connection. Its dialogs live on; the old connection is nobody's now. */
  #moveTo(binding: Binding, flow: Flow): void {
    const before = this.#core.registrations.ofFlow(flow);
    if (before !== undefined) this.#remove(before);
    const old = this.#core.registrations.move(binding, flow);
    this.#notifyDeregistered(binding, old, 'unregistered', {
      status: 0,
      reason: '',
      id: 4140,
      text: 'Signed in from another connection',
      isPublic: true,
    });
    old.disown();
  }

  #newBinding(flow: Flow, wish: Wish, displayName: string): Binding {
    return {
      aor: wish.aor,
      epid: wish.epid,
      instance: wish.instance,
      gruu: gruuOf(wish.aor, wish.instance),
      displayName,
      flow,
      contactUri: wish.contact?.uri ?? '',
      registerFrom: '',
      registerCallId: '',
      expiresAt: 0,
      cancelExpiry: () => undefined,
    };
  }

  #unregister(transaction: ServerTransaction, wish: Wish): void {
    const { registrations } = this.#core;
    const leaving = wish.removeAll ? registrations.of(wish.aor) : [registrations.find(wish.aor, wish.epid)];
    for (const binding of [...leaving]) if (binding !== undefined) this.#remove(binding);
    transaction.respond(200, 'OK', { headers: [['Expires', '0'], ...capabilities] });
    transaction.flow.disown();
  }

  #remove(binding: Binding): void {
    if (this.#core.registrations.find(binding.aor, binding.epid) !== binding) return;
    this.#core.registrations.remove(binding);
    this.#events.removed(binding, this.#core.registrations.of(binding.aor).length === 0);
  }

  #answer(binding: Binding, wish: Wish, expires: number, added: boolean): HeaderLines {
    const regId = wish.contact?.params.get('reg-id');
    const own =
      `<${binding.contactUri}>;expires=${expires};+sip.instance="<urn:uuid:${wish.instance}>"` +
      `${regId === undefined || !/^\d{1,9}$/.test(regId) ? '' : `;reg-id=${regId}`}` +
      `;gruu="${binding.gruu}";pub-gruu="${binding.gruu}"`;
    return [
      ['ms-keep-alive', 'UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300'],
      ['Contact', own],
      ['Expires', String(expires)],
      ['presence-state', `register-action="${added ? 'added' : 'refreshed'}"`],
      ...capabilities,
    ];
  }

  #notifyDeregistered(binding: Binding, flow: Flow, event: DeregistrationEvent, diagnostics: Refusal): void {
    const body = formatDeregistered(event);
    const [diagnostic] = diagnosticsOf({ ...diagnostics, isPublic: true }, this.#core.serverName);
    const branch = `z9hG4bK${randomBytes(8).toString('hex')}`;
    flow.send(
      `NOTIFY ${binding.contactUri === '' ? binding.gruu : binding.contactUri} SIP/2.0\r\n` +
        `Via: SIP/2.0/${flow.transport.protocol} ${this.#core.serverName};branch=${branch}\r\nMax-Forwards: 70\r\n` +
        `From: <${binding.aor}>;tag=${randomBytes(8).toString('hex')}\r\nTo: ${binding.registerFrom}\r\n` +
        `Call-ID: ${binding.registerCallId}\r\nCSeq: 1 NOTIFY\r\nEvent: ${registrationNotifyEvent}\r\n` +
        `subscription-state: terminated;expires=0\r\n${diagnostic === undefined ? '' : `${diagnostic[0]}: ${diagnostic[1]}\r\n`}` +
        `Content-Type: ${registrationEventType}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  }
}

/** REG-4 to REG-7: one token per Supported line, no blanks in Allow-Events. */
const capabilities: HeaderLines = [
  [
    'Allow-Events',
    'vnd-microsoft-provisioning-v2,vnd-microsoft-roaming-contacts,vnd-microsoft-roaming-self,presence,conference',
  ],
  ['Supported', 'adhoclist'],
  ['Supported', 'msrtc-event-categories'],
  ['Server', 'RTC/4.0'],
];

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

/** `present` is the endpoint of the flow: JsSIP leaves the epid out when it signs out. */
function wishOf({ request }: ServerTransaction, present: Binding | undefined): Wish | Refusal {
  const from = parseNameAddr(request.raw('from') ?? '');
  const to = parseNameAddr(request.raw('to') ?? '');
  const aor = aorOf(from?.uri ?? '');
  if (from === null || to === null || aor === null || tagOf(request.raw('from') ?? '') === '') return refusals.badFrom;
  if (aorOf(to.uri) !== aor) return refusals.otherFrom;
  const contacts = request.rawValues('contact');
  const removeAll = contacts[0] === '*';
  // RFC 3261 §20.10: a URI with headers stands in brackets.
  if (/^[^"<]*\?/.test(contacts[0] ?? '')) return refusals.badContact;
  const contact = removeAll ? null : parseNameAddr(contacts[0] ?? '');
  const claimed = aorOf(contact?.uri ?? '');
  if (claimed?.endsWith(aor.slice(aor.indexOf('@'))) && claimed !== aor) return refusals.otherContact;
  const named = uuid.exec((contact?.params.get('+sip.instance') ?? '').toLowerCase())?.[0];
  const givenEpid = from.params.get('epid') ?? '';
  if (givenEpid.length > 16) return refusals.epidTooLong;
  const derived =
    present?.instance === named && present !== undefined ? present.epid : epidOfInstance(named ?? contact?.uri ?? '');
  const epid = givenEpid === '' ? derived : givenEpid;
  const asked = contact?.params.get('expires') ?? request.raw('expires') ?? '';
  return {
    aor,
    epid,
    instance: named ?? instanceOfEpid(epid),
    contact: contact === null || parseUri(contact.uri) === null ? null : contact,
    removeAll,
    expires: /^\d{1,10}$/.test(asked) ? Number(asked) : longest,
  };
}
