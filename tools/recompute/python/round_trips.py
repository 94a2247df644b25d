"""From flat to flat: docs/portfolio.md, and the statistics over what was closed."""

from amounts import ZERO, exact, places, text
from time_zones import iso


class Trip:
    """A position on its way. Charges are those of entry and exit."""

    def __init__(self, side, quantity, price, charges, at):
        self.direction = "long" if side == "BUY" else "short"
        self.opened_at = at
        self.entered, self.entry_value = quantity, quantity * price
        self.exited, self.exit_value = ZERO, ZERO
        self.charges = charges
        self.fills = 1
        self.range = None

    def add(self, is_entry, quantity, price, charges):
        if is_entry:
            self.entered += quantity
            self.entry_value += quantity * price
        else:
            self.exited += quantity
            self.exit_value += quantity * price
        self.charges += charges
        self.fills += 1

    def observe(self, bar, opened_at):
        """Prices of a bar that began when the position was there."""
        if opened_at < self.opened_at:
            return
        high, low = self.range or (bar.high, bar.low)
        self.range = (max(high, bar.high), min(low, bar.low))

    def closed(self, account, strategy, symbol, at):
        """The trip as the platform tells it."""
        entry, leave = self.entry_value / self.entered, self.exit_value / self.exited
        gross = self.exit_value - self.entry_value
        gross = gross if self.direction == "long" else -gross
        net = gross - self.charges
        best, worst = self._excursions(entry)
        return {
            "accountId": account,
            "strategy": strategy,
            "symbol": symbol,
            "direction": self.direction,
            "quantity": float(self.entered),
            "entryPrice": float(entry),
            "exitPrice": float(leave),
            "openedAt": iso(self.opened_at),
            "closedAt": iso(at),
            "holdingMs": at - self.opened_at,
            "grossProfit": text(gross),
            "charges": text(self.charges),
            "netProfit": text(net),
            "returnPercent": float(places(net / self.entry_value * 100, 6)),
            "bestExcursionPercent": best,
            "worstExcursionPercent": worst,
            "fills": self.fills,
        }

    def _excursions(self, entry):
        if self.range is None:
            return None, None
        percent = lambda price: float(places((exact(price) - entry) / entry * 100, 6))  # noqa: E731
        up, down = max(0.0, percent(self.range[0])), min(0.0, percent(self.range[1]))
        return (up, down) if self.direction == "long" else (-down, -up)


def statistics(trips):
    net = [exact(trip["netProfit"]) for trip in trips]
    won, lost = [each for each in net if each > 0], [each for each in net if each < 0]
    count = len(trips)
    mean = lambda amounts, of: text(places(sum(amounts, ZERO) / of, 8)) if of else None  # noqa: E731
    return {
        "trades": count,
        "wins": len(won),
        "losses": len(lost),
        "breakEven": count - len(won) - len(lost),
        "winRate": len(won) / count if count else None,
        "netProfit": text(sum(net, ZERO)),
        "charges": text(sum((exact(trip["charges"]) for trip in trips), ZERO)),
        "profitFactor": float(sum(won, ZERO) / -sum(lost, ZERO)) if lost else None,
        "expectancy": mean(net, count),
        "averageWin": mean(won, len(won)),
        "averageLoss": mean(lost, len(lost)),
        "largestWin": text(max(won)) if won else None,
        "largestLoss": text(min(lost)) if lost else None,
        "averageHoldingMs": sum(trip["holdingMs"] for trip in trips) / count if count else None,
        "averageBestExcursionPercent": _mean_of(trips, "bestExcursionPercent"),
        "averageWorstExcursionPercent": _mean_of(trips, "worstExcursionPercent"),
    }


def _mean_of(trips, name):
    known = [trip[name] for trip in trips if trip[name] is not None]
    return sum(known) / len(known) if known else None
