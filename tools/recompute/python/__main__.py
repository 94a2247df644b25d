"""python3 tools/recompute/python <folder of the platform's runs> <folder of recorded data> [<file for recomputed figures>]

Recomputes every run from the recordings, and compares. Exits with 1 when anything differs.
"""

import json
import sys
from pathlib import Path

from amounts import read_json
from backtest import Backtest
from binance_bars import binance_bars
from compare import differences
from lean_bars import daily_bars, minute_bars
from market_calendar import MarketCalendar
from record import RECORDED, row_of

CALENDARS = {"replay": "CRYPTO", "binance": "CRYPTO", "alpaca": "US_EQUITY", "truedata": "NSE_EQUITY"}
MOST_SHOWN = 10


def main(runs, data, record=None):
    facts = read_json(runs / "facts.json")
    calendars = {file["id"]: file for file in facts["calendars"]}
    recorded = {}
    rows = []
    failed = 0
    print(f"{'run':<31} {'bars':>6} {'orders':>6} {'denied':>6} {'fills':>6} {'trips':>6}  {'equity':<24} result")
    for path in sorted(path for path in runs.glob("*.json") if path.name != "facts.json"):
        run = read_json(path)
        recording = run["recording"]
        calendar = MarketCalendar(calendars[CALENDARS[recording["source"]]])
        key = json.dumps(recording)
        if key not in recorded:
            recorded[key] = _bars(data, recording, calendar)
        backtest = Backtest(recording["source"], calendar, run["request"], run["instruments"], facts["charges"])
        for bar in recorded[key]:
            backtest.take(bar)
        ours = backtest.result()
        found = list(differences(run["result"], ours))
        failed += bool(found)
        _show(run["name"], ours, found)
        rows += [row_of(run, name, ours) for name in RECORDED if run["name"].startswith(name)]
    if record:
        record.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    print(f"{'Equal' if failed == 0 else f'{failed} runs differ'}.")
    return 1 if failed else 0


def _bars(data, recording, calendar):
    if recording["kind"] == "binance-frames":
        return binance_bars(data, recording["files"])
    read = daily_bars if recording["kind"] == "lean-daily" else minute_bars
    return read(data, recording, calendar)


def _show(name, result, found):
    told = result["statistics"]
    denied = sum(told["denied"].values())
    filled = sum(order["averagePrice"] is not None for order in result["orders"])
    counts = f"{told['bars']:>6} {told['orders']:>6} {denied:>6} {filled:>6} {told['trades']['trades']:>6}"
    print(f"{name:<31} {counts}  {told['equity']:<24} {f'{len(found)} differ' if found else 'equal'}")
    for place, theirs, ours in found[:MOST_SHOWN]:
        print(f"    {place}: the platform says {theirs!r}, recomputed {ours!r}")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    sys.exit(main(*map(Path, sys.argv[1:])))
