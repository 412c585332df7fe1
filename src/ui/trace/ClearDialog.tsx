import { Button, DialogActions, DialogBody, DialogContent, DialogTitle } from '@fluentui/react-components';
import { Modal } from '../shell/Modal';
import { orSay } from '../shell/Notices';
import { useCommands } from '../useApp';
import { messagesText } from '../words/traceText';

/** What happened cannot be logged again. */
export function ClearDialog({ count, onClosed }: { count: number; onClosed(): void }) {
  const commands = useCommands();
  return (
    <Modal type="alert" className="dialog--small" onClosed={onClosed}>
      {(close) => (
        <DialogBody>
          <DialogTitle>Clear the trace?</DialogTitle>
          <DialogContent>
            This deletes {messagesText(count)} from this browser. What happened up to now can no longer be explained.
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button
              appearance="primary"
              onClick={() => {
                close();
                void orSay(commands.clearLog());
              }}
            >
              Clear the trace
            </Button>
          </DialogActions>
        </DialogBody>
      )}
    </Modal>
  );
}
