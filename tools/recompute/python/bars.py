"""A bar of recorded trading."""

from dataclasses import dataclass
from typing import Optional


@dataclass
class Bar:
    symbol: str
    interval_ms: int
    open_time: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    bid: Optional[float] = None
    bid_quantity: Optional[float] = None
    ask: Optional[float] = None
    ask_quantity: Optional[float] = None

    @property
    def close_time(self):
        return self.open_time + self.interval_ms

    def quote_for(self, side):
        """Price and size that an order of a side meets; None where nobody quotes."""
        return (self.ask, self.ask_quantity) if side == "BUY" else (self.bid, self.bid_quantity)
