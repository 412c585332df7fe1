/** One step of the data from `version - 1` to `version`. Never edited after a release: the next change is the next file. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
