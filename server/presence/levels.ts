import type { Container, ContainerMember } from '../../src/protocol/lync/roamingSelf';
import { type Aor, bareAddress, domainOf } from '../../src/protocol/sip/uri';

/** Containers with a meaning of their own ([MS-PRES], `lync-wire` 4.1). */
export const everybody = 0;
export const external = 100;
export const colleagues = 200;
export const workgroup = 300;
export const friendsAndFamily = 400;
export const blocked = 32_000;

/**
 * The container that a watcher reads (`lync-wire` 4.1): of the most specific kind of member first (person, domain, kind of
 * people, everyone), then the highest number. Nobody is kept from themselves.
 */
export function levelOf(containers: readonly Container[], owner: Aor, watcher: Aor): number {
  if (owner === watcher) return friendsAndFamily;
  const kind = domainOf(owner) === domainOf(watcher) ? 'sameEnterprise' : 'federated';
  const fits: ((member: ContainerMember) => boolean)[] = [
    ({ type, value }) => type === 'user' && value === bareAddress(watcher),
    ({ type, value }) => type === 'domain' && value === domainOf(watcher),
    ({ type }) => type === kind,
    ({ type }) => type === 'everyone',
  ];
  for (const fit of fits) {
    const found = containers.filter(({ members }) => members.some(fit)).map(({ id }) => id);
    if (found.length > 0) return Math.max(...found);
  }
  return everybody;
}
