import { Button } from '@fluentui/react-components';
import { Attach20Filled, Chat20Filled, PeopleTeam20Filled, ShareScreenStart20Filled } from '@fluentui/react-icons';
import { type ReactElement, useEffect, useState } from 'react';
import type { Invitation } from '../../domain/facts';
import { nameOf } from '../../state/selectors';
import { useReceiveInvited } from '../files/useFiles';
import { Face } from '../people/Face';
import { useWatch } from '../sharing/useShare';
import { useApp, useCommands, useIsRecording } from '../useApp';
import { usePresenceText } from '../words/usePresenceText';
import { orSay } from './Notices';
import { useNavigation } from './navigation';

const mostShown = 3;

const kinds = {
  conference: 'Invites you to a conference',
  sharing: 'Wants to show you something',
  file: 'Sends you a file',
};

const icons: Record<Invitation['is'], ReactElement> = {
  im: <Chat20Filled />,
  conference: <PeopleTeam20Filled />,
  sharing: <ShareScreenStart20Filled />,
  file: <Attach20Filled />,
};

/** Toasts: somebody wants to talk. They do not take the focus. */
export function Invitations() {
  const invitations = useApp((state) => state.invitations);
  const { place, selected } = useNavigation();
  const isBefore = (id: Invitation['conversation']) =>
    id !== undefined && id === selected && (place === 'contacts' || place === 'conversations');
  const waiting = Object.values<Invitation>(invitations)
    .filter(({ conversation }) => !isBefore(conversation))
    .sort((a, b) => a.at - b.at);
  return (
    <div className="toasts" aria-live="assertive">
      {waiting.slice(0, mostShown).map((invitation, index) => (
        <Toast key={invitation.id} invitation={invitation} isFirst={index === 0} />
      ))}
      {waiting.length > mostShown && <p className="toasts__more">{waiting.length - mostShown} more are waiting</p>}
    </div>
  );
}

function Toast({ invitation, isFirst }: { invitation: Invitation; isFirst: boolean }) {
  const commands = useCommands();
  const isRecording = useIsRecording();
  const { open, go } = useNavigation();
  const watch = useWatch();
  const receive = useReceiveInvited();
  const { id, from, text, is, at, lapsesAt } = invitation;
  const name = useApp((state) => nameOf(state, from));
  const status = usePresenceText(useApp((state) => state.presence[from]));
  const title = useApp((state) => state.cards[from]?.title);
  const accept = async () => {
    const answer = commands.accept(id);
    if (!(await orSay(answer, name))) return;
    const outcome = await answer;
    if (!outcome.ok) return;
    go('conversations');
    open(outcome.value);
    if (is === 'sharing') await watch(outcome.value);
    if (is === 'file') await receive(outcome.value, text);
  };
  useEffect(() => {
    if (!isFirst || isRecording) return;
    const listen = (event: KeyboardEvent) => {
      if (!event.altKey || !event.shiftKey || event.ctrlKey) return;
      if (event.code === 'KeyA') void accept();
      if (event.code === 'KeyX') void commands.ignore(id);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });
  const isIm = is === 'im';
  const [shownAt] = useState(Date.now);
  return (
    <div
      className="toast"
      role="alertdialog"
      aria-label={`Invitation from ${name}`}
      onKeyDown={(event) => event.key === 'Escape' && void commands.ignore(id)}
    >
      <div className="toast__row">
        <Face aor={from} size={48} />
        <div className="toast__text">
          <strong className="toast__name ellipsis">{name}</strong>
          <span className="toast__status ellipsis">
            {isIm ? [status, title].filter(Boolean).join(' · ') : kinds[is]}
          </span>
        </div>
      </div>
      {(isIm || text !== '') && (
        <p className="toast__message" dir="auto">
          {text || 'Wants to talk to you'}
        </p>
      )}
      {isRecording ? null : (
        <>
          <div className="toast__actions">
            <Button
              appearance="primary"
              icon={icons[is]}
              aria-keyshortcuts={isFirst ? 'Alt+Shift+A' : undefined}
              onClick={() => void accept()}
            >
              Accept
            </Button>
            <Button aria-keyshortcuts={isFirst ? 'Alt+Shift+X' : undefined} onClick={() => void commands.ignore(id)}>
              Ignore
            </Button>
            <Left until={lapsesAt} />
          </div>
          <span
            className="toast__time"
            style={{ animationDuration: `${Math.max(0, lapsesAt - at)}ms`, animationDelay: `${at - shownAt}ms` }}
            aria-hidden="true"
          />
        </>
      )}
    </div>
  );
}

const secondMs = 1_000;

/** How long it is still there. */
function Left({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), secondMs);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="toast__left" aria-hidden="true">
      {Math.max(0, Math.ceil((until - now) / secondMs))} s
    </span>
  );
}
