import type { ConversationId } from '../../domain/ids';
import { OwnStage } from './OwnStage';
import { useStaged } from './staged';
import { ViewerStage } from './ViewerStage';
import './sharing.css';

/** What is shared, beside the chat. */
export function SharingStage({ id }: { id: ConversationId }) {
  const staged = useStaged(id);
  if (staged === 'own') return <OwnStage id={id} />;
  return staged === 'theirs' ? <ViewerStage id={id} /> : null;
}
