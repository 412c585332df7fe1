import { useEffect, useRef } from 'react';
import type { ConversationId } from '../../domain/ids';
import { useCommands } from '../useApp';

const restMs = 4_000;

/** Typing is told when it begins and when it rests, also by leaving the conversation. */
export function useTyping(id: ConversationId): (typing: boolean) => void {
  const commands = useCommands();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const isTyping = useRef(false);
  const tell = (typing: boolean) => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = typing ? setTimeout(() => tell(false), restMs) : null;
    if (isTyping.current === typing) return;
    isTyping.current = typing;
    void commands.setTyping(id, typing);
  };
  const latest = useRef(tell);
  latest.current = tell;
  useEffect(() => () => latest.current(false), []);
  return tell;
}
