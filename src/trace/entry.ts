import type { Component, Level } from '../domain/logging';

/**
 * What an entry is: `sip` a message; `ping` a keep-alive; `state` the SIP socket opened, closed or failed (`text` says
 * which); the others are notes of that component in plain words, with its own details.
 */
export type EntryKind = 'ping' | 'state' | Component;

/** One thing logged: of a SIP message exactly the bytes of its frame, credentials masked at the tap. */
export interface TraceEntry {
  /** Names the entry on this device and rises over all sessions, see `TraceLog`. */
  seq: number;
  /** Epoch ms. */
  at: number;
  direction: 'in' | 'out';
  kind: EntryKind;
  /** The WebSocket URL; in an imported trace the peer (`10.0.0.21:50123`); of a note `''`. */
  url: string;
  text: string;
  /** Where it is not what the kind says. */
  level?: Level;
  /** The frame could not be parsed or was refused; said in plain words. */
  fault?: string;
}

export type NewEntry = Omit<TraceEntry, 'seq'>;

export function componentOf({ kind }: Pick<TraceEntry, 'kind'>): Component {
  return kind === 'ping' || kind === 'state' ? 'sip' : kind;
}

export function levelOf({ kind, level, fault }: Pick<TraceEntry, 'kind' | 'level' | 'fault'>): Level {
  if (level !== undefined) return level;
  if (fault !== undefined) return 'error';
  return kind === 'ping' ? 'verbose' : 'information';
}
