"""What is told by one program and not by the other: texts of decimals and counts exactly, floats to 1e-9 of their size."""

FLOAT_TOLERANCE = 1e-9
FLOATS = {
    "quantity",
    "averagePrice",
    "entryPrice",
    "exitPrice",
    "returnPercent",
    "bestExcursionPercent",
    "worstExcursionPercent",
    "averageBestExcursionPercent",
    "averageWorstExcursionPercent",
    "averageHoldingMs",
    "maxDrawdownPercent",
    "profitFactor",
    "winRate",
}


def differences(theirs, ours, path=""):
    """Pairs of a place and what both say there."""
    name = path.rsplit(".", 1)[-1]
    if name == "rejection":
        theirs = theirs and theirs["code"]
    if isinstance(theirs, dict) and isinstance(ours, dict):
        for key in sorted(theirs.keys() | ours.keys()):
            yield from differences(theirs.get(key), ours.get(key), f"{path}.{key}" if path else key)
    elif isinstance(theirs, list) and isinstance(ours, list):
        if len(theirs) != len(ours):
            yield f"{path}.length", len(theirs), len(ours)
        for place, (one, other) in enumerate(zip(theirs, ours)):
            yield from differences(one, other, f"{path}.{place}")
    elif name in FLOATS and None not in (theirs, ours):
        if abs(theirs - ours) > FLOAT_TOLERANCE * max(1e-300, abs(theirs), abs(ours)):
            yield path, theirs, ours
    elif theirs != ours:
        yield path, theirs, ours
