import { Button, Spinner, Tooltip } from '@fluentui/react-components';
import { Dismiss20Regular, LockClosed20Filled, LockOpen20Regular, PeopleAdd20Regular } from '@fluentui/react-icons';
import { useEffect, useRef } from 'react';
import type { Invitee, Participant } from '../../domain/conference';
import type { Party } from '../../domain/conversation';
import type { ConversationId } from '../../domain/ids';
import { firstNameOf, nameOf } from '../../state/selectors';
import { FaceButton } from '../people/FaceButton';
import { orSay } from '../shell/Notices';
import { isRoomy } from '../shell/useMedia';
import { useApp, useCommands } from '../useApp';
import { failureText } from '../words/failureText';
import { Person } from './Person';
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
  const pane = useRef<HTMLElement>(null);
  useOverlay(pane, onClose);
  if (party.is !== 'conference') return null;
  const { roster, organizer, locked, role, invitees, membership } = party.conference;
  const isIn = membership.is === 'joined';
  const isThere = isIn || membership.is === 'rejoining';
  const mayLead = role === 'presenter' && isIn;
  const lock = locked ? 'Unlock the conference' : 'Lock the conference';
  const sections: [string, readonly Participant[]][] = [
    ['Organizer', roster.filter(({ aor }) => aor === organizer)],
    ['Presenters', roster.filter((one) => one.aor !== organizer && one.role === 'presenter')],
    ['Attendees', roster.filter((one) => one.aor !== organizer && one.role === 'attendee')],
  ];
  return (
    <aside className="pane roster" aria-label="Participants" ref={pane} tabIndex={-1} data-region>
      <header className="roster__head">
        <h2>Participants</h2>
        {mayLead && (
          <Tooltip content={lock} relationship="label">
            <Button
              className={locked ? 'is-pressed' : ''}
              appearance="subtle"
              icon={locked ? <LockClosed20Filled /> : <LockOpen20Regular />}
              onClick={() => void orSay(commands.setLocked(id, !locked))}
            />
          </Tooltip>
        )}
        <Tooltip content="Invite people" relationship="label">
          <Button appearance="subtle" icon={<PeopleAdd20Regular />} disabledFocusable={!isIn} onClick={onInvite} />
        </Tooltip>
        <Tooltip content="Close participants" relationship="label">
          <Button appearance="subtle" icon={<Dismiss20Regular />} onClick={onClose} />
        </Tooltip>
      </header>
      <div className="roster__body">
        {isThere &&
          sections.map(([name, people]) =>
            people.length === 0 ? null : (
              <section key={name} aria-label={name}>
                <h3>{name === 'Organizer' ? name : `${name} (${people.length})`}</h3>
                <ul>
                  {people.map((participant) => (
                    <Person
                      key={participant.aor}
                      participant={participant}
                      id={id}
                      mayLead={mayLead && participant.aor !== organizer}
                    />
                  ))}
                </ul>
              </section>
            ),
          )}
        {isThere && invitees.length > 0 && (
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
        {!isThere && <p className="roster__none">Only who is in the conference sees who else is.</p>}
      </div>
    </aside>
  );
}

/** Where the pane lies over the conversation it has the focus, and Escape or a press beside it closes it. */
function useOverlay(pane: { current: HTMLElement | null }, onClose: () => void): void {
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    const element = pane.current;
    if (element === null || matchMedia(isRoomy).matches) return;
    const opener = document.activeElement;
    element.focus();
    const onKey = (event: KeyboardEvent) => {
      // What lies over the pane (a menu, a card) is no part of it.
      if (event.key !== 'Escape' || !element.contains(event.target as Node)) return;
      latest.current();
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
    const onPointer = ({ target }: PointerEvent) => {
      const isInside =
        target instanceof Element && target.closest('.roster, .talk__head, .fui-FluentProvider .fui-FluentProvider');
      if (target instanceof Element && target.closest('.talk') !== null && !isInside) latest.current();
    };
    addEventListener('keydown', onKey);
    addEventListener('pointerdown', onPointer);
    return () => {
      removeEventListener('keydown', onKey);
      removeEventListener('pointerdown', onPointer);
    };
  }, [pane]);
}

function Invited({ invitee, onAgain }: { invitee: Invitee; onAgain(): void }) {
  const name = useApp((state) => nameOf(state, invitee.aor));
  const first = useApp((state) => firstNameOf(state, invitee.aor));
  const { state } = invitee;
  return (
    <li className="person">
      <FaceButton aor={invitee.aor} />
      <span className="contactrow__text">
        <span className="ellipsis">{name}</span>
        <span className="contactrow__status">
          {state.is === 'inviting' ? 'Inviting…' : failureText(state.failure, first)}
        </span>
      </span>
      {state.is === 'inviting' ? (
        <Spinner size="extra-tiny" aria-label={`Inviting ${name}`} />
      ) : (
        <button type="button" className="link person__again" onClick={onAgain}>
          Invite again
        </button>
      )}
    </li>
  );
}
