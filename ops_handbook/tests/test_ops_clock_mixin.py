"""The engine on forms: rework after a return, decisions, and what a cancelled form gives back."""

import odoo
from odoo import Command, models
from odoo.tests import tagged

from .engine import EngineCase

MODEL = "ops.test.form"


@tagged("post_install", "-at_install")
class TestClockMixin(EngineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_form()
        cls.form = cls.env[MODEL].create({
            "author_id": cls.employee.id, "company_id": cls.company.id, "department_id": cls.department.id,
        })

    @classmethod
    def _add_form(cls):
        """A form with nothing of its own, for the time of this class."""

        class TestForm(models.Model):
            _module = "ops_handbook"
            _name = MODEL
            _description = "Form of the Tests"
            _inherit = ["ops.form.mixin"]
            _form_standards = ("M6",)

        # defined for this registry alone: no other database of the process may get it
        models.MetaModel._module_to_models__["ops_handbook"].remove(TestForm)
        cls.addClassCleanup(cls._remove_form)
        odoo.orm.model_classes.add_to_registry(cls.registry, TestForm)
        cls.registry._setup_models__(cls.env.cr, [MODEL])
        cls.registry.init_models(cls.env.cr, [MODEL], {"module": "ops_handbook"}, True)
        cls.env["ir.model"]._reflect_models([MODEL])
        cls.env["ir.model.access"].create({
            "name": MODEL, "model_id": cls.env["ir.model"]._get_id(MODEL), "group_id": cls.env.ref("base.group_user").id,
            "perm_read": True, "perm_write": True, "perm_create": True, "perm_unlink": True,
        })

    @classmethod
    def _remove_form(cls):
        del cls.registry.models[MODEL]
        for name in ("ops.form.mixin", "base"):
            cls.registry[name]._inherit_children.discard(MODEL)
        cls.registry._setup_models__(cls.env.cr, ["ops.form.mixin"])

    def do(self, local, user, verb, *args):
        with self.at(local):
            getattr(self.form.with_user(user), verb)(*args)

    def asked(self, code):
        return self.Obligation.search([("code", "=", code), ("source_id", "=", self.form.id)], order="round")

    def test_ready_by_form(self):
        """A standard is ready when a form that fulfils it is installed."""
        self.env.registry.clear_cache()
        self.addCleanup(self.env.registry.clear_cache)
        ready = self.real_ready_codes(self.Standard)
        self.assertLessEqual({"M6", "D1", "R1"}, ready)
        self.assertNotIn("M4", ready, "no form of the daily log is installed")

    def test_handing_in_asks_for_a_decision(self):
        """D1: asked of whoever decides, without a due time; deciding fulfils it."""
        self.do("2026-11-16 10:00", self.employee, "action_submit")
        asked = self.asked("D1")
        self.assertEqual((asked.role, asked.date_due, asked.state), ("operations", False, "open"))
        self.do("2026-11-17 10:00", self.operations, "action_accept")
        self.assertEqual((asked.state, asked.done_by_id, asked.on_time), ("done", self.operations, True))

    def test_operations_own_asks_the_gm_office(self):
        form = self.env[MODEL].create({
            "author_id": self.operations.id, "company_id": self.company.id, "department_id": self.ops_department.id,
        })
        with self.at("2026-11-16 10:00"):
            form.with_user(self.operations).action_submit()
        self.assertEqual(form.sudo().obligation_ids.role, "gm_office")

    def test_return_asks_for_rework(self):
        """R1: 1 WD for the author; handing in again fulfils it; each return is a round of its own."""
        for round_, (returned, due) in enumerate([("2026-11-17 10:00", "2026-11-18"), ("2026-11-18 10:00", "2026-11-19")], 1):
            self.do(returned, self.employee, "action_submit")
            self.do(returned, self.operations, "action_return", "The cause is missing.")
            asked = self.asked("R1")[-1]
            self.assertEqual((asked.round, asked.responsible_id, asked.state), (round_, self.employee, "open"))
            self.assertEqual(asked.date_due, self.utc(f"{due} 23:59:59"))
        self.do("2026-11-24 10:00", self.employee, "action_submit")
        self.assertEqual(self.asked("R1").mapped("on_time"), [True, False])
        self.assertEqual(len(self.asked("D1")), 3)

    def test_met_stays_met_when_returned(self):
        """A form that was submitted in time stays met; the return is an obligation of its own."""
        self.generate("2026-11-02 08:00")
        owed = self.owed("M6", ("department_id", "=", self.department.id))
        self.do("2026-11-23 10:00", self.employee, "action_submit")
        with self.at("2026-11-23 10:00"):
            self.Obligation._fulfil_domain("M6", [("id", "=", owed.id)], form=self.form)
        self.do("2026-11-25 10:00", self.operations, "action_return", "The cause is missing.")
        self.assertEqual((owed.state, owed.on_time), ("done", True))
        self.assertEqual(self.asked("R1").state, "open")

    def test_cancelling_gives_back(self):
        """Cancelling the form reopens what it had fulfilled, and drops what it was waiting for."""
        self.generate("2026-11-02 08:00")
        owed = self.owed("M6", ("department_id", "=", self.department.id))
        self.do("2026-11-20 10:00", self.employee, "action_submit")
        with self.at("2026-11-20 10:00"):
            self.Obligation._fulfil_domain("M6", [("id", "=", owed.id)], form=self.form)
        self.assertEqual(owed.state, "done")
        self.do("2026-11-20 11:00", self.employee, "action_cancel", "Wrong month.")
        self.assertEqual((owed.state, owed.form_id, owed.date_done), ("open", 0, False))
        self.assertEqual(self.asked("D1").state, "cancelled")
        self.assertIn("Wrong month.", self.notes(owed))

    def test_cancelling_a_returned_form_drops_the_rework(self):
        self.do("2026-11-17 10:00", self.employee, "action_submit")
        self.do("2026-11-17 11:00", self.operations, "action_return", "The cause is missing.")
        self.do("2026-11-17 12:00", self.employee, "action_cancel", "Not needed.")
        self.assertEqual(self.asked("R1").state, "cancelled")

    # -- decisions ------------------------------------------------------------------------------------------------------

    def upkeep(self, local):
        self.run_cron("ops_obligation_cron_upkeep", local)
        self.env.invalidate_all()

    def test_where_nobody_holds_the_office_the_next_one_decides(self):
        """D1: what waits goes along, and its log says why; whoever holds the office again decides again."""
        group = self.env.ref("ops_handbook.group_operations")
        people = self.operations | self.operations_colleague
        self.do("2026-11-16 10:00", self.employee, "action_submit")
        asked = self.asked("D1")
        people.write({"group_ids": [Command.unlink(group.id)]})
        self.upkeep("2026-11-16 11:00")
        self.assertEqual((asked.state, asked.role), ("open", "gm_office"))
        self.assertIn("Nobody holds the office any more that was asked.", self.notes(asked))
        self.assertTrue(self.form.with_user(self.gm_office).can_accept)
        self._create_user("new.operations", "ops_handbook.group_operations")
        self.upkeep("2026-11-16 12:00")
        self.assertEqual(asked.role, "operations")
        self.assertIn("Somebody else decides on it by now.", self.notes(asked))
        self.assertFalse(self.form.with_user(self.gm_office).can_accept)

    def test_what_the_next_office_wrote_goes_one_office_further(self):
        """D1: nobody holds operations, and the GM office does not decide on what it wrote itself."""
        group = self.env.ref("ops_handbook.group_operations")
        (self.operations | self.operations_colleague).write({"group_ids": [Command.unlink(group.id)]})
        form = self.env[MODEL].create({
            "author_id": self.gm_office.id, "company_id": self.company.id, "department_id": self.gm_department.id,
        })
        with self.at("2026-11-16 10:00"):
            form.with_user(self.gm_office).action_submit()
        asked = self.Obligation.search([("code", "=", "D1"), ("source_model", "=", MODEL), ("source_id", "=", form.id)])
        self.assertEqual(asked.role, "general_manager")
        self.assertTrue(form.with_user(self.gm).can_accept)
        self.assertFalse(form.with_user(self.gm_office).can_accept)

    def test_where_nobody_holds_any_office_it_waits(self):
        for role in ("operations", "gm_office", "general_manager"):
            group = self.env.ref(f"ops_handbook.group_{role}")
            self.env["res.users"]._ops_of_role(role, self.company).write({"group_ids": [Command.unlink(group.id)]})
        self.do("2026-11-16 10:00", self.employee, "action_submit")
        asked = self.asked("D1")
        before = len(asked.transition_ids)
        self.upkeep("2026-11-16 11:00")
        self.assertEqual((asked.state, asked.role, len(asked.transition_ids)), ("open", "operations", before))

    def test_who_joins_the_office_does_not_decide_on_what_they_wrote(self):
        """D1: its own forms an office leaves to the next one, also when their author comes to it later."""
        self.do("2026-11-16 10:00", self.employee, "action_submit")
        asked = self.asked("D1")
        self.upkeep("2026-11-16 10:30")
        self.assertFalse(asked.transition_ids, "nothing has changed")
        self.employee.group_ids = [Command.link(self.env.ref("ops_handbook.group_operations").id)]
        self.upkeep("2026-11-16 11:00")
        self.assertEqual(asked.role, "gm_office")
        self.assertIn("Somebody else decides on it by now.", self.notes(asked))
        self.upkeep("2026-11-16 12:00")
        self.assertEqual(len(asked.transition_ids), 1, "said once")

    def test_my_work_leaves_out_what_one_handed_in(self):
        """D1: a colleague finds it; leaving it out costs no statement for each."""
        boss, counts = self._create_boss("operations"), []
        for count in (5, 45):
            forms = self.env[MODEL].create([
                {"author_id": self.employee.id, "company_id": self.company.id, "department_id": self.department.id}
                for _number in range(count)
            ])
            with self.at("2026-11-16 10:00"):
                forms.with_user(boss).action_submit()
                self.env.flush_all()
                work = self.env["ops.my.work"].with_user(boss)
                work.get_data()  # caches of the registry
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                data = work.get_data()
                counts.append(self.env.cr.sql_log_count - before)
                theirs = work.with_user(self.operations).get_data()
            self.assertEqual((data["lists"]["decision"], data["total"]), ([], 0))
            self.assertEqual(len(theirs["lists"]["decision"]), count if count == 5 else 50)
        self.assertEqual(counts[0], counts[1])
        self.assertLessEqual(counts[1], 25)

    # -- screens --------------------------------------------------------------------------------------------------------

    def test_verbs_and_screens(self):
        """The verbs of a form are those of the engine; the smart button lists what it started."""
        with self.at("2026-11-17 10:00"):
            asked = self.form._start_clock("C1")
        self.assertEqual(self.form.obligation_ids, asked)
        self.assertEqual(self.form.action_open_obligations()["domain"], [("id", "in", asked.ids)])
        self.form._cancel_clock("C1", "No.")
        self.form._reopen_clock("C1", "Yes.")
        self.assertEqual(asked.state, "open")
        self.form._fulfil("C1")
        self.assertEqual((asked.state, asked.form_model, asked.form_id), ("done", MODEL, self.form.id))
        action = asked.action_open_form()
        self.assertEqual((action["res_model"], action["res_id"]), (MODEL, self.form.id))

    def test_new_form_is_filled_in(self):
        """An obligation opens the form that fulfils it, with what is known."""
        self.generate("2026-11-02 08:00")
        owed = self.owed("M6", ("department_id", "=", self.department.id))
        action = self.env[MODEL]._obligation_open_action(owed)
        self.assertEqual((action["res_model"], action["res_id"]), (MODEL, False))
        self.assertEqual(action["context"]["default_department_id"], self.department.id)

    def test_many_forms_at_once(self):
        """Handing in many forms costs no more statements than handing in a few."""
        def forms(count):
            found = self.env[MODEL].create([
                {"author_id": self.employee.id, "company_id": self.company.id, "department_id": self.department.id}
                for _number in range(count)
            ])
            self.env.flush_all()
            self.env.invalidate_all()
            return found.sudo()

        counts = []
        for count in (5, 60):
            batch, before = forms(count), self.env.cr.sql_log_count
            with self.at("2026-11-17 10:00"):
                batch._transition("submitted")
                self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 12)
