"""Bars of recorded shares in the form of LEAN, put on later days that calendar and charges cover."""

import zipfile

import time_zones
from bars import Bar
from time_zones import DAY_MS, MINUTE_MS


def daily_bars(folder, recording, calendar):
    """The newest daily bars of each symbol; a bar opens at midnight UTC of its day."""
    days = _trading_days(calendar, recording["firstDay"], recording["days"])
    made = []
    for symbol in recording["symbols"]:
        rows = _rows(f"{folder}/lean/daily/{symbol.lower()}.zip")[-recording["days"] :]
        for day, row in zip(days, rows):
            made.append(_bar(symbol, DAY_MS, time_zones.utc_midnight(day), row))
    return _in_order(made)


def minute_bars(folder, recording, calendar):
    """Bars of a minute; each opens so many milliseconds after midnight on the market's clock."""
    days = _trading_days(calendar, recording["firstDay"], len(recording["dates"]))
    made = []
    for symbol in recording["symbols"]:
        for day, date in zip(days, recording["dates"]):
            midnight = time_zones.moment(calendar.zone, day, "00:00")
            for row in _rows(f"{folder}/{recording['folder']}/{symbol.lower()}/{date}_trade.zip"):
                made.append(_bar(symbol, MINUTE_MS, midnight + int(row[0]), row))
    return _in_order(made)


def _bar(symbol, interval_ms, open_time, row):
    opening, high, low, close = (int(price) / 10_000 for price in row[1:5])
    return Bar(symbol, interval_ms, open_time, opening, high, low, close, int(row[5]))


def _in_order(made):
    return sorted(made, key=lambda bar: (bar.open_time, bar.symbol))


def _trading_days(calendar, first, count):
    days = []
    day = first
    while len(days) < count:
        if any(stretch.phase in ("normal", "special") for stretch in calendar.stretches(day)):
            days.append(day)
        day = time_zones.later(day, 1)
    return days


def _rows(path):
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        return [line.split(",") for line in archive.read(name).decode("utf-8").strip().splitlines()]
