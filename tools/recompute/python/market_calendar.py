"""When a market trades: docs/calendars.md. The days come from the files of the platform, which are data."""

from collections import namedtuple
from datetime import date as Date

import time_zones
from time_zones import DAY_MS

Stretch = namedtuple("Stretch", "phase begin end square_off")

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AUCTIONS = ("preOpen", "closing")


class MarketCalendar:
    def __init__(self, file):
        self.zone = file["zone"]
        self.day_zone = file.get("dayZone", self.zone)
        self._file = file
        self._listed = {day["date"]: day for day in file["days"]}
        self._days = {}

    def stretches(self, date):
        """All stretches of a day in order, without gaps."""
        if date not in self._days:
            self._days[date] = self._make(date)
        return self._days[date]

    def phase_at(self, time_ms):
        for stretch in self.stretches(time_zones.date_at(self.zone, time_ms)):
            if time_ms < stretch.end:
                return stretch
        raise ValueError(f"no stretch of the day holds {time_zones.iso(time_ms)}")

    def session_at(self, time_ms):
        """The stretch in which orders may be entered, or None."""
        stretch = self.phase_at(time_ms)
        return stretch if _takes_orders(stretch) else None

    def is_auction(self, bar):
        return self.phase_at(bar.open_time).phase in AUCTIONS

    def next_opening(self, time_ms):
        date = time_zones.date_at(self.zone, time_ms)
        for ahead in range(31):
            for stretch in self.stretches(time_zones.later(date, ahead)):
                if stretch.begin > time_ms and _takes_orders(stretch):
                    return stretch.begin
        return None

    def trading_date(self, time_ms):
        return time_zones.date_at(self.day_zone, time_ms)

    def trading_day(self, time_ms):
        """Begin and end of the day that daily limits refer to."""
        date = self.trading_date(time_ms)
        return (
            time_zones.moment(self.day_zone, date, "00:00"),
            time_zones.moment(self.day_zone, time_zones.later(date, 1), "00:00"),
        )

    def trading_times(self, bar):
        """Begin and end of the trading that a bar shows: of a daily bar, those of the sessions in it."""
        if bar.interval_ms < DAY_MS:
            return bar.open_time, bar.close_time
        sessions = []
        date = time_zones.date_at(self.zone, bar.open_time)
        while time_zones.moment(self.zone, date, "00:00") < bar.close_time:
            sessions += [each for each in self.stretches(date) if _takes_orders(each)]
            date = time_zones.later(date, 1)
        inside = [each for each in sessions if each.begin >= bar.open_time and each.end <= bar.close_time]
        if not inside:
            return bar.open_time, bar.close_time
        return inside[0].begin, inside[-1].end

    def _make(self, date):
        at = lambda time: time_zones.moment(self.zone, date, time)  # noqa: E731
        begin, end = at("00:00"), at("24:00")
        spans = self._spans(date)
        if spans is None:
            return [Stretch("unknown", begin, end, None)]
        made = []
        reached = begin
        for span in spans:
            opens, closes = at(span["from"]), at(span["to"])
            if opens > reached:
                made.append(Stretch("closed", reached, opens, None))
            square_off = at(span["squareOff"]) if "squareOff" in span else None
            made.append(Stretch(span["phase"], opens, closes, square_off))
            reached = closes
        if reached < end:
            made.append(Stretch("closed", reached, end, None))
        return made

    def _spans(self, date):
        if date in self._listed:
            return self._named(self._listed[date]["hours"])
        first, last = self._file["coverage"]["from"], self._file["coverage"]["to"]
        if (first and date < first) or (last and date > last):
            return None
        weekday = WEEKDAYS[Date.fromisoformat(date).weekday()]
        for row in self._file["week"]:
            if weekday in row["days"]:
                if "whileDaylightSavingIn" in row:
                    raise ValueError("hours that depend on another country's clock are not recomputed")
                return self._named(row["hours"])
        return []

    def _named(self, hours):
        return self._file["hours"].get(hours, []) if isinstance(hours, str) else hours


def _takes_orders(stretch):
    return stretch.phase in ("normal", "special")
