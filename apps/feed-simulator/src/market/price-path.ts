import type { Random } from './random';
import { nextRegime, type Regime } from './regime';
import { liveliness } from './trading-session';

/** Volatility of an ordinary symbol: 1.2 % in a six-hour session (log units per square root of a second). */
const SESSION_VOLATILITY = 0.012 / Math.sqrt(6 * 3_600);

/** Half-life of the pull towards the reference price: half a session lets trends run and keeps weeks within some percent. */
const HOME_PULL_PER_SECOND = Math.LN2 / 10_800;

/** Volatility itself wanders around 1 and returns within minutes. */
const VOLATILITY_PULL_PER_SECOND = 1 / 240;
const VOLATILITY_OF_VOLATILITY = 0.03;

/**
 * Price of one symbol in continuous time: trends, reversals and ranges that follow each other by chance, volatility that
 * clusters, returns to its mean and rises and falls with the session, and a weak pull to the reference level so that prices
 * stay believable for weeks. Nothing in it knows of strategies.
 */
export class PricePath {
  private logPrice: number;
  private readonly home: number;
  private anchor: number;
  private logVolatility = 0;
  private regime: Regime;

  constructor(
    private readonly random: Random,
    referencePrice: number,
    private time: number,
  ) {
    this.home = Math.log(referencePrice);
    this.logPrice = this.home + 0.02 * random.normal();
    this.anchor = this.logPrice;
    this.regime = nextRegime(random, time);
  }

  get price(): number {
    return Math.exp(this.logPrice);
  }

  /** How the price behaves now. */
  get regimeName(): Regime['name'] {
    return this.regime.name;
  }

  /** Activity relative to the symbol's own. */
  get activity(): number {
    return this.regime.activity;
  }

  /**
   * Moves to a later time (ms since 1970).
   *
   * @param marketReturn the whole market's log return in between, shared by all symbols
   */
  advanceTo(time: number, marketReturn: number): void {
    if (time <= this.time) return;
    const seconds = (time - this.time) / 1_000;
    // A step may outlast its regime, but a rush of seconds must not go on for hours.
    const driftSeconds = Math.max(0, Math.min(time, this.regime.until) - this.time) / 1_000;
    this.time = time;
    this.logVolatility +=
      -VOLATILITY_PULL_PER_SECOND * this.logVolatility * Math.min(seconds, 60) +
      VOLATILITY_OF_VOLATILITY * Math.sqrt(Math.min(seconds, 60)) * this.random.normal();
    const { drift, volatility, pull } = this.regime;
    const sigma =
      SESSION_VOLATILITY * volatility * Math.exp(this.logVolatility) * Math.sqrt(liveliness(time));
    // A long step may not pull past its aim.
    const towards = (aim: number, strength: number) =>
      (aim - this.logPrice) * (1 - Math.exp(-strength * seconds));
    this.logPrice +=
      drift * driftSeconds +
      towards(this.anchor, pull) +
      towards(this.home, HOME_PULL_PER_SECOND) +
      sigma * Math.sqrt(seconds) * this.random.normal() +
      marketReturn;
    if (time >= this.regime.until) this.beginRegime();
  }

  /** The opening gap of a new session. */
  gap(): void {
    this.logPrice += 0.006 * this.random.normal();
    this.anchor = this.logPrice;
  }

  private beginRegime(): void {
    this.regime = nextRegime(this.random, this.time, this.regime);
    this.anchor = this.logPrice;
  }
}
