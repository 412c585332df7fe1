import { expect, it } from 'vitest';
import { FaultScene } from '../../testing/faults/fault';
import { faults } from '../../testing/faults/faults';

/** By the client's own clock, in which a time-out takes as long as it takes. */
const namedWithinMs = 10_000;

for (const fault of faults) {
  const { id, says, causes, owners, links } = fault;

  it(`the trace alone tells of ${id}: ${says}`, async () => {
    const scene = new FaultScene(fault);
    const { cause, owner } = (await scene.explained()) ?? {};
    await scene.close();
    expect(causes).toContain(cause);
    expect(owners).toContain(owner);
  });

  it(`the doctor, of ${id}, names ${links.join(' or ') || 'nothing'} within ten seconds`, async () => {
    const scene = new FaultScene(fault);
    const named = await scene.diagnosed();
    await scene.close();
    if (links.length === 0) expect(named.link).toBeNull();
    else expect(links).toContain(named.link);
    expect(named.ms ?? 0).toBeLessThanOrEqual(namedWithinMs);
  });
}

it('there are forty of them', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(40);
});
