import type { Item } from '../domain/message';
import type { Page, Transcript } from './state';

export const pageSize = 200;

export const emptyTranscript: Transcript = { pages: [], atStart: false };

/** All items of a transcript, oldest first. */
export function* itemsOf(transcript: Transcript): Generator<Item> {
  for (const page of transcript.pages) yield* page.items;
}

/** Puts an item in its place by `order`; an item whose id is there already is left as it is. Copies one page. */
export function insertItem(transcript: Transcript, item: Item): Transcript {
  const { pages } = transcript;
  const at = pageFor(pages, item.order);
  const page = pages[at];
  if (page === undefined) return { ...transcript, pages: [{ items: [item] }] };
  if (page.items.some(({ id }) => id === item.id)) return transcript;
  const items = placed(page.items, item);
  const halves = items.length <= pageSize ? [{ items }] : splitPage(items);
  return { ...transcript, pages: [...pages.slice(0, at), ...halves, ...pages.slice(at + 1)] };
}

/** The page an order belongs to: the last one that begins at or before it. */
function pageFor(pages: readonly Page[], order: number): number {
  for (let at = pages.length - 1; at > 0; at -= 1) {
    const first = pages[at]?.items[0];
    if (first !== undefined && first.order <= order) return at;
  }
  return 0;
}

function placed(items: readonly Item[], item: Item): Item[] {
  let at = items.length;
  while (at > 0 && (items[at - 1]?.order ?? Number.NEGATIVE_INFINITY) > item.order) at -= 1;
  return [...items.slice(0, at), item, ...items.slice(at)];
}

/** A full page at the end starts a new one, so that a growing transcript copies little; elsewhere it is halved. */
function splitPage(items: readonly Item[]): Page[] {
  const cut = items.length - 1 === pageSize ? pageSize : Math.floor(items.length / 2);
  return [{ items: items.slice(0, cut) }, { items: items.slice(cut) }];
}

/** Changes one item; `change` may move it by giving another `order`. */
export function changeItem(transcript: Transcript, id: Item['id'], change: (item: Item) => Item): Transcript {
  for (let at = transcript.pages.length - 1; at >= 0; at -= 1) {
    const page = transcript.pages[at];
    const item = page?.items.find((candidate) => candidate.id === id);
    if (page === undefined || item === undefined) continue;
    const changed = change(item);
    if (changed === item) return transcript;
    if (changed.order === item.order) {
      const items = page.items.map((candidate) => (candidate === item ? changed : candidate));
      return { ...transcript, pages: transcript.pages.with(at, { items }) };
    }
    const items = page.items.filter((candidate) => candidate !== item);
    const pages = items.length === 0 ? transcript.pages.toSpliced(at, 1) : transcript.pages.with(at, { items });
    return insertItem({ ...transcript, pages }, changed);
  }
  return transcript;
}

/** Takes one item out. */
export function removeItem(transcript: Transcript, id: Item['id']): Transcript {
  const at = transcript.pages.findIndex(({ items }) => items.some((item) => item.id === id));
  const page = transcript.pages[at];
  if (page === undefined) return transcript;
  const items = page.items.filter((item) => item.id !== id);
  const pages = items.length === 0 ? transcript.pages.toSpliced(at, 1) : transcript.pages.with(at, { items });
  return { ...transcript, pages };
}

/** Puts older items, sorted, before what is there. */
export function prependItems(transcript: Transcript, older: readonly Item[], atStart: boolean): Transcript {
  const known = new Set<string>();
  for (const item of itemsOf(transcript)) known.add(item.id);
  const fresh = older.filter(({ id }) => !known.has(id));
  const pages: Page[] = [];
  for (let start = 0; start < fresh.length; start += pageSize)
    pages.push({ items: fresh.slice(start, start + pageSize) });
  return { pages: [...pages, ...transcript.pages], atStart };
}

/** The last item, or `undefined`. */
export function lastItem(transcript: Transcript | undefined): Item | undefined {
  return transcript?.pages.at(-1)?.items.at(-1);
}
