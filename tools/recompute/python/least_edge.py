"""Whether an entry is worth its costs: docs/strategies.md, Least edge."""

from amounts import ZERO, exact
from charges import charge_total

DEFAULT = 2


def falls_short(signal, multiple, quantity, price, quotes, assumed, lot, rows):
    """True when the expected move is worth less than so many times what entering and leaving cost.

    quotes -- bid and ask; None where nobody quotes
    """
    if signal.target is not None:
        move = abs(exact(signal.target) - exact(signal.price))
    elif signal.own_move is not None:
        move = exact(signal.own_move)
    else:
        return False
    price = exact(price)
    value = quantity * price
    bid, ask = quotes
    if bid is None or ask is None:
        spread = value * 2 * exact(assumed["halfSpreadBps"]) / 10_000
    else:
        spread = max(ZERO, exact(ask) - exact(bid)) * quantity
    slippage = value * 2 * exact(assumed["slippageBps"]) / 10_000
    charges = sum((charge_total(rows, lot, side, quantity, value, False) for side in ("BUY", "SELL")), ZERO)
    return move * quantity < (charges + spread + slippage) * exact(multiple)
