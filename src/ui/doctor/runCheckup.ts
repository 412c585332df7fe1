import type { CheckupWish } from '../../domain/checkup';
import type { Link } from '../../link/link';
import { tryRelays } from '../../media/relayTrial';
import { realWorld } from '../../world';

/** Lets the engine look at everything, and does here what only a tab can. */
export async function runCheckup({ commands, tab }: Link, signIn: CheckupWish['signIn']): Promise<void> {
  const over = commands.startCheckup({ tab, signIn, notifications: permission() });
  const relays = await commands.checkupRelays();
  if (relays.ok) await commands.tellCheckupRelays(await tryRelays(relays.value.servers, realWorld));
  await over;
}

function permission(): CheckupWish['notifications'] {
  return typeof Notification === 'undefined' ? 'unknown' : Notification.permission;
}
