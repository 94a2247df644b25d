"""How orders fill: decision 13 (docs/decisions/0013-fills-of-the-paper-market.md) and docs/risk.md, Backtests."""

from amounts import ZERO, ceiled, exact, floored

DEFAULTS = {"halfSpreadBps": 2, "slippageBps": 1, "maxVolumePercent": 10}


class PaperVenue:
    """Remembers what an account took of quotes and bars."""

    def __init__(self, assumptions):
        self._assumed = {name: exact(value) for name, value in assumptions.items()}
        self._quotes = {}
        self._bars = {}

    def meet(self, order, bar, instrument):
        """Shows an order a bar. Returns (quantity, price), or None where it does not fill.

        A stop that wakes up is marked in the order: `woke` at this bar, `awake` from now on.
        """
        order.woke = False
        if bar.quote_for(order.side)[0] is not None:
            return self._meet_quote(order, bar, instrument)
        return self._meet_bar(order, bar, instrument)

    def _meet_quote(self, order, bar, instrument):
        if order.kind != "MARKET":
            raise ValueError("where somebody quotes, backtests send market orders only")
        price, size = bar.quote_for(order.side)
        quantity = order.remaining
        key = (order.side, bar.symbol)
        if size is not None:
            known = self._quotes.get(key)
            taken = known[1] if known and known[0] == (price, size) else ZERO
            left = max(ZERO, exact(size) - taken)
            if left < quantity:
                quantity = floored(left, exact(instrument["quantityStep"]))
            if quantity > 0:
                self._quotes[key] = ((price, size), taken + quantity)
        if quantity <= 0:
            return None
        return quantity, self._against(order.side, exact(price), ("slippageBps",), instrument)

    def _meet_bar(self, order, bar, instrument):
        share = exact(bar.volume) * self._assumed["maxVolumePercent"] / 100
        known = self._bars.get(bar.symbol)
        taken = known[1] if known and known[0] == bar.open_time else ZERO
        left = max(ZERO, share - taken)
        quantity = order.remaining
        if left < quantity:
            quantity = floored(left, exact(instrument["quantityStep"]))
        price = self._price_in_bar(order, bar, instrument)
        if price is None or quantity <= 0:
            return None
        self._bars[bar.symbol] = (bar.open_time, taken + quantity)
        return quantity, price

    def _price_in_bar(self, order, bar, instrument):
        buys = order.side == "BUY"
        if order.kind == "LIMIT":
            return self._limit_in_bar(order, bar, buys, instrument)
        base = bar.open
        if order.kind == "STOP" and not order.awake:
            reached = bar.high >= order.level if buys else bar.low <= order.level
            if not reached:
                return None
            order.woke = order.awake = True
            gap = bar.open >= order.level if buys else bar.open <= order.level
            base = bar.open if gap else order.level
        return self._against(order.side, exact(base), ("halfSpreadBps", "slippageBps"), instrument)

    def _limit_in_bar(self, order, bar, buys, instrument):
        """At its limit where the bar trades through it; at the open, less half a spread, where the whole bar lies beyond it.

        Only targets are limit orders in backtests, and those rested before the bar.
        """
        limit = exact(order.level)
        beyond = bar.high < order.level if buys else bar.low > order.level
        if beyond:
            price = self._against(order.side, exact(bar.open), ("halfSpreadBps",), instrument)
            return min(price, limit) if buys else max(price, limit)
        through = bar.low < order.level if buys else bar.high > order.level
        return limit if through else None

    def _against(self, side, price, costs, instrument):
        """A price with assumed costs, on the price grid, rounded against the trader."""
        sign = 1 if side == "BUY" else -1
        for cost in costs:
            price *= 1 + sign * self._assumed[cost] / 10_000
        step = price_step(instrument, price)
        rounded = ceiled(price, step) if side == "BUY" else floored(price, step)
        # Nothing is sold for nothing.
        return max(rounded, step)


def price_step(instrument, price):
    for row in instrument["priceSteps"]:
        if row["upTo"] is None or price <= exact(row["upTo"]):
            return exact(row["step"])
    raise ValueError(f"{instrument['symbol']} has no price step at {price}")
