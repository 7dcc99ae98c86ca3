"""Nonsense over real HTTP: every public method, and the pages without a login. The greater part of these calls is made in the
process, see ops_handbook/tests/test_fuzz.py; here it is shown that the way there says the same."""

import importlib.util
import json
import os
import re
import time
from pathlib import Path

import pytest
import requests

from .support import company as companies
from .support.client import RpcError
from .support.server import sql

# the same calls each time, so that a run that fails fails again; OPS_FUZZ_SEED=0 looks for new ones
SEED = int(os.environ.get("OPS_FUZZ_SEED") or 1) or int(time.time())
FILE = Path(__file__).parents[1] / "ops_handbook" / "tests" / "fuzz.py"
CLEAN = {
    f"odoo.exceptions.{name}" for name in
    ("UserError", "AccessError", "ValidationError", "MissingError", "AccessDenied", "RedirectWarning", "LockError", "ConcurrencyError")
}
ROLES = ("employee", "head", "operations", "gmoffice", "opsadmin")
DOORS = ("/ops/report/{}", "/ops/follow/{}", "/ops/minutes/{}", "/ops/report/{}/x", "/ops/{}")

LIST = """
import json
from odoo.addons.ops_handbook.tests.fuzz import parameters_of
from odoo.addons.ops_handbook.tests.test_fuzz import public_methods
found = []
for model, method, shared in public_methods(env):
    function = getattr(env.registry[model], method)
    records = env[model].sudo()
    ids = records.search([], limit=30).ids if not records._abstract else []
    if not shared:
        found.append([model, method, parameters_of(function), bool(getattr(function, "_api_model", False)), ids])
print("FUZZ" + json.dumps(found))
"""


@pytest.fixture(scope="module")
def company(new_server):
    return new_server("company")


@pytest.fixture(scope="module")
def fuzz():
    spec = importlib.util.spec_from_file_location("ops_fuzz", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def methods(company):
    told = companies.shell(company.database, LIST)
    return json.loads(re.search(r"FUZZ(.*)", told)[1])


def call_methods(company, rpc, fuzz, methods, count):
    wrong = []
    for number in range(count):
        fuzzer = fuzz.Fuzzer(f"{SEED}/{number}", [record for *_rest, ids in methods for record in ids][:200])
        model, method, parameters, of_model, ids = fuzzer.random.choice(methods)
        positional, named = fuzzer.arguments(parameters)
        args = positional if of_model else [fuzzer.id_list(ids), *positional]
        role = fuzzer.random.choice(ROLES)
        try:
            rpc(role, on=company).call(model, method, *args, **named)
        except RpcError as error:
            if error.name not in CLEAN:
                wrong.append(f"#{number} {role} {model}.{method}({str(args)[:200]}): {error.debug[-600:]}")
        except (requests.exceptions.InvalidJSONError, UnicodeEncodeError):
            continue  # what no client can send
    assert not wrong, f"seed {SEED}: {len(wrong)} of {count} calls\n" + "\n".join(wrong[:10])


def knock(company, fuzz, count):
    """Ask for the pages without a login, with whatever somebody may type or post."""
    sql(company.database, "INSERT INTO ir_config_parameter (key, value) SELECT 'ops_handbook.door_limit_' || k, '100000'"
                          " FROM unnest(ARRAY['client', 'place', 'all']) k ON CONFLICT DO NOTHING")
    wrong = []
    names = ("description", "form_token", "category", "photos", "found_on", "answer", "name", "csrf_token", "contact", "nonce")
    for number in range(count):
        fuzzer = fuzz.Fuzzer(f"{SEED}/door/{number}")
        text = lambda: str(fuzzer.value()).encode("utf-8", "replace").decode()  # noqa: B023, E731
        url = company.url + fuzzer.random.choice(DOORS).format(requests.utils.quote(text()[:300], safe=""))
        data = {fuzzer.random.choice(names): text() for _ in range(fuzzer.random.randrange(5))}
        if fuzzer.random.random() < 0.5:
            answer = requests.get(url, params=data, timeout=60, allow_redirects=False)
        else:
            files = {"photos": (text()[:50] or "x", text().encode(), "image/jpeg")} if fuzzer.random.random() < 0.5 else None
            answer = requests.post(url, data=data, files=files, timeout=60, allow_redirects=False)
        if answer.status_code >= 500 or "Traceback" in answer.text:
            wrong.append(f"#{number} {url[:200]} {str(data)[:200]}: {answer.status_code}")
    assert not wrong, f"seed {SEED}: {len(wrong)} of {count} visits\n" + "\n".join(wrong[:10])


def fuzz_all(company, rpc, fuzz, methods, count):
    rows = "SELECT count(*) FROM res_company, res_users, ir_config_parameter WHERE res_users.id = 1"
    before = sql(company.database, rows)
    began = len(company.log_errors())
    call_methods(company, rpc, fuzz, methods, count)
    knock(company, fuzz, count // 3)
    errors = company.log_errors()[began:]
    assert not errors, f"seed {SEED}: " + "\n".join(errors[:10])
    assert before <= sql(company.database, rows)


def test_some_nonsense_over_http(company, rpc, fuzz, methods):
    fuzz_all(company, rpc, fuzz, methods, 90)


@pytest.mark.full
@pytest.mark.timeout(1_800)
def test_much_nonsense_over_http(company, rpc, fuzz, methods):
    fuzz_all(company, rpc, fuzz, methods, 2_300)
