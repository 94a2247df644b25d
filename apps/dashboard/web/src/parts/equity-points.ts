/** A value at a second (since 1970). */
export interface SecondValue {
  second: number;
  value: number;
}

/** The last value of every second: a chart has no room for two at one time. */
export function onceASecond(points: readonly { at: string; equity: string }[]): SecondValue[] {
  const kept: SecondValue[] = [];
  for (const { at, equity } of points) {
    const point = { second: Math.floor(Date.parse(at) / 1_000), value: Number(equity) };
    if (kept.at(-1)?.second === point.second) kept.pop();
    kept.push(point);
  }
  return kept;
}

/** How far each value is below the highest one so far. */
export function drawdownsOf(values: readonly SecondValue[]): SecondValue[] {
  let peak = Number.NEGATIVE_INFINITY;
  return values.map(({ second, value }) => {
    peak = Math.max(peak, value);
    return { second, value: peak - value };
  });
}
