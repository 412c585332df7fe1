import type { ConversationId } from '../../domain/ids';
import { firstNameOf } from '../../state/selectors';
import { useApp } from '../useApp';
import { listed } from '../words/lineText';

/** Who is typing; below the composer, so that the messages never move. */
export function TypingHint({ id }: { id: ConversationId }) {
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
          <span className="ellipsis">
            {names} {isPlural ? 'are' : 'is'} typing
          </span>
        </>
      )}
    </span>
  );
}
