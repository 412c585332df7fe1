import type { Commands } from '../client/commands';
import type { Fact } from '../domain/facts';
import type { Outcome } from '../domain/failure';
import type { TabId } from '../domain/ids';
import type { State } from '../state/state';
import type { TraceEntry } from '../trace/entry';

export type CommandName = keyof Commands;

/** What a tab says to the engine. */
export type FromTab =
  /** First. `lock` is a Web Lock that the tab holds while it lives; `sessionId` what it kept since the last engine. */
  | { is: 'hello'; sessionId: string | null; lock: TabId }
  | { is: 'command'; id: number; name: CommandName; args: readonly unknown[] }
  | { is: 'watchTrace'; on: boolean }
  | { is: 'bye' };

/** What the engine says to a tab. Facts come in order; an outcome comes after the facts that its command made. */
export type FromEngine =
  | { is: 'welcome'; sessionId: string; state: State }
  | { is: 'facts'; facts: readonly Fact[] }
  /** A command has come; its outcome follows when it is known. */
  | { is: 'taken'; id: number }
  | { is: 'outcome'; id: number; outcome: Outcome<unknown> }
  | { is: 'trace'; entries: readonly TraceEntry[] }
  | { is: 'traceCleared' };

/** A MessagePort, or what stands for one where there is no SharedWorker. */
export interface Port<In, Out> {
  post(message: Out): void;
  onMessage(take: (message: In) => void): void;
}

export function portOf<In, Out>(port: MessagePort): Port<In, Out> {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (take) => {
      port.onmessage = ({ data }) => take(data as In);
    },
  };
}
