import { failed, type Outcome } from '../domain/failure';
import type { ConversationId } from '../domain/ids';
import type { Aor } from '../protocol/sip/uri';
import type { Conferences } from './conferences';
import { changeConversation, type Floor } from './floor';
import { addLine } from './transcripts';

/**
 * From two people to a conference in the same conversation (`lync-wire` 6.8, 10.5): create, join, then ask in the old peer
 * (by the conversation's key) and the new people. A step that fails leaves the conversation of two as it was.
 */
export async function escalate(
  floor: Floor,
  conferences: Conferences,
  id: ConversationId,
  people: readonly Aor[],
): Promise<Outcome<void>> {
  const state = floor.state();
  const conversation = state.conversations[id];
  const dialect = floor.dialect();
  const me = state.account?.aor;
  if (conversation?.party.is !== 'pairwise' || me === undefined) return failed({ is: 'invalid', what: 'address' });
  if (!state.policy.conferences) return failed({ is: 'forbidden', policy: 'conferences' });
  const { peer } = conversation.party;
  const added = [...new Set(people)].filter((aor) => aor !== peer && aor !== me);
  const { meetingSize } = state.policy;
  if (meetingSize > 0 && added.length + 2 > meetingSize) {
    return failed({ is: 'forbidden', policy: 'meetingSize', limit: meetingSize });
  }
  if (dialect === null || !floor.isLive()) return failed({ is: 'offline' });

  const thread = dialect.im.thread(peer, conversation.key);
  const created = await dialect.conferences.create('');
  if (!created.ok) return created;
  conferences.turnInto(id, created.value, conversation.key, '');
  const joined = await conferences.join(id);
  if (!joined.ok) {
    changeConversation(floor, id, { party: conversation.party });
    return joined;
  }
  addLine(floor, id, { is: 'escalated', by: me, added });
  const [old, ...others] = await Promise.all([
    conferences.callIn(id, [peer], thread),
    ...added.map((aor) => conferences.callIn(id, [aor])),
  ]);
  if (old?.ok) dialect.im.close(thread);
  return [old, ...others].find((outcome) => outcome?.ok) ?? old ?? failed({ is: 'cancelled' });
}
