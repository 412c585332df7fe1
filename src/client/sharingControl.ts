import type { Report } from '../dialect/dialect';
import { failed, type Outcome } from '../domain/failure';
import type { ConversationId, MediaSessionId } from '../domain/ids';
import type { SharingControl as Control } from '../protocol/shared/sharingControl';
import type { Aor } from '../protocol/sip/uri';
import type { Floor } from './floor';
import type { SharingLedger } from './sharingLedger';
import { addLine } from './transcripts';

/** More wait for nobody's attention. */
const mostAsking = 50;

/** Who may point into what is shown (SHR-9): one person at a time, by the sharer's word. */
export class SharingControl {
  readonly #floor: Floor;
  readonly #sharing: SharingLedger;

  constructor(floor: Floor, sharing: SharingLedger) {
    this.#floor = floor;
    this.#sharing = sharing;
  }

  async control(id: ConversationId, control: Control): Promise<Outcome<void>> {
    const { own, theirs } = this.#sharing.of(id);
    if ('to' in control) return own === null ? failed({ is: 'cancelled' }) : this.#decide(id, own.session, control);
    const view = theirs?.view;
    if (view?.is !== 'live') return failed({ is: 'cancelled' });
    const outcome = await this.#send(view.session, control);
    if (outcome.ok) this.#sharing.changeTheirs(id, { isAsking: control.is === 'request' });
    return outcome;
  }

  async #decide(
    id: ConversationId,
    session: MediaSessionId | null,
    control: Extract<Control, { to: Aor }>,
  ): Promise<Outcome<void>> {
    const before = this.#sharing.of(id).own?.controller ?? null;
    if (control.is === 'grant' && before !== null && before !== control.to) {
      const taken = await this.#decide(id, session, { is: 'takeBack', to: before });
      if (!taken.ok) return taken;
    }
    const outcome = await this.#send(session, control);
    const { own } = this.#sharing.of(id);
    if (!outcome.ok || own === null) return outcome;
    const asking = own.asking.filter((aor) => aor !== control.to);
    const me = this.#floor.state().account?.aor;
    if (control.is === 'grant') {
      this.#sharing.changeOwn(id, { asking, controller: control.to });
      if (me !== undefined) addLine(this.#floor, id, { is: 'controlGiven', by: me, to: control.to });
      return outcome;
    }
    const controller = own.controller === control.to ? null : own.controller;
    this.#sharing.changeOwn(id, { asking, controller });
    if (controller !== own.controller) addLine(this.#floor, id, { is: 'controlEnded', who: control.to });
    return outcome;
  }

  async #send(session: MediaSessionId | null, control: Control): Promise<Outcome<void>> {
    const dialect = this.#floor.dialect();
    if (session === null || dialect === null || !this.#floor.isLive()) return failed({ is: 'offline' });
    return dialect.sharing.control(session, control);
  }

  // ---- What is told -----------------------------------------------------------------------------------------------------

  take({ session, from, control }: Extract<Report, { type: 'sharing.controlled' }>): void {
    const id = this.#floor.state().media[session]?.conversation;
    if (id === undefined) return;
    const { own, theirs } = this.#sharing.of(id);
    if (own?.session === session) return this.#takeWish(id, from, control);
    // Only the sharer decides, whoever else says so.
    if (theirs !== null && theirs.sharer === from && 'to' in control) this.#takeDecision(id, from, control);
  }

  #takeWish(id: ConversationId, from: Aor, control: Control): void {
    const { own } = this.#sharing.of(id);
    if (own === null) return;
    const others = own.asking.filter((aor) => aor !== from);
    if (control.is === 'request') {
      if (own.controller === from || others.length < own.asking.length || own.asking.length >= mostAsking) return;
      this.#sharing.changeOwn(id, { asking: [...others, from] });
      return addLine(this.#floor, id, { is: 'controlAsked', who: from });
    }
    if (control.is !== 'giveUp') return;
    const hadControl = own.controller === from;
    this.#sharing.changeOwn(id, { asking: others, ...(hadControl ? { controller: null } : {}) });
    if (hadControl) addLine(this.#floor, id, { is: 'controlEnded', who: from });
  }

  #takeDecision(id: ConversationId, by: Aor, control: Extract<Control, { to: Aor }>): void {
    const me = this.#floor.state().account?.aor;
    const { theirs } = this.#sharing.of(id);
    const isMine = control.to === me;
    const notAsking = isMine ? { isAsking: false } : {};
    switch (control.is) {
      case 'grant':
        this.#sharing.changeTheirs(id, { controller: control.to, ...notAsking });
        return addLine(this.#floor, id, { is: 'controlGiven', by, to: control.to });
      case 'decline':
        if (!isMine || theirs?.isAsking !== true) return;
        this.#sharing.changeTheirs(id, notAsking);
        return addLine(this.#floor, id, { is: 'controlRefused', by });
      case 'takeBack':
        if (theirs?.controller !== control.to) return;
        this.#sharing.changeTheirs(id, { controller: null, ...notAsking });
        return addLine(this.#floor, id, { is: 'controlEnded', who: control.to });
    }
  }

  /** Who has left, or does not look any more, asks for nothing and has nothing. */
  takeRoster(id: ConversationId): void {
    const party = this.#floor.state().conversations[id]?.party;
    const { own } = this.#sharing.of(id);
    if (party?.is !== 'conference' || own === null || own.to !== 'conference') return;
    const viewers = new Set(party.conference.roster.flatMap(({ aor, sharing }) => (sharing === null ? [] : [aor])));
    const asking = own.asking.filter((aor) => viewers.has(aor));
    const controller = own.controller !== null && viewers.has(own.controller) ? own.controller : null;
    if (asking.length !== own.asking.length || controller !== own.controller) {
      this.#sharing.changeOwn(id, { asking, controller });
    }
  }
}
