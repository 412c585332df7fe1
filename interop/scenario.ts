import type { Stage } from './stage';

export interface Scenario {
  /** For `--only`. */
  name: string;
  /** What is shown when it passes. */
  shows: string;
  /** Longer than this is a failure; a minute when not given. */
  seconds?: number;
  run(stage: Stage): Promise<void>;
}
