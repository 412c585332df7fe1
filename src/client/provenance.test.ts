import { describe, expect, it } from 'vitest';
import type { Conversation } from '../domain/conversation';
import type { ConversationId } from '../domain/ids';
import { wordOf } from '../protocol/lync/availability';
import { parseTextFormat } from '../protocol/lync/textFormat';
import { maskSecrets } from '../protocol/sip/mask';
import { headerOf, parseMessage } from '../protocol/sip/message';
import type { Aor } from '../protocol/sip/uri';
import { itemsOfConversation } from '../state/selectors';
import { type FuzzedRun, fuzzedRun, nameOf } from '../testing/fuzzedRun';

/** What the server sent under a frame of somebody's log: the frame is the same, but for what is masked. */
function bytesOf({ bench, sent }: FuzzedRun, aor: Aor, frame: number | undefined) {
  const came = bench.traceOf(nameOf(aor)).filter(({ kind, direction }) => kind === 'sip' && direction === 'in');
  const at = came.findIndex(({ seq }) => seq === frame);
  const text = sent.get(nameOf(aor))?.[at];
  if (at < 0 || text === undefined) throw new Error(`nothing was sent that is logged under ${frame}`);
  expect(came[at]?.text).toBe(maskSecrets(text));
  const message = parseMessage(text);
  if (message === null) throw new Error('the server sent no message');
  return message;
}

describe('how do we know', () => {
  it.each([1, 2, 3])(
    'every received message, presence and roster line leads to its bytes on the wire (run %i)',
    async (seed) => {
      const run = await fuzzedRun(seed);
      const { bench, clients } = run;
      const found = { messages: 0, presences: 0, participants: 0 };
      for (const [aor, { state }] of clients) {
        for (const id of Object.keys(state.transcripts) as ConversationId[]) {
          for (const item of itemsOfConversation(state, id)) {
            if (item.kind !== 'message' || item.own) continue;
            const message = bytesOf(run, aor, item.frame);
            const first = headerOf(message, 'ms-text-format');
            const text = message.method === 'INVITE' ? parseTextFormat(first ?? '').body : message.body;
            expect(text).toBe(item.body.text);
            found.messages += 1;
          }
        }
        for (const [person, { status, frame }] of Object.entries(state.presence)) {
          if (status === 'unknown' && frame === undefined) continue;
          const { body } = bytesOf(run, aor, frame);
          const own = body
            .slice(body.indexOf(`<categories`))
            .split('</categories>')
            .find((part) => part.includes(`uri="${person}"`));
          const availability = Number(/<availability>(\d+)</.exec(own ?? '')?.[1]);
          expect(wordOf(availability)).toBe(status);
          found.presences += 1;
        }
        for (const { party } of Object.values<Conversation>(state.conversations)) {
          if (party.is !== 'conference') continue;
          for (const participant of party.conference.roster) {
            const { body } = bytesOf(run, aor, participant.frame);
            expect(body).toContain('<conference-info');
            expect(body).toContain(`entity="${participant.aor}"`);
            expect(body).toContain(`<entry>${participant.role}</entry>`);
            found.participants += 1;
          }
        }
      }
      expect(found.messages).toBeGreaterThan(10);
      expect(found.presences).toBeGreaterThan(3);
      expect(found.participants).toBeGreaterThan(3);
      await bench.close();
    },
    60_000,
  );
});
