import {
  Button,
  Menu,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Spinner,
  Tooltip,
} from '@fluentui/react-components';
import {
  Dismiss20Regular,
  LockClosed20Filled,
  LockOpen20Regular,
  MoreHorizontal16Regular,
  PeopleAdd20Regular,
} from '@fluentui/react-icons';
import type { Invitee, Participant } from '../../domain/conference';
import type { Party } from '../../domain/conversation';
import type { ConversationId } from '../../domain/ids';
import { firstNameOf, nameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands } from '../useApp';
import { failureText } from '../words/failureText';
import { presenceText } from '../words/statusText';
import './conference.css';

interface RosterPaneProps {
  id: ConversationId;
  party: Party;
  onClose(): void;
  onInvite(): void;
}

/** Who is in the conference now, by role, and who was asked. */
export function RosterPane({ id, party, onClose, onInvite }: RosterPaneProps) {
  const commands = useCommands();
  if (party.is !== 'conference') return null;
  const { roster, organizer, locked, role, invitees, membership } = party.conference;
  const mayLead = role === 'presenter' && membership.is === 'joined';
  const lock = locked ? 'Unlock the conference' : 'Lock the conference';
  const sections: [string, readonly Participant[]][] = [
    ['Organizer', roster.filter(({ aor }) => aor === organizer)],
    ['Presenters', roster.filter((one) => one.aor !== organizer && one.role === 'presenter')],
    ['Attendees', roster.filter((one) => one.aor !== organizer && one.role === 'attendee')],
  ];
  return (
    <aside className="roster" aria-label="Participants">
      <header className="roster__head">
        <h2>Participants</h2>
        {mayLead && (
          <Tooltip content={lock} relationship="label">
            <Button
              appearance="subtle"
              icon={locked ? <LockClosed20Filled /> : <LockOpen20Regular />}
              onClick={() => void orSay(commands.setLocked(id, !locked))}
            />
          </Tooltip>
        )}
        <Tooltip content="Invite people" relationship="label">
          <Button
            appearance="subtle"
            icon={<PeopleAdd20Regular />}
            disabledFocusable={membership.is !== 'joined'}
            onClick={onInvite}
          />
        </Tooltip>
        <Tooltip content="Close participants" relationship="label">
          <Button appearance="subtle" icon={<Dismiss20Regular />} onClick={onClose} />
        </Tooltip>
      </header>
      <div className="roster__body">
        {sections.map(([name, people]) =>
          people.length === 0 ? null : (
            <section key={name} aria-label={name}>
              <h3>{name === 'Organizer' ? name : `${name} (${people.length})`}</h3>
              <ul>
                {people.map((participant) => (
                  <Person key={participant.aor} participant={participant} id={id} party={party} mayLead={mayLead} />
                ))}
              </ul>
            </section>
          ),
        )}
        {invitees.length > 0 && (
          <section aria-label="Invited">
            <h3>Invited ({invitees.length})</h3>
            <ul>
              {invitees.map((invitee) => (
                <Invited
                  key={invitee.aor}
                  invitee={invitee}
                  onAgain={() => void orSay(commands.invite(id, [invitee.aor]))}
                />
              ))}
            </ul>
          </section>
        )}
      </div>
    </aside>
  );
}

interface PersonProps {
  participant: Participant;
  id: ConversationId;
  party: Party;
  mayLead: boolean;
}

function Person({ participant, id, party, mayLead }: PersonProps) {
  const commands = useCommands();
  const { talkTo } = useNavigation();
  const { aor, role } = participant;
  const isMe = useApp((state) => state.account?.aor === aor);
  const name = useApp((state) => nameOf(state, aor));
  const status = useApp((state) =>
    presenceText(aor === state.account?.aor ? state.self.presence : state.presence[aor], Date.now()),
  );
  const isOrganizer = party.is === 'conference' && party.conference.organizer === aor;
  return (
    <li className="person">
      <Face aor={aor} />
      <span className="contactrow__text">
        <span className="ellipsis">
          {name}
          {isMe && <span className="person__you"> (you)</span>}
        </span>
        <span className="contactrow__status ellipsis">{participant.inChat ? status : 'Not in the messages yet'}</span>
      </span>
      {!isMe && (
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <button type="button" className="rowbutton" aria-label={`Options for ${name}`}>
              <MoreHorizontal16Regular />
            </button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              <MenuItem onClick={() => void orSay(talkTo(aor))}>Send an IM</MenuItem>
              {mayLead && !isOrganizer && (
                <MenuItem
                  onClick={() => void orSay(commands.setRole(id, aor, role === 'presenter' ? 'attendee' : 'presenter'))}
                >
                  {role === 'presenter' ? 'Make an attendee' : 'Make a presenter'}
                </MenuItem>
              )}
              {mayLead && !isOrganizer && (
                <MenuItem onClick={() => void orSay(commands.removeParticipant(id, aor))}>
                  Remove from the conference
                </MenuItem>
              )}
            </MenuList>
          </MenuPopover>
        </Menu>
      )}
    </li>
  );
}

function Invited({ invitee, onAgain }: { invitee: Invitee; onAgain(): void }) {
  const name = useApp((state) => nameOf(state, invitee.aor));
  const first = useApp((state) => firstNameOf(state, invitee.aor));
  const { state } = invitee;
  return (
    <li className="person">
      <Face aor={invitee.aor} />
      <span className="contactrow__text">
        <span className="ellipsis">{name}</span>
        <span className="contactrow__status">
          {state.is === 'inviting' ? 'Inviting…' : failureText(state.failure, first)}
        </span>
      </span>
      {state.is === 'inviting' ? (
        <Spinner size="extra-tiny" aria-label={`Inviting ${name}`} />
      ) : (
        <Button size="small" appearance="transparent" onClick={onAgain}>
          Invite again
        </Button>
      )}
    </li>
  );
}
