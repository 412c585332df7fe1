import { expect, it } from 'vitest';
import { TraceScript } from '../testing/traceScript';
import { neighbourOf } from './neighbour';
import type { Row } from './row';

const conversation = { headers: ['Ms-Conversation-ID: c1'] };

function trace(): readonly Row[] {
  const script = new TraceScript();
  const invite = script.sends('INVITE', 'sip:bob@contoso.example', conversation);
  const register = script.sends('REGISTER', 'sip:contoso.example');
  script.answers(invite, 180, 'Ringing');
  script.answers(register, 200, 'OK');
  script.answers(invite, 200, 'OK');
  script.inDialog(invite, 'MESSAGE');
  script.sends('INVITE', 'sip:carol@contoso.example', conversation);
  return script.index().rows;
}

const seqs = (...rows: (Row | undefined)[]): (number | undefined)[] => rows.map((row) => row?.entry.seq);

it('steps to the next and the one before in the transaction, the dialog, the conversation and the list', () => {
  const rows = trace();
  const [invite, , , , answer] = rows as Row[];
  if (invite === undefined || answer === undefined) throw new Error('the script is shorter');
  const next = (row: Row, scope: Parameters<typeof neighbourOf>[1]) => neighbourOf(row, scope, 1, rows);
  expect(seqs(next(invite, 'shown'), next(invite, 'transaction'))).toEqual([2, 3]);
  expect(seqs(next(answer, 'transaction'), next(answer, 'dialog'))).toEqual([undefined, 6]);
  expect(seqs(next(rows[5] as Row, 'conversation'), next(rows[5] as Row, 'dialog'))).toEqual([7, undefined]);
  expect(seqs(neighbourOf(answer, 'transaction', -1, rows), neighbourOf(invite, 'dialog', -1, rows))).toEqual([
    3,
    undefined,
  ]);
});

it('steps on from a message that the filter does not show', () => {
  const rows = trace();
  const shown = rows.filter(({ entry }) => entry.seq === 2 || entry.seq === 4);
  expect(seqs(neighbourOf(rows[2] as Row, 'shown', 1, shown), neighbourOf(rows[2] as Row, 'shown', -1, shown))).toEqual(
    [4, 2],
  );
  expect(neighbourOf(rows[6] as Row, 'shown', 1, shown)).toBeUndefined();
  expect(seqs(neighbourOf(rows[6] as Row, 'shown', -1, shown))).toEqual([4]);
});
