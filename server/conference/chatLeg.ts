import { fileMessageType, parseFileMessage, plainFileLine } from '../../src/protocol/shared/fileMessage';
import type { Aor } from '../../src/protocol/sip/uri';
import type { HeaderLines, RoleDialog } from '../role';
import type { SaidMessage } from '../store/conferences';

const longestQueue = 1000;
/** Answers of an endpoint that does not know the dialog any more, or does not answer. */
const gone = new Set([404, 408, 430, 481]);

interface Queued {
  message: SaidMessage;
  isReplay: boolean;
  settle(status: number): void;
}

/** Reads on in what was said: the messages that come next after a number; none when there are no more. */
export type ReadOn = (after: number) => SaidMessage[];

/**
 * One endpoint in the chat: one message in flight, the others wait in order; one that takes nothing is hung up on.
 *
 *     behind ─the log has no more─► live ─BYE, no answer, too far behind─► over
 */
export class ChatLeg {
  readonly dialog: RoleDialog;
  readonly aor: Aor;
  readonly isNumbered: boolean;
  /** Gets file messages as such; others get a line of text. */
  readonly readsFiles: boolean;
  readonly #onEnded: () => void;
  /** While behind: what is said now is in the log, and read from there when its turn comes, but for its `own`. */
  #behind: { after: number; readOn: ReadOn; own: Set<number> } | null = null;
  #queue: Queued[] = [];
  #isSending = false;
  #isOver = false;
  readonly #counts = new Map<string, { second: number; count: number }>();

  constructor(dialog: RoleDialog, reads: { numbers: boolean; files: boolean }, onEnded: () => void) {
    this.dialog = dialog;
    this.aor = dialog.remote.aor;
    this.isNumbered = reads.numbers;
    this.readsFiles = reads.files;
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

  /** NUM-2: what came after a number goes first, in order, a page at a time. */
  catchUp(after: number, readOn: ReadOn): void {
    this.#behind = { after, readOn, own: new Set() };
    this.#pump();
  }

  /** It said this itself just now. */
  said(number: number): void {
    this.#behind?.own.add(number);
  }

  /** Settles with the endpoint's answer, 480 when it is gone. One that is behind finds it in the log. */
  deliver(message: SaidMessage): Promise<number> {
    return new Promise((settle) => {
      if (this.#isOver) return settle(480);
      if (this.#behind !== null) return settle(202);
      if (this.#queue.length >= longestQueue) {
        settle(480);
        return this.end();
      }
      this.#queue.push({ message, isReplay: false, settle });
      this.#pump();
    });
  }

  #readOn(): void {
    while (this.#behind !== null && this.#queue.length === 0) {
      const { after, readOn, own } = this.#behind;
      const page = readOn(after);
      const last = page.at(-1);
      if (last === undefined) this.#behind = null;
      else this.#behind.after = last.number;
      const others = page.filter(({ number }) => !own.has(number));
      this.#queue = others.map((message) => ({ message, isReplay: true, settle: () => undefined }));
    }
  }

  #pump(): void {
    if (this.#isSending || this.#isOver) return;
    this.#readOn();
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#isSending = true;
    const { message, isReplay, settle } = next;
    const { contentType, body } = this.#contentOf(message);
    void this.dialog
      .request('MESSAGE', { headers: this.#headers(message, isReplay), contentType, body })
      .then(({ status }) => {
        this.#isSending = false;
        settle(status);
        if (gone.has(status)) return this.end();
        this.#pump();
      });
  }

  #contentOf({ contentType, body }: SaidMessage): { contentType: string; body: string } {
    if (contentType !== fileMessageType || this.readsFiles) return { contentType, body };
    return { contentType: 'text/plain; charset=UTF-8', body: plainFileLine(parseFileMessage(body)) };
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
