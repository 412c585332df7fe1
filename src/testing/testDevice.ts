import type { Device } from '../client/device';
import { MemoryHistory } from '../history/memoryHistory';

/** What a client asks of a device, without one: nothing is found, nothing kept, nothing logged. */
export function testDevice(
  parts: Pick<Device, 'world' | 'createDialect'> & Partial<Device>,
  history = new MemoryHistory(),
): Device {
  return {
    ask: async () => null,
    post: async () => null,
    pageOrigin: 'http://localhost',
    openHistory: () => history,
    epidOf: async () => 'e1',
    deleteAllHistory: () => history.clear(),
    log: { add: () => 0, configure: () => undefined, bound: () => undefined, clear: async () => undefined },
    vault: {
      put: async () => undefined,
      take: async () => null,
      forget: async () => undefined,
      setting: async () => null,
      keepSetting: async () => undefined,
      clear: async () => undefined,
    },
    room: async () => ({ used: 0, quota: null, error: null }),
    sessionId: () => 'session',
    publish: () => undefined,
    ...parts,
  };
}
