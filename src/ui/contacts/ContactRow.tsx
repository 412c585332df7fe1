import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { MoreHorizontal16Regular } from '@fluentui/react-icons';
import { memo, useState } from 'react';
import type { GroupId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import { nameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands } from '../useApp';
import { presenceText } from '../words/statusText';
import { groupName } from './rows';

interface ContactRowProps {
  aor: Aor;
  group: GroupId | null;
  index: number;
  tabIndex: number;
}

/** One contact: reads only this person. The menu exists once it is asked for. */
export const ContactRow = memo(function ContactRow({ aor, group, index, tabIndex }: ContactRowProps) {
  const { talkTo } = useNavigation();
  const name = useApp((state) => nameOf(state, aor));
  const presence = useApp((state) => state.presence[aor]);
  const note = useApp((state) => state.notes[aor] ?? '');
  const [hasMenu, setHasMenu] = useState(false);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const status = presenceText(presence, Date.now());
  const showMenu = () => {
    setHasMenu(true);
    setIsMenuOpen(true);
  };
  return (
    <div
      className="contactrow"
      role="treeitem"
      aria-level={2}
      aria-selected={false}
      aria-label={`${name}, ${status}${note === '' ? '' : `, ${note}`}`}
      data-index={index}
      tabIndex={tabIndex}
      onClick={() => void orSay(talkTo(aor))}
      onContextMenu={(event) => {
        event.preventDefault();
        showMenu();
      }}
      onKeyDown={(event) => {
        if ((event.shiftKey && event.key === 'F10') || event.key === 'ContextMenu') showMenu();
      }}
      onPointerEnter={() => setHasMenu(true)}
      onFocus={() => setHasMenu(true)}
    >
      <Face aor={aor} />
      <span className="contactrow__text">
        <span className="ellipsis">{name}</span>
        <span className="contactrow__status ellipsis">{note === '' ? status : `${status} · ${note}`}</span>
      </span>
      {hasMenu && (
        <ContactMenu
          aor={aor}
          name={name}
          group={group}
          tabIndex={tabIndex}
          isOpen={isMenuOpen}
          onOpenChange={setIsMenuOpen}
        />
      )}
    </div>
  );
});

interface ContactMenuProps {
  aor: Aor;
  name: string;
  group: GroupId | null;
  tabIndex: number;
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

function ContactMenu({ aor, name, group, tabIndex, isOpen, onOpenChange }: ContactMenuProps) {
  const commands = useCommands();
  const { talkTo } = useNavigation();
  const groups = useApp((state) => state.groups);
  const memberOf = useApp((state) => state.contacts[aor]?.groups);
  const elsewhere = groups.filter(({ id }) => !memberOf?.includes(id));
  return (
    <Menu open={isOpen} onOpenChange={(_event, { open }) => onOpenChange(open)}>
      <MenuTrigger disableButtonEnhancement>
        <button
          type="button"
          className="rowbutton"
          aria-label={`Options for ${name}`}
          tabIndex={tabIndex}
          onClick={(event) => event.stopPropagation()}
        >
          <MoreHorizontal16Regular />
        </button>
      </MenuTrigger>
      <MenuPopover onClick={(event) => event.stopPropagation()}>
        <MenuList>
          <MenuItem onClick={() => void orSay(talkTo(aor))}>Send an IM</MenuItem>
          {elsewhere.length > 0 && <MenuDivider />}
          {elsewhere.map((to) => (
            <MenuItem key={to.id} onClick={() => void orSay(commands.moveContact(aor, group, to.id))}>
              Move to {groupName(to, groups)}
            </MenuItem>
          ))}
          {group !== null && elsewhere.length > 0 && (
            <>
              <MenuDivider />
              {elsewhere.map((to) => (
                <MenuItem key={to.id} onClick={() => void orSay(commands.moveContact(aor, null, to.id))}>
                  Copy to {groupName(to, groups)}
                </MenuItem>
              ))}
            </>
          )}
          <MenuDivider />
          {group !== null && (memberOf?.length ?? 0) > 1 && (
            <MenuItem onClick={() => void orSay(commands.removeFromGroup(aor, group))}>Remove from this group</MenuItem>
          )}
          <MenuItem onClick={() => void orSay(commands.removeContact(aor))}>Remove from contacts</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
