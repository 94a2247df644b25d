"""Default limits by currency: docs/risk.md, Limits."""

COMMON = {
    "maxOpenOrders": 50,
    "maxOrdersPerDay": 2_000,
    "maxOrdersPerSymbol": 200,
    "maxOrdersPerMinute": 120,
    "maxOrderBurst": 60,
    "maxDrawdownPercent": 10,
    "maxLosingStreak": 10,
    "losingStreakPauseMs": 600_000,
    "exitPauseMs": 60_000,
    "maxPriceAgeMs": 5_000,
    "priceCollarPercent": 3,
    "priceBandPercent": 20,
}

_NAMES = (
    "maxOrderQuantity",
    "maxOrderNotional",
    "freezeQuantity",
    "maxPositionQuantity",
    "maxSymbolNotional",
    "maxStrategyNotional",
    "maxGrossExposure",
    "maxNetExposure",
    "maxDailyLoss",
)
_ANY = 10**12

DEFAULTS = {
    "INR": dict(zip(_NAMES, (50_000, 200_000, 100_000, 100_000, 200_000, 1_000_000, 1_000_000, 1_000_000, 50_000))),
    "USDT": dict(zip(_NAMES, (_ANY, 20_000, _ANY, _ANY, 20_000, 100_000, 100_000, 100_000, 5_000))),
    "USD": dict(zip(_NAMES, (10_000, 20_000, 100_000, 20_000, 20_000, 100_000, 100_000, 100_000, 5_000))),
}


def limits_of(currency, changes):
    return {**COMMON, **DEFAULTS[currency], **changes}
