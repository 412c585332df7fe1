import { useContext, useEffect } from 'react';
import type { ConversationId, ItemId } from '../../domain/ids';
import type { Body } from '../../domain/message';
import type { Link } from '../../link/link';
import type { Aor } from '../../protocol/sip/uri';
import { itemsOfConversation } from '../../state/selectors';
import type { State } from '../../state/state';
import { realWorld } from '../../world';
import { LinkContext } from '../useApp';

const key = 'confab-sending';
/** So long the engine is given to write down what it has taken. */
const writtenAfterMs = 1_000;

interface Sending {
  id: ItemId;
  author: Aor;
  conversation: ConversationId;
  body: Body;
}

type Parts = Pick<Link, 'commands' | 'store'>;

/**
 * Sends, and loses nothing with this tab: who closes it, or loads it again, in the moment of pressing Enter takes the engine
 * along before it has written the message down. Until then it is kept here, and the next tab sends it.
 */
export function useSend(): (conversation: ConversationId, body: Body) => void {
  const link = useContext(LinkContext);
  return (conversation, body) => {
    if (link !== null) send(link, conversation, body);
  };
}

function send(link: Parts, conversation: ConversationId, body: Body): void {
  const author = link.store.getState().account?.aor;
  if (author === undefined) return;
  const sending = { id: realWorld.id() as ItemId, author, conversation, body };
  keep([...kept(), sending]);
  const stop = link.store.subscribe((state) => {
    if (!isThere(state, sending)) return;
    stop();
    setTimeout(() => drop(sending), writtenAfterMs);
  });
  void give(link, sending, false).finally(stop);
}

async function give(link: Parts, sending: Sending, isAgain: boolean): Promise<void> {
  const { id, conversation, body } = sending;
  const outcome = await link.commands.send(conversation, body, { id, isAgain });
  if (outcome.ok || isThere(link.store.getState(), sending)) return drop(sending);
  // The engine died with it.
  if (outcome.failure.is === 'connectionLost' && !isAgain) return give(link, sending, true);
}

/** What an engine before this one may not have written down goes to this one; what it has, it knows by its id. */
export function useSendAgain(): void {
  const link = useContext(LinkContext);
  useEffect(() => {
    const me = link?.store.getState().account?.aor;
    if (link === null) return;
    for (const sending of kept()) if (sending.author === me) void give(link, sending, true);
  }, [link]);
}

/** Signed out: nothing is left for who comes next. */
export function forgetSending(): void {
  keep([]);
}

function isThere(state: State, { conversation, id }: Sending): boolean {
  return itemsOfConversation(state, conversation).some((item) => item.id === id);
}

function drop({ id }: Sending): void {
  keep(kept().filter((other) => other.id !== id));
}

function kept(): readonly Sending[] {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '[]') as Sending[];
  } catch {
    return [];
  }
}

function keep(sending: readonly Sending[]): void {
  try {
    if (sending.length === 0) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(sending));
  } catch {
    // Full, or not allowed: then it goes without.
  }
}
