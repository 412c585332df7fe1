import { failed, type Outcome, ok } from '../../domain/failure';
import type { MediaSessionId } from '../../domain/ids';
import type { MediaEnd, Relays } from '../../domain/sharing';
import { parseDiagnostics } from '../../protocol/sip/headers';
import type { InviteEnd } from '../../sip/inviteHandlers';
import type { MediaPort } from '../dialect';
import type { LyncContext } from './context';
import { MediaDialog, type MediaKind } from './mediaDialog';
import { RelayCredentials } from './relays';

/** `ms-diagnostics-public` of a BYE (`lync-wire` 9.2). */
const newSharerJoined = 21000;
const endpointGone = 24081;

const mediaLost = `ms-diagnostics-public: ${endpointGone};reason="The connection of the media was lost"`;

const notThere = { is: 'rejected', status: 481, reason: 'The session has ended' } as const;

/** What a kind of media adds to a session; `Media` tells the rest. */
export type SessionKind = Omit<MediaKind, 'onEnded'>;

/** All sessions of media, by id: what is alike for every kind (`lync-wire` 7, 8). */
export class Media implements MediaPort {
  readonly #context: LyncContext;
  readonly #relays: RelayCredentials;
  readonly #dialogs = new Map<MediaSessionId, MediaDialog>();

  constructor(context: LyncContext, mrasUri: () => string | null) {
    this.#context = context;
    this.#relays = new RelayCredentials(context, mrasUri);
  }

  /** Opens a session under an id; `call` or `ring` its dialog. */
  open(session: MediaSessionId, kind: SessionKind): MediaDialog {
    const { host } = this.#context;
    const dialog = new MediaDialog(this.#context, {
      ...kind,
      onOffer: (offer) => {
        kind.onOffer(offer);
        host.report({ type: 'media.reoffered', session, offer });
      },
      onWithdrawn: (elsewhere) => {
        this.#dialogs.delete(session);
        kind.onWithdrawn(elsewhere);
      },
      onEnded: (end) => {
        this.#dialogs.delete(session);
        host.report({ type: 'media.ended', session, why: whyEnded(end) });
      },
    });
    this.#dialogs.set(session, dialog);
    return dialog;
  }

  dialogOf(session: MediaSessionId): MediaDialog | undefined {
    return this.#dialogs.get(session);
  }

  /** Forgets a session without a word on the wire. */
  close(session: MediaSessionId): void {
    this.#dialogs.delete(session);
  }

  async answer(session: MediaSessionId, answer: string): Promise<Outcome<void>> {
    return this.#dialogs.get(session)?.answer(answer) ?? failed(notThere);
  }

  reoffer(session: MediaSessionId, offer: string): Promise<Outcome<string>> {
    return this.#renegotiate(session, offer);
  }

  refresh(session: MediaSessionId): Promise<Outcome<string>> {
    return this.#renegotiate(session, null);
  }

  async #renegotiate(session: MediaSessionId, offer: string | null): Promise<Outcome<string>> {
    const dialog = this.#dialogs.get(session);
    if (dialog === undefined) return failed(notThere);
    if (!this.#context.isLive()) return failed({ is: 'offline' });
    return dialog.reoffer(offer);
  }

  end(session: MediaSessionId, status?: number, reason?: string): void {
    const dialog = this.#dialogs.get(session);
    this.#dialogs.delete(session);
    dialog?.end(status, reason);
  }

  drop(session: MediaSessionId): void {
    const dialog = this.#dialogs.get(session);
    this.#dialogs.delete(session);
    dialog?.drop(mediaLost);
  }

  relays(): Promise<Outcome<Relays>> {
    if (!this.#context.isLive()) return Promise.resolve(ok({ servers: [], renewAt: 0 }));
    return this.#relays.get();
  }

  /** The connection is lost: no dialog outlives it, since the server has ended them for the others. */
  lose(): void {
    for (const session of [...this.#dialogs.keys()]) {
      this.end(session);
      this.#context.host.report({ type: 'media.ended', session, why: 'lost' });
    }
  }

  /** Signing out. */
  endAll(): void {
    for (const session of [...this.#dialogs.keys()]) this.end(session);
  }
}

function whyEnded(end: InviteEnd): MediaEnd {
  if (end.is !== 'bye') return 'lost';
  const { request } = end;
  const text = request.header('ms-diagnostics-public') ?? request.header('ms-diagnostics') ?? '';
  const id = parseDiagnostics(text)?.id;
  if (id === newSharerJoined) return 'takenOver';
  return id === endpointGone ? 'lost' : 'ended';
}
