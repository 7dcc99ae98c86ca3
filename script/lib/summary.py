"""Count the tests of all parts of a run: junit files, and `plain` with one line "STATUS NAME" per part without one.

Prints `N passed, N failed` as the last line and ends with 1 when anything failed or nothing ran.
"""

import sys
from pathlib import Path
from xml.etree import ElementTree


def count(folder):
    passed = failed = skipped = 0
    for report in sorted(folder.glob("*.xml")):
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            total, bad, skip = (int(suite.get(key, 0)) for key in ("tests", "failures", "skipped"))
            bad += int(suite.get("errors", 0))
            passed += total - bad - skip
            failed += bad
            skipped += skip
    plain = folder / "plain"
    if plain.exists():
        for line in plain.read_text().splitlines():
            ok = line.startswith("0 ")
            passed += ok
            failed += not ok
    return passed, failed, skipped


passed, failed, skipped = count(Path(sys.argv[1]))
if skipped:
    print(f"{skipped} skipped")
print(f"{passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
