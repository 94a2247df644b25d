"""The clocks of the markets, by the rules of the countries: no database of zones is needed."""

from datetime import date as Date
from datetime import datetime, timedelta, timezone

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def instant(text):
    """Milliseconds since 1970 of `2025-05-14T00:00:00.000Z`."""
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1_000)


def iso(time_ms):
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=time_ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1_000:03d}Z"


def utc_midnight(date):
    return instant(f"{date}T00:00:00.000Z")


def later(date, days):
    return (Date.fromisoformat(date) + timedelta(days=days)).isoformat()


def offset_at(zone, time_ms):
    """What a zone is ahead of UTC at a time (milliseconds)."""
    if zone == "UTC":
        return 0
    if zone == "Asia/Kolkata":
        return 5 * HOUR_MS + 30 * MINUTE_MS
    if zone == "America/New_York":
        return -4 * HOUR_MS if _is_us_summer(time_ms) else -5 * HOUR_MS
    raise ValueError(f"the clock of {zone} is not known here: add it to time_zones.py")


def date_at(zone, time_ms):
    return iso(time_ms + offset_at(zone, time_ms))[:10]


def moment(zone, date, time_of_day):
    """When clocks of a zone show a time of day; `24:00` is the next midnight."""
    hours, minutes = map(int, time_of_day.split(":"))
    wall = utc_midnight(date) + hours * HOUR_MS + minutes * MINUTE_MS
    return wall - offset_at(zone, wall - offset_at(zone, wall))


def _is_us_summer(time_ms):
    """Since 2007: from 2:00 of the second Sunday of March to 2:00 of the first of November (Energy Policy Act of 2005)."""
    year = int(iso(time_ms)[:4])
    begin = utc_midnight(_sunday(year, 3, 2)) + 7 * HOUR_MS
    end = utc_midnight(_sunday(year, 11, 1)) + 6 * HOUR_MS
    return begin <= time_ms < end


def _sunday(year, month, count):
    first = Date(year, month, 1)
    return (first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (count - 1))).isoformat()
