import type { Conversation } from '../../domain/conversation';
import { firstNameOf } from '../../state/selectors';
import { useApp } from '../useApp';

/** For lists: who said the last thing. */
export function usePreview({ preview, previewAuthor, party, missed }: Conversation): string {
  return useApp((state) => {
    if (missed) return preview === '' ? 'You missed a conversation' : `Missed: ${preview}`;
    if (preview === '' || previewAuthor === undefined) return preview;
    if (previewAuthor === state.account?.aor) return `You: ${preview}`;
    return party.is === 'pairwise' ? preview : `${firstNameOf(state, previewAuthor)}: ${preview}`;
  });
}
