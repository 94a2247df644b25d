"""What the risk rules look at: docs/risk.md."""

from amounts import ZERO, exact


class RiskCase:
    """An order with what the rules look at. Values are worked out once.

    history, books, resting -- of the account; marks -- newest close by symbol; at -- when the order enters the market
    """

    def __init__(self, order, at, *, bar, now, age_ms, calendar, instrument, limits, books, resting, **rest):
        self.order, self.at, self.bar, self.now, self.age_ms = order, at, bar, now, age_ms
        self.calendar, self.instrument, self.limits = calendar, instrument, limits
        self.marks, self.history = rest["marks"], rest["history"]
        self.previous_close = rest["previous_close"]
        self.opening_equity, self.peak = rest["opening_equity"], rest["peak"]
        self.held, self.open = books.held(), resting
        self.position = books.position(order.strategy, order.symbol)
        self.price = exact(bar.quote_for(order.side)[0] or bar.close)
        self.value = self.price * order.quantity
        self.equity = books.value(self.marks)[0]
        self.reduces = self._reduces()

    def _reduces(self):
        held = self.position.quantity
        if held == 0 or (held > 0) == (self.order.side == "BUY"):
            return False
        closing = sum((each.remaining for each in self.open if self._closes_too(each)), ZERO)
        return abs(held) - closing >= self.order.quantity

    def _closes_too(self, other):
        mine = (self.order.strategy, self.order.symbol, self.order.side)
        return (other.strategy, other.symbol, other.side) == mine

    def held_value(self, **part):
        return sum((abs(self._worth(each)) for each in self.held if _is_part(each, part)), ZERO)

    def pending_value(self, **part):
        adding = [each for each in self.open if _is_part(each, part) and self.adds(each)]
        return sum((exact(each.decision_price) * each.remaining for each in adding), ZERO)

    def adds(self, open_order):
        """Whether an open order does not close what its strategy holds."""
        same = (open_order.strategy, open_order.symbol)
        held = sum((each.quantity for each in self.held if (each.strategy, each.symbol) == same), ZERO)
        return held <= 0 if open_order.side == "SELL" else held >= 0

    def net_value(self):
        held = sum((self._worth(each) for each in self.held), ZERO)
        signed = lambda each: each.remaining if each.side == "BUY" else -each.remaining  # noqa: E731
        return held + sum((exact(each.decision_price) * signed(each) for each in self.open), ZERO)

    def _worth(self, position):
        return position.quantity * exact(self.marks[position.symbol])


def _is_part(each, part):
    return all(getattr(each, name) == value for name, value in part.items())
