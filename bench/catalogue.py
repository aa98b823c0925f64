"""How long a search of the catalogue takes, as typed, with an error and as a question, beside the same answer without a search.

Run `python -m bench.catalogue [--quick]`. In memory, no database; what is measured is the use case behind `GET /v1/matters`, with
its answer encoded. The yardstick is the page of a stage, which compares no text. The target is a 99th percentile of 15 ms.
"""

import json
import sys
from functools import partial
from typing import Final

import msgspec

from bench.turns import in_turns, median, worst
from lifecycle.catalogue.index import Filter
from lifecycle.catalogue.published import from_files

TARGET_MS: Final = 15.0
QUERIES: Final = (
    *("疫苗", "gongjijin", "jhdj", "pension", "孩子上小学", "刚搬家"),
    *("公积金贷歀", "gongjijn", "vacination", "我丢了工作怎么办", "被裁员了能领钱吗", "老人去世了要办什么"),
)


def answer(wanted: Filter) -> bytes:
    """One page of the list, as it goes over the wire."""
    return msgspec.json.encode(from_files().page(wanted, None, 20))


def main() -> None:
    """Measure and print; the exit code says whether the target is met."""
    times = 20 if "--quick" in sys.argv else 100
    acts = {query: partial(answer, Filter(words=query)) for query in QUERIES}
    took = in_turns({**acts, "": partial(answer, Filter(stage="birth"))}, rounds=3, times=times)
    yardstick = took.pop("")
    for query, each in took.items():
        print(f"{query:12} p50 {median(each):6.2f} ms, p99 {worst(each):6.2f} ms")
    ours = sorted(one for each in took.values() for one in each)
    print(f"page of a stage p50 {median(yardstick):6.2f} ms, p99 {worst(yardstick):6.2f} ms")
    found = {"ours": round(median(ours), 3), "yardstick": round(median(yardstick), 3)}
    summary = {"bench": "catalogue", **found, "yardstick_name": "page of a stage, no search"}
    measured = {
        "ratio": round(found["ours"] / found["yardstick"], 2),
        "p50_ms": found["ours"],
        "p99_ms": round(worst(ours), 3),
    }
    print(json.dumps({**summary, **measured, "target_ms": TARGET_MS, "met": worst(ours) <= TARGET_MS}))
    raise SystemExit(worst(ours) > TARGET_MS)


if __name__ == "__main__":
    main()
