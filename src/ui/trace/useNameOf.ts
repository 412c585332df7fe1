import { useCallback } from 'react';
import { aorOf } from '../../protocol/sip/uri';
import { firstNameOf } from '../../state/selectors';
import { useLedger } from '../useApp';
import type { NameOf } from '../words/bodyText';

/** First names of the people we know, by bare address; of others, and of hosts, the address itself. */
export function useNameOf(): NameOf {
  const ledger = useLedger();
  return useCallback(
    (address) => {
      const aor = address.includes('@') ? aorOf(`sip:${address}`) : null;
      return aor === null ? address : firstNameOf(ledger.getState(), aor);
    },
    [ledger],
  );
}
