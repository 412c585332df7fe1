import type { DialectHost, ImPort, OutgoingFile, OutgoingMessage, Report } from '../dialect/dialect';
import { done, type Failure, failed, type Outcome } from '../domain/failure';
import type { ThreadId } from '../domain/ids';
import type { Aor } from '../protocol/sip/uri';
import type { World } from '../world';

const answerWithinMs = 60_000;
const typingLastsMs = 15_000;

/** What this file needs of an endpoint. */
export interface ImEndpoint {
  readonly aor: Aor;
  readonly world: World;
  readonly host: DialectHost;
  readonly im: FakeIm;
  readonly isLive: boolean;
  report(report: Report): void;
  wire<T>(work: () => Promise<Outcome<T>>): Promise<Outcome<T>>;
  /** `undefined` when there is no such person. */
  endpointsOf(aor: Aor): readonly ImEndpoint[] | undefined;
}

/** One endpoint's end of an exchange with one peer. */
interface FakeThread {
  readonly id: ThreadId;
  readonly peer: Aor;
  readonly key: string;
  /** The other end, while a dialog stands. */
  far: { endpoint: ImEndpoint; thread: FakeThread } | null;
  /** The peer has taken a message, so we know what it is: a Confab that knows an item again. */
  deduplicates: boolean;
  /** Waiting for our person's answer. */
  invitation: FakeInvitation | null;
  queue: Promise<unknown>;
  /** Invitations that failed: each took all texts with it that waited then. */
  refusals: Failure[];
  stopTyping: () => void;
}

/** An INVITE that rings at all endpoints of a person. */
interface FakeInvitation {
  readonly from: ImEndpoint;
  readonly fromThread: FakeThread;
  readonly message: OutgoingMessage | OutgoingFile;
  readonly ringing: Map<ImEndpoint, FakeThread>;
  settle(outcome: Outcome<void>): void;
}

/** IM in the fake town. */
export class FakeIm implements ImPort {
  readonly #endpoint: ImEndpoint;
  readonly #threads = new Map<string, FakeThread>();
  readonly #calling = new Set<FakeInvitation>();

  constructor(endpoint: ImEndpoint) {
    this.#endpoint = endpoint;
  }

  thread(peer: Aor, key: string): ThreadId {
    return this.#obtain(peer, key).id;
  }

  #obtain(peer: Aor, key: string): FakeThread {
    const id = `${peer} ${key}` as ThreadId;
    const known = this.#threads.get(id);
    if (known !== undefined) return known;
    const thread: FakeThread = {
      id,
      peer,
      key,
      far: null,
      deduplicates: false,
      invitation: null,
      queue: Promise.resolve(),
      refusals: [],
      stopTyping: () => undefined,
    };
    this.#threads.set(id, thread);
    return thread;
  }

  /** The other end of a thread while a dialog stands. */
  farEnd(id: ThreadId): FakeIm | null {
    return this.#threads.get(id)?.far?.endpoint.im ?? null;
  }

  send(id: ThreadId, message: OutgoingMessage | OutgoingFile): Promise<Outcome<void>> {
    const thread = this.#threads.get(id);
    if (thread === undefined) throw new Error(`no thread ${id}`);
    const before = thread.refusals.length;
    const turn = thread.queue.then(() => {
      const refusal = thread.refusals[before];
      if (refusal !== undefined) return failed(refusal);
      return this.#endpoint.wire(() => this.#deliver(thread, message));
    });
    thread.queue = turn;
    return turn;
  }

  async #deliver(thread: FakeThread, message: OutgoingMessage | OutgoingFile): Promise<Outcome<void>> {
    if (thread.far !== null) return thread.far.endpoint.im.receive(thread.far.thread, message);
    const outcome = await this.#call(thread, message);
    if (!outcome.ok && thread.far === null) thread.refusals.push(outcome.failure);
    return outcome;
  }

  deduplicates(id: ThreadId): boolean {
    return this.#threads.get(id)?.deduplicates ?? false;
  }

  #call(thread: FakeThread, message: OutgoingMessage | OutgoingFile): Promise<Outcome<void>> {
    const callees = this.#endpoint.endpointsOf(thread.peer);
    if (callees === undefined) return Promise.resolve(refusal(404, 'Not Found'));
    if (callees.length === 0) return Promise.resolve(refusal(480, 'Temporarily Unavailable'));
    return new Promise((resolve) => {
      const ringing = new Map<ImEndpoint, FakeThread>();
      const settle = (outcome: Outcome<void>) => {
        stop();
        this.#calling.delete(invitation);
        resolve(outcome);
      };
      const invitation: FakeInvitation = { from: this.#endpoint, fromThread: thread, message, ringing, settle };
      const stop = this.#endpoint.world.after(answerWithinMs, () => {
        withdraw(invitation, false);
        settle(failed({ is: 'timedOut', afterSeconds: answerWithinMs / 1000 }));
      });
      this.#calling.add(invitation);
      for (const callee of callees) ringing.set(callee, callee.im.ring(invitation, this.#endpoint.aor, thread.key));
    });
  }

  ring(invitation: FakeInvitation, peer: Aor, key: string): FakeThread {
    const thread = this.#obtain(peer, key);
    thread.invitation = invitation;
    const text = 'file' in invitation.message ? '' : invitation.message.body.text;
    queueMicrotask(() => this.#endpoint.report({ type: 'im.invited', thread: thread.id, peer, key, text }));
    return thread;
  }

  accept(id: ThreadId): void {
    const thread = this.#threads.get(id);
    const invitation = thread?.invitation;
    if (thread === undefined || invitation === null || invitation === undefined) return;
    thread.invitation = null;
    invitation.ringing.delete(this.#endpoint);
    withdraw(invitation, true);
    thread.far = { endpoint: invitation.from, thread: invitation.fromThread };
    invitation.fromThread.far = { endpoint: this.#endpoint, thread };
    thread.deduplicates = true;
    invitation.fromThread.deduplicates = true;
    void this.receive(thread, invitation.message).then((outcome) => invitation.settle(outcome));
  }

  decline(id: ThreadId): void {
    const thread = this.#threads.get(id);
    const invitation = thread?.invitation;
    if (thread === undefined || invitation === null || invitation === undefined) return;
    thread.invitation = null;
    invitation.ringing.delete(this.#endpoint);
    withdraw(invitation, true);
    invitation.settle(refusal(603, 'Decline'));
  }

  /** The other end said something: the answer waits until it is kept. */
  async receive(thread: FakeThread, message: OutgoingMessage | OutgoingFile): Promise<Outcome<void>> {
    thread.stopTyping();
    try {
      const { peer, key } = thread;
      await this.#endpoint.host.keep({ in: 'thread', thread: thread.id, peer, key, from: peer, ...message });
      return done;
    } catch {
      return refusal(500, 'Server Internal Error');
    }
  }

  setTyping(id: ThreadId, typing: boolean): void {
    const far = this.#threads.get(id)?.far;
    if (this.#endpoint.isLive) far?.endpoint.im.receiveTyping(far.thread, typing);
  }

  receiveTyping(thread: FakeThread, typing: boolean): void {
    thread.stopTyping();
    this.#endpoint.report({ type: 'im.typing', thread: thread.id, typing });
    if (!typing) return;
    const tell = () => {
      stop();
      thread.stopTyping = () => undefined;
      this.#endpoint.report({ type: 'im.typing', thread: thread.id, typing: false });
    };
    const stop = this.#endpoint.world.after(typingLastsMs, tell);
    thread.stopTyping = tell;
  }

  close(id: ThreadId): void {
    const thread = this.#threads.get(id);
    if (thread !== undefined) this.#hangUp(thread);
  }

  #hangUp(thread: FakeThread): void {
    const { far } = thread;
    thread.far = null;
    thread.stopTyping();
    if (far === null) return;
    far.thread.far = null;
    far.thread.stopTyping();
    far.endpoint.report({ type: 'im.ended', thread: far.thread.id });
  }

  /** Signing out, or the connection is gone. */
  endAll(): void {
    for (const invitation of [...this.#calling]) {
      withdraw(invitation, false);
      invitation.settle(failed({ is: 'connectionLost' }));
    }
    for (const thread of this.#threads.values()) {
      this.#hangUp(thread);
      const { invitation } = thread;
      thread.invitation = null;
      invitation?.ringing.delete(this.#endpoint);
      if (invitation?.ringing.size === 0) invitation.settle(refusal(480, 'Temporarily Unavailable'));
    }
  }
}

function withdraw(invitation: FakeInvitation, elsewhere: boolean): void {
  for (const [endpoint, thread] of invitation.ringing) {
    thread.invitation = null;
    endpoint.report({ type: 'im.withdrawn', thread: thread.id, elsewhere });
  }
  invitation.ringing.clear();
}

function refusal(status: number, reason: string): Outcome<never> {
  const failure: Failure = { is: 'rejected', status, reason };
  return failed(failure);
}
