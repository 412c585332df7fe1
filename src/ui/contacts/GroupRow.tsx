import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import {
  ChevronDown12Regular,
  ChevronRight12Regular,
  Delete20Regular,
  FolderAdd20Regular,
  MoreHorizontal16Regular,
  PeopleTeam20Regular,
  Rename20Regular,
} from '@fluentui/react-icons';
import { type KeyboardEvent, useState } from 'react';
import { type GroupId, otherContacts } from '../../domain/ids';
import type { Contact } from '../../domain/people';
import { PresenceDot } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands, useLedger } from '../useApp';
import { DeleteGroupDialog } from './DeleteGroupDialog';
import { NameDialog } from './NameDialog';
import type { Row } from './rows';

interface GroupRowProps {
  row: Extract<Row, { is: 'group' }>;
  index: number;
  tabIndex: number;
  /** A contact that is dragged would be put into it. */
  isTarget: boolean;
  onToggle(): void;
  onNewGroup(): void;
}

export function GroupRow({ row, index, tabIndex, isTarget, onToggle, onNewGroup }: GroupRowProps) {
  const commands = useCommands();
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const isKnown = useApp((state) => state.signIn.is !== 'reconnecting');
  const { group, status, name, online, total, isOpen } = row;
  const isOwn = group !== null && group !== otherContacts;
  const isByStatus = status !== null;
  // Whoever is not in a person's own group has no place to stay; an empty group asks nothing.
  const remove = () => {
    if (total > 0) setDialog('delete');
    else if (group !== null) void orSay(commands.removeGroup(group));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || group === null) return;
    if ((event.shiftKey && event.key === 'F10') || event.key === 'ContextMenu') setIsMenuOpen(true);
    else if (event.key === 'F2' && isOwn) setDialog('rename');
    else if (event.key === 'Delete' && isOwn) remove();
    else return;
    event.preventDefault();
  };
  const count = isByStatus || !isKnown ? `${total}` : `${online} of ${total}`;
  return (
    <>
      <div
        className={`grouprow${isTarget ? ' grouprow--target' : ''}`}
        role="treeitem"
        aria-level={1}
        aria-expanded={isOpen}
        aria-selected={false}
        aria-label={isByStatus || !isKnown ? `${name}, ${total}` : `${name}, ${online} of ${total} online`}
        data-index={index}
        tabIndex={tabIndex}
        onClick={onToggle}
        onKeyDown={onKeyDown}
        onContextMenu={(event) => {
          if (group === null) return;
          event.preventDefault();
          setIsMenuOpen(true);
        }}
      >
        {isOpen ? <ChevronDown12Regular aria-hidden="true" /> : <ChevronRight12Regular aria-hidden="true" />}
        {status !== null && <PresenceDot status={status} inline />}
        <span className="ellipsis">{name}</span>
        <span className="grouprow__count">{count}</span>
        {group !== null && (
          <GroupMenu
            group={group}
            name={name}
            isOwn={isOwn}
            tabIndex={tabIndex}
            isOpen={isMenuOpen}
            onOpenChange={setIsMenuOpen}
            onRename={() => setDialog('rename')}
            onDelete={remove}
            onNewGroup={onNewGroup}
          />
        )}
      </div>
      {dialog === 'rename' && group !== null && (
        <NameDialog
          title="Rename the group"
          action="Rename"
          initial={name}
          onClosed={() => setDialog(null)}
          onName={(next) => commands.renameGroup(group, next)}
        />
      )}
      {dialog === 'delete' && group !== null && (
        <DeleteGroupDialog group={group} name={name} onClosed={() => setDialog(null)} />
      )}
    </>
  );
}

interface GroupMenuProps {
  group: GroupId;
  name: string;
  isOwn: boolean;
  tabIndex: number;
  isOpen: boolean;
  onOpenChange(isOpen: boolean): void;
  onRename(): void;
  onDelete(): void;
  onNewGroup(): void;
}

function GroupMenu(props: GroupMenuProps) {
  const { group, name, isOwn, tabIndex, isOpen, onOpenChange, onRename, onDelete, onNewGroup } = props;
  const ledger = useLedger();
  const { meet } = useNavigation();
  const mayMeet = useApp((state) => state.policy.conferences);
  const meetAll = () => {
    const members = Object.values<Contact>(ledger.getState().contacts).filter(({ groups }) => groups.includes(group));
    void orSay(meet(members.map(({ aor }) => aor)));
  };
  return (
    <Menu open={isOpen} onOpenChange={(_event, { open }) => onOpenChange(open)}>
      <MenuTrigger disableButtonEnhancement>
        <button
          type="button"
          className="rowbutton rowbutton--small"
          aria-label={`Options for the group ${name}`}
          tabIndex={tabIndex}
          onClick={(event) => event.stopPropagation()}
        >
          <MoreHorizontal16Regular />
        </button>
      </MenuTrigger>
      <MenuPopover onClick={(event) => event.stopPropagation()}>
        <MenuList>
          <MenuItem
            icon={<PeopleTeam20Regular />}
            disabled={!mayMeet}
            subText={mayMeet ? undefined : 'Your organization does not let you start conferences'}
            onClick={meetAll}
          >
            Start a conference with the group
          </MenuItem>
          <MenuDivider />
          {isOwn && (
            <MenuItem icon={<Rename20Regular />} secondaryContent="F2" onClick={onRename}>
              Rename the group
            </MenuItem>
          )}
          <MenuItem icon={<FolderAdd20Regular />} onClick={onNewGroup}>
            Create a group
          </MenuItem>
          {isOwn && (
            <>
              <MenuDivider />
              <MenuItem
                className="menuitem--danger"
                icon={<Delete20Regular />}
                secondaryContent="Del"
                onClick={onDelete}
              >
                Delete the group
              </MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
