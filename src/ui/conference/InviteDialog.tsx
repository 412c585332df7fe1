import {
  Button,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogTitle,
  MessageBar,
  MessageBarBody,
} from '@fluentui/react-components';
import { Dismiss20Regular } from '@fluentui/react-icons';
import { useMemo, useState } from 'react';
import type { Party } from '../../domain/conversation';
import type { ConversationId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import { titleOf } from '../../state/selectors';
import { PeoplePicker } from '../people/PeoplePicker';
import { Modal } from '../shell/Modal';
import { useApp, useCommands } from '../useApp';
import { failureText } from '../words/failureText';

interface InviteDialogProps {
  id: ConversationId;
  party: Party;
  onClosed(): void;
}

const earlyMs = 400;

/** Chooses people to bring in. */
export function InviteDialog({ id, party, onClosed }: InviteDialogProps) {
  const commands = useCommands();
  const title = useApp((state) => titleOf(state, party));
  const [chosen, setChosen] = useState<readonly Aor[]>([]);
  const [error, setError] = useState('');
  const size = usePlaces(party, chosen.length);
  const present = useMemo(
    () => new Set<Aor>(party.is === 'pairwise' ? [party.peer] : party.conference.roster.map(({ aor }) => aor)),
    [party],
  );
  const submit = (close: () => void) => {
    // The answers of the people come later, on the roster: what fails at once is told here.
    const asked = commands.invite(id, chosen);
    const early = new Promise<null>((resolve) => setTimeout(() => resolve(null), earlyMs));
    void Promise.race([asked, early]).then((outcome) => {
      if (outcome === null || outcome.ok || outcome.failure.is !== 'forbidden') return close();
      setError(failureText(outcome.failure));
    });
  };
  return (
    <Modal onClosed={onClosed}>
      {(close) => (
        <DialogBody>
          <DialogTitle
            action={<Button appearance="subtle" icon={<Dismiss20Regular />} aria-label="Close" onClick={close} />}
          >
            Invite people
          </DialogTitle>
          <DialogContent>
            <p className="invite__hint">
              {party.is === 'pairwise'
                ? `Your conversation with ${title} becomes a conference, in this window.`
                : `They join ${title} as attendees.`}
            </p>
            <PeoplePicker label="Find people to invite" present={present} chosen={chosen} onChosen={setChosen} />
            {(error !== '' || size.isOver) && (
              <MessageBar className="invite__bar" intent="warning" layout="multiline">
                <MessageBarBody>
                  {error || failureText({ is: 'forbidden', policy: 'meetingSize', limit: size.most })}
                </MessageBarBody>
              </MessageBar>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button
              appearance="primary"
              disabledFocusable={chosen.length === 0 || size.isOver}
              onClick={() => submit(close)}
            >
              {chosen.length > 1 ? `Invite ${chosen.length} people` : 'Invite'}
            </Button>
          </DialogActions>
        </DialogBody>
      )}
    </Modal>
  );
}

/** Whether so many more still fit. */
function usePlaces(party: Party, more: number): { isOver: boolean; most: number } {
  const own = useApp((state) => state.policy.meetingSize);
  const most = party.is === 'conference' ? (party.conference.maxSize ?? 0) : own;
  const present = party.is === 'conference' ? party.conference.roster.length : 2;
  return { isOver: most > 0 && present + more > most, most };
}
