import type { Commands } from '../client/commands';
import type { TabId } from '../domain/ids';
import type { Relays } from '../domain/sharing';
import type { State } from '../state/state';
import type { World } from '../world';
import { Meter } from './meter';
import { Peer } from './peer';
import type { Quality } from './quality';

/** What the media of a tab stands on. */
export interface MediaParts {
  readonly world: World;
  readonly tab: TabId;
  readonly commands: Commands;
  state(): State;
}

const none: Relays = { servers: [], renewAt: 0 };

/** Puts what a connection's statistics say into the log. */
export function meterOf(
  { connection, id }: Peer,
  direction: Quality['direction'],
  { parts, onReading }: { parts: MediaParts; onReading(): void },
): Meter {
  const { world, commands } = parts;
  return new Meter(connection, direction, {
    world,
    id,
    onReading,
    note: (note, level) => void commands.noteMedia(note, level),
  });
}

/** A connection whose way is noted in the log. */
export function peerBy({ world, commands }: MediaParts, relays: Relays): Peer {
  return new Peer(world, relays, (note, level) => void commands.noteMedia(note, level));
}

/** Without relays a session may still find a way. */
export async function relaysOf({ commands }: MediaParts): Promise<Relays> {
  const relays = await commands.relays();
  return relays.ok ? relays.value : none;
}
