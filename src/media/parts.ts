import type { Commands } from '../client/commands';
import type { TabId } from '../domain/ids';
import type { Relays } from '../domain/sharing';
import type { State } from '../state/state';
import type { World } from '../world';

/** What the media of a tab stands on. */
export interface MediaParts {
  readonly world: World;
  readonly tab: TabId;
  readonly commands: Commands;
  state(): State;
}

const none: Relays = { servers: [], renewAt: 0 };

/** Without relays a session may still find a way. */
export async function relaysOf({ commands }: MediaParts): Promise<Relays> {
  const relays = await commands.relays();
  return relays.ok ? relays.value : none;
}
