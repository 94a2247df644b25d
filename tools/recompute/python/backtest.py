"""A backtest from recorded bars and a request alone: docs/risk.md, Backtests, and what it leads to."""

from collections import Counter
from dataclasses import replace

import exits
import least_edge
from amounts import ZERO, ceiled, exact, floored, text
from books import Books
from charges import ChargeRows, charge_total
from equity import EquityCurve
from indicators import TrueRange
from limits import limits_of
from mean_reversion import MeanReversion
from momentum_breakout import MomentumBreakout
from opening_range import OpeningRange
from orders import History, Order, Signal, identifier
from paper_venue import DEFAULTS as FILL_DEFAULTS
from paper_venue import PaperVenue, price_step
from risk_case import RiskCase
from risk_rules import denial_of
from round_trips import statistics
from sizing import entry_quantity
from time_zones import DAY_MS, iso
from timeframes import DEFAULT as DEFAULT_TIMEFRAME
from timeframes import LongBars

STRATEGIES = {
    "momentum-breakout": MomentumBreakout,
    "mean-reversion": MeanReversion,
    "opening-range": OpeningRange,
}
CURRENCIES = {"replay": "USDT", "binance": "USDT", "alpaca": "USD", "truedata": "INR"}
RANGE_BARS = 14
"""What a strategy's positions are when nobody names it: what can be sold short first."""
PREFERRED = ("intraday", "margin", "spot", "delivery")


class Backtest:
    def __init__(self, source, calendar, request, instruments, charge_files):
        self._source, self._calendar = source, calendar
        self._account, self._capital = request["accountId"], request["capital"]
        self._strategies = {each["id"]: each for each in request["strategies"]}
        self._exits = {each["id"]: {**exits.DEFAULTS, **each.get("exits", {})} for each in request["strategies"]}
        self._instruments = {each["symbol"]: each for each in instruments}
        self._currency = CURRENCIES[source]
        self._limits = limits_of(self._currency, request.get("limits", {}))
        self._assumed = {**FILL_DEFAULTS, **request.get("fills", {})}
        self._rows = ChargeRows(charge_files, request["chargePlan"])
        self._venue = PaperVenue(self._assumed)
        self._books = Books(self._account, self._capital)
        self._curve = EquityCurve(self._capital)
        self._history = History()
        self._orders, self._resting = [], []
        self._judges, self._ranges, self._newest = {}, {}, {}
        self._long_bars = {
            each["id"]: LongBars(each.get("timeframe") or DEFAULT_TIMEFRAME) for each in request["strategies"]
        }
        self._sold_today = set()
        self._counts = Counter()
        self._without_order, self._denied = Counter(), Counter()
        self._day = None
        self._now = float("-inf")
        self._measured = self._opening = self._peak = exact(self._capital)
        self._span = None

    def take(self, bar):
        """One closed bar: what rests, then exits, then entries."""
        opened, closed = times = self._calendar.trading_times(bar)
        self._observe(bar, times)
        quoted = bar.bid is not None or bar.ask is not None
        # At a closing quote positions change after the bar, at its open before it.
        if quoted:
            self._books.observe(bar, opened)
        self._settle(bar, times)
        if not quoted:
            self._books.observe(bar, opened)
        leaving = [] if self._calendar.is_auction(bar) else self._leaving(bar, opened)
        entering = self._entering(bar)
        for signal, cause in leaving:
            self._act(signal, bar, times, cause)
        gone = {signal.strategy for signal, _ in leaving}
        for signal in entering:
            if signal.symbol == bar.symbol and signal.strategy in gone:
                continue
            # A bar of one symbol may end a long one of another, which is dealt with at its own newest bar.
            newest = self._newest[signal.symbol]["bar"]
            self._act(signal, newest, self._calendar.trading_times(newest), None)
        self._measured = self._equity()
        self._curve.add(bar.close_time, self._measured)

    def result(self):
        equity, books = self._equity(), self._books
        capital = exact(self._capital)
        figures = {
            "currency": self._currency,
            "capital": text(capital),
            "equity": text(equity),
            "realizedProfit": text(books.realized),
            "fees": text(books.fees),
            "returnPercent": float((equity - capital) / capital * 100),
            "maxDrawdownPercent": self._curve.max_drawdown_percent,
            "bars": self._counts["bars"],
            "symbols": len(self._newest),
            "signals": self._counts["signals"],
            "withoutOrder": dict(self._without_order),
            "orders": len(self._orders),
            "filled": sum(order.status == "Filled" for order in self._orders),
            "denied": dict(self._denied),
            "trades": statistics(books.trips),
            "openPositions": len(books.held()),
            "firstBarAt": self._span and iso(self._span[0]),
            "lastBarAt": self._span and iso(self._span[1]),
        }
        orders = [order.told() for order in self._orders]
        return {
            "statistics": figures,
            "fills": self._assumed,
            "orders": orders[:10_000],
            "ordersOmitted": max(0, len(orders) - 10_000),
            "roundTrips": books.trips[:10_000],
            "equity": self._curve.points(),
        }

    def _observe(self, bar, times):
        opened, closed = times
        day = self._calendar.trading_day(opened)[0]
        known = self._newest.get(bar.symbol)
        if known is None:
            previous = None
        else:
            previous = known["previous"] if known["day"] == day else known["bar"].close
        self._newest[bar.symbol] = {"bar": bar, "closed": closed, "day": day, "previous": previous}
        self._now = max(self._now, closed)
        today = self._calendar.trading_day(self._now)[0]
        if today != self._day:
            self._day, self._opening = today, self._measured
            self._history.begin_day()
            self._sold_today = set()
        first, last = self._span or (bar.open_time, bar.close_time)
        self._span = (min(first, bar.open_time), max(last, bar.close_time))
        self._counts["bars"] += 1

    def _settle(self, bar, times):
        opened, _ = times
        self._expire(self._resting, opened)
        for order in self._resting_in(bar.symbol):
            self._meet(order, bar, opened)
        # Bars of other symbols that end with this one are still to come.
        self._expire(self._resting_in(bar.symbol), self._now)

    def _resting_in(self, symbol):
        return [each for each in self._resting if each.symbol == symbol]

    def _expire(self, orders, until):
        for order in [each for each in orders if each.expires_at <= until]:
            self._end(order, "Expired")

    def _end(self, order, status):
        order.status = status
        self._resting.remove(order)

    def _leaving(self, bar, opened):
        found = []
        for position in self._books.held(bar.symbol):
            settings = self._exits[position.strategy]
            spread = self._range(position.strategy, bar.symbol)
            cause = exits.exit_of(position, bar, settings, spread, self._calendar, opened)
            if cause:
                found.append((self._signal(bar, position.strategy, "EXIT"), cause))
        return found

    def _entering(self, bar):
        """Drafts of all strategies, each with the levels that its exit settings make of them."""
        found = []
        for name in self._strategies:
            long_bars = self._long_bars[name]
            long_bars.show(bar)
            # In an auction nothing is decided; what ended there waits.
            if self._calendar.is_auction(bar):
                continue
            for ended in long_bars.ended():
                signal = self._judged(name, ended)
                if signal and not long_bars.too_late(ended, bar):
                    found.append(signal)
        return found

    def _judged(self, name, bar):
        if self._calendar.is_auction(bar):
            return None
        key = (name, bar.symbol)
        self._ranges.setdefault(key, TrueRange(RANGE_BARS)).add(bar)
        if key not in self._judges:
            parameters = self._strategies[name].get("parameters", {})
            self._judges[key] = STRATEGIES[name](parameters, self._calendar)
        draft = self._judges[key].on_bar(bar)
        if draft is None:
            return None
        direction = 1 if draft.action == "BUY" else -1
        stop, target = exits.entry_levels(
            draft.stop, draft.target, self._exits[name], bar.close, direction, self._range(*key)
        )
        own_move = abs(draft.target - bar.close)
        signal = self._signal(bar, name, draft.action)
        return replace(signal, stop=stop, target=target, price=bar.close, own_move=own_move)

    def _range(self, strategy, symbol):
        known = self._ranges.get((strategy, symbol))
        return known.value if known else None

    def _signal(self, bar, strategy, action):
        name = identifier("signal", self._source, strategy, bar.symbol, bar.close_time, action)
        return Signal(name, strategy, bar.symbol, action, bar.close_time)

    def _act(self, signal, bar, times, cause):
        self._counts["signals"] += 1
        reason = self._order_for(signal, bar, times, cause)
        if reason:
            self._without_order[reason] += 1

    def _order_for(self, signal, bar, times, cause):
        """Orders what a signal asks for. Returns why there is no order, or None."""
        position = self._books.position(signal.strategy, signal.symbol)
        held = position.quantity
        product = self._product(position, bar)
        if held == 0:
            if signal.action == "EXIT":
                return "no-position"
            reason = self._refusal(signal, position, bar, product)
            if reason:
                return reason
            side = signal.action
        else:
            side = "SELL" if held > 0 else "BUY"
            if signal.action not in ("EXIT", side):
                return "position-open"
        quoted = bar.quote_for(side)[0] is not None
        at_level = cause is not None and cause.level is not None and not quoted
        if at_level:
            self._cancel_entries(signal, side)
        if any((each.strategy, each.symbol) == (signal.strategy, signal.symbol) for each in self._resting):
            return "order-working"
        price = bar.quote_for(side)[0] or bar.close
        quantity = abs(held) if held != 0 else self._size(signal, bar, price, product)
        if quantity == 0:
            return "size-zero"
        if held == 0 and self._falls_short(signal, bar, quantity, price, product):
            return "edge-below-cost"
        name = identifier("order", signal.id, self._account)
        order = Order(name, signal, side, product, quantity, price, self._now)
        self._enter(order, bar, times, cause, quoted)
        return None

    def _refusal(self, signal, position, bar, product):
        if self._decides_daily(position, bar) and product == "intraday":
            return "after-square-off"
        return exits.refusal(position, self._exits[signal.strategy], self._now, self._calendar, product)

    def _enter(self, order, bar, times, cause, quoted):
        """When and how an order reaches the market: at this bar, or from the next one on."""
        opened, _ = times
        daily = bar.interval_ms >= DAY_MS
        if cause and cause.level is not None and not quoted:
            order.kind, order.level = "STOP", cause.level
            if cause.cause == "target":
                order.kind, order.level = "LIMIT", self._limit(order, cause.level)
            self._send(order, bar, opened, (bar, opened))
        elif cause and not quoted and not daily and self._calendar.session_at(self._now) is None:
            # The close is the only price of the bar that is known to be later than the square-off.
            self._send(order, bar, opened, (replace(bar, open=bar.close), self._now))
        else:
            at = self._now
            if daily and self._calendar.session_at(at) is None:
                at = self._calendar.next_opening(at) or at
            self._send(order, bar, at, (bar, opened) if quoted else None)

    def _limit(self, order, level):
        """The price of the grid that is not worse than a target."""
        price = exact(level)
        step = price_step(self._instruments[order.symbol], price)
        return float(ceiled(price, step) if order.side == "SELL" else floored(price, step))

    def _cancel_entries(self, signal, side):
        for order in list(self._resting):
            mine = (order.strategy, order.symbol) == (signal.strategy, signal.symbol)
            if mine and order.side != side:
                self._end(order, "Canceled")

    def _product(self, position, bar):
        asked = position.product if position.quantity != 0 else None
        asked = asked or self._strategies[position.strategy].get("product")
        if asked:
            return asked
        facts = self._instruments[bar.symbol]
        over_night = self._decides_daily(position, bar)
        for product in PREFERRED:
            if product in facts["products"] and not (over_night and product == "intraday"):
                return product
        return "spot" if facts["assetClass"] == "crypto" else "intraday"

    def _decides_daily(self, position, bar):
        return max(bar.interval_ms, self._long_bars[position.strategy].length) >= DAY_MS

    def _falls_short(self, signal, bar, quantity, price, product):
        multiple = self._strategies[signal.strategy].get("leastEdge", least_edge.DEFAULT)
        facts = self._instruments[bar.symbol]
        rows = self._rows.of(facts, product, self._calendar.trading_date(self._now))
        lot = exact(facts["quantityStep"])
        quotes = (bar.bid, bar.ask)
        return least_edge.falls_short(signal, multiple, quantity, price, quotes, self._assumed, lot, rows)

    def _size(self, signal, bar, price, product):
        equity, gross = self._books.value(self._marks())
        facts = self._instruments[bar.symbol]
        rows = self._rows.of(facts, product, self._calendar.trading_date(self._now))
        return entry_quantity(equity, gross, self._limits, price, signal.stop, facts, rows)

    def _send(self, order, bar, at, meets):
        case = RiskCase(
            order,
            at,
            bar=bar,
            now=self._now,
            age_ms=max(0, self._now - self._newest[bar.symbol]["closed"]),
            calendar=self._calendar,
            instrument=self._instruments[bar.symbol],
            limits=self._limits,
            books=self._books,
            resting=self._resting,
            marks=self._marks(),
            history=self._history,
            previous_close=self._newest[bar.symbol]["previous"],
            opening_equity=self._opening,
            peak=self._peak,
        )
        order.denial = denial_of(case)
        self._peak = max(self._peak, self._equity())
        self._orders.append(order)
        if order.denial:
            order.status = "Denied"
            self._denied[order.denial] += 1
        self._history.add(order)
        if order.denial:
            return
        session = self._calendar.session_at(at)
        order.expires_at = session.end if session else self._calendar.trading_day(at)[1]
        self._resting.append(order)
        if meets:
            self._meet(order, *meets)

    def _meet(self, order, bar, opened):
        facts = self._instruments[bar.symbol]
        quoted = bar.quote_for(order.side)[0] is not None
        fill = self._venue.meet(order, bar, facts)
        if fill:
            at_open = not quoted and order.kind != "LIMIT" and not order.woke
            self._book(order, *fill, facts, opened if at_open else self._now)
        if order.filled == order.quantity:
            self._resting.remove(order)
        elif order.kind == "LIMIT":
            # What of a target a bar does not fill goes with the bar.
            self._end(order, "Canceled")

    def _book(self, order, quantity, price, facts, at):
        if order.filled == 0 and order.side == "SELL":
            order.day_charged = order.symbol in self._sold_today
            self._sold_today.add(order.symbol)
        rows = self._rows.of(facts, order.product, self._calendar.trading_date(self._now))
        lot = exact(facts["quantityStep"])
        cost = lambda: charge_total(rows, lot, order.side, order.filled, order.value, order.day_charged)  # noqa: E731
        before = cost()
        order.filled += quantity
        order.value += quantity * price
        fee = cost() - before
        order.fee = (order.fee or ZERO) + fee
        order.status = "Filled" if order.remaining == 0 else "PartiallyFilled"
        gained, net = self._books.book(order, quantity, price, fee, at, self._calendar.trading_day(at)[0])
        if gained is not None:
            order.realized = (order.realized or ZERO) + gained
        if net is not None:
            self._history.add_trip(order.strategy, net, at)

    def _marks(self):
        return {symbol: known["bar"].close for symbol, known in self._newest.items()}

    def _equity(self):
        return self._books.value(self._marks())[0]
