"""What the tests of the engine share: standards that are ready, and the scheduled actions."""

from unittest.mock import patch

from .common import OpsCommon


class EngineCase(OpsCommon):
    """A started engine in which all shipped standards may be asked for, as if all processes were installed."""

    READY = None  # codes; None: all

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Standard = cls.env["ops.standard"]
        cls.Obligation = cls.env["ops.obligation"].sudo()
        # no article states these rules: they are tried out by everybody who may write standards
        cls.Standard.with_context(active_test=False).search([("article_id", "!=", False)]).article_id = False
        cls.real_ready_codes = staticmethod(type(cls.Standard)._ready_codes)
        ready = frozenset(cls.READY or cls.Standard.search([]).mapped("code"))
        cls.startClassPatcher(patch.object(type(cls.Standard), "_ready_codes", lambda model: ready))
        # other companies of the database are no concern of these tests
        cls.env["res.company"].search([("id", "not in", (cls.company | cls.branch).ids)]).ops_started = False
        cls.company.ops_start_date = cls.branch.ops_start_date = "2026-11-01"

    @classmethod
    def standard(cls, code):
        return cls.env.ref(f"ops_handbook.ops_standard_{code.lower()}")

    def generate(self, local="2026-11-02 08:00"):
        """Run the generation in both companies at a local time, as the scheduled action does."""
        with self.at(local):
            self.Obligation._generate(self.company | self.branch)

    def run_cron(self, name, local):
        """Trigger a scheduled action at a local time; its commits stay in the test."""
        with self.at(local), self.enter_registry_test_mode():
            self.env.ref(f"ops_handbook.{name}").method_direct_trigger()

    def owed(self, code, *leaves, company=None):
        """Return the obligations of a standard in the company, those due first coming first."""
        domain = [("code", "=", code), ("company_id", "=", (company or self.company).id), *leaves]
        return self.Obligation.search(domain, order="date_due, department_id, id")
