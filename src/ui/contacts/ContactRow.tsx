import { Chat16Regular } from '@fluentui/react-icons';
import { type KeyboardEvent, memo, useState } from 'react';
import type { GroupId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import { nameOf } from '../../state/selectors';
import { FaceButton } from '../people/FaceButton';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp } from '../useApp';
import { usePresenceText } from '../words/usePresenceText';
import { ContactMenu } from './ContactMenu';
import { useRemoveContact } from './useRemoveContact';

interface ContactRowProps {
  aor: Aor;
  group: GroupId | null;
  index: number;
  tabIndex: number;
  /** Its conversation is the one that is open. */
  isOn: boolean;
}

/** One contact: reads only this person. The menu exists once it is asked for. */
export const ContactRow = memo(function ContactRow({ aor, group, index, tabIndex, isOn }: ContactRowProps) {
  const { talkTo, showCard } = useNavigation();
  const remove = useRemoveContact();
  const name = useApp((state) => nameOf(state, aor));
  const note = useApp((state) => state.notes[aor] ?? '');
  const status = usePresenceText(useApp((state) => state.presence[aor]));
  const [hasMenu, setHasMenu] = useState(false);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const showMenu = () => {
    setHasMenu(true);
    setIsMenuOpen(true);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    if ((event.shiftKey && event.key === 'F10') || event.key === 'ContextMenu') showMenu();
    else if (event.altKey && event.key === 'Enter') showCard(aor, event.currentTarget);
    else if (event.key === 'Delete') void remove(aor);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="contactrow"
      role="treeitem"
      aria-level={2}
      aria-selected={isOn}
      aria-label={`${name}, ${status}${note === '' ? '' : `, ${note}`}`}
      data-index={index}
      draggable={group !== null}
      tabIndex={tabIndex}
      onClick={() => void orSay(talkTo(aor))}
      onContextMenu={(event) => {
        event.preventDefault();
        showMenu();
      }}
      onKeyDown={onKeyDown}
      onPointerEnter={() => setHasMenu(true)}
      onFocus={() => setHasMenu(true)}
    >
      <FaceButton aor={aor} takesFocus={false} />
      <span className="contactrow__text">
        <span className="ellipsis">{name}</span>
        <span className="contactrow__status ellipsis">{note === '' ? status : `${status} · ${note}`}</span>
      </span>
      {hasMenu && (
        <span className="contactrow__actions">
          <button
            type="button"
            className="rowbutton"
            tabIndex={-1}
            aria-hidden="true"
            title="Send an IM"
            onClick={() => void orSay(talkTo(aor))}
          >
            <Chat16Regular />
          </button>
          <ContactMenu
            aor={aor}
            name={name}
            group={group}
            tabIndex={tabIndex}
            isOpen={isMenuOpen}
            onOpenChange={setIsMenuOpen}
          />
        </span>
      )}
    </div>
  );
});
