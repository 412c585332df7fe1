import { Menu, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import { ChevronDown16Regular, ChevronRight16Regular, MoreHorizontal16Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import { otherContacts } from '../../domain/ids';
import { orSay } from '../shell/Notices';
import { useCommands } from '../useApp';
import { NameDialog } from './NameDialog';
import type { Row } from './rows';

interface GroupRowProps {
  row: Extract<Row, { is: 'group' }>;
  index: number;
  tabIndex: number;
  onToggle(): void;
}

export function GroupRow({ row, index, tabIndex, onToggle }: GroupRowProps) {
  const commands = useCommands();
  const [isRenaming, setIsRenaming] = useState(false);
  const { group, name } = row;
  const isOwn = group !== null && group !== otherContacts;
  return (
    <div
      className="grouprow"
      role="treeitem"
      aria-level={1}
      aria-expanded={row.isOpen}
      aria-selected={false}
      aria-label={`${name}, ${row.online} of ${row.total} online`}
      data-index={index}
      tabIndex={tabIndex}
      onClick={onToggle}
      onKeyDown={(event) => {
        if (event.key === 'F2' && isOwn) setIsRenaming(true);
      }}
    >
      {row.isOpen ? <ChevronDown16Regular aria-hidden="true" /> : <ChevronRight16Regular aria-hidden="true" />}
      <span className="ellipsis">{name}</span>
      <span className="grouprow__count">
        {row.online} of {row.total}
      </span>
      {isOwn && (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <button
              type="button"
              className="rowbutton"
              aria-label={`Options for the group ${name}`}
              tabIndex={tabIndex}
              onClick={(event) => event.stopPropagation()}
            >
              <MoreHorizontal16Regular />
            </button>
          </MenuTrigger>
          <MenuPopover onClick={(event) => event.stopPropagation()}>
            <MenuList>
              <MenuItem onClick={() => setIsRenaming(true)}>Rename the group</MenuItem>
              <MenuItem onClick={() => void orSay(commands.removeGroup(group))}>Delete the group</MenuItem>
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
      {isRenaming && group !== null && (
        // biome-ignore lint/a11y/noStaticElementInteractions: React bubbles the dialog's clicks to the row that opened it
        // biome-ignore lint/a11y/useKeyWithClickEvents: the same
        <div onClick={(event) => event.stopPropagation()}>
          <NameDialog
            title="Rename the group"
            action="Rename"
            initial={name}
            onClose={() => setIsRenaming(false)}
            onName={(next) => commands.renameGroup(group, next)}
          />
        </div>
      )}
    </div>
  );
}
