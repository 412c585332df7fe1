import { Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components';
import { PersonAdd20Regular } from '@fluentui/react-icons';
import { otherContacts } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import { nameOf } from '../../state/selectors';
import { orSay } from '../shell/Notices';
import { useApp, useCommands } from '../useApp';
import { groupName } from './rows';

interface AddToContactsProps {
  aor: Aor;
  /** As the directory calls the person, whom nobody else may know yet. */
  name?: string | undefined;
  looksLike?: 'icon' | 'action';
}

/** Puts a person into one of the groups. */
export function AddToContacts({ aor, name, looksLike = 'icon' }: AddToContactsProps) {
  const commands = useCommands();
  const groups = useApp((state) => state.groups);
  const known = useApp((state) => nameOf(state, aor));
  const label = `Add ${name ?? known} to your contacts`;
  const own = groups.filter(({ id }) => id !== otherContacts);
  const others = groups.filter(({ id }) => id === otherContacts);
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        {looksLike === 'icon' ? (
          <Tooltip content={label} relationship="label">
            <button type="button" className="iconbutton">
              <PersonAdd20Regular />
            </button>
          </Tooltip>
        ) : (
          <button type="button" className="cardaction" aria-label={label}>
            <span aria-hidden="true">
              <PersonAdd20Regular />
            </span>
            Add
          </button>
        )}
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {[...own, ...others].map((group) => (
            <MenuItem key={group.id} onClick={() => void orSay(commands.addContact(aor, group.id))}>
              Add to {groupName(group, groups)}
            </MenuItem>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
