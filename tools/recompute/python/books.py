"""Cash, positions and profit of an account: docs/portfolio.md."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Optional

from amounts import ZERO, exact, places
from round_trips import Trip


@dataclass
class Position:
    """What a strategy holds of a symbol, and what it remembers of it when flat."""

    strategy: str
    symbol: str
    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    product: Optional[str] = None
    stop: Optional[float] = None
    target: Optional[float] = None
    opened_at: Optional[int] = None
    last_exit_at: Optional[int] = None
    day: int = 0
    entries: int = 0
    trip: Optional[Trip] = None
    trail: dict = field(default_factory=dict)

    @property
    def average_price(self):
        return self.cost / self.quantity


class Books:
    def __init__(self, account, capital):
        self.account = account
        self.cash = exact(capital)
        self.realized = ZERO
        self.fees = ZERO
        self.trips = []
        self._positions = {}
        self._held = {}

    def position(self, strategy, symbol):
        key = (strategy, symbol)
        if key not in self._positions:
            self._positions[key] = Position(strategy, symbol)
        return self._positions[key]

    def held(self, symbol=None):
        """Open positions, in the order in which they were opened."""
        return [each for each in self._held.values() if symbol in (None, each.symbol)]

    def observe(self, bar, opened_at):
        for position in self.held(bar.symbol):
            position.trip.observe(bar, opened_at)

    def book(self, order, quantity, price, fee, at, day):
        """Books a fill. Returns the profit of what it closed before its fee, and the net profit of the round trip
        that it ended; each None when there is none."""
        position = self.position(order.strategy, order.symbol)
        signed = quantity if order.side == "BUY" else -quantity
        was = position.quantity
        opens = was == 0
        adds = opens or (was > 0) == (signed > 0)
        gained = None
        if adds:
            position.cost += signed * price
        else:
            if abs(signed) > abs(was):
                raise ValueError("a fill through zero: an order closes what is held, and no more")
            share = position.cost if signed == -was else places(position.cost * -signed / was, 12)
            gained = -signed * price - share
            position.cost -= share
            self.realized += gained
        position.quantity += signed
        self.cash -= signed * price + fee
        self.fees += fee
        self._remember(position, order, opens, at, day)
        self._follow_trip(position, order, adds, quantity, price, fee, at)
        ended = not adds and position.quantity == 0
        return gained, exact(self.trips[-1]["netProfit"]) if ended else None

    def value(self, marks):
        """Equity and gross exposure at prices by symbol."""
        values = [each.quantity * exact(marks[each.symbol]) for each in self.held()]
        return self.cash + sum(values, ZERO), sum((abs(each) for each in values), ZERO)

    def _remember(self, position, order, opens, at, day):
        key = (position.strategy, position.symbol)
        if position.day != day:
            position.day, position.entries = day, 0
        if opens:
            position.product, position.stop, position.target = order.product, order.stop, order.target
            position.opened_at, position.entries = at, position.entries + 1
            self._held[key] = position
        if position.quantity == 0:
            position.last_exit_at, position.opened_at = at, None
            del self._held[key]

    def _follow_trip(self, position, order, is_entry, quantity, price, fee, at):
        if position.trip is None:
            position.trip = Trip(order.side, quantity, price, fee, at)
            return
        position.trip.add(is_entry, quantity, price, fee)
        if position.quantity == 0:
            self.trips.append(position.trip.closed(self.account, position.strategy, position.symbol, at))
            position.trip = None
