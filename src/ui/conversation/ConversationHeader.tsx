import {
  Button,
  Menu,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
  Tooltip,
} from '@fluentui/react-components';
import {
  ArrowExit20Regular,
  ArrowLeft20Regular,
  CallEnd20Regular,
  ContactCard20Regular,
  Dismiss20Regular,
  LockClosed12Regular,
  MoreHorizontal20Regular,
  PeopleAdd20Regular,
  PeopleTeam20Filled,
  PeopleTeam20Regular,
} from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { Party } from '../../domain/conversation';
import type { ConversationId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import { peopleIn } from '../../state/selectors';
import { Faces } from '../people/Face';
import { FaceButton } from '../people/FaceButton';
import { ShareMenu } from '../sharing/ShareMenu';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands, useIsRecording, useLedger, useRecordedNow } from '../useApp';
import { durationText } from '../words/timeText';
import { usePresenceText } from '../words/usePresenceText';
import { membershipText } from './membershipText';

interface ConversationHeaderProps {
  id: ConversationId;
  party: Party;
  title: string;
  mayInvite: boolean;
  hasRoster: boolean;
  onRoster(): void;
  onInvite(): void;
}

/** Whom one talks with, and what can be done with the conversation as a whole. */
export function ConversationHeader(props: ConversationHeaderProps) {
  const { id, party, title, mayInvite, hasRoster, onRoster, onInvite } = props;
  const { open } = useNavigation();
  const isRecording = useIsRecording();
  const inviteHint = useInviteHint(party, mayInvite);
  return (
    <section className="talk__head" aria-label="About this conversation" data-region>
      <Button
        className="talk__back"
        appearance="subtle"
        icon={<ArrowLeft20Regular />}
        aria-label="Back to the list"
        onClick={() => open(null)}
      />
      {party.is === 'pairwise' ? <FaceButton aor={party.peer} size={40} /> : <ConferenceFaces party={party} />}
      <div className="talk__title">
        <h1 className="ellipsis">{title}</h1>
        {party.is === 'pairwise' ? <AboutPeer peer={party.peer} /> : <AboutConference party={party} />}
      </div>
      <div className="talk__tools">
        {!isRecording && (
          <>
            <Tooltip content={inviteHint} relationship="description">
              <Button
                className="talk__invite"
                appearance="subtle"
                icon={<PeopleAdd20Regular />}
                disabledFocusable={!mayInvite}
                aria-keyshortcuts="Alt+I"
                aria-label="Invite"
                onClick={onInvite}
              >
                <span className="talk__word">Invite</span>
              </Button>
            </Tooltip>
            <ShareMenu id={id} party={party} />
          </>
        )}
        {party.is === 'conference' && (
          <Tooltip content="Participants (Alt+R)" relationship="description">
            <Button
              className={hasRoster ? 'is-pressed' : ''}
              appearance="subtle"
              icon={hasRoster ? <PeopleTeam20Filled /> : <PeopleTeam20Regular />}
              aria-label="Participants"
              aria-pressed={hasRoster}
              aria-keyshortcuts="Alt+R"
              onClick={onRoster}
            />
          </Tooltip>
        )}
        <More id={id} party={party} />
      </div>
    </section>
  );
}

function useInviteHint(party: Party, mayInvite: boolean): string {
  const isLost = useApp((state) => state.signIn.is === 'reconnecting');
  if (mayInvite) return 'Invite people (Alt+I)';
  if (isLost) return 'You can invite people when you are connected again';
  return party.is === 'pairwise'
    ? 'Your organization does not let you start conferences'
    : 'Only who is in the conference can invite people';
}

function ConferenceFaces({ party }: { party: Party }) {
  const ledger = useLedger();
  return <Faces people={peopleIn(ledger.getState(), party)} />;
}

function AboutPeer({ peer }: { peer: Aor }) {
  const status = usePresenceText(useApp((state) => state.presence[peer]));
  const rest = useApp((state) => {
    const card = state.cards[peer];
    return [card?.title, card?.office, state.notes[peer]].filter(Boolean).join(' · ');
  });
  return (
    <p className="talk__about ellipsis">
      {status}
      {rest !== '' && ` · ${rest}`}
    </p>
  );
}

function AboutConference({ party }: { party: Extract<Party, { is: 'conference' }> }) {
  const { roster, locked, membership } = party.conference;
  if (membership.is === 'joining' || membership.is === 'creating') return <p className="talk__about">Joining…</p>;
  if (membership.is !== 'joined') {
    return <p className="talk__about ellipsis">{membershipText(membership) ?? 'Coming back…'}</p>;
  }
  return (
    <p className="talk__about ellipsis">
      {locked && (
        <>
          <LockClosed12Regular aria-hidden="true" /> Locked ·{' '}
        </>
      )}
      {roster.length} {roster.length === 1 ? 'person' : 'people'} · <Duration since={membership.since} />
    </p>
  );
}

const secondMs = 1_000;

function Duration({ since }: { since: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), secondMs);
    return () => clearInterval(timer);
  }, []);
  const recorded = useRecordedNow();
  return <span className="numbers">{durationText((recorded ?? now) - since)}</span>;
}

function More({ id, party }: { id: ConversationId; party: Party }) {
  const commands = useCommands();
  const { open, showCard } = useNavigation();
  const isOrganizer = useApp(
    ({ account }) => party.is === 'conference' && account !== null && party.conference.organizer === account.aor,
  );
  const isIn = party.is === 'conference' && party.conference.membership.is === 'joined';
  const close = async () => {
    open(null);
    await orSay(commands.closeConversation(id));
  };
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <Tooltip content="More options" relationship="label">
          <Button appearance="subtle" icon={<MoreHorizontal20Regular />} />
        </Tooltip>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {party.is === 'pairwise' && (
            <MenuItem
              icon={<ContactCard20Regular />}
              onClick={() => {
                const face = document.querySelector<HTMLElement>('.talk__head .facebutton');
                if (face !== null) showCard(party.peer, face);
              }}
            >
              Open contact card
            </MenuItem>
          )}
          {isIn && (
            <MenuItem icon={<ArrowExit20Regular />} onClick={() => void orSay(commands.leaveConference(id))}>
              Leave the conference
            </MenuItem>
          )}
          {isIn && isOrganizer && (
            <MenuItem
              className="menuitem--danger"
              icon={<CallEnd20Regular />}
              onClick={() => void orSay(commands.endConference(id))}
            >
              End for everyone
            </MenuItem>
          )}
          <MenuDivider />
          <MenuItem icon={<Dismiss20Regular />} onClick={() => void close()}>
            {isIn ? 'Leave and close' : 'Close the conversation'}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
