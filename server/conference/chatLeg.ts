import type { Aor } from '../../src/protocol/sip/uri';
import type { HeaderLines, RoleDialog } from '../role';
import type { SaidMessage } from '../store/conferences';

const longestQueue = 1000;

interface Queued {
  message: SaidMessage;
  isReplay: boolean;
  settle(status: number): void;
}

/** One endpoint in the chat: one message in flight, the others wait in order; one that takes nothing is hung up on. */
export class ChatLeg {
  readonly dialog: RoleDialog;
  readonly aor: Aor;
  readonly isNumbered: boolean;
  readonly #onEnded: () => void;
  #queue: Queued[] = [];
  #isSending = false;
  #isOver = false;
  readonly #counts = new Map<string, { second: number; count: number }>();

  constructor(dialog: RoleDialog, isNumbered: boolean, onEnded: () => void) {
    this.dialog = dialog;
    this.aor = dialog.remote.aor;
    this.isNumbered = isNumbered;
    this.#onEnded = onEnded;
    dialog.onGone(() => this.end(false));
  }

  /** False when this one sends too many of a method in a second. */
  mayPass(method: string, now: number, perSecond: number): boolean {
    const second = Math.floor(now / 1000);
    const known = this.#counts.get(method);
    const count = known?.second === second ? known.count + 1 : 1;
    this.#counts.set(method, { second, count });
    return count <= perSecond;
  }

  replay(message: SaidMessage): void {
    this.#queue.push({ message, isReplay: true, settle: () => undefined });
    this.#pump();
  }

  /** Settles with the endpoint's answer, 480 when it is gone. */
  deliver(message: SaidMessage): Promise<number> {
    return new Promise((settle) => {
      if (this.#isOver) return settle(480);
      if (this.#queue.length >= longestQueue) {
        settle(480);
        return this.end();
      }
      this.#queue.push({ message, isReplay: false, settle });
      this.#pump();
    });
  }

  #pump(): void {
    const next = this.#isSending || this.#isOver ? undefined : this.#queue.shift();
    if (next === undefined) return;
    this.#isSending = true;
    const { message, isReplay, settle } = next;
    const { contentType, body } = message;
    void this.dialog
      .request('MESSAGE', { headers: this.#headers(message, isReplay), contentType, body })
      .then(({ status }) => {
        this.#isSending = false;
        settle(status);
        this.#pump();
      });
  }

  #headers({ author, number, item, saidAt }: SaidMessage, isReplay: boolean): HeaderLines {
    const headers: [string, string][] = [['Ms-Sender', `<${author}>`]];
    if (!this.isNumbered) return headers;
    headers.push(['Confab-Number', String(number)]);
    if (item !== null) headers.push(['Confab-Item', item]);
    if (isReplay) headers.push(['Date', new Date(saidAt).toUTCString()]);
    return headers;
  }

  /** Over; `hangUp` says so to the endpoint. */
  end(hangUp = true): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const { settle } of this.#queue) settle(480);
    this.#queue = [];
    if (hangUp) void this.dialog.request('BYE');
    this.dialog.end();
    this.#onEnded();
  }
}
