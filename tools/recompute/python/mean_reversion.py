"""Enters on the first bar that turns back after an exhausted move: docs/strategies.md."""

from draft import Draft, Pause
from indicators import Last, RelativeStrength, deviation, mean

DEFAULTS = {
    "lookbackBars": 5,
    "stretchDeviations": 3,
    "rsiBars": 4,
    "oversoldRsi": 25,
    "stopRatio": 1.5,
    "cooldownBars": 24,
}


class MeanReversion:
    """Of one symbol."""

    def __init__(self, parameters, _calendar):
        self._settings = settings = {**DEFAULTS, **parameters}
        self._closes = Last(settings["lookbackBars"])
        self._strength = RelativeStrength(settings["rsiBars"])
        self._pause = Pause(settings["cooldownBars"])
        self._stretch = None

    def on_bar(self, bar):
        draft = self._turn(bar.close, *self._stretch) if self._stretch else None
        before = self._closes.values
        self._closes.add(bar.close)
        self._strength.add(bar.close)
        self._stretch = self._stretched(bar.close, before)
        return self._pause.lets(draft)

    def _stretched(self, close, before):
        """Direction of the way back, the stretched close and the mean it left; None where it did not."""
        strength = self._strength.value
        if before is None or strength is None:
            return None
        middle, spread = mean(before), deviation(before)
        if spread == 0:
            return None
        distance = (close - middle) / spread
        settings = self._settings
        if distance <= -settings["stretchDeviations"] and strength <= settings["oversoldRsi"]:
            return 1, close, middle
        if distance >= settings["stretchDeviations"] and strength >= 100 - settings["oversoldRsi"]:
            return -1, close, middle
        return None

    def _turn(self, close, direction, stretched, middle):
        way = (middle - close) * direction
        turned = (close - stretched) * direction > 0
        if not turned or way <= 0:
            return None
        stop = close - direction * self._settings["stopRatio"] * way
        return Draft("BUY" if direction == 1 else "SELL", stop, middle) if stop > 0 else None
