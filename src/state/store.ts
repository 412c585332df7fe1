import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fact } from '../domain/facts';
import { apply } from './apply';
import { emptyState, type State } from './state';

export type Store = StoreApi<State>;

export function createLedger(initial: State = emptyState): Store {
  return createStore<State>(() => initial);
}

/** Records facts in order, waking subscribers once. */
export function recordFacts(store: Store, facts: readonly Fact[]): void {
  if (facts.length > 0) store.setState(apply(store.getState(), facts), true);
}
