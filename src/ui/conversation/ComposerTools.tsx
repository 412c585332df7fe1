import { Button, Popover, PopoverSurface, PopoverTrigger, Tooltip } from '@fluentui/react-components';
import {
  Emoji20Regular,
  Send20Filled,
  Send20Regular,
  TextBold20Regular,
  TextEditStyle20Regular,
  TextItalic20Regular,
  TextStrikethrough20Regular,
  TextUnderline20Regular,
} from '@fluentui/react-icons';
import { memo, type ReactElement, useState } from 'react';
import type { TextEffect } from '../../domain/message';
import { AttachButton } from '../files/AttachButton';
import { EmojiGrid } from './EmojiGrid';

interface ComposerToolsProps {
  isEmpty: boolean;
  effects: readonly TextEffect[];
  hasBar: boolean;
  onBar(): void;
  onEffect(effect: TextEffect): void;
  onEmoji(emoji: string): void;
  /** Why no file can be sent; `null` when one can. */
  whyNoFiles: string | null;
  onFiles(files: readonly File[]): void;
  onSend(): void;
}

const buttons: readonly (readonly [TextEffect, string, ReactElement])[] = [
  ['bold', 'Bold (Ctrl+B)', <TextBold20Regular key="b" />],
  ['italic', 'Italic (Ctrl+I)', <TextItalic20Regular key="i" />],
  ['underline', 'Underline (Ctrl+U)', <TextUnderline20Regular key="u" />],
  ['strikethrough', 'Strikethrough', <TextStrikethrough20Regular key="s" />],
];

/** Apart from the text, which changes with every key. */
export const ComposerTools = memo(function ComposerTools(props: ComposerToolsProps) {
  const { isEmpty, effects, hasBar, onBar, onEffect, onEmoji, whyNoFiles, onFiles, onSend } = props;
  return (
    <div className="composer__tools" role="toolbar" aria-label="Message tools">
      <Tooltip content="Format (Ctrl+Shift+X)" relationship="label">
        <Button
          className={`composer__format${hasBar ? ' is-pressed' : ''}`}
          appearance="subtle"
          icon={<TextEditStyle20Regular />}
          aria-expanded={hasBar}
          onClick={onBar}
        />
      </Tooltip>
      {hasBar &&
        buttons.map(([effect, label, icon]) => (
          <Tooltip key={effect} content={label} relationship="label">
            <Button
              className={effects.includes(effect) ? 'is-pressed' : ''}
              appearance="subtle"
              icon={icon}
              aria-pressed={effects.includes(effect)}
              onClick={() => onEffect(effect)}
            />
          </Tooltip>
        ))}
      <EmojiButton onEmoji={onEmoji} />
      <AttachButton why={whyNoFiles} onFiles={onFiles} />
      <Tooltip content="Send (Enter)" relationship="label">
        <Button
          className="composer__send"
          appearance={isEmpty ? 'subtle' : 'primary'}
          icon={isEmpty ? <Send20Regular /> : <Send20Filled />}
          onClick={onSend}
        />
      </Tooltip>
    </div>
  );
});

function EmojiButton({ onEmoji }: { onEmoji(emoji: string): void }) {
  const [isOpen, setIsOpen] = useState(false);
  const [hasTip, setHasTip] = useState(false);
  return (
    <Popover
      trapFocus
      open={isOpen}
      onOpenChange={(_event, { open }) => setIsOpen(open)}
      positioning={{ position: 'above', align: 'start' }}
    >
      <PopoverTrigger disableButtonEnhancement>
        <Tooltip
          content="Emoji"
          relationship="label"
          visible={hasTip && !isOpen}
          onVisibleChange={(_event, { visible }) => setHasTip(visible)}
        >
          <Button className="composer__emoji" appearance="subtle" icon={<Emoji20Regular />} />
        </Tooltip>
      </PopoverTrigger>
      <PopoverSurface className="emojis__surface" aria-label="Emoji">
        <EmojiGrid
          onPick={(emoji) => {
            setIsOpen(false);
            onEmoji(emoji);
          }}
        />
      </PopoverSurface>
    </Popover>
  );
}
