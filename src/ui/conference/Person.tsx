import { Menu, MenuDivider, MenuItem, MenuList, MenuPopover, MenuTrigger } from '@fluentui/react-components';
import {
  Chat20Regular,
  ContactCard20Regular,
  MoreHorizontal16Regular,
  PersonDelete20Regular,
  PersonStar20Regular,
  PersonSubtract20Regular,
  Pulse20Regular,
} from '@fluentui/react-icons';
import type { Participant } from '../../domain/conference';
import type { ConversationId } from '../../domain/ids';
import { nameOf } from '../../state/selectors';
import { FaceButton } from '../people/FaceButton';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands } from '../useApp';
import { partText } from '../words/sharingText';
import { useOwnStatusText, usePresenceText } from '../words/usePresenceText';

interface PersonProps {
  participant: Participant;
  id: ConversationId;
  /** May be given another role, or put out. */
  mayLead: boolean;
}

/** Somebody in the conference. */
export function Person({ participant, id, mayLead }: PersonProps) {
  const { aor, inChat } = participant;
  const isMe = useApp((state) => state.account?.aor === aor);
  const name = useApp((state) => nameOf(state, aor));
  const theirs = usePresenceText(useApp((state) => state.presence[aor]));
  const own = useOwnStatusText();
  const title = useApp((state) => state.cards[aor]?.title);
  const status = isMe ? own : theirs;
  const part = useApp((state) => partText(state.sharing[id], { aor, isMe }));
  return (
    <li className="person">
      <FaceButton aor={aor} />
      <span className="contactrow__text">
        <span className="ellipsis">
          {name}
          {isMe && <span className="person__you"> (you)</span>}
        </span>
        <span className="contactrow__status ellipsis">
          {part ?? (inChat ? [status, title].filter(Boolean).join(' · ') : 'Not in the messages yet')}
        </span>
      </span>
      {!isMe && <PersonMenu participant={participant} id={id} name={name} mayLead={mayLead} />}
    </li>
  );
}

function PersonMenu({ participant, id, name, mayLead }: PersonProps & { name: string }) {
  const commands = useCommands();
  const { talkTo, showCard, showTrace } = useNavigation();
  const { aor, role, frame: source } = participant;
  const isPresenter = role === 'presenter';
  return (
    <Menu positioning="below-end">
      <MenuTrigger disableButtonEnhancement>
        <button type="button" className="rowbutton" aria-label={`Options for ${name}`}>
          <MoreHorizontal16Regular />
        </button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {mayLead && (
            <>
              <MenuItem
                icon={isPresenter ? <PersonSubtract20Regular /> : <PersonStar20Regular />}
                onClick={() => void orSay(commands.setRole(id, aor, isPresenter ? 'attendee' : 'presenter'))}
              >
                {isPresenter ? 'Make an attendee' : 'Make a presenter'}
              </MenuItem>
              <MenuDivider />
            </>
          )}
          <MenuItem icon={<Chat20Regular />} onClick={() => void orSay(talkTo(aor))}>
            Message privately
          </MenuItem>
          <MenuItem
            icon={<ContactCard20Regular />}
            onClick={({ currentTarget }) => showCard(aor, faceOf(currentTarget) ?? currentTarget)}
          >
            Open contact card
          </MenuItem>
          {source !== undefined && (
            <MenuItem icon={<Pulse20Regular />} onClick={() => showTrace({ is: 'frame', frame: source })}>
              How do we know?
            </MenuItem>
          )}
          {mayLead && (
            <>
              <MenuDivider />
              <MenuItem
                className="menuitem--danger"
                icon={<PersonDelete20Regular />}
                onClick={() => void orSay(commands.removeParticipant(id, aor))}
              >
                Remove from the conference
              </MenuItem>
            </>
          )}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** The face in the row whose menu an item is in: the menu is named by the row's button. */
function faceOf(item: HTMLElement): HTMLElement | null {
  const button = item.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  return (button && document.getElementById(button)?.closest('li')?.querySelector<HTMLElement>('.facebutton')) || null;
}
