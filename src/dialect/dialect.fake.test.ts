import { FakeTown } from '../testing/fakeDialect';
import type { FakeEndpoint } from '../testing/fakeEndpoint';
import { fakeWorld } from '../testing/fakeWorld';
import { describeDialect } from './dialect.contract';

describeDialect('fake', async () => {
  const world = fakeWorld();
  const town = new FakeTown(world);
  return {
    dialect: (aor, host, options = {}) => town.dialect({ aor, ...options }, host),
    elapse: (ms) => world.elapse(ms),
    cut: (dialect) => (dialect as FakeEndpoint).lose(),
    mend: (dialect) => (dialect as FakeEndpoint).regain(),
    put: (ticket, bytes) => town.store.put(ticket, bytes),
    get: async (ticket) => town.store.get(ticket),
    close: () => Promise.resolve(),
  };
});
