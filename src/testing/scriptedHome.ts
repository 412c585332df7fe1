import type { Dialect } from '../dialect/dialect';
import { createLync } from '../dialect/lync/lync';
import { headerOf, type SipMessage } from '../protocol/sip/message';
import { fakeWorld } from './fakeWorld';
import { alice } from './people';
import { Recorder } from './recorder';
import { ScriptedPeer } from './scriptedPeer';

interface Document {
  contentType: string;
  body: string;
}

/** What the script answers to a request: a status, maybe with a document. */
export type ScriptedAnswer = { status: number; reason: string; headers?: readonly string[] } & Partial<Document>;

const plain: ScriptedAnswer = { status: 200, reason: 'OK' };

/**
 * Alice's dialect opposite a home server that says what a test tells it to, also what no sound server would. Every request is
 * answered 200, a SUBSCRIBE with the document of its event package, unless `answers` says otherwise.
 */
export class ScriptedHome {
  readonly world = fakeWorld();
  readonly peer = new ScriptedPeer();
  readonly host = new Recorder();
  readonly dialect: Dialect;
  /** Documents for the 200 of a SUBSCRIBE, by event package. */
  readonly documents = new Map<string, Document>();
  /** Looked at first; `null` leaves the request to the rule. */
  answers: (request: SipMessage) => ScriptedAnswer | null = () => null;
  #read = 0;

  /** `server` is where the client connects. */
  constructor(server = 'wss://fe1.contoso.example/sip') {
    this.dialect = createLync({
      world: this.world,
      server,
      account: { aor: alice, password: 'rose petal' },
      instanceId: '63bfdf93-25a1-57a5-a4d0-0c8030515897',
      epid: '01a7c4d2e9',
      host: this.host,
      trace: () => 0,
      openSocket: this.peer.pairs.openSocket,
    });
  }

  async signIn(): Promise<void> {
    const signedIn = this.dialect.signIn(() => undefined);
    await this.settle();
    if (!(await signedIn).ok) throw new Error('not signed in');
  }

  /** Requests of one kind that the client sent so far; `event` narrows SUBSCRIBE. */
  sent(method: string, event?: string): SipMessage[] {
    return this.peer.received.filter(
      (message) => message.method === method && (event === undefined || headerOf(message, 'Event') === event),
    );
  }

  /** BENOTIFY in the newest subscription to an event package. */
  async notify(event: string, document: Document, state = 'active;expires=3600'): Promise<void> {
    const subscribe = this.sent('SUBSCRIBE', event).at(-1);
    if (subscribe === undefined) throw new Error(`nothing is subscribed to ${event}`);
    const headers = [`Event: ${event}`, `subscription-state: ${state}`];
    this.peer.inDialog('BENOTIFY', subscribe, { ...document, headers });
    await this.settle();
  }

  /** Time passes, half a second at a time, and everything under way arrives and is answered. */
  async elapse(ms: number): Promise<void> {
    await this.settle();
    for (let left = ms; left > 0; left -= 500) {
      await this.world.elapse(Math.min(500, left));
      await this.settle();
    }
  }

  /** Answers what came, until nothing more comes. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      await new Promise((resolve) => setImmediate(resolve));
      quiet = this.#answerAll() ? 0 : quiet + 1;
    }
  }

  #answerAll(): boolean {
    const fresh = this.peer.received.slice(this.#read);
    this.#read = this.peer.received.length;
    for (const message of fresh) {
      if (message.method === null || message.method === 'REGISTER' || message.method === 'ACK') continue;
      const { status, reason, ...answer } = this.answers(message) ?? this.#ruled(message);
      this.peer.answer(message, status, reason, answer);
    }
    return fresh.length > 0;
  }

  #ruled(message: SipMessage): ScriptedAnswer {
    const event = headerOf(message, 'Event');
    if (message.method !== 'SUBSCRIBE' || event === undefined) return plain;
    const headers = [
      'Contact: <sip:fe1.contoso.example:5061;transport=tls>',
      `Event: ${event}`,
      'Expires: 3600',
      'subscription-state: active;expires=3600',
      'ms-piggyback-cseq: 1',
    ];
    return { ...plain, headers, ...this.documents.get(event) };
  }
}
