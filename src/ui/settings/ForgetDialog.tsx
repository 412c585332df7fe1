import { Button, DialogActions, DialogBody, DialogContent, DialogTitle } from '@fluentui/react-components';
import { forgetPreferences } from '../preferences';
import { Modal } from '../shell/Modal';
import { orSay } from '../shell/Notices';
import { useCommands } from '../useApp';

export function ForgetDialog({ onClosed }: { onClosed(): void }) {
  const commands = useCommands();
  const forget = async () => {
    await orSay(commands.forgetMe());
    forgetPreferences();
  };
  return (
    <Modal type="alert" className="dialog--small" onClosed={onClosed}>
      {(close) => (
        <DialogBody>
          <DialogTitle>Forget you on this computer?</DialogTitle>
          <DialogContent>
            You will be signed out. Your conversations on this computer, the saved password and your settings are
            deleted. Your contacts stay on the server.
          </DialogContent>
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button appearance="primary" onClick={() => void forget()}>
              Forget me
            </Button>
          </DialogActions>
        </DialogBody>
      )}
    </Modal>
  );
}
