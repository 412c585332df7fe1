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
import { useState } from 'react';
import type { Failure } from '../../domain/failure';
import type { Aor } from '../../protocol/sip/uri';
import { PeoplePicker } from '../people/PeoplePicker';
import { Modal } from '../shell/Modal';
import { useNavigation } from '../shell/navigation';
import { useApp } from '../useApp';
import { failureText } from '../words/failureText';

const nobody: ReadonlySet<Aor> = new Set();

/** Asks whom to talk to: one person is an IM, several are a conference. */
export function NewConversation({ onClosed }: { onClosed(): void }) {
  const { talkTo, meet, place, go } = useNavigation();
  const policy = useApp((state) => state.policy);
  const [chosen, setChosen] = useState<readonly Aor[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const isConference = chosen.length > 1;
  const obstacle = isConference ? obstacleTo(chosen.length + 1, policy) : null;
  const start = async (close: () => void) => {
    const [first] = chosen;
    if (first === undefined) return;
    const outcome = await (isConference ? meet(chosen) : talkTo(first));
    if (!outcome.ok) return setFailure(outcome.failure);
    if (place !== 'contacts') go('conversations');
    close();
  };
  const trouble = obstacle ?? failure;
  return (
    <Modal onClosed={onClosed} returnsFocus={false}>
      {(close) => (
        <DialogBody>
          <DialogTitle
            action={<Button appearance="subtle" icon={<Dismiss20Regular />} aria-label="Close" onClick={close} />}
          >
            New conversation
          </DialogTitle>
          <DialogContent>
            <p className="invite__hint">Choose one person to send an IM, or several to start a conference.</p>
            <PeoplePicker label="Find people to talk to" present={nobody} chosen={chosen} onChosen={setChosen} />
            {trouble !== null && (
              <MessageBar className="invite__bar" intent="warning" layout="multiline">
                <MessageBarBody>{failureText(trouble)}</MessageBarBody>
              </MessageBar>
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button
              appearance="primary"
              disabledFocusable={chosen.length === 0 || obstacle !== null}
              onClick={() => void start(close)}
            >
              {isConference ? 'Start the conference' : 'Start'}
            </Button>
          </DialogActions>
        </DialogBody>
      )}
    </Modal>
  );
}

function obstacleTo(people: number, policy: { conferences: boolean; meetingSize: number }): Failure | null {
  if (!policy.conferences) return { is: 'forbidden', policy: 'conferences' };
  const isOver = policy.meetingSize > 0 && people > policy.meetingSize;
  return isOver ? { is: 'forbidden', policy: 'meetingSize', limit: policy.meetingSize } : null;
}
