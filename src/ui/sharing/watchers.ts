import type { ConversationId } from '../../domain/ids';
import type { Aor } from '../../protocol/sip/uri';
import type { State } from '../../state/state';

/** Who looks at what we show: in a conference by the roster. */
export function watchersIn(state: State, id: ConversationId): readonly Aor[] {
  const party = state.conversations[id]?.party;
  if (party === undefined) return [];
  if (party.is === 'pairwise') return [party.peer];
  const me = state.account?.aor;
  return party.conference.roster.filter(({ aor, sharing }) => sharing !== null && aor !== me).map(({ aor }) => aor);
}
