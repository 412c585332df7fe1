import { type DragEvent, useState } from 'react';
import type { GroupId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import type { Row } from './rows';

const kind = 'application/x-confab-contact';

interface DragHandlers {
  onDragStart(event: DragEvent<HTMLElement>): void;
  onDragOver(event: DragEvent<HTMLElement>): void;
  onDragLeave(event: DragEvent<HTMLElement>): void;
  onDrop(event: DragEvent<HTMLElement>): void;
  onDragEnd(): void;
}

/**
 * Contacts are dragged from group to group; with Ctrl they are in both. The handlers are those of the list around the rows;
 * `over` is the group that would take the contact.
 */
export function useDragToGroup(
  rows: readonly Row[],
  move: (person: Aor, from: GroupId | null, to: GroupId) => void,
): { over: GroupId | null; handlers: DragHandlers } {
  const [dragged, setDragged] = useState<Extract<Row, { is: 'contact' }> | null>(null);
  const [over, setOver] = useState<GroupId | null>(null);
  const rowOf = ({ target }: DragEvent<HTMLElement>): Row | undefined => {
    const index = target instanceof Element ? target.closest('[data-index]')?.getAttribute('data-index') : null;
    return index === null || index === undefined ? undefined : rows[Number(index)];
  };
  const stop = () => {
    setDragged(null);
    setOver(null);
  };
  const handlers: DragHandlers = {
    onDragStart(event) {
      const row = rowOf(event);
      if (row?.is !== 'contact' || row.group === null) return event.preventDefault();
      event.dataTransfer.effectAllowed = 'copyMove';
      event.dataTransfer.setData(kind, row.aor);
      setDragged(row);
    },
    onDragOver(event) {
      const to = rowOf(event)?.group ?? null;
      const isElsewhere = dragged !== null && to !== null && to !== dragged.group;
      setOver(isElsewhere ? to : null);
      if (!isElsewhere) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = event.ctrlKey ? 'copy' : 'move';
    },
    onDragLeave({ currentTarget, relatedTarget }) {
      if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) setOver(null);
    },
    onDrop(event) {
      event.preventDefault();
      if (dragged !== null && over !== null) move(dragged.aor, event.ctrlKey ? null : dragged.group, over);
      stop();
    },
    onDragEnd: stop,
  };
  return { over, handlers };
}
