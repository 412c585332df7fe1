import type { Row } from './row';

/** Within what one steps from a message to the next. */
export type Scope = 'shown' | 'transaction' | 'dialog' | 'conversation';

/** The message before (-1) or after (1) a row within a scope; `shown` are the rows that the filter leaves. */
export function neighbourOf(row: Row, scope: Scope, step: -1 | 1, shown: readonly Row[]): Row | undefined {
  const among = rowsOf(row, scope, shown);
  const at = among.findIndex(({ entry }) => entry.seq >= row.entry.seq);
  if (step < 0) return among[(at < 0 ? among.length : at) - 1];
  if (at < 0) return undefined;
  return among[at] === row ? among[at + 1] : among[at];
}

function rowsOf(row: Row, scope: Scope, shown: readonly Row[]): readonly Row[] {
  switch (scope) {
    case 'shown':
      return shown;
    case 'transaction':
      return row.transaction?.rows ?? [];
    case 'dialog':
      return row.dialog?.rows ?? [];
    case 'conversation': {
      const { conversation = '' } = row.dialog ?? {};
      if (conversation === '') return row.dialog?.rows ?? [];
      return shown.filter(({ dialog }) => dialog?.conversation === conversation);
    }
  }
}
