import { Button } from '@fluentui/react-components';
import { ArrowClockwise20Regular, Chat20Regular, Compose20Regular, PeopleTeam20Regular } from '@fluentui/react-icons';
import type { Item } from '../../domain/message';
import { itemsOfConversation } from '../../state/selectors';
import type { State } from '../../state/state';
import { BubblesArt, OfflineArt } from '../shell/Art';
import { orSay } from '../shell/Notices';
import { useNavigation } from '../shell/navigation';
import { useApp, useCommands } from '../useApp';

/** Where a conversation would be. */
export function NoConversation() {
  const isLost = useApp((state) => state.signIn.is === 'reconnecting');
  return <div className="pane">{isLost ? <Offline /> : <PickSomeone />}</div>;
}

function PickSomeone() {
  const { startConversation, meet } = useNavigation();
  const mayMeet = useApp((state) => state.policy.conferences);
  const isFirst = useApp((state) => Object.keys(state.contacts).length === 0);
  return (
    <div className="blank">
      <BubblesArt />
      <h2 className="blank__title">Pick someone to talk to</h2>
      <p>Choose a contact on the left, or find anyone in your company by name.</p>
      <div className="blank__actions">
        <Button appearance={isFirst ? 'secondary' : 'primary'} icon={<Compose20Regular />} onClick={startConversation}>
          New conversation
        </Button>
        {mayMeet && (
          <Button icon={<PeopleTeam20Regular />} onClick={() => void orSay(meet([]))}>
            Meet now
          </Button>
        )}
      </div>
      <p className="blank__keys">
        <span>
          <kbd>Alt+Q</kbd> Find a contact
        </span>
        <span>
          <kbd>Alt+N</kbd> New conversation
        </span>
        <span>
          <kbd>Ctrl+/</kbd> All shortcuts
        </span>
      </p>
    </div>
  );
}

function Offline() {
  const commands = useCommands();
  const { go } = useNavigation();
  const waiting = useApp(countWaiting);
  const why = navigator.onLine ? 'Your server does not answer.' : 'This device has no network.';
  return (
    <div className="blank">
      <OfflineArt />
      <h2 className="blank__title">You are offline</h2>
      <p>{why} Confab signs you in again by itself. You can still read your conversations.</p>
      <div className="blank__actions">
        <Button appearance="primary" icon={<ArrowClockwise20Regular />} onClick={() => void commands.checkConnection()}>
          Try again
        </Button>
        <Button icon={<Chat20Regular />} onClick={() => go('conversations')}>
          Read conversations
        </Button>
      </div>
      {waiting > 0 && (
        <p className="blank__note">
          {waiting === 1 ? 'One message is waiting to be sent' : `${waiting} messages are waiting to be sent`}
        </p>
      )}
    </div>
  );
}

const isWaiting = (item: Item): boolean =>
  item.kind === 'message' && (item.delivery.is === 'queued' || item.delivery.is === 'sending');

function countWaiting(state: State): number {
  return Object.values<State['conversations'][keyof State['conversations']]>(state.conversations).reduce(
    (sum, { id, open }) => sum + (open ? itemsOfConversation(state, id).filter(isWaiting).length : 0),
    0,
  );
}
