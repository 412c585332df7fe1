import { useArrowNavigationGroup } from '@fluentui/react-components';

const emojis: readonly [string, string][] = [
  ['🙂', 'smile'], ['😀', 'grin'], ['😂', 'laughing'], ['😉', 'wink'], ['😍', 'love'], ['🤔', 'thinking'],
  ['😎', 'cool'], ['😢', 'crying'], ['😮', 'surprised'], ['😡', 'angry'], ['🙄', 'eye roll'], ['😴', 'asleep'],
  ['👍', 'thumbs up'], ['👎', 'thumbs down'], ['👏', 'clapping'], ['🙏', 'thanks'], ['💪', 'strong'], ['👋', 'waving'],
  ['❤️', 'heart'], ['🎉', 'celebration'], ['🔥', 'fire'], ['⭐', 'star'], ['✅', 'done'], ['❌', 'cross'],
  ['☕', 'coffee'], ['🍕', 'pizza'], ['🎂', 'cake'], ['🚀', 'rocket'], ['💡', 'idea'], ['⚠️', 'warning'],
]; // biome-ignore format: a picture book

export function EmojiGrid({ onPick }: { onPick(emoji: string): void }) {
  return (
    <div className="emojis" {...useArrowNavigationGroup({ axis: 'grid-linear', memorizeCurrent: true })}>
      {emojis.map(([emoji, name]) => (
        <button key={name} type="button" aria-label={name} title={name} onClick={() => onPick(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  );
}
