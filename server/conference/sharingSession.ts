import { labelSharing, parseSharing, type Surface } from '../../src/protocol/lync/sharingSdp';
import { MalformedBody } from '../../src/protocol/malformed';
import {
  formatSharingControl,
  type SharingControl,
  sharingControlType,
} from '../../src/protocol/shared/sharingControl';
import { formatDiagnostics } from '../../src/protocol/sip/headers';
import type { Aor } from '../../src/protocol/sip/uri';
import { type Made, type MediaFact, type MediaForwarder, notMade } from '../media/forwarder';
import type { HeaderLines } from '../role';
import type { SharingLeg } from './sharingLeg';

export const byes = {
  newSharer: bye(21_000, 'New sharer joined conference'),
  notAllowed: bye(21_002, 'Attendees cannot share in this conference'),
  lost: bye(24_081, 'The media connection was lost'),
  flooding: bye(24_081, 'Too much data was sent'),
  nothing: [] as HeaderLines,
};

function bye(id: number, reason: string): HeaderLines {
  return [['ms-diagnostics-public', formatDiagnostics({ id, reason })]];
}

/** What is shared in one conference: one sharer, and whoever looks. */
export class SharingSession {
  readonly #room: string;
  readonly #forwarder: MediaForwarder;
  readonly #maxBitrate: number;
  readonly #viewers = new Set<SharingLeg>();
  readonly #granted = new Set<Aor>();
  #sharer: SharingLeg | null = null;
  #surface: Surface | null = null;
  /** Sharers come one after the other; so many are still to come. */
  #turn: Promise<unknown> = Promise.resolve();
  #coming = 0;

  constructor(room: string, forwarder: MediaForwarder, maxBitrate: number) {
    this.#room = room;
    this.#forwarder = forwarder;
    this.#maxBitrate = maxBitrate;
  }

  get sharer(): SharingLeg | null {
    return this.#sharer;
  }

  get legs(): SharingLeg[] {
    return this.#sharer === null ? [...this.#viewers] : [this.#sharer, ...this.#viewers];
  }

  /** Nobody is in it, nor about to be. */
  get isIdle(): boolean {
    return this.legs.length === 0 && this.#coming === 0;
  }

  /** SHR-2, SHR-7: the answer to a sharer's offer; the one before is hung up on. */
  share(leg: SharingLeg, offer: string): Promise<Made<string>> {
    this.#coming += 1;
    const turn = this.#turn
      .then(() => this.#share(leg, offer))
      .finally(() => {
        this.#coming -= 1;
        this.#dismiss();
      });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #share(leg: SharingLeg, offer: string): Promise<Made<string>> {
    const room = await this.#forwarder.open(this.#room, { maxBitrate: this.#maxBitrate });
    if (!room.ok) return room;
    const answer = await this.#forwarder.publish(this.#room, leg.peer, offer);
    const presented = answer.ok ? await this.#forwarder.present(this.#room, leg.peer.id) : answer;
    if (!answer.ok || !presented.ok || leg.isOver) {
      void this.#forwarder.leave(this.#room, leg.peer.id);
      return answer.ok && presented.ok ? notMade('unknown', 'the sharer has gone') : presented.ok ? answer : presented;
    }
    const before = this.#sharer;
    this.#sharer = leg;
    this.#surface = parseSharing(offer).surface;
    this.#granted.clear();
    this.#keep(leg, labelSharing(answer.value, 'viewer'), offer);
    before?.end(byes.newSharer);
    return { ok: true, value: leg.said };
  }

  /** SHR-4, SHR-6: the answer to a sharer's later offer that restarts ICE. */
  async reshare(leg: SharingLeg, offer: string): Promise<Made<string>> {
    const answer = await this.#forwarder.publish(this.#room, leg.peer, offer);
    if (!answer.ok) return answer;
    this.#keep(leg, labelSharing(answer.value, 'viewer'), offer);
    return { ok: true, value: leg.said };
  }

  /** SHR-3, SHR-6: an offer for a viewer, the first or one that restarts ICE. */
  async watch(leg: SharingLeg): Promise<Made<string>> {
    const offer = await this.#forwarder.watch(this.#room, leg.peer);
    if (!offer.ok) return offer;
    if (leg.isOver || this.#sharer === null) {
      void this.#forwarder.leave(this.#room, leg.peer.id);
      return notMade('nothingToWatch', 'the sharer or the viewer has gone');
    }
    this.#viewers.add(leg);
    leg.said = labelSharing(offer.value, 'sharer', this.#surface);
    return { ok: true, value: leg.said };
  }

  /** The answer to such an offer; a viewer whose answer is none is hung up on. */
  async accept(leg: SharingLeg, contentType: string, answer: string): Promise<void> {
    const accepted = isAnswer(contentType, answer)
      ? await this.#forwarder.accept(this.#room, leg.peer.id, answer)
      : notMade<void>('unusable', 'no answer');
    if (!accepted.ok) return leg.end(byes.lost);
    leg.heard = answer;
    if (leg.isOver) return;
    leg.flow = { ...leg.flow, state: 'connected' };
    this.#tellGrants(leg);
  }

  async pause(leg: SharingLeg, paused: boolean): Promise<void> {
    await this.#forwarder.pause(this.#room, leg.peer.id, paused);
  }

  /** A leg is over. */
  ended(leg: SharingLeg): void {
    void this.#forwarder.leave(this.#room, leg.peer.id);
    this.#viewers.delete(leg);
    if (![...this.#viewers].some(({ aor }) => aor === leg.aor)) this.#granted.delete(leg.aor);
    if (this.#sharer !== leg) return;
    this.#sharer = null;
    this.#granted.clear();
    this.#dismiss();
  }

  /** SHR-7: without a sharer, present or coming, there is nothing to look at. */
  #dismiss(): void {
    if (this.#sharer !== null || this.#coming > 0) return;
    for (const viewer of [...this.#viewers]) viewer.end(byes.nothing);
    void this.#forwarder.close(this.#room);
  }

  fact(fact: MediaFact): void {
    if (fact.is === 'engine.lost') {
      for (const leg of this.legs.toReversed()) leg.end(byes.lost);
      return;
    }
    const leg = this.legs.find(({ peer }) => peer.id === fact.peer);
    if (leg === undefined) return;
    if (fact.is === 'feed.flowing') leg.flow = { ...leg.flow, state: 'connected' };
    if (fact.is === 'peer.lost') leg.end(byes.lost);
    if (fact.is === 'peer.flooding') leg.end(byes.flooding);
  }

  // ---- Control (SHR-9) ------------------------------------------------------------------------------------------------

  /** The status of the answer to a control INFO. */
  control(leg: SharingLeg, control: SharingControl): 200 | 403 | 404 {
    const isOfSharer = leg === this.#sharer;
    if (control.is === 'request' || control.is === 'giveUp') {
      if (isOfSharer) return 403;
      if (control.is === 'giveUp') this.#grant(leg.aor, false);
      this.#tell(this.#sharer, leg.aor, control);
      return 200;
    }
    if (!isOfSharer) return 403;
    const asked = [...this.#viewers].filter(({ aor }) => aor === control.to);
    if (asked.length === 0) return 404;
    if (control.is !== 'decline') this.#grant(control.to, control.is === 'grant');
    for (const viewer of this.#viewers) this.#tell(viewer, leg.aor, control);
    return 200;
  }

  #grant(aor: Aor, granted: boolean): void {
    if (granted) this.#granted.add(aor);
    else this.#granted.delete(aor);
    for (const viewer of this.#viewers) {
      if (viewer.aor === aor) void this.#forwarder.grant(this.#room, viewer.peer.id, granted);
    }
  }

  /** Who comes later learns of the grants that stand, and one's second endpoint has what the first has. */
  #tellGrants(viewer: SharingLeg): void {
    const { aor } = this.#sharer ?? {};
    if (aor === undefined) return;
    for (const to of this.#granted) this.#tell(viewer, aor, { is: 'grant', to });
    if (this.#granted.has(viewer.aor)) void this.#forwarder.grant(this.#room, viewer.peer.id, true);
  }

  #tell(leg: SharingLeg | null, from: Aor, control: SharingControl): void {
    if (leg?.controls !== true || leg.isOver) return;
    const headers: HeaderLines = [['Ms-Sender', `<${from}>`]];
    void leg.dialog.request('INFO', { headers, contentType: sharingControlType, body: formatSharingControl(control) });
  }

  #keep(leg: SharingLeg, said: string, heard: string): void {
    leg.said = said;
    leg.heard = heard;
  }
}

function isAnswer(contentType: string, sdp: string): boolean {
  try {
    return contentType === 'application/sdp' && parseSharing(sdp).role === 'viewer';
  } catch (error) {
    if (error instanceof MalformedBody) return false;
    throw error;
  }
}
