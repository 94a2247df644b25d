"""How positions end, and what holds back an entry: docs/strategies.md, Exits."""

from collections import namedtuple

from time_zones import HOUR_MS, MINUTE_MS

DEFAULTS = {
    "stopLoss": {"kind": "signal"},
    "target": {"kind": "signal"},
    "trailingStop": {"kind": "none"},
    "squareOffAt": None,
    "cooldownMinutes": 0,
    "maxReentriesPerDay": None,
}

# `level` is None where the time decides.
Exit = namedtuple("Exit", "cause level")


def entry_levels(own_stop, own_target, settings, price, direction, spread):
    """Stop and target that count: the signal's own, or what the settings put in their place."""
    risk = _distance(settings["stopLoss"], price, spread)
    gain = _distance(settings["target"], price, spread)
    stop = own_stop if risk is None else _positive(price - direction * risk)
    if settings["target"]["kind"] == "none":
        return stop, None
    return stop, own_target if gain is None else _positive(price + direction * gain)


def exit_of(position, bar, settings, spread, calendar, opened_at):
    """The exit that a bar causes for a position, or None; afterwards the trailing stop follows the bar."""
    direction = 1 if position.quantity > 0 else -1
    price = float(position.average_price)
    trail = position.trail
    if trail.get("opened_at") != position.opened_at:
        trail.update(opened_at=position.opened_at, best=price, range=spread)
    elif trail["range"] is None:
        trail["range"] = spread
    stop, target = entry_levels(position.stop, position.target, settings, price, direction, trail["range"])
    distance = _distance(settings["trailingStop"], trail["best"], trail["range"])
    trailing = None if distance is None else trail["best"] - direction * distance
    cut_off = square_off(calendar, opened_at, settings, position.product)
    best = bar.high if direction == 1 else bar.low
    trail["best"] = max(trail["best"], best) if direction == 1 else min(trail["best"], best)
    return _reached(direction, bar, stop, target, trailing, cut_off)


def refusal(position, settings, now, calendar, product):
    """Why a flat strategy may not enter, or None."""
    if settings["squareOffAt"] is not None and now >= square_off(calendar, now, settings, product):
        return "after-square-off"
    pause = settings["cooldownMinutes"] * MINUTE_MS
    if position.last_exit_at is not None and now < position.last_exit_at + pause:
        return "exit-cooldown"
    entries = position.entries if position.day == calendar.trading_day(now)[0] else 0
    most = settings["maxReentriesPerDay"]
    return "reentries-used-up" if most is not None and entries > most else None


def square_off(calendar, at, settings, product):
    """The earlier of the market's square-off time, for what is held within the day, and the strategy's; None without one."""
    session = calendar.session_at(at)
    times = [session.square_off] if session and product == "intraday" else []
    if settings["squareOffAt"] is not None:
        hours, minutes = map(int, settings["squareOffAt"].split(":"))
        times.append(calendar.trading_day(at)[0] + hours * HOUR_MS + minutes * MINUTE_MS)
    return min((time for time in times if time is not None), default=None)


def _reached(direction, bar, stop, target, trailing, cut_off):
    worst, best = (bar.low, bar.high) if direction == 1 else (bar.high, bar.low)
    fell_to = lambda level: level is not None and (level - worst) * direction >= 0  # noqa: E731
    nearer = trailing is not None and (stop is None or (trailing - stop) * direction > 0)
    if nearer and fell_to(trailing):
        return Exit("trailing-stop", trailing)
    if fell_to(stop):
        return Exit("stop-loss", stop)
    if target is not None and (best - target) * direction >= 0:
        return Exit("target", target)
    if cut_off is not None and bar.close_time >= cut_off:
        return Exit("square-off", None)
    return None


def _distance(rule, price, spread):
    if rule["kind"] == "percent":
        return price * rule["percent"] / 100
    if rule["kind"] == "atr" and spread is not None:
        return rule["multiple"] * spread
    return None


def _positive(level):
    return level if level > 0 else None
