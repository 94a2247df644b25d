"""Equity over time and its drawdown."""

from amounts import ZERO, exact, text
from time_zones import iso

MAX_POINTS = 1_000


def drawdown_percent(equity, peak):
    """How far an equity is below the highest before it, in percent of that, never below zero."""
    highest = max(equity, peak)
    return float((highest - equity) / highest * 100) if highest > ZERO else 0.0


class EquityCurve:
    """Of a long run every second, fourth, eighth ... point is kept, and always the last one."""

    def __init__(self, capital):
        self._peak = exact(capital)
        self._all = []
        self.max_drawdown_percent = 0.0

    def add(self, at, equity):
        self.max_drawdown_percent = max(self.max_drawdown_percent, drawdown_percent(equity, self._peak))
        self._peak = max(self._peak, equity)
        self._all.append((at, equity))

    def points(self):
        stride = 1
        # A pick that has reached its most loses every second point.
        while -(-len(self._all) // stride) >= MAX_POINTS:
            stride *= 2
        kept = self._all[::stride]
        if self._all and (len(self._all) - 1) % stride != 0:
            kept.append(self._all[-1])
        return [{"at": iso(at), "equity": text(equity)} for at, equity in kept]
