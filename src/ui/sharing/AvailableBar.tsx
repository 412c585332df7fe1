import { Button } from '@fluentui/react-components';
import { ShareScreenStart20Regular } from '@fluentui/react-icons';
import type { ConversationId } from '../../domain/ids';
import { firstNameOf } from '../../state/selectors';
import { useApp } from '../useApp';
import { useWatch } from './useShare';

/** Somebody shows something in the conference that we have closed, or could not see. */
export function AvailableBar({ id }: { id: ConversationId }) {
  const first = useApp((state) => {
    const theirs = state.sharing[id]?.theirs;
    return theirs?.view.is === 'available' && theirs.view.isDismissed ? firstNameOf(state, theirs.sharer) : null;
  });
  const watch = useWatch();
  if (first === null) return null;
  return (
    <div className="bar bar--info" role="status">
      <ShareScreenStart20Regular aria-hidden="true" />
      <p className="bar__text">{first} is sharing</p>
      <Button size="small" onClick={() => void watch(id)}>
        Look at it
      </Button>
    </div>
  );
}
