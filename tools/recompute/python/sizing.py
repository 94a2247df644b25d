"""How much is entered: docs/risk.md, Position sizing."""

from amounts import ZERO, exact, floored
from charges import charge_total

RISK_SHARE = exact("0.0005")
BUYING_POWER_SHARE = exact("0.98")


def entry_quantity(equity, gross, limits, price, stop, instrument, rows):
    """Most whole lots whose loss at the stop, charges of both ways included, is a twentieth of a percent of equity, within all caps."""
    lot = exact(instrument["quantityStep"])
    price = exact(price)
    quantities = ("maxQuantity", "maxMarketQuantity", "freezeQuantity")
    bounds = [exact(instrument[name]) for name in quantities if instrument[name] is not None]
    bounds += [exact(limits["maxOrderQuantity"]), exact(limits["freezeQuantity"])]
    bounds += [exact(limits["maxOrderNotional"]) / price, exact(limits["maxSymbolNotional"]) / price]
    bounds.append((equity - gross) * BUYING_POWER_SHARE / price)
    if stop is not None:
        distance = abs(price - exact(stop))
        if distance == 0:
            return ZERO
        bounds.append(equity * RISK_SHARE / distance)
    quantity = max(floored(min(bounds), lot), ZERO)
    if stop is not None:
        quantity = _within_risk(quantity, lot, price, distance, equity * RISK_SHARE, rows)
    least = exact(instrument["minQuantity"] or 0)
    enough = quantity >= least and quantity * price >= exact(instrument["minNotional"] or 0)
    return quantity if enough else ZERO


def _within_risk(most, lot, price, distance, budget, rows):
    def loss(quantity):
        both = (charge_total(rows, lot, side, quantity, quantity * price, False) for side in ("BUY", "SELL"))
        return quantity * distance + sum(both, ZERO)

    low, high = 0, int(most / lot) + 1
    while high - low > 1:
        middle = (low + high) // 2
        if loss(middle * lot) <= budget:
            low = middle
        else:
            high = middle
    return low * lot
