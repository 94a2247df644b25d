"""What a trade costs: docs/charges.md. The rows come from the platform's files, which are data with sources."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from amounts import ZERO, exact

SEGMENTS = {"stock": "equity", "crypto": "crypto", "future": "futures", "option": "options"}


class ChargeRows:
    """The rows of a plan, and of the exchanges."""

    def __init__(self, files, plan):
        tariff, name = plan.split("/")
        self._levies = [file for file in files if file["kind"] == "levies"]
        self._tariff = next(file for file in files if file["kind"] == "tariff" and file["id"] == tariff)
        self._rates = next(each["rates"] for each in self._tariff["plans"] if each["id"] == name)
        self._known = {}

    def of(self, instrument, product, date):
        """Rows of a day, each with its rounding."""
        key = (instrument["symbol"], product, date)
        if key not in self._known:
            self._known[key] = self._find(instrument, product, date)
        return self._known[key]

    def _find(self, instrument, product, date):
        exchange = instrument["exchange"]
        segment = SEGMENTS[instrument["assetClass"]]
        sources = [(self._tariff["rounding"], self._rates)]
        sources += [(file["rounding"], file["rates"]) for file in self._levies if exchange in file["exchanges"]]
        found = []
        for rounding, rates in sources:
            rows = [row for row in rates if segment in row["segments"] and product in row["products"]]
            now = [row for row in rows if row["from"] <= date and (row["to"] is None or date <= row["to"])]
            missing = {row["item"] for row in rows} - {row["item"] for row in now}
            if missing:
                raise ValueError(f"no row of {missing} covers {date}")
            found += [{**row, "rounding": rounding} for row in now]
        return found


def charge_total(rows, lot_size, side, quantity, value, day_charged):
    """Sum of the charges of what of an order is filled.

    quantity, value -- what is filled, and its value (quantity times price)
    day_charged -- an earlier sale of the day has carried what is charged once
    """
    if quantity == 0:
        return ZERO
    mine = [row for row in rows if row.get("side", side) == side and not (row.get("oncePerDay") and day_charged)]
    items = {}
    for row in mine:
        if "of" not in row:
            _add(items, row, _amount(row, lot_size, quantity, value))
    for row in mine:
        if "of" in row:
            _add(items, row, sum((items.get(item, ZERO) for item in row["of"]), ZERO) * exact(row["rate"]))
    return sum(items.values(), ZERO)


def _amount(row, lot_size, quantity, value):
    figure = lambda name: exact(row.get(name, 0))  # noqa: E731
    lots = quantity / lot_size if lot_size else ZERO
    amount = value * figure("rate") + figure("perOrder") + quantity * figure("perUnit") + lots * figure("perLot")
    amount = max(amount, quantity * figure("leastPerUnit"))
    return min(amount, figure("mostPerOrder")) if "mostPerOrder" in row else amount


def _add(items, row, amount):
    unit = exact(row["rounding"]["to"])
    way = ROUND_CEILING if row["rounding"]["mode"] == "up" else ROUND_HALF_UP
    rounded = (amount / unit).quantize(Decimal(1), rounding=way) * unit
    items[row["item"]] = items.get(row["item"], ZERO) + rounded
