import type { ConversationId } from '../../domain/ids';

const prefix = 'confab-draft:';
const keepAfterMs = 500;
const drafts = new Map<ConversationId, string>();
let timer: ReturnType<typeof setTimeout> | undefined;
const changed = new Set<ConversationId>();

/** What was begun and not sent, by conversation; this tab has it still when it is loaded again. */
export function draftOf(id: ConversationId): string {
  return drafts.get(id) ?? sessionStorage.getItem(prefix + id) ?? '';
}

/** Kept at once for this page, and a little later (not at every key) for the next. */
export function keepDraft(id: ConversationId, text: string): void {
  drafts.set(id, text);
  changed.add(id);
  timer ??= setTimeout(write, keepAfterMs);
}

function write(): void {
  clearTimeout(timer);
  timer = undefined;
  for (const id of changed) {
    const text = drafts.get(id) ?? '';
    if (text === '') sessionStorage.removeItem(prefix + id);
    else sessionStorage.setItem(prefix + id, text);
  }
  changed.clear();
}

addEventListener('pagehide', write);

export function forgetDrafts(): void {
  clearTimeout(timer);
  timer = undefined;
  drafts.clear();
  changed.clear();
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
}
