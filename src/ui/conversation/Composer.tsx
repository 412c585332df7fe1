import { Button, Popover, PopoverSurface, PopoverTrigger, Tooltip } from '@fluentui/react-components';
import { Emoji20Regular, Send20Filled } from '@fluentui/react-icons';
import { lazy, memo, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { ConversationId } from '../../domain/ids';
import { firstNameOf } from '../../state/selectors';
import { useApp, useCommands } from '../useApp';
import { listed } from '../words/lineText';

const EmojiGrid = lazy(async () => ({ default: (await import('./EmojiGrid')).EmojiGrid }));

const typingRestMs = 4_000;
const drafts = new Map<ConversationId, string>();

interface ComposerProps {
  id: ConversationId;
  placeholder: string;
  /** Why nothing can be written now; `null` when it can. */
  closed: string | null;
}

export function Composer({ id, placeholder, closed }: ComposerProps) {
  const commands = useCommands();
  const [text, setText] = useState(() => drafts.get(id) ?? '');
  const field = useRef<HTMLTextAreaElement>(null);
  const setTyping = useTyping(id);
  const write = (next: string) => {
    drafts.set(id, next);
    setText(next);
    setTyping(next !== '');
  };
  const send = () => {
    if (text.trim() === '') return;
    // The message first: everything else can wait for it.
    void commands.send(id, { text: text.replace(/\s+$/, '') });
    write('');
  };
  const latest = useRef({ write, send });
  latest.current = { write, send };
  const sendNow = useCallback(() => latest.current.send(), []);
  const insertEmoji = useCallback((emoji: string) => {
    latest.current.write((field.current?.value ?? '') + emoji);
    field.current?.focus();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const element = field.current;
    // Where the style sheet can do it, asking for the height would lay out the page at every key.
    if (element === null || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, 160)}px`;
  }, [text]);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);

  if (closed !== null) return <p className="composer__closed">{closed}</p>;
  return (
    <div className="composer">
      <div className="composer__box">
        <textarea
          ref={field}
          aria-label="Message"
          placeholder={placeholder}
          rows={1}
          maxLength={64_000}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={(event) => {
            // While an input method composes, Enter chooses a word.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <Tools isEmpty={text.trim() === ''} onEmoji={insertEmoji} onSend={sendNow} />
      </div>
      <div className="composer__hint">
        <TypingHint id={id} />
        <span className="composer__keys">Enter sends, Shift+Enter starts a new line</span>
      </div>
    </div>
  );
}

interface ToolsProps {
  isEmpty: boolean;
  onEmoji(emoji: string): void;
  onSend(): void;
}

/** Apart from the text, which changes with every key. */
const Tools = memo(function Tools({ isEmpty, onEmoji, onSend }: ToolsProps) {
  return (
    <div className="composer__tools" role="toolbar" aria-label="Message tools">
      <Popover trapFocus>
        <PopoverTrigger disableButtonEnhancement>
          <Tooltip content="Emoji" relationship="label">
            <Button appearance="subtle" icon={<Emoji20Regular />} />
          </Tooltip>
        </PopoverTrigger>
        <PopoverSurface aria-label="Emoji">
          <Suspense fallback={null}>
            <EmojiGrid onPick={onEmoji} />
          </Suspense>
        </PopoverSurface>
      </Popover>
      <Tooltip content="Send (Enter)" relationship="label">
        <Button
          className="composer__send"
          appearance={isEmpty ? 'subtle' : 'primary'}
          icon={<Send20Filled />}
          onClick={onSend}
        />
      </Tooltip>
    </div>
  );
});

/** Typing is told when it begins and when it rests. */
function useTyping(id: ConversationId): (typing: boolean) => void {
  const commands = useCommands();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const isTyping = useRef(false);
  const tell = (typing: boolean) => {
    if (timer.current !== null) clearTimeout(timer.current);
    timer.current = typing ? setTimeout(() => tell(false), typingRestMs) : null;
    if (isTyping.current === typing) return;
    isTyping.current = typing;
    void commands.setTyping(id, typing);
  };
  return tell;
}

function TypingHint({ id }: { id: ConversationId }) {
  const names = useApp((state) => {
    const typing = state.conversations[id]?.typing ?? [];
    return listed(typing.map((aor) => firstNameOf(state, aor)));
  });
  const isPlural = useApp((state) => (state.conversations[id]?.typing.length ?? 0) > 1);
  return (
    <span className="typing" role="status">
      {names !== '' && (
        <>
          <span className="typing__dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {names} {isPlural ? 'are' : 'is'} typing
        </>
      )}
    </span>
  );
}
