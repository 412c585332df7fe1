import { Button } from '@fluentui/react-components';
import { PersonAdd20Regular } from '@fluentui/react-icons';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useShallow } from 'zustand/react/shallow';
import { otherContacts } from '../../domain/ids';
import { prefer, usePreferences } from '../preferences';
import { PeopleArt } from '../shell/Art';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands } from '../useApp';
import { ContactRow } from './ContactRow';
import { GroupRow } from './GroupRow';
import { type Row, rowsByGroup, rowsByStatus } from './rows';
import { useDragToGroup } from './useDragToGroup';

interface ContactListProps {
  view: 'groups' | 'status';
  onAdd(): void;
  onNewGroup(): void;
}

/** The contacts as a tree of two levels, drawn only where seen. */
export function ContactList({ view, onAdd, onNewGroup }: ContactListProps) {
  const commands = useCommands();
  const parts = useApp(
    useShallow(({ groups, contacts, presence, cards, account }) => ({
      groups,
      contacts,
      presence,
      cards,
      account,
    })),
  );
  const isLoaded = useApp((state) => state.contactsLoaded);
  const { folded } = usePreferences();
  const closed = useMemo(() => new Set(folded), [folded]);
  /** By its id, since rows change places; by its place once it has gone. */
  const [focused, setFocused] = useState({ id: '', index: 0 });
  const list = useRef<VListHandle>(null);
  const tree = useRef<HTMLDivElement>(null);
  const { talkTo, selected } = useNavigation();
  const talkingTo = useApp((state) => {
    const party = selected === null ? undefined : state.conversations[selected]?.party;
    return party?.is === 'pairwise' ? party.peer : undefined;
  });
  const rows = useMemo(() => (view === 'groups' ? rowsByGroup : rowsByStatus)(parts, closed), [view, parts, closed]);
  const focus = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    setFocused({ id: rows[next]?.id ?? '', index: next });
    list.current?.scrollToIndex(next, { align: 'nearest' });
    const row = () => tree.current?.querySelector<HTMLElement>(`[data-index="${next}"]`);
    // At once where the row is drawn, so that the next key meets it; one that is scrolled to comes with the next frame.
    if (row() == null) requestAnimationFrame(() => row()?.focus());
    else row()?.focus();
  };
  const known = rows.findIndex(({ id }) => id === focused.id);
  const current = known < 0 ? Math.min(focused.index, rows.length - 1) : known;
  const hasFocus = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when a row may have gone
  useEffect(() => {
    // The row that had the focus was removed: the one in its place takes it.
    if (hasFocus.current && document.activeElement === document.body) focus(current);
  }, [rows]);

  const { over, handlers } = useDragToGroup(rows, (aor, from, to) => void orSay(commands.moveContact(aor, from, to)));

  if (!isLoaded) return <Skeletons />;
  const isEmpty = rows.every((row) => row.is === 'group' && row.total === 0 && row.group === otherContacts);
  if (isEmpty) return <Empty onAdd={onAdd} />;

  const toggle = (id: string) => {
    prefer({ folded: closed.has(id) ? folded.filter((one) => one !== id) : [...folded, id] });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current];
    if (row === undefined || (event.target as HTMLElement).getAttribute('role') !== 'treeitem') return;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    // A letter begins a search: the key goes on to the field that has the focus now.
    if (/^[\p{L}\p{N}]$/u.test(event.key)) return onAdd();
    const handled = treeKey(event.key, row, current, { rows, focus, toggle, open: (aor) => void orSay(talkTo(aor)) });
    if (handled) event.preventDefault();
  };

  return (
    <div
      className="contacts__list"
      role="tree"
      aria-label="Contacts"
      ref={tree}
      onKeyDown={onKeyDown}
      onFocus={() => {
        hasFocus.current = true;
      }}
      onBlur={({ relatedTarget }) => {
        // Nothing takes the focus when a row goes with it.
        if (relatedTarget !== null) hasFocus.current = false;
      }}
      {...handlers}
      data-region
    >
      <VList ref={list} className="contacts__scroll" role="presentation">
        {rows.map((row, index) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: hears the focus of the row inside
          <div key={row.id} role="presentation" onFocus={() => setFocused({ id: row.id, index })}>
            {row.is === 'group' ? (
              <GroupRow
                row={row}
                index={index}
                tabIndex={index === current ? 0 : -1}
                isTarget={row.group !== null && row.group === over}
                onToggle={() => toggle(row.id)}
                onNewGroup={onNewGroup}
              />
            ) : (
              <ContactRow
                aor={row.aor}
                group={row.group}
                index={index}
                tabIndex={index === current ? 0 : -1}
                isOn={row.aor === talkingTo}
              />
            )}
          </div>
        ))}
      </VList>
    </div>
  );
}

interface TreeMoves {
  rows: readonly Row[];
  focus(index: number): void;
  toggle(id: string): void;
  open(aor: Extract<Row, { is: 'contact' }>['aor']): void;
}

/** The keys of a tree (ARIA authoring practices); true when the key meant something. */
function treeKey(key: string, row: Row, index: number, { rows, focus, toggle, open }: TreeMoves): boolean {
  switch (key) {
    case 'ArrowDown':
      focus(index + 1);
      return true;
    case 'ArrowUp':
      focus(index - 1);
      return true;
    case 'Home':
      focus(0);
      return true;
    case 'End':
      focus(rows.length - 1);
      return true;
    case 'ArrowRight':
      if (row.is === 'group' && !row.isOpen) toggle(row.id);
      else focus(index + 1);
      return true;
    case 'ArrowLeft':
      if (row.is === 'group' && row.isOpen) toggle(row.id);
      else focus(rows.findLastIndex((candidate, at) => at < index && candidate.is === 'group'));
      return true;
    case 'Enter':
      if (row.is === 'group') toggle(row.id);
      else open(row.aor);
      return true;
    default:
      return false;
  }
}

function Skeletons() {
  return (
    <div className="skeletons" role="status" aria-label="Loading your contacts">
      {[0, 1, 2, 3, 4, 5].map((index) => (
        <div key={index} className="skeleton">
          <i />
          <b />
          <b />
        </div>
      ))}
    </div>
  );
}

function Empty({ onAdd }: { onAdd(): void }) {
  return (
    <div className="blank blank--small contacts__empty">
      <PeopleArt />
      <h2 className="blank__title">No contacts yet</h2>
      <p>Add the people you work with to see who is free right now.</p>
      <div className="blank__actions">
        <Button appearance="primary" icon={<PersonAdd20Regular />} onClick={onAdd}>
          Add a contact
        </Button>
      </div>
    </div>
  );
}
