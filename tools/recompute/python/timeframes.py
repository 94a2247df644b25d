"""Longer bars out of shorter ones: docs/strategies.md, Timeframes."""

from dataclasses import replace

"""Milliseconds."""
LENGTHS = {"5s": 5_000, "1m": 60_000, "5m": 300_000, "15m": 900_000, "1h": 3_600_000, "1d": 86_400_000}
"""What a strategy decides on when a request does not say."""
DEFAULT = "5m"


class LongBars:
    """The bars that one strategy sees."""

    def __init__(self, timeframe):
        self.length = LENGTHS[timeframe]
        self._growing = {}
        self._ended = []

    def show(self, bar):
        """Takes a bar of the data in; what it ended is had by `ended`."""
        if bar.interval_ms >= self.length:
            self._ended.append(bar)
            return
        begin = bar.open_time - bar.open_time % self.length
        grown = self._growing.pop(bar.symbol, None)
        if grown is not None and grown.open_time != begin:
            over = [grown]
            grown = None
        else:
            over = []
        grown = self._join(grown, bar) if grown else replace(bar, open_time=begin, interval_ms=self.length)
        if bar.close_time >= grown.close_time:
            over.append(grown)
        else:
            self._growing[bar.symbol] = grown
        # Another symbol's last bar may come after one that ends with it, not after one that opened later.
        for symbol in [name for name, each in self._growing.items() if each.close_time < bar.open_time]:
            over.append(self._growing.pop(symbol))
        self._ended += sorted(over, key=lambda each: (each.open_time, each.symbol))

    def ended(self):
        """Bars to decide on, the oldest first."""
        while self._ended:
            yield self._ended.pop(0)

    def too_late(self, ended, bar):
        """Whether a bar is known so late that it only teaches."""
        within_day = ended.interval_ms < LENGTHS["1d"]
        return within_day and bar.open_time - ended.close_time > ended.interval_ms

    @staticmethod
    def _join(grown, bar):
        return replace(
            grown,
            high=max(grown.high, bar.high),
            low=min(grown.low, bar.low),
            close=bar.close,
            volume=int((grown.volume + bar.volume) * 1e8 + 0.5) / 1e8,
            bid=bar.bid,
            bid_quantity=bar.bid_quantity,
            ask=bar.ask,
            ask_quantity=bar.ask_quantity,
        )
