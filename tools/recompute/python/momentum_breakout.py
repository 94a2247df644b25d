"""Follows a close outside the channel of the last bars: docs/strategies.md."""

from draft import Pause, levels
from indicators import Last, TrueRange, mean

DEFAULTS = {
    "lookbackBars": 5,
    "breakoutAtr": 0.75,
    "volumeFactor": 1.5,
    "stopAtr": 2,
    "targetAtr": 3,
    "cooldownBars": 24,
}


class MomentumBreakout:
    """Of one symbol."""

    def __init__(self, parameters, _calendar):
        self._settings = settings = {**DEFAULTS, **parameters}
        self._bars = Last(settings["lookbackBars"])
        self._range = TrueRange(settings["lookbackBars"])
        self._pause = Pause(settings["cooldownBars"])

    def on_bar(self, bar):
        draft = self._judge(bar)
        self._bars.add(bar)
        self._range.add(bar)
        return self._pause.lets(draft)

    def _judge(self, bar):
        """A bar is judged against those before it."""
        before, spread = self._bars.values, self._range.value
        if before is None or not spread:
            return None
        usual = mean([each.volume for each in before])
        if usual == 0:
            return None
        above = (bar.close - max(each.high for each in before)) / spread
        below = (min(each.low for each in before) - bar.close) / spread
        settings = self._settings
        if max(above, below) <= settings["breakoutAtr"] or bar.volume / usual < settings["volumeFactor"]:
            return None
        direction = 1 if above > below else -1
        return levels(direction, bar.close, settings["stopAtr"] * spread, settings["targetAtr"] * spread)
