import { Button } from '@fluentui/react-components';
import { Info20Regular } from '@fluentui/react-icons';
import { memo, useCallback, useEffect, useState } from 'react';
import type { Membership } from '../../domain/conference';
import type { Party } from '../../domain/conversation';
import type { ConversationId } from '../../domain/ids';
import { firstNameOf, titleOf } from '../../state/selectors';
import { DropTarget } from '../files/DropTarget';
import { useDrop } from '../files/useDrop';
import { useSendFiles, useWhyNoFiles } from '../files/useFiles';
import { loaded } from '../loaded';
import { AvailableBar } from '../sharing/AvailableBar';
import { useStaged } from '../sharing/staged';
import { fetchMedia } from '../sharing/useShare';
import { useWatchingBySight } from '../sharing/useWatchingBySight';
import { orSay } from '../shell/Notices';
import { isRoomy, useMedia } from '../shell/useMedia';
import { useApp, useCommands, useIsRecording } from '../useApp';
import { failureText } from '../words/failureText';
import { Composer } from './Composer';
import { ConversationHeader } from './ConversationHeader';
import { membershipText } from './membershipText';
import { NoConversation } from './NoConversation';
import { Transcript } from './Transcript';
import './conversation.css';

const RosterPane = loaded(async () => (await import('../conference/RosterPane')).RosterPane);
const SharingStage = loaded(
  async () => (await import('../sharing/SharingStage')).SharingStage,
  <div className="pane stage" />,
);
const InviteDialog = loaded(async () => (await import('../conference/InviteDialog')).InviteDialog);

/** A conversation of two or a conference: the same pane, so that it may grow without a jump. */
export function ConversationPane({ id }: { id: ConversationId | null }) {
  // Only who it is with: the record itself changes with every message.
  const party = useApp((state) => (id === null ? undefined : state.conversations[id]?.party));
  if (id === null || party === undefined) return <NoConversation />;
  return <Talk id={id} party={party} />;
}

const recordingText = 'This is a recording: nothing can be sent.';

interface TalkProps {
  id: ConversationId;
  party: Party;
}

const Talk = memo(function Talk({ id, party }: TalkProps) {
  const title = useApp((state) => titleOf(state, party));
  const first = useApp((state) => (party.is === 'pairwise' ? firstNameOf(state, party.peer) : ''));
  const isLost = useApp((state) => state.signIn.is === 'reconnecting');
  const mayInvite = useMayInvite(party);
  const isRecording = useIsRecording();
  const whyNoFiles = useWhyNoFiles(party);
  const sendFiles = useSendFiles(id);
  const onFiles = useCallback((files: readonly File[]) => void sendFiles(files), [sendFiles]);
  const drop = useDrop(whyNoFiles === null, onFiles);
  const isConference = party.is === 'conference';
  const isStaged = useStaged(id) !== null;
  useWatchingBySight(id);
  useSharingFetched(party);
  const hasRoom = useMedia(isRoomy);
  const [hasRoster, setHasRoster] = useState(hasRoom);
  // Without room it lies over the messages: then only when asked for.
  useEffect(() => setHasRoster(hasRoom), [hasRoom]);
  const [isInviting, setIsInviting] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.shiftKey || event.metaKey) return;
      if (event.code === 'KeyI' && mayInvite) setIsInviting(true);
      else if (event.code === 'KeyR' && isConference) setHasRoster((has) => !has);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [mayInvite, isConference]);
  const roster = isConference && hasRoster && (
    <RosterPane id={id} party={party} onClose={() => setHasRoster(false)} onInvite={() => setIsInviting(true)} />
  );
  const to = isConference ? 'Message everyone in the conference' : `Message ${first}`;
  return (
    <section
      className={isStaged ? 'panes__row panes__row--staged' : 'panes__row'}
      aria-label={`Conversation with ${title}`}
    >
      {isStaged && <SharingStage id={id} />}
      <div className="pane talk" {...drop.handlers}>
        <ConversationHeader
          id={id}
          party={party}
          title={title}
          mayInvite={mayInvite}
          hasRoster={hasRoster}
          onRoster={() => setHasRoster(!hasRoster)}
          onInvite={() => setIsInviting(true)}
        />
        {isStaged && roster}
        {isConference && <MembershipBar id={id} membership={party.conference.membership} />}
        <AvailableBar id={id} />
        <Transcript id={id} />
        <Composer
          id={id}
          placeholder={isLost ? 'Type a message. It goes out when you are back.' : to}
          closed={isRecording ? recordingText : isConference ? membershipText(party.conference.membership) : null}
          whyNoFiles={whyNoFiles}
          onFiles={onFiles}
        />
        {drop.isOver && <DropTarget to={isConference ? 'everyone' : first} />}
      </div>
      {!isStaged && roster}
      {isInviting && <InviteDialog id={id} party={party} onClosed={() => setIsInviting(false)} />}
    </section>
  );
});

/** Somebody may show something at any moment: in a conference what draws it is fetched before, when there is nothing else to do. */
function useSharingFetched({ is }: Party): void {
  useEffect(() => {
    if (is !== 'conference') return;
    const fetch = () => {
      SharingStage.fetch();
      fetchMedia();
    };
    // Safari has none.
    if (!('requestIdleCallback' in globalThis)) {
      const timer = setTimeout(fetch, 2_000);
      return () => clearTimeout(timer);
    }
    const waiting = requestIdleCallback(fetch);
    return () => cancelIdleCallback(waiting);
  }, [is]);
}

function useMayInvite(party: Party): boolean {
  const isRecording = useIsRecording();
  return useApp((state) => {
    if (isRecording || state.signIn.is !== 'signedIn') return false;
    return party.is === 'conference' ? party.conference.membership.is === 'joined' : state.policy.conferences;
  });
}

function MembershipBar({ id, membership }: { id: ConversationId; membership: Membership }) {
  const commands = useCommands();
  if (membership.is === 'joined' || membership.is === 'joining' || membership.is === 'creating') return null;
  const text =
    membership.is === 'failed'
      ? `You could not join. ${failureText(membership.failure)}`
      : (membershipText(membership) ?? 'Coming back to the conference');
  const mayRejoin = membership.is === 'left' || membership.is === 'failed';
  return (
    <div className="bar" role="status">
      {membership.is === 'rejoining' ? (
        <span className="spinner" aria-hidden="true" />
      ) : (
        <Info20Regular aria-hidden="true" />
      )}
      <p className="bar__text">{text}</p>
      {mayRejoin && (
        <Button size="small" onClick={() => void orSay(commands.rejoin(id))}>
          Join again
        </Button>
      )}
    </div>
  );
}
