import { type ClipboardEvent, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import type { ConversationId } from '../../domain/ids';
import { isDiscardable, type TextEffect } from '../../domain/message';
import { itemsOfConversation } from '../../state/selectors';
import { usePreferences } from '../preferences';
import { useCommands, useLedger } from '../useApp';
import { ComposerTools } from './ComposerTools';
import { draftOf, keepDraft } from './drafts';
import { useSend } from './sending';
import { TypingHint } from './TypingHint';
import { useEffects } from './useEffects';
import { useTyping } from './useTyping';
import './composer.css';

interface ComposerProps {
  id: ConversationId;
  placeholder: string;
  /** Why nothing can be written now; `null` when it can. */
  closed: string | null;
  /** Why no file can be sent; `null` when one can. */
  whyNoFiles: string | null;
  onFiles(files: readonly File[]): void;
}

const longestMessage = 64_000;
/** A field that takes the focus by itself calls up the keyboard of a touch screen. */
const hasKeyboard = matchMedia('(hover: hover)').matches;

const effectKeys: Readonly<Record<string, TextEffect>> = { KeyB: 'bold', KeyI: 'italic', KeyU: 'underline' };

/** What Ctrl and a key do to how the message looks, or to the bar that tells; `null` for other keys. */
function changeOf({ shiftKey, code }: KeyboardEvent): TextEffect | 'bar' | null {
  if (shiftKey) return code === 'KeyX' ? 'bar' : null;
  return effectKeys[code] ?? null;
}

export function Composer({ id, placeholder, closed, whyNoFiles, onFiles }: ComposerProps) {
  const commands = useCommands();
  const ledger = useLedger();
  const { enterSends } = usePreferences();
  const [text, setText] = useState(() => draftOf(id));
  const field = useRef<HTMLTextAreaElement>(null);
  const setTyping = useTyping(id);
  const sendMessage = useSend();
  const { effects, setEffects, toggle, hasBar, toggleBar } = useEffects();
  const write = (next: string) => {
    setText(next);
    keepDraft(id, next);
    setTyping(next !== '');
  };
  const send = () => {
    if (text.trim() === '') return;
    // The message first: everything else can wait for it.
    sendMessage(id, { text: text.replace(/\s+$/, ''), ...(effects.length === 0 ? {} : { effects }) });
    write('');
  };
  const insert = (words: string) => {
    const { selectionStart = text.length, selectionEnd = text.length } = field.current ?? {};
    write(text.slice(0, selectionStart) + words + text.slice(selectionEnd));
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(selectionStart + words.length, selectionStart + words.length);
    });
  };
  const latest = useRef({ insert, send });
  latest.current = { insert, send };
  const sendNow = useCallback(() => {
    latest.current.send();
    field.current?.focus();
  }, []);
  const insertEmoji = useCallback((emoji: string) => latest.current.insert(emoji), []);
  /** Back into the field, to be said better: the last message, if it did not arrive. */
  const takeBack = () => {
    const last = itemsOfConversation(ledger.getState(), id).findLast((item) => item.kind === 'message' && item.own);
    if (last?.kind !== 'message' || !isDiscardable(last)) return;
    write(last.body.text);
    setEffects(last.body.effects ?? []);
    void commands.discard(id, last.id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'ArrowUp' && text === '') return takeBack();
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const change = changeOf(event);
      if (change !== null) {
        event.preventDefault();
        return change === 'bar' ? toggleBar() : toggle(change);
      }
    }
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || event.altKey) return;
    const isPlain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
    if (enterSends ? !isPlain && !event.ctrlKey && !event.metaKey : isPlain) return;
    event.preventDefault();
    send();
  };
  /** A picture or a file; what has a text too (a table, say) is pasted as that. */
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>) => {
    const { files, types } = event.clipboardData;
    if (files.length === 0 || types.includes('text/plain') || whyNoFiles !== null) return;
    event.preventDefault();
    onFiles([...files]);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const element = field.current;
    // Where the style sheet can do it, asking for the height would lay out the page at every key.
    if (element === null || CSS.supports('field-sizing', 'content')) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, 160)}px`;
  }, [text]);
  useEffect(() => {
    if (hasKeyboard) field.current?.focus({ preventScroll: true });
  }, []);

  if (closed !== null) return <p className="composer__closed">{closed}</p>;
  const isEmpty = text.trim() === '';
  return (
    <section className="composer" aria-label="Write a message" data-region>
      <div className="composer__box">
        <textarea
          ref={field}
          className={effects.map((effect) => `is-${effect}`).join(' ')}
          aria-label="Message"
          placeholder={placeholder}
          dir="auto"
          rows={1}
          maxLength={longestMessage}
          enterKeyHint={enterSends ? 'send' : 'enter'}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <ComposerTools
          isEmpty={isEmpty}
          effects={effects}
          hasBar={hasBar}
          onBar={toggleBar}
          onEffect={toggle}
          onEmoji={insertEmoji}
          whyNoFiles={whyNoFiles}
          onFiles={onFiles}
          onSend={sendNow}
        />
      </div>
      <div className="composer__hint">
        <TypingHint id={id} />
        {text.length >= longestMessage ? (
          <span>This is as long as a message can be</span>
        ) : (
          <span className="composer__keys">
            {enterSends ? 'Enter sends, Shift+Enter starts a new line' : 'Shift+Enter sends, Enter starts a new line'}
          </span>
        )}
      </div>
    </section>
  );
}
