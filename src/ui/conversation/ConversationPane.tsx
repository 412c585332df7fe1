import { Button, Menu, MenuItem, MenuList, MenuPopover, MenuTrigger, Tooltip } from '@fluentui/react-components';
import {
  ArrowLeft20Regular,
  Chat48Regular,
  LockClosed12Filled,
  MoreHorizontal20Regular,
  People20Filled,
  People20Regular,
  PeopleAdd20Regular,
} from '@fluentui/react-icons';
import { lazy, memo, Suspense, useEffect, useState } from 'react';
import type { Membership } from '../../domain/conference';
import type { Conversation, Party } from '../../domain/conversation';
import type { ConversationId } from '../../domain/ids';
import { firstNameOf, nameOf, peopleIn, titleOf } from '../../state/selectors';
import { Face, Faces } from '../people/Face';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands, useLedger } from '../useApp';
import { failureText } from '../words/failureText';
import { presenceText } from '../words/statusText';
import { Composer } from './Composer';
import { Transcript } from './Transcript';
import './conversation.css';

const RosterPane = lazy(async () => ({ default: (await import('../conference/RosterPane')).RosterPane }));
const InviteDialog = lazy(async () => ({ default: (await import('../conference/InviteDialog')).InviteDialog }));

/** A conversation of two or a conference: the same pane, so that it may grow without a jump. */
export function ConversationPane({ id }: { id: ConversationId | null }) {
  // Only who it is with: the record itself changes with every message.
  const party = useApp((state) => (id === null ? undefined : state.conversations[id]?.party));
  if (id === null || party === undefined) return <NoConversation />;
  return <Talk id={id} party={party} />;
}

function NoConversation() {
  return (
    <div className="blank">
      <Chat48Regular aria-hidden="true" />
      <p className="empty__title">No conversation is open</p>
      <p>Choose a contact to start one, or find somebody by name.</p>
    </div>
  );
}

interface TalkProps {
  id: ConversationId;
  party: Party;
}

const Talk = memo(function Talk({ id, party }: TalkProps) {
  const title = useApp((state) => titleOf(state, party));
  const first = useApp((state) => (party.is === 'pairwise' ? firstNameOf(state, party.peer) : ''));
  const isConference = party.is === 'conference';
  const [hasRoster, setHasRoster] = useState(() => matchMedia('(min-width: 1200px)').matches);
  const [isInviting, setIsInviting] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.shiftKey) return;
      if (event.code === 'KeyI') setIsInviting(true);
      if (event.code === 'KeyR') setHasRoster((has) => !has);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
  return (
    <section className="talk" aria-label={`Conversation with ${title}`}>
      <div className="talk__main">
        <Header
          id={id}
          party={party}
          title={title}
          hasRoster={hasRoster}
          onRoster={() => setHasRoster(!hasRoster)}
          onInvite={() => setIsInviting(true)}
        />
        {isConference && <MembershipBar id={id} membership={party.conference.membership} />}
        <Transcript id={id} />
        <Composer
          id={id}
          placeholder={isConference ? 'Message everyone in the conference' : `Message ${first}`}
          closed={isConference ? closedText(party.conference.membership) : null}
        />
      </div>
      <Suspense fallback={null}>
        {isConference && hasRoster && (
          <RosterPane id={id} party={party} onClose={() => setHasRoster(false)} onInvite={() => setIsInviting(true)} />
        )}
        {isInviting && <InviteDialog id={id} party={party} onClose={() => setIsInviting(false)} />}
      </Suspense>
    </section>
  );
});

function closedText(membership: Membership): string | null {
  switch (membership.is) {
    case 'left':
      return 'You left this conference.';
    case 'removed':
      return 'You were removed from this conference.';
    case 'ended':
      return 'This conference ended.';
    case 'failed':
      return 'You are not in this conference.';
    default:
      return null;
  }
}

interface HeaderProps extends TalkProps {
  title: string;
  hasRoster: boolean;
  onRoster(): void;
  onInvite(): void;
}

function Header({ id, party, title, hasRoster, onRoster, onInvite }: HeaderProps) {
  const { open } = useNavigation();
  const mayStart = useApp((state) => state.policy.conferences);
  const mayInvite = party.is === 'conference' ? party.conference.membership.is === 'joined' : mayStart;
  return (
    <header className="talk__head">
      <Button
        className="talk__back"
        appearance="subtle"
        icon={<ArrowLeft20Regular />}
        aria-label="Back to the list"
        onClick={() => open(null)}
      />
      {party.is === 'pairwise' ? <Face aor={party.peer} size={40} /> : <ConferenceFaces party={party} />}
      <div className="talk__title">
        <h1 className="ellipsis">{title}</h1>
        <p className="ellipsis">
          <Subtitle party={party} />
        </p>
      </div>
      <Tooltip
        content={mayInvite ? 'Invite people (Alt+I)' : 'Your organization does not let you start conferences'}
        relationship="description"
      >
        <Button appearance="subtle" icon={<PeopleAdd20Regular />} disabledFocusable={!mayInvite} onClick={onInvite}>
          Invite
        </Button>
      </Tooltip>
      {party.is === 'conference' && (
        <Tooltip content="Participants (Alt+R)" relationship="description">
          <Button
            appearance="subtle"
            icon={hasRoster ? <People20Filled /> : <People20Regular />}
            aria-label="Participants"
            aria-pressed={hasRoster}
            onClick={onRoster}
          />
        </Tooltip>
      )}
      <More id={id} party={party} />
    </header>
  );
}

function ConferenceFaces({ party }: { party: Party }) {
  const ledger = useLedger();
  return <Faces people={peopleIn(ledger.getState(), party)} />;
}

function Subtitle({ party }: { party: Party }) {
  const text = useApp((state) => {
    if (party.is === 'conference') return '';
    const card = state.cards[party.peer];
    const note = state.notes[party.peer];
    return [presenceText(state.presence[party.peer], Date.now()), card?.title, card?.office, note]
      .filter(Boolean)
      .join(' · ');
  });
  if (party.is === 'pairwise') return text;
  const { roster, locked, membership } = party.conference;
  if (membership.is === 'joining' || membership.is === 'creating') return 'Joining';
  const count = `${roster.length} ${roster.length === 1 ? 'person' : 'people'}`;
  return (
    <>
      {locked && (
        <>
          <LockClosed12Filled aria-hidden="true" /> Locked ·{' '}
        </>
      )}
      {membership.is === 'joined' ? count : (closedText(membership) ?? 'Coming back')}
    </>
  );
}

function More({ id, party }: TalkProps) {
  const commands = useCommands();
  const { open } = useNavigation();
  const isOrganizer = useApp(
    (state) =>
      party.is === 'conference' &&
      party.conference.organizer !== null &&
      party.conference.organizer === state.account?.aor,
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
          {isIn && <MenuItem onClick={() => void orSay(commands.leaveConference(id))}>Leave the conference</MenuItem>}
          {isIn && isOrganizer && (
            <MenuItem onClick={() => void orSay(commands.endConference(id))}>End for everyone</MenuItem>
          )}
          <MenuItem onClick={() => void close()}>Close the conversation</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function MembershipBar({ id, membership }: { id: ConversationId; membership: Membership }) {
  const commands = useCommands();
  if (membership.is === 'joined' || membership.is === 'joining' || membership.is === 'creating') return null;
  const text =
    membership.is === 'failed'
      ? `You could not join. ${failureText(membership.failure)}`
      : (closedText(membership) ?? 'Coming back to the conference');
  const mayRejoin = membership.is === 'left' || membership.is === 'failed';
  return (
    <div className="banner" role="status">
      <span>{text}</span>
      {mayRejoin && (
        <button type="button" className="banner__action" onClick={() => void orSay(commands.rejoin(id))}>
          Join again
        </button>
      )}
    </div>
  );
}

/** For lists: who said the last thing. */
export function usePreview(conversation: Conversation): string {
  return useApp((state) => {
    const { preview, previewAuthor } = conversation;
    if (preview === '' || previewAuthor === undefined) return preview;
    if (previewAuthor === state.account?.aor) return `You: ${preview}`;
    return conversation.party.is === 'pairwise' ? preview : `${nameOf(state, previewAuthor).split(' ')[0]}: ${preview}`;
  });
}
