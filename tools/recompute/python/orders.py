"""Orders of a run and what the risk rules want to know of earlier ones."""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Optional

from amounts import ZERO, text
from time_zones import iso


def identifier(*parts):
    """A UUID (RFC 9562, version 8) of the SHA-256 of the parts as a JSON array."""
    joined = json.dumps(parts, separators=(",", ":"), ensure_ascii=False)
    digest = bytearray(hashlib.sha256(joined.encode("utf-8")).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    figures = digest.hex()
    return "-".join((figures[:8], figures[8:12], figures[12:16], figures[16:20], figures[20:]))


@dataclass
class Signal:
    id: str
    strategy: str
    symbol: str
    action: str
    bar_time: int
    stop: Optional[float] = None
    target: Optional[float] = None
    price: float = 0.0
    own_move: Optional[float] = None


@dataclass
class Order:
    """kind -- MARKET, STOP or LIMIT; level -- trigger or limit; `awake`: a stop whose trigger was reached"""

    id: str
    signal: Signal
    side: str
    product: str
    quantity: Decimal
    decision_price: float
    created_at: int
    kind: str = "MARKET"
    level: Optional[float] = None
    expires_at: int = 0
    awake: bool = False
    woke: bool = False
    status: str = "Accepted"
    denial: Optional[str] = None
    filled: Decimal = ZERO
    value: Decimal = ZERO
    fee: Optional[Decimal] = None
    realized: Optional[Decimal] = None
    day_charged: bool = False

    @property
    def strategy(self):
        return self.signal.strategy

    @property
    def symbol(self):
        return self.signal.symbol

    @property
    def stop(self):
        return self.signal.stop

    @property
    def target(self):
        return self.signal.target

    @property
    def remaining(self):
        return self.quantity - self.filled

    def told(self):
        """The order as the platform tells it."""
        return {
            "id": self.id,
            "signalId": self.signal.id,
            "symbol": self.symbol,
            "strategy": self.strategy,
            "side": self.side,
            "quantity": float(self.quantity),
            "status": self.status,
            "averagePrice": float(self.value / self.filled) if self.filled else None,
            "fee": None if self.fee is None else text(self.fee),
            "realized": None if self.realized is None else text(self.realized),
            "rejection": self.denial,
            "createdAt": iso(self.created_at),
        }


class History:
    """Orders and losses of the trading day, and the signals of all of the run."""

    def __init__(self):
        self.today = []
        self.streaks = {}
        self._signals = set()
        self._bars = set()

    def begin_day(self):
        self.today, self.streaks, self._bars = [], {}, set()

    def duplicate(self, order):
        if order.signal.id in self._signals:
            return "DUPLICATE_SIGNAL"
        return "DUPLICATE_BAR" if _bar_of(order) in self._bars else None

    def add(self, order):
        self._signals.add(order.signal.id)
        if order.status != "Denied":
            self._bars.add(_bar_of(order))
            self.today.append((order.symbol, order.created_at))

    def add_trip(self, strategy, net, at):
        if net:
            losses = self.streaks.get(strategy, (0, None))[0]
            self.streaks[strategy] = (losses + 1, at) if net < 0 else (0, None)


def _bar_of(order):
    return (order.strategy, order.symbol, order.signal.bar_time, order.side)
