import { connectionFaults } from './connectionFaults';
import { deviceFaults } from './deviceFaults';
import type { Fault } from './fault';
import { peopleFaults } from './peopleFaults';
import { signInFaults } from './signInFaults';

/** Forty things that go wrong. */
export const faults: readonly Fault[] = [...connectionFaults, ...signInFaults, ...peopleFaults, ...deviceFaults];
