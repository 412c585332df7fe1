import { type Component, type Level, levels } from '../domain/logging';
import { componentOf } from './entry';
import type { Row, TraceDialog } from './row';
import { bitsOf, mayHave } from './textSignature';

/** What a person wants to see; what is left out does not narrow. */
export interface Filter {
  /** Anywhere in the message, in any case. */
  text?: string;
  failuresOnly?: boolean;
  method?: string;
  /** `486` exactly, `4` all of 400 to 499. */
  status?: number;
  dialogs?: ReadonlySet<TraceDialog>;
  /** The other side's bare address, or a part of it. */
  peer?: string;
  /** `Ms-Conversation-ID`. */
  conversation?: string;
  /** Epoch ms, both included. */
  from?: number;
  to?: number;
  components?: ReadonlySet<Component>;
  /** Nothing less grave than this. */
  level?: Level;
  /** Shows retransmissions too, which are else counted at the first. */
  repeats?: boolean;
}

/** The rows that are wanted, in order: the cheap tests first, each over what the ones before have left. */
export function filterRows(rows: readonly Row[], filter: Filter): Row[] {
  return testsOf(filter).reduce<Row[]>((left, test) => left.filter(test), [...rows]);
}

function testsOf(filter: Filter): ((row: Row) => boolean)[] {
  const tests: ((row: Row) => boolean)[] = [];
  const { failuresOnly, method, status, dialogs, peer, conversation, from, to, components, level, text } = filter;
  if (filter.repeats !== true) tests.push(({ repeatOf }) => repeatOf === null);
  if (level !== undefined) {
    const most = levels.indexOf(level);
    tests.push(({ gravity }) => gravity <= most);
  }
  if (failuresOnly) tests.push(({ isFailure }) => isFailure);
  if (method !== undefined) tests.push(({ frame }) => frame.method === method);
  if (status !== undefined) tests.push(({ frame }) => isOfStatus(frame.status, status));
  if (dialogs !== undefined) tests.push(({ dialog }) => dialog !== null && dialogs.has(dialog));
  if (conversation !== undefined) tests.push(({ dialog }) => dialog?.conversation === conversation);
  if (from !== undefined) tests.push(({ entry }) => entry.at >= from);
  if (to !== undefined) tests.push(({ entry }) => entry.at <= to);
  if (components !== undefined) tests.push(({ entry }) => components.has(componentOf(entry)));
  if (peer !== undefined && peer !== '') {
    const part = peer.toLowerCase();
    tests.push((row) => peerOf(row).includes(part));
  }
  if (text !== undefined && text.trim() !== '') {
    const sought = patternOf(text.trim());
    const bits = bitsOf(text.trim());
    tests.push(({ entry, signature }) => mayHave(signature, bits) && sought.test(entry.text));
  }
  return tests;
}

/** Finds the text in any case: faster than a search in lower-case copies, and needs none. */
export function patternOf(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'), 'i');
}

function isOfStatus(status: number, wanted: number): boolean {
  return wanted < 10 ? Math.floor(status / 100) === wanted : status === wanted;
}

/** The bare address of the other side of a message: of whoever is not the one that logged it. */
export function peerOf({ entry, frame }: Row): string {
  return (entry.direction === 'out') === (frame.is === 'request') ? frame.to : frame.from;
}

/** A filter that no longer narrows by these. */
export function without<Key extends keyof Filter>(filter: Filter, ...keys: readonly Key[]): Omit<Filter, Key> {
  const rest = { ...filter };
  for (const key of keys) delete rest[key];
  return rest;
}
