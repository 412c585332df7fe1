import type { Flow } from '../flow';
import type { Tap } from '../tap';
import { Followers } from './followers';
import { MessageCounts } from './messageCounts';

/** A line end keeps a connection alive and is no message. */
const longestPing = 4;

/** What the administration port knows of the messages: counts of all, and those of who is followed. */
export class Traffic implements Tap {
  readonly counts = new MessageCounts();
  readonly followers: Followers;

  constructor(now: () => number = Date.now) {
    this.followers = new Followers(now);
  }

  received(flow: Flow, bytes: Buffer): void {
    this.counts.count('in', bytes.toString('latin1', 0, 4096));
    if (this.followers.size > 0) this.followers.show(flow, 'in', bytes);
  }

  sent(flow: Flow, wire: string): void {
    if (wire.length <= longestPing) return;
    this.counts.count('out', wire);
    if (this.followers.size > 0) this.followers.show(flow, 'out', Buffer.from(wire, 'latin1'));
  }
}
