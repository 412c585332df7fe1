import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import {
  Chat20Regular,
  ContactCard20Regular,
  FolderAdd20Regular,
  FolderArrowRight20Regular,
  MoreHorizontal16Regular,
  PersonDelete20Regular,
  Pulse20Regular,
  SubtractCircle20Regular,
} from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import { type GroupId, otherContacts } from '../../domain/ids';
import type { Group } from '../../domain/people';
import type { Aor } from '../../protocol/sip/uri';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands } from '../useApp';
import { groupName } from './rows';
import { useRemoveContact } from './useRemoveContact';

interface ContactMenuProps {
  aor: Aor;
  name: string;
  group: GroupId | null;
  tabIndex: number;
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
}

/** What can be done with a contact. */
export function ContactMenu({ aor, name, group, tabIndex, isOpen, onOpenChange }: ContactMenuProps) {
  const commands = useCommands();
  const { talkTo, showCard, showTrace } = useNavigation();
  const remove = useRemoveContact();
  const source = useApp((state) => state.presence[aor]?.frame);
  const groups = useApp((state) => state.groups);
  const memberOf = useApp((state) => state.contacts[aor]?.groups);
  const elsewhere = groups
    .filter(({ id }) => !memberOf?.includes(id))
    .sort((a, b) => Number(a.id === otherContacts) - Number(b.id === otherContacts));
  const inSeveral = group !== null && (memberOf?.length ?? 0) > 1;
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
          <MenuItem icon={<Chat20Regular />} secondaryContent="Enter" onClick={() => void orSay(talkTo(aor))}>
            Send an IM
          </MenuItem>
          <MenuItem
            icon={<ContactCard20Regular />}
            secondaryContent="Alt+Enter"
            onClick={({ currentTarget }) => showCard(aor, rowOf(currentTarget) ?? currentTarget)}
          >
            Open contact card
          </MenuItem>
          {source !== undefined && (
            <MenuItem icon={<Pulse20Regular />} onClick={() => showTrace({ is: 'frame', frame: source })}>
              How do we know?
            </MenuItem>
          )}
          {elsewhere.length > 0 && (
            <>
              <MenuDivider />
              <Groups
                title="Move to group"
                icon={<FolderArrowRight20Regular />}
                groups={elsewhere}
                all={groups}
                onPick={(to) => void orSay(commands.moveContact(aor, group, to))}
              />
              {group !== null && (
                <Groups
                  title="Copy to group"
                  icon={<FolderAdd20Regular />}
                  groups={elsewhere}
                  all={groups}
                  onPick={(to) => void orSay(commands.moveContact(aor, null, to))}
                />
              )}
            </>
          )}
          <MenuDivider />
          {inSeveral && (
            <MenuItem
              icon={<SubtractCircle20Regular />}
              onClick={() => void orSay(commands.removeFromGroup(aor, group))}
            >
              Remove from this group
            </MenuItem>
          )}
          <MenuItem
            className="menuitem--danger"
            icon={<PersonDelete20Regular />}
            secondaryContent="Del"
            onClick={() => void remove(aor)}
          >
            Remove from contacts
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** The row whose menu an item is in: the menu is named by the row's button. */
function rowOf(item: HTMLElement): HTMLElement | null {
  const button = item.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return (button && document.getElementById(button)?.closest<HTMLElement>('[role="treeitem"]')) || null;
}

interface GroupsProps {
  title: string;
  icon: ReactElement;
  groups: readonly Group[];
  all: readonly Group[];
  onPick(group: GroupId): void;
}

function Groups({ title, icon, groups, all, onPick }: GroupsProps) {
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuItem icon={icon}>{title}</MenuItem>
      </MenuTrigger>
      <MenuPopover onClick={(event) => event.stopPropagation()}>
        <MenuList>
          {groups.map((group) => (
            <MenuItem key={group.id} onClick={() => onPick(group.id)}>
              {groupName(group, all)}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
