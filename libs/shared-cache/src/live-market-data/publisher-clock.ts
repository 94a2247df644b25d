/** Two measurements of one clock differ by this much without meaning anything (ms). */
const IGNORED_MS = 250;

/**
 * How far this machine's clock is from the one that a feed's ticks are stamped with.
 *
 * Publisher and reader each know how far they are from Redis. Without Redis the time of a first answer over HTTP says it.
 */
export class PublisherClock {
  /** The publisher's clock less Redis' (ms). */
  private toldMs: number | null = null;
  /** This clock less the publisher's (ms), as an answer of its own showed. */
  private measuredMs: number | null = null;

  /** @param ownOffsetMs this machine's clock less Redis' (ms); `null` while unknown */
  constructor(private readonly ownOffsetMs: () => number | null) {}

  /** @param offsetMs the publisher's clock less Redis', as it says with a frame (ms); `null` of one that never reached Redis */
  told(offsetMs: number | null): void {
    // What another publisher said before says nothing about this one.
    this.toldMs = offsetMs;
  }

  /**
   * The publisher answered with its time.
   *
   * @param sentAt its clock (ms since 1970)
   * @param roundTripMs from the question to its answer
   * @param now this clock when the answer came (ms since 1970)
   */
  answered(sentAt: number, roundTripMs: number, now: number): void {
    this.measuredMs = now - roundTripMs / 2 - sentAt;
  }

  /** This machine's clock less the publisher's (ms); 0 while nothing is known and while they agree. */
  get aheadMs(): number {
    const own = this.ownOffsetMs();
    const ahead = own !== null && this.toldMs !== null ? own - this.toldMs : this.measuredMs;
    return ahead === null || Math.abs(ahead) < IGNORED_MS ? 0 : ahead;
  }

  /** A time of the publisher's clock as this machine's would have shown it (ms since 1970). */
  toLocal(timeMs: number): number {
    return timeMs + this.aheadMs;
  }
}
