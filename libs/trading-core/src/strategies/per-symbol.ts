/** State of a strategy, one entry per symbol, made when the symbol is first seen. */
export class PerSymbol<State> {
  readonly #states = new Map<string, State>();

  constructor(private readonly create: () => State) {}

  of(symbol: string): State {
    let state = this.#states.get(symbol);
    if (state === undefined) {
      state = this.create();
      this.#states.set(symbol, state);
    }
    return state;
  }

  /** State of a symbol seen before. */
  peek(symbol: string): State | undefined {
    return this.#states.get(symbol);
  }
}
