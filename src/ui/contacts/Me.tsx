import {
  Menu,
  MenuDivider,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { ChevronDown12Regular, Edit16Regular } from '@fluentui/react-icons';
import { useState } from 'react';
import type { SettableStatus, Status } from '../../domain/people';
import { nameOf } from '../../state/selectors';
import { Face, PresenceDot } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useApp, useCommands } from '../useApp';
import { presenceText, settableWords } from '../words/statusText';

const choices: readonly [SettableStatus, Status][] = [
  ['available', 'available'],
  ['busy', 'busy'],
  ['do-not-disturb', 'do-not-disturb'],
  ['be-right-back', 'be-right-back'],
  ['off-work', 'off-work'],
  ['away', 'away'],
];

/** The person at the top of the column: status and note, both changed in place. */
export function Me() {
  const aor = useApp((state) => state.account?.aor);
  const name = useApp((state) => (state.account === null ? '' : nameOf(state, state.account.aor)));
  if (aor === undefined) return null;
  return (
    <header className="me">
      <Face aor={aor} size={56} />
      <div className="me__text">
        <strong className="me__name ellipsis">{name}</strong>
        <StatusMenu />
      </div>
      <Note />
    </header>
  );
}

function StatusMenu() {
  const commands = useCommands();
  const presence = useApp((state) => state.self.presence);
  const picked = useApp((state) => state.self.picked);
  const text = presenceText(presence, Date.now());
  return (
    <Menu
      checkedValues={{ status: [picked] }}
      onCheckedValueChange={(_event, { checkedItems }) => {
        const [choice] = checkedItems;
        if (choice !== undefined) void orSay(commands.setStatus(choice as SettableStatus));
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <button type="button" className="me__status" aria-label={`Your status: ${text}`}>
          <span className="ellipsis">{text}</span>
          <ChevronDown12Regular aria-hidden="true" />
        </button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList aria-label="Your status">
          {choices.map(([value, status]) => (
            <MenuItemRadio key={value} name="status" value={value} icon={<PresenceDot status={status} inline />}>
              {settableWords[value]}
            </MenuItemRadio>
          ))}
          <MenuDivider />
          <MenuItem onClick={() => void orSay(commands.setStatus('reset'))}>{settableWords.reset}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** "What is happening today?": saved on Enter or when it loses the focus, given up on Escape. */
function Note() {
  const commands = useCommands();
  const note = useApp((state) => state.self.note);
  const canNote = useApp((state) => state.capabilities.notes);
  const [draft, setDraft] = useState<string | null>(null);
  if (!canNote && note === '') return null;
  if (draft === null) {
    return (
      <button
        type="button"
        className="note"
        onClick={() => setDraft(note)}
        aria-label={note === '' ? 'Add a note' : `Your note: ${note}`}
      >
        <span className={note === '' ? 'note__empty' : ''}>{note === '' ? 'What is happening today?' : note}</span>
        <Edit16Regular aria-hidden="true" />
      </button>
    );
  }
  const save = () => {
    setDraft(null);
    if (draft.trim() !== note) void orSay(commands.setNote(draft));
  };
  return (
    <textarea
      className="note note--editing"
      aria-label="Your note"
      rows={2}
      maxLength={500}
      value={draft}
      ref={(element) => element?.focus()}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setDraft(null);
        if (event.key === 'Enter' && !event.shiftKey) {
          event.preventDefault();
          save();
        }
      }}
    />
  );
}
