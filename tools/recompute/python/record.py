"""Recomputed figures in short, for a test that runs where there is no Python."""

import hashlib
import json

RECORDED = ("binance-day", "us-daily")


def row_of(run, name, result):
    """A run with the figures that both programs tell as exact text."""
    told = result["statistics"]
    exact = [
        [_pick(order, "id symbol side status createdAt fee realized rejection") for order in result["orders"]],
        [
            _pick(trip, "symbol direction openedAt closedAt grossProfit charges netProfit")
            for trip in result["roundTrips"]
        ],
        [_pick(point, "at equity") for point in result["equity"]],
    ]
    joined = json.dumps(exact, separators=(",", ":"), ensure_ascii=False)
    return {
        "name": run["name"],
        "recording": name,
        "request": run["request"],
        "figures": {
            **{field: told[field] for field in ("signals", "orders", "filled")},
            "roundTrips": len(result["roundTrips"]),
            **{field: told[field] for field in ("realizedProfit", "fees", "equity")},
            "maxDrawdownPercent": f"{told['maxDrawdownPercent']:.9f}",
            "digest": hashlib.sha256(joined.encode("utf-8")).hexdigest()[:16],
        },
    }


def _pick(row, names):
    return [row[name] for name in names.split()]
