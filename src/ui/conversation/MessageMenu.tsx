import { Menu, MenuItem, MenuList, MenuPopover } from '@fluentui/react-components';
import { Copy20Regular, Pulse20Regular } from '@fluentui/react-icons';
import { type KeyboardEvent, type MouseEvent, useState } from 'react';
import type { Item, Message } from '../../domain/message';
import { useNavigation } from '../shell/navigation';
import type { TraceTarget } from '../trace/target';

interface Opened {
  message: Message;
  element: HTMLElement;
  /** Where the pointer was; by the keyboard it opens beside the bubble. */
  point: { x: number; y: number } | null;
}

/** One menu for all messages of a transcript: what the list hears, and the menu where it is open. */
export function useMessageMenu(items: readonly Item[]) {
  const [opened, setOpened] = useState<Opened | null>(null);
  const onContextMenu = (event: MouseEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const element = target.closest<HTMLElement>('[data-message]');
    const message = items.find((item) => item.id === element?.dataset.message);
    // Links and marked text have a menu of the browser that can do more.
    if (element === null || message?.kind !== 'message') return;
    if (target.closest('a') !== null || getSelection()?.isCollapsed === false) return;
    event.preventDefault();
    const point = event.button === 2 ? { x: event.clientX, y: event.clientY } : null;
    setOpened({ message, element, point });
  };
  const menu = opened !== null && <MessageMenu {...opened} onClose={() => setOpened(null)} />;
  return { onContextMenu, onKeyDown: moveToMessage, menu };
}

/** Alt with Up and Down goes from message to message, the last one first; Escape back to the list. */
function moveToMessage(event: KeyboardEvent<HTMLElement>): void {
  const list = event.currentTarget;
  const current = (event.target as HTMLElement).closest<HTMLElement>('[data-message]');
  if (event.key === 'Escape' && current !== null) return list.focus();
  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
  event.preventDefault();
  const all = [...list.querySelectorAll<HTMLElement>('[data-message]')];
  const at = current === null ? all.length : all.indexOf(current);
  all[at + (event.key === 'ArrowUp' ? -1 : 1)]?.focus();
}

interface MessageMenuProps extends Opened {
  onClose(): void;
}

function MessageMenu({ message, element, point, onClose }: MessageMenuProps) {
  const { showTrace } = useNavigation();
  const close = () => {
    onClose();
    element.focus();
  };
  const target = point === null ? element : { getBoundingClientRect: () => new DOMRect(point.x, point.y) };
  const source = sourceOf(message);
  return (
    <Menu
      open
      positioning={{ target, position: 'below', align: 'start' }}
      onOpenChange={(_event, { open }) => !open && close()}
    >
      <MenuPopover>
        <MenuList aria-label="Options for this message">
          <MenuItem icon={<Copy20Regular />} onClick={() => void navigator.clipboard.writeText(message.body.text)}>
            Copy the text
          </MenuItem>
          {source !== null && (
            <MenuItem
              icon={<Pulse20Regular />}
              onClick={() => {
                onClose();
                showTrace(source);
              }}
            >
              How do we know?
            </MenuItem>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** The request that brought a message, or took ours; `null` where none was logged. */
function sourceOf({ id, own, frame }: Message): TraceTarget | null {
  if (own) return { is: 'item', id };
  return frame === undefined ? null : { is: 'frame', frame };
}
