/** Ids kept per symbol: exchanges report trades up to ten seconds late, and the busiest share trades hundreds of times a second. */
const REMEMBERED = 4_096;

/** Ids of the newest trades of one symbol, of a vendor whose ids only say which trade it is. */
export class SeenTrades {
  private readonly ids = new Set<string>();

  has(id: string): boolean {
    return this.ids.has(id);
  }

  add(id: string): void {
    this.ids.add(id);
    if (this.ids.size <= REMEMBERED) return;
    const [oldest] = this.ids;
    if (oldest !== undefined) this.ids.delete(oldest);
  }
}
