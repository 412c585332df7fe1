import { Button, Popover, PopoverSurface, PopoverTrigger, Tooltip } from '@fluentui/react-components';
import { Emoji20Regular, Send20Filled, Send20Regular } from '@fluentui/react-icons';
import { memo, useState } from 'react';
import { EmojiGrid } from './EmojiGrid';

interface ComposerToolsProps {
  isEmpty: boolean;
  onEmoji(emoji: string): void;
  onSend(): void;
}

/** Apart from the text, which changes with every key. */
export const ComposerTools = memo(function ComposerTools({ isEmpty, onEmoji, onSend }: ComposerToolsProps) {
  return (
    <div className="composer__tools" role="toolbar" aria-label="Message tools">
      <EmojiButton onEmoji={onEmoji} />
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
