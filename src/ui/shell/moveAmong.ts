import type { KeyboardEvent } from 'react';

/**
 * Up and Down go through the elements that `selector` finds in the list that hears the key; up from the first is
 * `before`, if there is one.
 */
export function moveAmong(event: KeyboardEvent<HTMLElement>, selector: string, before?: HTMLElement | null): void {
  if (event.altKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(selector)];
  const row = (event.target as HTMLElement).closest('li');
  const index = all.findIndex((one) => one === event.target || row?.contains(one));
  if (index < 0) return;
  event.preventDefault();
  const next = index + (event.key === 'ArrowDown' ? 1 : -1);
  (next < 0 ? before : all[next])?.focus();
}
