"""May an order go? The rules of docs/risk.md that can bind in a backtest, in their order. Each gives a code, or None."""

from amounts import ZERO, exact
from equity import drawdown_percent
from time_zones import MINUTE_MS


def denial_of(case):
    """The code of the first rule that objects; None when all agree. `case`: risk_case.py"""
    for rule in (*EXCHANGE_RULES, *MARKET_RULES, *SIZE_RULES, *ACCOUNT_RULES):
        code = rule(case)
        if code is not None:
            return code
    return None


def _session(case):
    phase = case.calendar.phase_at(case.at).phase
    session = case.calendar.session_at(case.at)
    if session is None:
        return "SESSION_UNKNOWN" if phase == "unknown" else "SESSION_CLOSED"
    over = session.square_off is not None and case.at >= session.square_off
    return "AFTER_CUTOFF" if over and case.order.product == "intraday" and not case.reduces else None


def _exchange_size(case):
    facts, quantity = case.instrument, case.order.quantity
    if quantity % exact(facts["quantityStep"]) != 0:
        return "LOT_SIZE"
    if quantity < exact(facts["minQuantity"] or 0):
        return "MIN_QUANTITY"
    most = [exact(facts[name]) for name in ("maxQuantity", "maxMarketQuantity") if facts[name] is not None]
    if most and quantity > min(most):
        return "MAX_QUANTITY"
    least = facts["minNotional"] if facts["minNotionalAppliesToMarket"] else None
    return "MIN_NOTIONAL" if least is not None and case.value < exact(least) else None


def _freeze(case):
    freeze = case.instrument["freezeQuantity"]
    most = min(exact(case.limits["freezeQuantity"]), exact(freeze) if freeze is not None else case.order.quantity)
    return "FREEZE_QUANTITY" if case.order.quantity > most else None


def _product(case):
    order, facts, held = case.order, case.instrument, case.position
    if held.quantity != 0 and held.product != order.product:
        return "PRODUCT_MISMATCH"
    if case.reduces:
        return None
    if facts["products"] and order.product not in facts["products"]:
        return "PRODUCT_NOT_OFFERED"
    short = order.side == "SELL" and order.product not in facts["shortProducts"]
    return "SHORT_NOT_ALLOWED" if short else None


def _opposite(case):
    if case.reduces:
        return None
    order = case.order
    for held in case.held:
        against = held.quantity > 0 if order.side == "SELL" else held.quantity < 0
        if against and held.symbol == order.symbol and held.strategy != order.strategy:
            return "OPPOSITE_POSITION"
    return None


def _price_band(case):
    if not case.instrument["hasPriceBand"] or case.previous_close is None:
        return None
    reference = exact(case.previous_close)
    percent = float(abs(case.price - reference) / reference * 100)
    return "PRICE_BAND" if percent > case.limits["priceBandPercent"] else None


def _price_fresh(case):
    return "STALE_PRICE" if case.age_ms > case.limits["maxPriceAgeMs"] else None


def _collar(case):
    quote, last = case.bar.quote_for(case.order.side)[0], exact(case.bar.close)
    if quote is None:
        return None
    percent = float(abs(exact(quote) - last) / last * 100)
    return "QUOTE_OUTSIDE_COLLAR" if percent > case.limits["priceCollarPercent"] else None


def _duplicate(case):
    return case.history.duplicate(case.order)


def _exit_pause(case):
    position = case.position
    if position.quantity != 0 or position.last_exit_at is None or case.reduces:
        return None
    since = case.at - position.last_exit_at
    return "EXIT_PAUSE" if 0 <= since < case.limits["exitPauseMs"] else None


def _beyond(code, limit, figure):
    """A rule over a figure that must not exceed a limit; what reduces a position passes."""

    def rule(case):
        return code if not case.reduces and figure(case) > exact(case.limits[limit]) else None

    return rule


def _position_quantity(case):
    symbol = case.order.symbol
    held = sum((abs(each.quantity) for each in case.held if each.symbol == symbol), ZERO)
    pending = [each.remaining for each in case.open if each.symbol == symbol and case.adds(each)]
    return held + sum(pending, ZERO) + case.order.quantity


def _of(name):
    """Value of what is held and ordered in the same symbol, or by the same strategy, this order included."""

    def figure(case):
        part = {name: getattr(case.order, name)} if name else {}
        return case.held_value(**part) + case.pending_value(**part) + case.value

    return figure


def _net_exposure(case):
    if case.reduces:
        return None
    before = case.net_value()
    after = before + (case.value if case.order.side == "BUY" else -case.value)
    beyond = abs(after) > exact(case.limits["maxNetExposure"]) and abs(after) >= abs(before)
    return "NET_EXPOSURE" if beyond else None


def _buying_power(case):
    if case.reduces:
        return None
    available = case.equity - case.held_value() - case.pending_value()
    return "BUYING_POWER" if case.value > available else None


def _counts(case):
    if case.reduces:
        return None
    limits, history = case.limits, case.history
    if len(case.open) >= limits["maxOpenOrders"]:
        return "OPEN_ORDERS"
    if len(history.today) >= limits["maxOrdersPerDay"]:
        return "ORDERS_PER_DAY"
    in_symbol = [each for each in history.today if each[0] == case.order.symbol]
    return "ORDERS_PER_SYMBOL" if len(in_symbol) >= limits["maxOrdersPerSymbol"] else None


def _rate(case):
    """A bucket of `maxOrderBurst` that was full a minute ago; `maxOrdersPerMinute` come back in a minute."""
    if case.reduces:
        return None
    limits = case.limits
    recent = [at for _, at in case.history.today if at > case.now - MINUTE_MS]
    if len(recent) >= limits["maxOrdersPerMinute"]:
        return "ORDERS_PER_MINUTE"
    left = limits["maxOrderBurst"]
    for count, at in enumerate(reversed(recent), start=1):
        refilled = max(0, case.at - at) * limits["maxOrdersPerMinute"] / MINUTE_MS
        left = min(left, limits["maxOrderBurst"] + refilled - count)
    return "SUBMIT_RATE" if left < 1 else None


def _losses(case):
    if case.reduces:
        return None
    limits = case.limits
    if case.opening_equity - case.equity >= exact(limits["maxDailyLoss"]):
        return "DAILY_LOSS"
    if drawdown_percent(case.equity, case.peak) >= limits["maxDrawdownPercent"]:
        return "DRAWDOWN"
    losses, last = case.history.streaks.get(case.order.strategy, (0, None))
    if losses < limits["maxLosingStreak"] or last is None:
        return None
    return "LOSING_STREAK" if case.at - last < limits["losingStreakPauseMs"] else None


EXCHANGE_RULES = (_session, _exchange_size, _freeze, _product, _opposite)
MARKET_RULES = (_price_band, _price_fresh, _collar, _duplicate, _exit_pause)
SIZE_RULES = (
    _beyond("ORDER_QUANTITY", "maxOrderQuantity", lambda case: case.order.quantity),
    _beyond("ORDER_NOTIONAL", "maxOrderNotional", lambda case: case.value),
    _beyond("POSITION_QUANTITY", "maxPositionQuantity", _position_quantity),
    _beyond("SYMBOL_NOTIONAL", "maxSymbolNotional", _of("symbol")),
    _beyond("STRATEGY_CAPITAL", "maxStrategyNotional", _of("strategy")),
    _beyond("GROSS_EXPOSURE", "maxGrossExposure", _of(None)),
)
ACCOUNT_RULES = (_net_exposure, _buying_power, _counts, _rate, _losses)
