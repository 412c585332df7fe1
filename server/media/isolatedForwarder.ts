import { Worker } from 'node:worker_threads';
import type { Log } from '../log';
import { type Made, type MediaFact, type MediaForwarder, type MediaPeer, notMade, type RoomLimits } from './forwarder';
import type { MediaNetwork } from './werift/peerConnection';

type Verb = 'open' | 'publish' | 'present' | 'watch' | 'accept' | 'pause' | 'grant' | 'leave' | 'close' | 'stop';

export interface Call {
  readonly id: number;
  readonly verb: Verb;
  readonly args: readonly unknown[];
}

export type Answer = { is: 'ready' } | { is: 'answer'; id: number; value: unknown } | { is: 'fact'; fact: MediaFact };

/**
 * werift in a thread of its own: forwarding takes no time from SIP, and a packet at which werift throws (it reads what
 * anybody sends) ends that thread, not the server. The rooms are lost then, which is told, and the next one opened begins
 * with a new thread.
 */
export class IsolatedForwarder implements MediaForwarder {
  readonly can = { pointers: true };
  readonly #network: MediaNetwork;
  readonly #log: Pick<Log, 'error'>;
  readonly #listeners: ((fact: MediaFact) => void)[] = [];
  readonly #pending = new Map<number, (value: unknown) => void>();
  readonly #rooms = new Set<string>();
  #worker: Worker | null = null;
  #count = 0;

  constructor(network: MediaNetwork, log: Pick<Log, 'error'>) {
    this.#network = network;
    this.#log = log;
  }

  /** A thread takes half a second to start. */
  prepare(): void {
    if (this.#worker === null) this.#start();
  }

  open(room: string, limits: RoomLimits): Promise<Made<void>> {
    this.#rooms.add(room);
    return this.#make('open', room, limits);
  }

  publish(room: string, peer: MediaPeer, offer: string): Promise<Made<string>> {
    return this.#make('publish', room, peer, offer);
  }

  present(room: string, peer: string): Promise<Made<void>> {
    return this.#make('present', room, peer);
  }

  watch(room: string, peer: MediaPeer): Promise<Made<string>> {
    return this.#make('watch', room, peer);
  }

  accept(room: string, peer: string, answer: string): Promise<Made<void>> {
    return this.#make('accept', room, peer, answer);
  }

  pause(room: string, peer: string, paused: boolean): Promise<Made<void>> {
    return this.#make('pause', room, peer, paused);
  }

  grant(room: string, peer: string, granted: boolean): Promise<Made<void>> {
    return this.#make('grant', room, peer, granted);
  }

  async leave(room: string, peer: string): Promise<void> {
    await this.#call('leave', room, peer);
  }

  async close(room: string): Promise<void> {
    this.#rooms.delete(room);
    await this.#call('close', room);
  }

  onFact(run: (fact: MediaFact) => void): void {
    this.#listeners.push(run);
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    await this.#call('stop');
    this.#worker = null;
    this.#rooms.clear();
    await worker.terminate();
  }

  #start(): Worker {
    const thread = new URL('./forwarderThread.mjs', import.meta.url);
    const worker = new Worker(thread, { workerData: this.#network, execArgv: [] });
    this.#worker = worker;
    worker.on('message', (message: Answer) => this.#take(message));
    worker.on('error', (error) => this.#log.error({ error: String(error) }, 'the media thread failed'));
    worker.on('exit', () => this.#ended(worker));
    return worker;
  }

  #take(message: Answer): void {
    if (message.is === 'fact') for (const listener of this.#listeners) listener(message.fact);
    if (message.is !== 'answer') return;
    const resolve = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    resolve?.(message.value);
  }

  #ended(worker: Worker): void {
    if (this.#worker === worker) this.#worker = null;
    for (const resolve of this.#pending.values()) resolve(notMade('engine', 'the media thread ended'));
    this.#pending.clear();
    const rooms = [...this.#rooms];
    this.#rooms.clear();
    if (rooms.length > 0) for (const listener of this.#listeners) listener({ is: 'engine.lost', rooms });
  }

  #make<T>(verb: Verb, ...args: readonly unknown[]): Promise<Made<T>> {
    return this.#call(verb, ...args) as Promise<Made<T>>;
  }

  #call(verb: Verb, ...args: readonly unknown[]): Promise<unknown> {
    const worker = this.#worker ?? this.#start();
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve) => {
      this.#pending.set(id, resolve);
      worker.postMessage({ id, verb, args } satisfies Call);
    });
  }
}
