import type { ItemId } from '../../domain/ids';
import { hasToken } from '../../protocol/sip/headers';

/**
 * Our extension "items" (SPEC.md, ITM): the author's id of a message travels beside it, so that a message that is sent again
 * after a loss is known again. Ends that do not know it ignore it.
 */
export const itemHeader = 'Confab-Item';

export const itemSupported = 'Supported: com.confab.item';

const longestId = 80;

export function itemLine(id: ItemId): string {
  return `${itemHeader}: ${id}`;
}

/** `null` where the author is no Confab client, or the id is none we would make. */
export function itemOf(message: { header(name: string): string | undefined }): ItemId | null {
  const id = message.header(itemHeader)?.trim() ?? '';
  return id !== '' && id.length <= longestId && /^[\w@:.-]+$/.test(id) ? (id as ItemId) : null;
}

/** ITM-2: this peer will not show the same item twice. */
export function knowsItems(message: { headers(name: string): string[] }): boolean {
  return hasToken(message.headers('Supported'), 'com.confab.item');
}
