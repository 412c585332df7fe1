import type { Scenario } from '../scenario';
export const conferences: readonly Scenario[] = [];
