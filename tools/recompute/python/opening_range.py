"""Trades the first close outside the range of a session's first minutes: docs/strategies.md."""

from draft import Draft
from time_zones import MINUTE_MS

DEFAULTS = {"rangeMinutes": 15, "entryWindowMinutes": 120, "bufferBps": 2, "targetRatio": 1.5}


class OpeningRange:
    """Of one symbol."""

    def __init__(self, parameters, calendar):
        self._settings = {**DEFAULTS, **parameters}
        self._calendar = calendar
        self._session = None
        self._usable = False
        self._range = None

    def on_bar(self, bar):
        session = self._calendar.session_at(bar.open_time)
        if session is None:
            return None
        if self._session != session:
            # Without its first minute a range has no honest start.
            self._session, self._range = session, None
            self._usable = bar.open_time - session.begin < MINUTE_MS
        if not self._usable:
            return None
        if bar.close_time <= session.begin + self._settings["rangeMinutes"] * MINUTE_MS:
            high, low = self._range or (bar.high, bar.low)
            self._range = (max(high, bar.high), min(low, bar.low))
            return None
        draft = self._judge(bar, session) if self._range else None
        # One signal in a session.
        self._usable = draft is None
        return draft

    def _judge(self, bar, session):
        settings = self._settings
        high, low = self._range
        window = session.begin + settings["entryWindowMinutes"] * MINUTE_MS
        over = session.square_off is not None and bar.close_time >= session.square_off
        if bar.close_time > window or over or high <= low:
            return None
        buffer = bar.close * settings["bufferBps"] / 10_000
        gain = settings["targetRatio"] * (high - low)
        if bar.close > high + buffer:
            return Draft("BUY", (high + low) / 2, bar.close + gain)
        if bar.close < low - buffer and bar.close - gain > 0:
            return Draft("SELL", (high + low) / 2, bar.close - gain)
        return None
