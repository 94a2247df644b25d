"""Five-second bars of recorded Binance frames: docs/market-data.md."""

import gzip
import json

from amounts import exact
from bars import Bar

INTERVAL_MS = 5_000
GRACE_MS = 1_000
FUTURE_MS = 5_000


def binance_bars(folder, files):
    """Bars of the frames of all files, in the order in which they were recorded."""
    lines = []
    for name in files:
        with gzip.open(f"{folder}/{name}", "rt", encoding="utf-8") as file:
            lines += [line for line in file.read().split("\n") if line]
    lines.sort(key=lambda line: int(line[: line.index(" ")]))
    builder = _Builder()
    for line in lines:
        nanoseconds, frame = line.split(" ", 1)
        builder.take(int(nanoseconds) / 1e6, json.loads(frame))
    builder.close_until(float("inf"))
    return builder.bars


class _Builder:
    def __init__(self):
        self.bars = []
        self._open = {}
        self._quotes = {}
        self._last_trade = {}
        self._clock = float("-inf")

    def take(self, recorded_at, frame):
        stream, data = frame.get("stream", ""), frame.get("data", {})
        if "@trade" in stream:
            self._trade(data, recorded_at)
        elif "@bookTicker" in stream:
            self._quote(data, recorded_at)

    def close_until(self, time):
        """Closes bars whose end lies a second or more back."""
        due = [bar for bar in self._open.values() if bar.close_time + GRACE_MS <= time]
        for bar in sorted(due, key=lambda each: (each.open_time, each.symbol)):
            self._close(bar)

    def _close(self, bar):
        del self._open[bar.symbol]
        self.bars.append(bar)

    def _trade(self, data, recorded_at):
        symbol, number, time = data["s"], data["t"], data["T"]
        price, quantity = float(data["p"]), float(data["q"])
        last_number, last_time = self._last_trade.get(symbol, (float("-inf"), float("-inf")))
        in_order = number > last_number and time >= last_time
        if price <= 0 or quantity < 0 or not in_order or time > recorded_at + FUTURE_MS:
            return
        self._last_trade[symbol] = (number, time)
        open_time = time - time % INTERVAL_MS
        bar = self._open.get(symbol)
        if bar and bar.open_time != open_time:
            self._close(bar)
            bar = None
        if bar is None:
            bar = Bar(symbol, INTERVAL_MS, open_time, price, price, price, price, 0.0)
            self._open[symbol] = bar
        bar.high, bar.low, bar.close = max(bar.high, price), min(bar.low, price), price
        bar.volume = float(exact(bar.volume) + exact(quantity))
        self._put_quote(bar)
        if time > self._clock:
            self._clock = time
            self.close_until(time)

    def _quote(self, data, recorded_at):
        symbol = data["s"]
        bid, ask = float(data["b"]), float(data["a"])
        self._quotes[symbol] = (
            bid or None,
            float(data["B"]) if bid else None,
            ask or None,
            float(data["A"]) if ask else None,
        )
        bar = self._open.get(symbol)
        # A quote has no time of its own: what was recorded after the bar's end is not its closing quote.
        if bar and recorded_at < bar.close_time:
            self._put_quote(bar)

    def _put_quote(self, bar):
        if bar.symbol in self._quotes:
            bar.bid, bar.bid_quantity, bar.ask, bar.ask_quantity = self._quotes[bar.symbol]
