import { Button, DialogActions, DialogBody, DialogContent, DialogTitle } from '@fluentui/react-components';
import type { Aor } from '../../protocol/sip/uri';
import { firstNameOf } from '../../state/selectors';
import { Modal } from '../shell/Modal';
import { useApp } from '../useApp';

interface TakeOverProps {
  sharer: Aor;
  onAgreed(): void;
  onClosed(): void;
}

/** A conference shows one thing: who shares now is asked about before it ends. */
export function TakeOver({ sharer, onAgreed, onClosed }: TakeOverProps) {
  const first = useApp((state) => firstNameOf(state, sharer));
  return (
    <Modal type="alert" onClosed={onClosed}>
      {(close) => (
        <DialogBody>
          <DialogTitle>Share instead of {first}?</DialogTitle>
          <DialogContent>{first} is sharing now. When you share, that ends for everyone.</DialogContent>
          <DialogActions>
            <Button onClick={close}>Cancel</Button>
            <Button
              appearance="primary"
              onClick={() => {
                onAgreed();
                close();
              }}
            >
              Share instead
            </Button>
          </DialogActions>
        </DialogBody>
      )}
    </Modal>
  );
}
