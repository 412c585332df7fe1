import {
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { ArrowReset20Regular, SignOut20Regular } from '@fluentui/react-icons';
import type { ReactElement } from 'react';
import type { SettableStatus, Status } from '../../domain/people';
import { PresenceDot } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useApp, useCommands } from '../useApp';
import { settableWords } from '../words/statusText';

const choices: readonly (SettableStatus & Status)[] = [
  'available',
  'busy',
  'do-not-disturb',
  'be-right-back',
  'off-work',
  'away',
];

/** What others see of oneself, chosen from a button. */
export function StatusMenu({ children }: { children: ReactElement }) {
  const commands = useCommands();
  const picked = useApp((state) => (state.self.picked === 'reset' ? state.self.presence.status : state.self.picked));
  return (
    <Menu
      checkedValues={{ status: [picked] }}
      onCheckedValueChange={(_event, { checkedItems }) => {
        const [choice] = checkedItems;
        if (choice !== undefined) void orSay(commands.setStatus(choice as SettableStatus));
      }}
    >
      <MenuTrigger disableButtonEnhancement>{children}</MenuTrigger>
      <MenuPopover>
        <MenuList aria-label="Your status">
          {choices.map((status) => (
            <MenuItemRadio key={status} name="status" value={status} icon={<PresenceDot status={status} inline />}>
              {settableWords[status]}
            </MenuItemRadio>
          ))}
          <MenuDivider />
          <MenuItem icon={<ArrowReset20Regular />} onClick={() => void orSay(commands.setStatus('reset'))}>
            {settableWords.reset}
          </MenuItem>
          <MenuDivider />
          <MenuItem icon={<SignOut20Regular />} onClick={() => void orSay(commands.signOut())}>
            Sign out
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
