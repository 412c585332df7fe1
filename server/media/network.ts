import { networkInterfaces } from 'node:os';
import type { MediaNetwork } from './werift/peerConnection';

/**
 * Where media goes, from `--media-host`: an address of this machine is listened on, any other is one by which the world
 * knows it. A server for this computer alone listens on loopback too, since there may be no other interface.
 */
export function mediaNetwork(
  hosts: readonly string[],
  ports: readonly [number, number] | null,
  isLoopback: boolean,
  own: readonly string[] = ownAddresses(),
): MediaNetwork {
  const isOwn = (host: string): boolean => own.includes(host) || host.startsWith('127.');
  const listen = hosts.filter(isOwn);
  return {
    listen: isLoopback && listen.length === 0 ? ['127.0.0.1'] : listen,
    announce: hosts.filter((host) => !isOwn(host)),
    ports,
  };
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address));
}
