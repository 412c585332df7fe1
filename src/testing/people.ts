import { type Aor, aorOf } from '../protocol/sip/uri';

/** The cast of the tests: the three people of `lync-wire` 0.2. */
export const alice = person('alice@contoso.example');
export const bob = person('bob@contoso.example');
export const carol = person('carol@contoso.example');

function person(address: string): Aor {
  const aor = aorOf(address);
  if (aor === null) throw new Error(`not an address: ${address}`);
  return aor;
}
