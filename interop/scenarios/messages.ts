import type { Scenario } from '../scenario';
export const messages: readonly Scenario[] = [];
