import { describe, expect, it } from 'vitest';
import { mediaNetwork } from './network';

const own = ['127.0.0.1', '192.0.2.2'];
const network = (hosts: string[], isLoopback = false) => mediaNetwork(hosts, null, isLoopback, own);

describe('where media goes', () => {
  it('is wherever the interfaces are, when nothing is said', () => {
    expect(network([])).toEqual({ listen: [], announce: [], ports: null });
  });

  it('is loopback too, for a server of this computer alone', () => {
    expect(network([], true).listen).toEqual(['127.0.0.1']);
    expect(network(['192.0.2.2'], true).listen).toEqual(['192.0.2.2']);
  });

  it('is an address of ours, or one by which the world knows us', () => {
    expect(network(['192.0.2.2', '203.0.113.5'])).toEqual({
      listen: ['192.0.2.2'],
      announce: ['203.0.113.5'],
      ports: null,
    });
  });

  it('keeps to the ports', () => {
    expect(mediaNetwork([], [40_000, 40_100], false, own).ports).toEqual([40_000, 40_100]);
  });
});
