"""Odoo over HTTP, as a browser or an integration uses it."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import requests


class RpcError(Exception):
    """What the server answered instead of a result.

    `name` is the class of the exception ("odoo.exceptions.AccessError"), `debug` the traceback of the server.
    """

    def __init__(self, error):
        data = error.get("data", {})
        self.name = data.get("name", "")
        self.debug = data.get("debug", "")
        super().__init__(data.get("message") or error.get("message"))


class Client:
    """A session of one user.

    >>> client = Client(server.url, server.database, "employee")     # doctest: +SKIP
    >>> client.call("ops.problem", "search_read", [], ["name"])      # doctest: +SKIP
    >>> client.get("/report/pdf/…").content                          # doctest: +SKIP
    """

    def __init__(self, url, database, login=None, password=None):
        self.url = url
        self.database = database
        self.session = requests.Session()
        self.uid = None
        if login:
            info = self.json("/web/session/authenticate", db=database, login=login, password=password or login)
            self.uid = info["uid"]
            self.info = info

    @property
    def cookie(self):
        return self.session.cookies.get("session_id")

    def json(self, path, **params):
        """Call a JSON-RPC route; raise RpcError for an error."""
        answer = self.session.post(
            self.url + path, timeout=120,
            data=json.dumps({"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        answer.raise_for_status()
        body = answer.json()
        if "error" in body:
            raise RpcError(body["error"])
        return body.get("result")

    def call(self, model, method, *args, **kwargs):
        """Call a public method of a model; the first argument of a record method is a list of ids."""
        return self.json(f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=list(args), kwargs=kwargs)

    def ref(self, xmlid):
        """The id of an external id."""
        module, name = xmlid.split(".", 1)
        found = self.call("ir.model.data", "search_read", [("module", "=", module), ("name", "=", name)], ["res_id"])
        if not found:
            raise LookupError(xmlid)
        return found[0]["res_id"]

    def get(self, path, **options):
        return self.session.get(self.url + path, timeout=120, **options)

    def post(self, path, **options):
        return self.session.post(self.url + path, timeout=120, **options)

    def run_cron(self, xmlid):
        """Run a scheduled action now (as administrator)."""
        answer = self.call("ir.cron", "method_direct_trigger", [self.ref(xmlid)])
        if isinstance(answer, dict):  # a job that fails is told as a dialog
            raise RpcError(answer["params"])
        return answer


def at_once(actions):
    """Run all ``actions`` at the same moment; return what each returned, or its error."""
    actions = list(actions)
    barrier = threading.Barrier(len(actions))

    def run(action):
        barrier.wait(60)
        try:
            return action()
        except RpcError as error:
            return error

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))
