import type { Scenario } from '../scenario';
export const devices: readonly Scenario[] = [];
