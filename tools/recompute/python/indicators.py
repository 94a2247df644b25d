"""Averages over closed bars, in floats as the platform has them. Sums run from the oldest to the newest."""

import math


class WilderAverage:
    """The mean of the first values, then moved by one part in `count` of the distance to each further value."""

    def __init__(self, count):
        self._count = count
        self._first = []
        self.value = None

    def add(self, figure):
        if self.value is not None:
            self.value += (figure - self.value) * (1 / self._count)
            return
        self._first.append(figure)
        if len(self._first) == self._count:
            self.value = mean(self._first)


class TrueRange:
    """Average true range. The range of the first bar of all is its high less its low."""

    def __init__(self, count):
        self._average = WilderAverage(count)
        self._close = None

    @property
    def value(self):
        return self._average.value

    def add(self, bar):
        spread = bar.high - bar.low
        if self._close is not None:
            spread = max(spread, abs(bar.high - self._close), abs(bar.low - self._close))
        self._close = bar.close
        self._average.add(spread)


class RelativeStrength:
    """RSI: 100 less 100 / (1 + average gain / average loss); 100 where nothing fell."""

    def __init__(self, count):
        self._gain, self._loss = WilderAverage(count), WilderAverage(count)
        self._close = None
        self.value = None

    def add(self, close):
        before, self._close = self._close, close
        if before is None:
            return
        self._gain.add(max(close - before, 0.0))
        self._loss.add(max(before - close, 0.0))
        if self._gain.value is None:
            return
        loss = self._loss.value
        self.value = 100.0 if loss == 0 else 100 - 100 / (self._gain.value / loss + 1)


class Last:
    """The newest values, so many of them; None while there are fewer."""

    def __init__(self, count):
        self._count = count
        self._values = []

    @property
    def values(self):
        return self._values if len(self._values) == self._count else None

    def add(self, value):
        self._values = [*self._values, value][-self._count :]


def mean(figures):
    # Not sum(): newer versions of Python compensate its rounding.
    total = 0.0
    for figure in figures:
        total += figure
    return total / len(figures)


def deviation(figures):
    """Standard deviation of the figures as a population: how far the upper band lies above the mean."""
    middle = mean(figures)
    spread = math.sqrt(mean([(figure - middle) ** 2 for figure in figures]))
    # Not the spread itself: closes lie on a grid of prices, so some are just three deviations away, and the last digit decides.
    return middle + spread - middle
