"""Exact amounts: decimals of 40 digits, rounded half to even where a division does not end."""

import decimal
import json
from decimal import Decimal

decimal.setcontext(decimal.Context(prec=40, rounding=decimal.ROUND_HALF_EVEN))

ZERO = Decimal(0)


def exact(value):
    """A number of a file or a bar as the decimal that it is written as: 0.1 is exactly 0.1."""
    if isinstance(value, Decimal):
        return value
    return Decimal(value if isinstance(value, (str, int)) else repr(value))


def text(amount):
    """The plain decimal text of an amount: no exponent, no zeros at the end."""
    if amount == 0:
        return "0"
    plain = format(amount, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def places(amount, count):
    """An amount with at most so many decimals, half to even."""
    return amount.quantize(Decimal(1).scaleb(-count), rounding=decimal.ROUND_HALF_EVEN)


def floored(amount, step):
    """The largest multiple of a step that is not above an amount."""
    return (amount / step).to_integral_value(rounding=decimal.ROUND_FLOOR) * step


def ceiled(amount, step):
    """The smallest multiple of a step that is not below an amount."""
    return (amount / step).to_integral_value(rounding=decimal.ROUND_CEILING) * step


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)
