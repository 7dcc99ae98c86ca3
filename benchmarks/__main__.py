"""script/bench [--check] [--write] [ROW …]

--check   exit with an error when a target is missed
--write   put the table into docs/developers/benchmarks.md, with date and commit
"""

import argparse
import datetime
import os
import platform
import subprocess
import sys
import traceback

from . import rows  # noqa: F401  registers the rows
from .harness import CHECKOUT, ROWS, Bench

HEAD = "| row | ratio | target | | figures |\n|---|---|---|---|---|"


def commit():
    text = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=CHECKOUT, capture_output=True, text=True).stdout
    return text.strip() or "unknown"


def machine():
    return f"{os.cpu_count()} cores, Python {platform.python_version()}"


def write(lines):
    page = CHECKOUT / "docs" / "developers" / "benchmarks.md"
    text = page.read_text(encoding="utf-8") if page.exists() else "# Figures\n\n<!-- table -->\n<!-- end -->\n"
    before, _, rest = text.partition("<!-- table -->")
    _, _, after = rest.partition("<!-- end -->")
    stamp = f"Measured on {datetime.date.today().isoformat()} at {commit()}, {machine()}."
    page.write_text(f"{before}<!-- table -->\n{stamp}\n\n{HEAD}\n" + "\n".join(lines) + f"\n<!-- end -->{after}", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("--check", action="store_true", help="fail when a target is missed")
    parser.add_argument("--write", action="store_true", help="write the table into docs/developers/benchmarks.md")
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"of {', '.join(ROWS)}; default: all")
    options = parser.parse_args()
    unknown = set(options.rows) - set(ROWS)
    if unknown:
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    bench, results, broken = Bench(), [], []
    print("preparing a database with the addon and project …", flush=True)
    try:
        bench.prepare()
        print(HEAD, flush=True)
        for name in options.rows or ROWS:
            try:
                results.append(ROWS[name](bench))
                print(results[-1].line(), flush=True)
            except Exception:
                broken.append(name)
                traceback.print_exc()
    finally:
        bench.close()
    if options.write:
        write([result.line() for result in results])
    missed = [result.name for result in results if not result.ok]
    print(f"{len(results) - len(missed)} met, {len(missed)} missed{': ' + ', '.join(missed) if missed else ''}"
          + (f"; broken: {', '.join(broken)}" if broken else ""))
    return 1 if broken or (options.check and missed) else 0


if __name__ == "__main__":
    sys.exit(main())
