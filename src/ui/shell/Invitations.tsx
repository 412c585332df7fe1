import { Button } from '@fluentui/react-components';
import { useEffect } from 'react';
import type { Invitation } from '../../domain/facts';
import { nameOf } from '../../state/selectors';
import { Face } from '../people/Face';
import { useApp, useCommands } from '../useApp';
import { useNavigation } from './navigation';

const mostShown = 3;

/** Toasts: somebody wants to talk. They do not take the focus. */
export function Invitations() {
  const invitations = useApp((state) => state.invitations);
  const shown = Object.values<Invitation>(invitations)
    .sort((a, b) => a.at - b.at)
    .slice(0, mostShown);
  return (
    <div className="toasts" aria-live="assertive">
      {shown.map((invitation, index) => (
        <Toast key={invitation.id} invitation={invitation} isFirst={index === 0} />
      ))}
    </div>
  );
}

function Toast({ invitation, isFirst }: { invitation: Invitation; isFirst: boolean }) {
  const commands = useCommands();
  const { open, go } = useNavigation();
  const name = useApp((state) => nameOf(state, invitation.from));
  const accept = async () => {
    const outcome = await commands.accept(invitation.id);
    if (!outcome.ok) return;
    go('conversations');
    open(outcome.value);
  };
  useEffect(() => {
    if (!isFirst) return;
    const listen = (event: KeyboardEvent) => {
      if (!event.altKey || !event.shiftKey) return;
      if (event.code === 'KeyA') void accept();
      if (event.code === 'KeyX') void commands.ignore(invitation.id);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });
  const what = invitation.is === 'im' ? invitation.text : invitation.text || 'Wants you in a conference';
  return (
    <div className="toast" role="alertdialog" aria-label={`Invitation from ${name}`}>
      <Face aor={invitation.from} size={40} />
      <div className="toast__text">
        <strong className="ellipsis">{name}</strong>
        {invitation.is === 'conference' && <span className="toast__kind">Conference invitation</span>}
        <p>{what}</p>
      </div>
      <div className="toast__actions">
        <Button appearance="primary" onClick={() => void accept()}>
          Accept
        </Button>
        <Button onClick={() => void commands.ignore(invitation.id)}>Ignore</Button>
      </div>
      <span
        className="toast__time"
        style={{ animationDuration: `${Math.max(0, invitation.lapsesAt - invitation.at)}ms` }}
        aria-hidden="true"
      />
    </div>
  );
}
