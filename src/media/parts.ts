import type { Commands } from '../client/commands';
import type { TabId } from '../domain/ids';
import type { Relays } from '../domain/sharing';
import type { State } from '../state/state';
import type { World } from '../world';
import { Meter } from './meter';
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
  connection: RTCPeerConnection,
  direction: Quality['direction'],
  { parts, onReading }: { parts: MediaParts; onReading(): void },
): Meter {
  const { world, commands } = parts;
  return new Meter(connection, direction, {
    world,
    onReading,
    note: (text, level) => void commands.noteMedia(text, level),
  });
}

/** Without relays a session may still find a way. */
export async function relaysOf({ commands }: MediaParts): Promise<Relays> {
  const relays = await commands.relays();
  return relays.ok ? relays.value : none;
}
