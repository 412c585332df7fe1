import { Button } from '@fluentui/react-components';
import type { Commands } from '../../client/commands';
import type { Conversation } from '../../domain/conversation';
import type { ItemId } from '../../domain/ids';
import { isDiscardable, type Message } from '../../domain/message';
import { headerOf } from '../../protocol/sip/message';
import { aorOf } from '../../protocol/sip/uri';
import { itemsOfConversation } from '../../state/selectors';
import type { State } from '../../state/state';
import type { Explanation } from '../../trace/explain/explain';
import { orSay } from '../shell/Notices';
import { useApp, useCommands, useLedger } from '../useApp';

interface Again {
  name: string;
  run(commands: Commands): Promise<unknown>;
}

/** Tries again what was refused: an invitation to a conference that stands, or a message that did not arrive. */
export function RetryButton({ explanation }: { explanation: Explanation }) {
  const commands = useCommands();
  const ledger = useLedger();
  const name = useApp((state) => againOf(state, explanation)?.name);
  if (name === undefined) return null;
  return (
    <Button
      size="small"
      appearance="transparent"
      className="explained__retry"
      onClick={() => void againOf(ledger.getState(), explanation)?.run(commands)}
    >
      {name}
    </Button>
  );
}

function againOf(state: State, { flow }: Explanation): Again | null {
  const { request, requestMessage, topic, asker } = flow;
  if (asker !== 'us' || request === null || requestMessage === null) return null;
  if (topic === 'invitation') return invitationAgain(state, request.frame.conversation, request.frame.to);
  const item = headerOf(requestMessage, 'Confab-Item')?.trim() as ItemId | undefined;
  return item === undefined ? null : messageAgain(state, item);
}

function invitationAgain(state: State, key: string, address: string): Again | null {
  const person = aorOf(address);
  const conversation = conversations(state).find((one) => one.key === key && one.party.is === 'conference');
  if (conversation?.party.is !== 'conference' || person === null) return null;
  const { membership, roster } = conversation.party.conference;
  if (membership.is !== 'joined' || roster.some(({ aor }) => aor === person)) return null;
  return { name: 'Retry the invitation', run: (commands) => orSay(commands.invite(conversation.id, [person])) };
}

function messageAgain(state: State, item: ItemId): Again | null {
  for (const { id } of conversations(state)) {
    const message = itemsOfConversation(state, id).find(
      (one): one is Message => one.kind === 'message' && one.id === item,
    );
    if (message === undefined) continue;
    // What a conference has may be missing at one only: there it would come twice.
    if (!isDiscardable(message)) return null;
    return { name: 'Send it again', run: (commands) => orSay(commands.retry(id, item)) };
  }
  return null;
}

const conversations = (state: State): Conversation[] => Object.values<Conversation>(state.conversations);
