import { useEffect } from 'react';
import type { ConversationId } from '../../domain/ids';
import { OwnStage } from './OwnStage';
import { useStaged } from './staged';
import { ViewerStage } from './ViewerStage';
import './sharing.css';
import './control.css';

/** What is shared, beside the chat. */
export function SharingStage({ id }: { id: ConversationId }) {
  const staged = useStaged(id);
  useBarKey();
  if (staged === 'own') return <OwnStage id={id} />;
  return staged === 'theirs' ? <ViewerStage id={id} /> : null;
}

/** Ctrl+Shift+Space goes to the bar of what is shared, from anywhere. */
function useBarKey(): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!event.ctrlKey || !event.shiftKey || event.altKey || event.code !== 'Space') return;
      event.preventDefault();
      document.querySelector<HTMLElement>('.sharebar button')?.focus();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}
