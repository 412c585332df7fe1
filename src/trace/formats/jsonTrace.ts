import { type Level, levels } from '../../domain/logging';
import type { NewEntry } from '../entry';
import { UnreadableTrace } from './traceFormat';

/**
 * Our own format: one JSON document, an entry a line, so that it can be read both as a whole and line by line. Times are ISO
 * 8601 in UTC.
 */
export const jsonHead = '{"format":"confab-trace","version":1,"entries":[\n';
export const jsonTail = '\n]}\n';

/** A line without the comma that stands between two. */
export function formatJsonEntry({ at, direction, kind, url, text, level, fault }: NewEntry): string {
  return JSON.stringify({ at: new Date(at).toISOString(), direction, kind, url, text, level, fault });
}

const longestLine = 16_000_000;

/** Takes entries out of a document that comes in pieces. */
export class JsonTraceReader {
  #rest = '';
  #line = 0;
  #isClosed = false;
  readonly skipped = 0;

  push(text: string): NewEntry[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > longestLine) throw this.#damaged();
    const entries: NewEntry[] = [];
    for (const [at, line] of lines.entries()) {
      try {
        entries.push(...this.#takeLine(line));
      } catch (error) {
        if (entries.length === 0) throw error;
        // What came before the damage is good; the damage is met again with the next piece.
        this.#line -= 1;
        this.#rest = [...lines.slice(at), this.#rest].join('\n');
        break;
      }
    }
    return entries;
  }

  end(): NewEntry[] {
    const entries = this.#takeLine(this.#rest);
    this.#rest = '';
    if (!this.#isClosed) throw this.#damaged();
    return entries;
  }

  #takeLine(line: string): NewEntry[] {
    this.#line += 1;
    const trimmed = line.trim().replace(/,$/, '');
    if (this.#line === 1) {
      if (`${trimmed}\n` !== jsonHead) throw this.#damaged();
      return [];
    }
    if (trimmed === ']}') this.#isClosed = true;
    if (trimmed === '' || trimmed === ']}') return [];
    if (this.#isClosed) throw this.#damaged();
    const entry = entryIn(trimmed);
    if (entry === null) throw this.#damaged();
    return [entry];
  }

  #damaged(): UnreadableTrace {
    return new UnreadableTrace({ is: 'damaged', format: 'json', at: this.#line });
  }
}

const kinds: readonly unknown[] = [
  'sip',
  'ping',
  'state',
  'signIn',
  'media',
  'store',
  'ui',
] satisfies NewEntry['kind'][];

/** `null` when a line is no entry. */
function entryIn(line: string): NewEntry | null {
  let read: Partial<Record<keyof NewEntry, unknown>> | null;
  try {
    read = JSON.parse(line) as typeof read;
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null) return null;
  const { at, direction, kind, url, text, level, fault } = read;
  const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  if (!Number.isFinite(time) || typeof text !== 'string' || typeof url !== 'string') return null;
  if ((direction !== 'in' && direction !== 'out') || !kinds.includes(kind)) return null;
  return {
    at: time,
    direction,
    kind: kind as NewEntry['kind'],
    url,
    text,
    ...(levels.includes(level as Level) ? { level: level as Level } : {}),
    ...(typeof fault === 'string' ? { fault } : {}),
  };
}
