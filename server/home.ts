import { randomBytes } from 'node:crypto';
import type { Aor } from '../src/protocol/sip/uri';
import { Authentication } from './authentication/authentication';
import { DigestScheme } from './authentication/digest';
import { NtlmScheme } from './authentication/ntlm';
import { Throttle } from './authentication/throttle';
import { type Clock, realClock } from './clock';
import type { Conferences } from './conference/conferences';
import type { Core } from './core';
import { type Refusal, refusals } from './diagnostics';
import { Flow, type Transport } from './flow';
import type { FileTransfers } from './http/files';
import { type Log, silentLog } from './log';
import type { Offers } from './offers';
import { SipProxy } from './proxy';
import { Receiver } from './receiver';
import { Registrar } from './registrar';
import { Registrations } from './registrations';
import type { Turn } from './relayCredentials';
import type { Endpoint, RoleContext } from './role';
import { RoleDialogs } from './roleDialogs';
import { makeRoles } from './roles';
import { Router } from './router';
import { type AccountChange, Accounts } from './store/accounts';
import type { Database } from './store/database';
import { Vault } from './store/secrets';
import { type Tap, tappedTransport } from './tap';
import { ClientTransactions } from './transaction';

export interface HomeOptions {
  /** The SIP domain. */
  domain: string;
  database: Database;
  /** 32 bytes that seal the stored credentials. */
  secretKey: Buffer;
  clock?: Clock;
  log?: Log;
  /** False away from loopback: who still has the shown password cannot sign in. */
  demoPasswordsWork?: boolean;
  /** More endpoints than this get 503. */
  maxEndpoints?: number;
  /** For media that finds no direct way; nobody gets relay credentials without. */
  turn?: Turn | null;
  /** For shared programs; nobody can share in conferences without. */
  media?: Offers['media'];
  /** Sees every message of every connection. */
  tap?: Tap | null;
  /** So many messages of its trace a client keeps at most. */
  traceMost?: number | null;
  /** The file store; nobody is told of one without. */
  files?: Offers['files'];
}

export type PasswordChange = { is: 'changed' } | { is: 'refused' } | { is: 'wait'; seconds: number };

/** Changes of an account that end what was proved before them. */
const signOutReasons: Partial<Record<AccountChange['is'], Refusal>> = {
  removed: refusals.unknownUser,
  disabled: refusals.disabled,
  password: { status: 403, reason: 'Forbidden', id: 1000, text: 'The password was changed' },
};

/** A whole home server without a port: give it flows. */
export class Home {
  readonly core: Core;
  readonly accounts: Accounts;
  readonly throttle: Throttle;
  readonly receiver: Receiver;
  readonly registrar: Registrar;
  readonly context: RoleContext;
  readonly conferences: Conferences;
  readonly tap: Tap | null;
  /** The bytes of the file store, for HTTP. */
  readonly transfers: FileTransfers | null;
  readonly #proxy: SipProxy;
  readonly #dialogs: RoleDialogs;
  readonly #added: ((endpoint: Endpoint) => void)[] = [];
  readonly #removed: ((endpoint: Endpoint, last: boolean) => void)[] = [];
  readonly #flows = new Set<Flow>();
  #flowCount = 0;
  /** The flow that changes its person's password. */
  #stays: Flow | undefined;

  constructor(options: HomeOptions) {
    const { domain, database } = options;
    const clock = options.clock ?? realClock;
    this.accounts = new Accounts(database, new Vault(options.secretKey));
    this.core = {
      domain,
      serverName: `fe1.${domain}:5061`,
      clock,
      log: options.log ?? silentLog,
      accounts: this.accounts,
      registrations: new Registrations(),
      clientTransactions: new ClientTransactions(clock, randomBytes(6).toString('hex')),
    };
    this.throttle = new Throttle(clock);
    const credentialsOf = (aor: Aor) => this.accounts.credentialsOf(aor);
    const schemes = {
      browser: new DigestScheme(domain, clock, credentialsOf),
      native: new NtlmScheme(domain, `fe1.${domain}`, clock, credentialsOf),
    };
    const { demoPasswordsWork = true, maxEndpoints = 5000, turn = null, media = null, files = null } = options;
    const authentication = new Authentication(this.accounts, schemes, this.throttle, { clock, demoPasswordsWork });
    this.#dialogs = new RoleDialogs(this.core);
    this.#proxy = new SipProxy(this.core);
    this.registrar = new Registrar(this.core, authentication, this.#registrarEvents(), maxEndpoints);
    this.context = this.#makeContext();
    // Before the roles hear of it: they forget who is signed out.
    this.accounts.onChange((change) => this.#accountChanged(change));
    const offers = { turn, media, files, traceMost: options.traceMost ?? null };
    const { roles, conferences, transfers } = makeRoles(this.context, this.accounts, database, offers);
    this.conferences = conferences;
    this.tap = options.tap ?? null;
    this.transfers = transfers;
    const router = new Router(this.core, roles, this.#dialogs, this.#proxy);
    this.receiver = new Receiver(this.core, { registrar: this.registrar, router, proxy: this.#proxy });
  }

  /** A new connection. Give its messages to `receiver`, and its end to `lost`. */
  accept(transport: Transport): Flow {
    this.#flowCount += 1;
    const { tap } = this;
    const flow: Flow = new Flow(
      this.#flowCount.toString(36),
      tap === null ? transport : tappedTransport(transport, (wire) => tap.sent(flow, wire)),
    );
    this.#flows.add(flow);
    return flow;
  }

  lost(flow: Flow): void {
    if (flow.gone) return;
    flow.gone = true;
    this.#flows.delete(flow);
    this.registrar.flowLost(flow);
    this.core.clientTransactions.flowLost(flow);
    this.receiver.flowLost(flow);
  }

  /** Changes a password for who knows the present one; signs the person's other endpoints out. */
  changePassword(aor: Aor, wish: { current: string; next: string; epid: string }, address: string): PasswordChange {
    const seconds = this.throttle.waitFor(address, aor);
    if (seconds > 0) return { is: 'wait', seconds };
    if (!this.accounts.verify(aor, wish.current) || this.accounts.find(aor)?.disabled !== false) {
      this.throttle.failed(address, aor);
      return { is: 'refused' };
    }
    this.throttle.succeeded(address, aor);
    this.#stays = this.core.registrations.find(aor, wish.epid)?.flow;
    this.accounts.setPassword(aor, wish.next);
    this.#stays = undefined;
    return { is: 'changed' };
  }

  get flows(): ReadonlySet<Flow> {
    return this.#flows;
  }

  #registrarEvents() {
    return {
      added: (endpoint: Endpoint) => {
        for (const run of this.#added) run(endpoint);
      },
      removed: (endpoint: Parameters<SipProxy['endpointRemoved']>[0], last: boolean) => {
        this.#proxy.endpointRemoved(endpoint);
        this.#dialogs.endpointRemoved(endpoint);
        for (const run of this.#removed) run(endpoint, last);
      },
    };
  }

  #makeContext(): RoleContext {
    const { domain, serverName, clock, log, registrations } = this.core;
    return {
      domain,
      serverUri: serverName,
      endpointsOf: (aor) => registrations.of(aor),
      onEndpointAdded: (run) => this.#added.push(run),
      onEndpointRemoved: (run) => this.#removed.push(run),
      createDialog: (request, local, handle) => this.#dialogs.create(request, local, handle),
      now: () => clock.now(),
      after: (ms, run) => clock.after(ms, run),
      log,
    };
  }

  #accountChanged({ is, account }: AccountChange): void {
    if (is === 'profile') {
      for (const binding of this.core.registrations.of(account.aor)) binding.displayName = account.displayName;
    }
    const reason = signOutReasons[is];
    if (reason === undefined) return;
    this.registrar.deregisterPerson(account.aor, 'rejected', reason, this.#stays);
    for (const flow of this.#flows) if (flow.owner === account.aor && flow !== this.#stays) flow.disown();
  }
}
