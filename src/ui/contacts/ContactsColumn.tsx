import { Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components';
import {
  FolderAdd20Regular,
  MoreHorizontal20Regular,
  PeopleTeam20Regular,
  PersonAdd20Regular,
} from '@fluentui/react-icons';
import { type KeyboardEvent, useRef, useState } from 'react';
import { prefer, usePreferences } from '../preferences';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { Search } from '../shell/Search';
import { Views } from '../shell/Views';
import { useApp, useCommands } from '../useApp';
import { ContactList } from './ContactList';
import { DirectoryResults } from './DirectoryResults';
import { Me } from './Me';
import { NameDialog } from './NameDialog';
import './contacts.css';

const views = { groups: 'Groups', status: 'Status' } as const;

/** Oneself, a search, and the contacts. */
export function ContactsColumn() {
  const commands = useCommands();
  const [sought, setSought] = useState('');
  const [isAdding, setIsAdding] = useState(false);
  const { contactsBy } = usePreferences();
  const [isNaming, setIsNaming] = useState(false);
  const column = useRef<HTMLElement>(null);
  const isSearching = isAdding || sought.trim() !== '';
  const find = () => {
    setIsAdding(true);
    column.current?.querySelector<HTMLElement>('input[type="search"]')?.focus();
  };
  const stop = () => {
    setSought('');
    setIsAdding(false);
  };
  const onSearchKey = (event: KeyboardEvent) => {
    if (event.key === 'Escape') return stop();
    const isDown = event.key === 'ArrowDown';
    if (!isDown && event.key !== 'Enter') return;
    const selector = isSearching ? '.result__person' : '[role="treeitem"][tabindex="0"]';
    const first = column.current?.querySelector<HTMLElement>(selector);
    if (first === null || first === undefined) return;
    event.preventDefault();
    if (isDown) first.focus();
    else if (isSearching) first.click();
  };

  return (
    <section className="column" aria-label="Contacts" ref={column}>
      <h1 className="sr-only">Contacts</h1>
      <Me />
      <search className="column__search" aria-label="Find a contact" data-region>
        <Search
          label="Find a contact"
          keys="Alt+Q"
          value={sought}
          onValue={(value) => {
            setSought(value);
            if (value === '') setIsAdding(false);
          }}
          onKeyDown={onSearchKey}
        />
        <Tooltip content="Add a contact" relationship="label">
          <button type="button" className="iconbutton" onClick={find}>
            <PersonAdd20Regular />
          </button>
        </Tooltip>
      </search>
      {isSearching ? (
        <DirectoryResults sought={sought} onDone={stop} />
      ) : (
        <>
          <div className="column__views" data-region>
            <Views
              label="Show contacts by"
              names={views}
              value={contactsBy}
              onValue={(by) => prefer({ contactsBy: by })}
            />
            <More onNewGroup={() => setIsNaming(true)} />
          </div>
          <ContactList view={contactsBy} onAdd={find} onNewGroup={() => setIsNaming(true)} />
        </>
      )}
      {isNaming && (
        <NameDialog
          title="Create a group"
          action="Create"
          onClosed={() => setIsNaming(false)}
          onName={(name) => commands.createGroup(name)}
        />
      )}
    </section>
  );
}

function More({ onNewGroup }: { onNewGroup(): void }) {
  const { meet } = useNavigation();
  const mayMeet = useApp((state) => state.policy.conferences);
  const canGroup = useApp((state) => state.capabilities.contactGroups);
  if (!mayMeet && !canGroup) return null;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <button type="button" className="iconbutton" aria-label="More for contacts">
          <MoreHorizontal20Regular />
        </button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {canGroup && (
            <MenuItem icon={<FolderAdd20Regular />} onClick={onNewGroup}>
              Create a group
            </MenuItem>
          )}
          {mayMeet && (
            <MenuItem icon={<PeopleTeam20Regular />} onClick={() => void orSay(meet([]))}>
              Meet now
            </MenuItem>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
