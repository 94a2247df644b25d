"""What a strategy says at the close of a bar."""

from collections import namedtuple

Draft = namedtuple("Draft", "action stop target")


class Pause:
    """So many bars of a symbol without a further signal."""

    def __init__(self, bars):
        self._bars = bars
        self._left = 0

    def lets(self, draft):
        """Counts a bar. Returns the draft, or None while it is held back."""
        if self._left > 0:
            self._left -= 1
            return None
        if draft is not None:
            self._left = self._bars
        return draft


def levels(direction, close, risk, gain):
    """A draft with a stop and a target at distances from the close; None where one would be zero or less."""
    stop, target = close - direction * risk, close + direction * gain
    if stop <= 0 or target <= 0:
        return None
    return Draft("BUY" if direction == 1 else "SELL", stop, target)
