"""Odoo's own tests, with our addon installed and without: the results must be the same.

    python -m tests.odoo_suites REPORTS [--wide] [SUITE …]      (script/test --full calls it)

In an English database without demo data, as these tests expect. Copies of both databases are made from templates that
stay until the addon or Odoo changes. `--wide` adds the long suites of mail, project and hr_holidays.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

CHECKOUT = Path(__file__).resolve().parents[1]
HOUSE = CHECKOUT / ".odoo"
ADDONS = HOUSE / "root/usr/lib/python3/dist-packages/odoo/addons"

# What a company may have beside us, and the module that holds the tests of `resource`.
BESIDE = "hr,calendar,resource,project,hr_holidays,test_resource"
SUITES = {
    "hr": ["hr/tests"],
    "resource": ["test_resource/tests"],
    "calendar": ["calendar/tests"],
    "test_lint": ["test_lint/tests"],
    "click_everywhere": ["web/tests/test_click_everywhere.py"],
}
WIDE = {"mail": ["mail/tests"], "project": ["project/tests"], "hr_holidays": ["hr_holidays/tests"]}


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, **options)


def configuration(ours):
    """Our configuration; without us also without our folder. With us a folder with a copy of the addon and nothing else:
    test_lint reads the whole folder, and in the checkout it would find .odoo/.
    """
    lines = [line for line in (HOUSE / "odoo.conf").read_text().splitlines() if not line.startswith("addons_path")]
    if ours:
        folder = HOUSE / "suites_addons"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(CHECKOUT / "ops_handbook", folder / "ops_handbook", ignore=shutil.ignore_patterns("__pycache__"))
        lines.insert(1, f"addons_path = {folder}")
    text = "\n".join(lines)
    path = HOUSE / f"odoo_suites_{'with' if ours else 'without'}.conf"
    path.write_text(text)
    return path


def make_database(name, config, modules, template=None):
    run("dropdb", "--if-exists", name)
    if template:
        run("createdb", "-T", template, name)
        run("cp", "-al", HOUSE / "data/filestore" / template, HOUSE / "data/filestore" / name)
    log = HOUSE / "log" / f"{name}.log"
    with log.open("w") as output:
        done = subprocess.run(
            ["odoo", "-c", str(config), "-d", name, "-i", modules, "--no-http", "--stop-after-init", "--max-cron-threads=0"],
            stdout=output, stderr=output, check=False)
    if done.returncode:
        sys.exit(f"{modules} could not be installed into {name}:\n{log.read_text()[-3000:]}")


def drop(name):
    subprocess.run([CHECKOUT / "script/database", "drop", name], check=False)


def results(suite, paths, database, config, reports, alone=()):
    """Run a suite and return {test: "passed" | "failed" | "skipped"}; `alone` names the methods to run, one by one."""
    report = reports / f"suite_{database}_{suite}{'_alone' if alone else ''}.junit"
    jobs = [] if alone or suite in ("click_everywhere", "test_lint") else ["-n", "2", "--dist", "loadscope"]
    if alone:
        jobs += ["-k", " or ".join(alone)]
    command = [
        sys.executable, "-m", "pytest", "-q", "--color=no", "--tb=short", f"--junitxml={report}",
        f"--odoo-config={config}", f"--odoo-database={database}", "--odoo-http", "--odoo-log-level=error",
        "--odoo-extra", "http-interface=127.0.0.1", "--odoo-extra", "max-cron-threads=0",
        *jobs, *(str(ADDONS / path) for path in paths),
    ]
    with report.with_suffix(".log").open("w") as output:
        subprocess.run(command, cwd=HOUSE, stdout=output, stderr=output, env={**os.environ, "ODOO_RC": str(config)}, check=False)
    outcome = {}
    if report.exists():
        for case in ElementTree.parse(report).iter("testcase"):
            bad = case.find("failure") is not None or case.find("error") is not None
            state = "failed" if bad else "skipped" if case.find("skipped") is not None else "passed"
            key = f"{case.get('classname')}.{case.get('name')}"
            outcome[key] = "failed" if "failed" in (state, outcome.get(key)) else state
    return outcome


def compare(without, with_us):
    """Sentences about tests that passed without us and do not with us."""
    if not without:
        return ["no test ran without us: see the log"]
    return [f"{test}: passed without us, {with_us.get(test, 'missing')} with us"
            for test, state in sorted(without.items()) if state == "passed" and with_us.get(test) != "passed"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("reports", type=Path)
    parser.add_argument("--wide", action="store_true")
    parser.add_argument("suites", nargs="*")
    options = parser.parse_args()
    options.reports.mkdir(parents=True, exist_ok=True)
    chosen = SUITES | (WIDE if options.wide else {})
    chosen = {name: paths for name, paths in (SUITES | WIDE).items() if name in options.suites} if options.suites else chosen

    run_id = os.getpid()
    names = {"without": f"ops_suite_{run_id}_without", "with": f"ops_suite_{run_id}_with"}
    configs = {"without": configuration(False), "with": configuration(True)}
    root = ElementTree.Element("testsuite", name="odoo_suites", errors="0", skipped="0")
    failures = 0
    try:
        print("→ two databases: what a company may have, and the same with us", flush=True)
        make_database(names["without"], configs["without"], BESIDE)
        make_database(names["with"], configs["with"], "ops_handbook", names["without"])
        for suite, paths in chosen.items():
            found = {}
            for side in ("without", "with"):
                started = time.monotonic()
                found[side] = results(suite, paths, names[side], configs[side], options.reports)
                states = list(found[side].values())
                print(f"  {suite} {side} us: {states.count('passed')} passed, {states.count('failed')} failed, "
                      f"{states.count('skipped')} skipped ({time.monotonic() - started:.0f} s)", flush=True)
            differences = compare(found["without"], found["with"])
            if differences and found["with"]:
                # Two at once on two cores, a tour may run out of time: what fails alone as well is a difference.
                names_again = {line.split(":")[0].rsplit(".", 1)[-1] for line in differences}
                found["with"] |= results(suite, paths, names["with"], configs["with"], options.reports, names_again)
                differences = compare(found["without"], found["with"])
            case = ElementTree.SubElement(root, "testcase", classname="odoo_suites", name=suite)
            if differences:
                failures += 1
                ElementTree.SubElement(case, "failure").text = "\n".join(differences)
                print("\n".join(f"    {line}" for line in differences), flush=True)
    finally:
        for name in names.values():
            drop(name)
    root.set("tests", str(len(chosen)))
    root.set("failures", str(failures))
    suites = ElementTree.Element("testsuites")
    suites.append(root)
    ElementTree.ElementTree(suites).write(options.reports / "odoo_suites.xml")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
