import { Button, DialogActions, DialogBody, DialogContent, DialogTitle } from '@fluentui/react-components';
import type { GroupId } from '../../domain/ids';
import type { Contact } from '../../domain/people';
import { Modal } from '../shell/Modal';
import { orSay } from '../shell/Notices';
import { useApp, useCommands } from '../useApp';

interface DeleteGroupDialogProps {
  group: GroupId;
  name: string;
  onClosed(): void;
}

/** A group with people in it is not deleted by one key: says what becomes of them. */
export function DeleteGroupDialog({ group, name, onClosed }: DeleteGroupDialogProps) {
  const commands = useCommands();
  const alone = useApp(
    (state) =>
      Object.values<Contact>(state.contacts).filter(({ groups }) => groups.length === 1 && groups[0] === group).length,
  );
  const fate =
    alone === 0
      ? 'Its people stay in their other groups.'
      : `${alone === 1 ? 'One person is' : `${alone} people are`} in no other group and will be under Other contacts.`;
  return (
    <Modal type="alert" className="dialog--small" onClosed={onClosed}>
      {(close) => (
        <DialogBody>
          <DialogTitle>Delete the group “{name}”?</DialogTitle>
          <DialogContent>Nobody is removed from your contacts. {fate}</DialogContent>
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button
              appearance="primary"
              onClick={() => {
                close();
                void orSay(commands.removeGroup(group));
              }}
            >
              Delete the group
            </Button>
          </DialogActions>
        </DialogBody>
      )}
    </Modal>
  );
}
