/** One line of the report: ours, the floor measured in the same run, their ratio and the gate it must hold. */
export interface Figure {
  name: string;
  unit: string;
  ours: number;
  floor: number | null;
  ratio: number | null;
  /** `<=` or `>=` of the ratio, or of `ours` where there is no floor. */
  gate: { relation: '<=' | '>='; limit: number } | null;
  runs: number;
}

export function holds(figure: Figure): boolean {
  if (figure.gate === null) return true;
  const value = figure.ratio ?? figure.ours;
  return figure.gate.relation === '<=' ? value <= figure.gate.limit : value >= figure.gate.limit;
}

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

export function printFigures(figures: readonly Figure[]): void {
  for (const figure of figures) {
    const gate =
      figure.gate === null
        ? ''
        : ` (gate ${figure.gate.relation} ${figure.gate.limit}: ${holds(figure) ? 'held' : 'MISSED'})`;
    const beside =
      figure.floor === null || figure.ratio === null
        ? ''
        : `, floor ${short(figure.floor)} ${figure.unit}, ratio ${short(figure.ratio)}`;
    console.log(`${figure.name}: ${short(figure.ours)} ${figure.unit}${beside}${gate}, median of ${figure.runs} runs`);
  }
}
