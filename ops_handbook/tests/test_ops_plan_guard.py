"""Nobody changes a released plan otherwise than by an approved change request: tried as everybody, in every way.

Each way is one real RPC call (or what a program does on the server), as each role and as somebody with all groups there are;
before and after it the plan, its strategy and its versions say the same.
"""

import base64

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import token
from .planning import PlanningCase
from .rights import NOISY, RightsCase
from .test_guards import FORGED

PARTS = {
    "ops.plan.goal": "goal_ids", "ops.plan.initiative": "initiative_ids", "ops.plan.resource": "resource_ids",
    "ops.plan.milestone": "milestone_ids", "ops.plan.risk": "risk_ids", "ops.plan.target": "target_ids",
}
# model → values by which a released plan would say something else
VALUES = {
    "ops.plan.goal": [{"name": "Forged"}, {"target": 1}, {"kpi_id": False}, {"direction_id": False}, {"active": False}],
    "ops.plan.initiative": [
        {"name": "Forged"}, {"date_end": "2027-12-31"}, {"date_start": "2027-01-01"}, {"weight": 1}, {"deliverable": "Less"},
        {"goal_id": False}, {"owner_id": 2}, {"active": False},
    ],
    "ops.plan.resource": [
        {"name": "Forged"}, {"quantity": 99}, {"amount": 99}, {"kind": "equipment"}, {"date_needed": "2027-12-31"},
        {"reason": "Forged"}, {"active": False},
    ],
    "ops.plan.milestone": [{"name": "Forged"}, {"date": "2027-12-31"}, {"owner_id": False}, {"active": False}],
    "ops.plan.risk": [{"name": "Forged"}, {"probability": "1"}, {"impact": "1"}, {"contingency": "None"}, {"active": False}],
    "ops.plan.target": [{"value": 1}, {"month": "2027-02"}],
    "ops.plan": [
        {"summary": "<p>Forged</p>"}, {"state": "draft"}, {"state": "returned"}, {"author_id": 2}, {"number": "X"},
        {"released_on": False}, {"entered_running": True}, {"acknowledged_version": 99},
    ],
    "ops.kpi": [
        {"name": "Forged"}, {"target": 1}, {"baseline": 1}, {"weight": 1}, {"better": "lower"}, {"is_additive": False},
        {"digits": 0}, {"unit": "X"}, {"direction_id": False},
    ],
    "ops.direction": [{"name": "Forged"}, {"cycle_id": 0}],
}
NEW = {
    "ops.plan.goal": {"name": "Slipped in"},
    "ops.plan.initiative": {"name": "Slipped in"},
    "ops.plan.resource": {"name": "Slipped in", "kind": "headcount", "quantity": 1},
    "ops.plan.milestone": {"name": "Slipped in", "date": "2027-05-05"},
    "ops.plan.risk": {"name": "Slipped in", "probability": "1", "impact": "1"},
}
CONTEXTS = [
    *FORGED, {"ops_plan_token": True}, {"ops_plan_token": "<ops token>"}, {"ops_breakdown_token": True},
    {"active_test": False, "default_active": False}, {"default_state": "draft", "default_plan_id": 0}, {"copy": True},
]
IMAGE = base64.b64encode(b"evidence").decode()


class PlanGuardCase(PlanningCase, RightsCase):
    """A released plan of the workshop, a draft of sales, and everybody who might want to change the one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._released().sudo()
        cls.draft = cls._plan(cls.other_department).sudo()
        cls.almighty = cls._create_user("almighty", "base.group_system", cls.company | cls.branch)
        cls.almighty.group_ids += cls.env["res.groups"].search([("privilege_id.category_id", "!=", False)]).filtered(
            lambda group: group.get_external_id()[group.id].startswith("ops_handbook.")
        )
        cls.env["ops.plan.change"].with_user(cls.head).create({"plan_id": cls.plan.id, "reason": "Why", "impact": "None"})
        cls.everybody = {
            **cls.people, "branch": cls.branch_head, "other head": cls.other_head, "colleague": cls.colleague,
            "almighty": cls.almighty,
        }
        cls.env.flush_all()
        cls.env.invalidate_all()

    def content(self):
        """Return all that may not change: what a version would say, the strategy, the versions themselves."""
        self.env.flush_all()
        self.env.invalidate_all()
        plan, version = self.plan, self.env["ops.plan.version"].sudo()
        return {
            "plan": plan.exists() and version._snapshot(plan),
            "all rows": {
                name: sorted(self.env[model].sudo().with_context(active_test=False).search([("plan_id", "=", plan.id)]).ids)
                for model, name in PARTS.items()
            },
            "head of the form": plan.read([
                "state", "number", "department_id", "company_id", "cycle_id", "author_id", "released_on", "entered_running",
            ])[0],
            "strategy": [
                records.read([name for name in names if name in records._fields])
                for records in (self.cycle.sudo().direction_ids, self.cycle.sudo().kpi_ids)
                for names in [("name", "cycle_id", "direction_id", "baseline", "target", "weight", "better", "is_additive",
                               "digits", "unit", "currency_id")]
            ],
            "versions": [
                (item.version, item.content, item.body, item.attachment_ids.ids) for item in version.search([("plan_id", "=", plan.id)])
            ],
            "requests": [(item.state, item.version_id.id) for item in plan.change_ids.sorted("id")],
        }

    def each(self, tries, roles=None):
        """Carry out tries (name, function of the user) as everybody; each is taken back."""
        before = self.content()
        for role in roles or self.everybody:
            for name, act in tries:
                self.env.cr.execute("SAVEPOINT guard_call")
                error, answer = act(self.everybody[role])
                if error is None:  # what is refused is rolled back by the server as a whole
                    with self.subTest(role=role, way=name):
                        self.assertEqual(self.content(), before, answer)
                else:
                    self.refusals += 1
                self.env.cr.execute("ROLLBACK TO SAVEPOINT guard_call")
                self.env.transaction.clear()
            self.assertEqual(self.content(), before, role)

    def rpc(self, model, method, *args, **kwargs):
        """Return a function of the user that calls a method."""
        return lambda user: self.call(user, model, method, *args, **kwargs)

    def setUp(self):
        super().setUp()
        self.refusals = 0
        muted = mute_logger(*NOISY)
        muted.__enter__()
        self.addCleanup(muted.__exit__)

    def records(self, model):
        if model == "ops.plan":
            return self.plan
        if model in PARTS:
            return self.plan[PARTS[model]]
        return self.goal_strategy(model)

    def goal_strategy(self, model):
        return self.plan.goal_ids.kpi_id[:1] if model == "ops.kpi" else self.plan.goal_ids.direction_id[:1]


@tagged("post_install", "-at_install", "ops_rights")
class TestOpsPlanGuard(PlanGuardCase):
    def test_write_and_web_save(self):
        tries = []
        for model, values_list in VALUES.items():
            record = self.records(model)[:1]
            for values in values_list:
                tries.append((f"write {model} {values}", self.rpc(model, "write", record.ids, values)))
            tries.append((f"web_save {model}", self.rpc(model, "web_save", record.ids, values_list[0], specification={"id": {}})))
        self.each(tries)

    def test_forged_contexts(self):
        tries = []
        for model, values_list in VALUES.items():
            record = self.records(model)[:1]
            for context in CONTEXTS:
                tries.append((f"{model} {context}", self.rpc(model, "write", record.ids, values_list[0], context=context)))
        for context in CONTEXTS:
            context = {**context, **({"default_plan_id": self.plan.id} if "default_plan_id" in context else {})}
            tries += [
                (f"create {context}", self.rpc(
                    "ops.plan.goal", "create", [{"name": "Slipped in", "plan_id": self.plan.id}], context=context)),
                (f"unlink {context}", self.rpc("ops.plan.goal", "unlink", self.plan.goal_ids[:1].ids, context=context)),
            ]
        # the whole list for those who come nearest to it, the others by their most telling ones
        self.each(tries, ("head", "gm_office", "almighty"))
        self.each(tries[:2])
        self.assertGreater(self.refusals, 500)

    def test_create_copy_and_unlink(self):
        tries = []
        for model, values in NEW.items():
            record = self.records(model)[:1]
            of_plan = {**values, "plan_id": self.plan.id}
            tries += [
                (f"create {model}", self.rpc(model, "create", [of_plan])),
                (f"create {model} by default", self.rpc(model, "create", [values], context={"default_plan_id": self.plan.id})),
                (f"web_save {model} anew", self.rpc(model, "web_save", [], of_plan, specification={"id": {}})),
                (f"name_create {model}", self.rpc(model, "name_create", "Slipped in", context={"default_plan_id": self.plan.id})),
                (f"copy {model}", self.rpc(model, "copy", record.ids)),
                (f"copy of another plan {model}", self.rpc(
                    model, "copy", self.draft[PARTS[model]][:1].ids, {"plan_id": self.plan.id})),
                (f"unlink {model}", self.rpc(model, "unlink", record.ids)),
                (f"archive {model}", self.rpc(model, "action_archive", record.ids)),
            ]
        month = self.plan.target_ids[:1]
        tries += [
            ("unlink a month", self.rpc("ops.plan.target", "unlink", month.ids)),
            ("unlink all months of a goal", self.rpc("ops.plan.target", "unlink", month.goal_id.target_ids.ids)),
            ("create a month", self.rpc("ops.plan.target", "create", [{
                "goal_id": self.plan.goal_ids[2].id, "month": "2027-01", "value": 1}])),
            ("unlink the plan", self.rpc("ops.plan", "unlink", self.plan.ids)),
            ("copy the plan", self.rpc("ops.plan", "copy", self.plan.ids)),
            ("archive the plan", self.rpc("ops.plan", "action_archive", self.plan.ids)),
            ("unlink the indicator", self.rpc("ops.kpi", "unlink", self.records("ops.kpi").ids)),
            ("unlink the direction", self.rpc("ops.direction", "unlink", self.records("ops.direction").ids)),
            ("unlink the cycle", self.rpc("ops.cycle", "unlink", self.cycle.ids)),
        ]
        self.each(tries)

    def test_import(self):
        plan, tries = str(self.plan.id), []
        for model, values in NEW.items():
            names, row = [*values, "plan_id/.id"], [*map(str, values.values()), plan]
            record = str(self.records(model)[:1].id)
            tries += [
                (f"load {model} anew", self.rpc(model, "load", names, [row])),
                (f"load {model}", self.rpc(model, "load", [".id", "name"], [[record, "Forged"]])),
            ]
        goal = self.plan.goal_ids[:1]
        tries += [
            ("load the plan's goals", self.rpc("ops.plan", "load", [".id", "goal_ids/name"], [[plan, "Slipped in"]])),
            ("load a goal through the plan", self.rpc(
                "ops.plan", "load", [".id", "goal_ids/.id", "goal_ids/target"], [[plan, str(goal.id), "1"]])),
            ("load a month", self.rpc("ops.plan.target", "load", [".id", "value"], [[str(self.plan.target_ids[:1].id), "1"]])),
            ("load the state", self.rpc("ops.plan", "load", [".id", "state"], [[plan, "draft"]])),
            ("load the strategy", self.rpc(
                "ops.cycle", "load", [".id", "direction_ids/.id", "direction_ids/name"],
                [[str(self.cycle.id), str(goal.direction_id.id), "Forged"]])),
        ]
        self.each(tries)

    def test_commands_through_other_records(self):
        goal, initiative = self.plan.goal_ids[0], self.plan.initiative_ids[0]
        forged = [1, goal.id, {"name": "Forged"}]
        through = {
            ("ops.plan", self.plan.id): [(name, self.plan[name][:1]) for name in PARTS.values()],
            ("ops.plan", self.draft.id): [(name, self.plan[name][:1]) for name in PARTS.values()],
            ("ops.plan.goal", goal.id): [("initiative_ids", initiative), ("target_ids", goal.target_ids[:1])],
            ("ops.plan.initiative", initiative.id): [
                ("target_ids", initiative.target_ids[:1]), ("milestone_ids", self.plan.milestone_ids[:1])],
            ("ops.direction", goal.direction_id.id): [("kpi_ids", goal.kpi_id)],
            ("ops.plan.goal", self.draft.goal_ids[0].id): [("initiative_ids", initiative), ("target_ids", goal.target_ids[:1])],
        }
        tries = []
        for (model, record_id), lines in through.items():
            for name, line in lines:
                values = {"value": 1} if line._name == "ops.plan.target" else {"name": "Forged"}
                for command in ([1, line.id, values], [2, line.id, 0], [3, line.id, 0], [4, line.id, 0], [5, 0, 0], [6, 0, []],
                                [0, 0, {**NEW.get(line._name, values), "name": "Slipped in"}]):
                    tries.append((f"{model}.{name} {command}", self.rpc(model, "write", [record_id], {name: [command]})))
        for command in (
            {"plan_ids": [[1, self.plan.id, {"goal_ids": [forged]}]]}, {"plan_ids": [[1, self.plan.id, {"summary": "Forged"}]]},
            {"plan_ids": [[2, self.plan.id, 0]]}, {"plan_ids": [[3, self.plan.id, 0]]},
            {"direction_ids": [[1, goal.direction_id.id, {"name": "Forged"}]]}, {"direction_ids": [[2, goal.direction_id.id, 0]]},
            {"kpi_ids": [[1, goal.kpi_id.id, {"target": 1}]]}, {"kpi_ids": [[5, 0, 0]]},
        ):
            tries.append((f"cycle {command}", self.rpc("ops.cycle", "write", self.cycle.ids, command)))
        self.each(tries, ("head", "gm_office", "almighty", "general_manager", "other head"))
        self.each(tries[::7])

    def test_moving_lines_and_the_plan(self):
        tries = []
        for model, name in PARTS.items():
            tries += [
                (f"{model} to the draft", self.rpc(model, "write", self.plan[name][:1].ids, {"plan_id": self.draft.id})),
                (f"{model} into the plan", self.rpc(model, "write", self.draft[name][:1].ids, {"plan_id": self.plan.id})),
            ]
        for values in (
            {"department_id": self.third_department.id}, {"department_id": self.branch_department.id},
            {"company_id": self.branch.id}, {"cycle_id": self.draft.cycle_id.copy({"year": 2028}).id}, {"year": 2030},
        ):
            tries.append((f"plan {values}", self.rpc("ops.plan", "write", self.plan.ids, values)))
        self.each(tries)

    def test_steps_that_are_not_meant_for_it(self):
        """Every verb of a plan but those that close it, hand it over or say that it was read."""
        month = self.plan.target_ids[:1]
        tries = [
            (name, self.rpc("ops.plan", name, self.plan.ids, *args))
            for name, args in (
                ("action_submit", []), ("action_return", ["Because"]), ("action_cancel", ["Because"]), ("action_finalise", []),
                ("action_accept", []), ("action_release", []), ("action_start_review", []), ("action_enter_running", ["Because"]),
                ("action_split", []), ("action_split", [[1] + [0] * 11]), ("_apply", [1]), ("_transition", ["draft"]),
                ("_write_changes", [[1]]), ("_publish_versions", ["Because"]), ("web_override_translations", [{"summary": "X"}]),
                ("save_breakdown", [[{"goal_id": month.goal_id.id, "month": month.month, "value": 1}]]),
                ("update_field_translations", ["summary", {"en_US": "<p>Forged</p>"}]),
            )
        ]
        tries += [
            ("_set_breakdown", self.rpc("ops.plan.goal", "_set_breakdown", month.goal_id.ids, {month.month: 1})),
            ("_rescale", self.rpc("ops.plan.goal", "_rescale", month.goal_id.ids)),
            ("_write", self.rpc("ops.plan.goal", "_write", month.goal_id.ids, {"name": "Forged"})),
            ("web_resequence", self.rpc("ops.plan.goal", "web_resequence", self.plan.goal_ids.ids[::-1], {"id": {}}, "target")),
        ]
        self.each(tries)

    def test_requests_that_nobody_decided(self):
        change = self.plan.change_ids[:1]
        line = {"change_id": change.id, "kind": "change", "target_model": "ops.plan.goal",
                "target_id": self.plan.goal_ids[0].id, "target_field": "target", "new_json": {"target": 1}}
        values = {"plan_id": self.plan.id, "reason": "Because", "impact": "None"}
        self.each([
            (str(name), self.rpc(*call[:2], *call[2:])) for name, call in enumerate((
                ("ops.plan.change", "create", [{**values, "state": "approved"}]),
                ("ops.plan.change", "write", change.ids, {"state": "approved"}),
                ("ops.plan.change", "action_approve", change.ids),
                ("ops.plan.change", "action_check", change.ids),
                ("ops.plan.change", "_transition", change.ids, "approved"),
                ("ops.plan.change.line", "_carry_out", [1], self.plan.id),
                ("ops.plan.version", "create", [{"plan_id": self.plan.id, "version": 9, "content": {}}]),
                ("ops.plan.version", "write", self.plan.version_ids.ids, {"content": {}}),
                ("ops.plan.version", "unlink", self.plan.version_ids.ids),
            ))
        ])
        with self.undone():
            self.call(self.head, "ops.plan.change.line", "create", [line])
            self.call(self.head, "ops.plan.change", "action_submit", change.ids)
            before = self.content()
            for role, user in self.everybody.items():
                if role == "almighty":
                    continue  # holds the office of the general manager: decides
                for method in ("action_approve", "action_accept"):
                    with self.subTest(role=role, method=method):
                        with self.undone("guard_call"):
                            self.call(user, "ops.plan.change", method, change.ids)
                        self.assertEqual(self.content(), before)

    def test_files_and_posts(self):
        """Files of the plan are content; a post with a file is none, and no version takes it over."""
        tries, goal = [], self.plan.goal_ids[:1]
        for model, record_id in (("ops.plan", self.plan.id), ("ops.plan.version", self.plan.version_ids[:1].id), ("ops.plan.goal", goal.id)):
            tries.append((f"file of {model}", self.rpc("ir.attachment", "create", [
                {"name": "late.png", "datas": IMAGE, "res_model": model, "res_id": record_id}])))
        tries += [
            ("activity", self.rpc("mail.activity", "create", [{
                "res_model_id": self.env["ir.model"]._get_id("ops.plan"), "res_id": self.plan.id, "summary": "Look"}])),
            ("post", self.rpc("ops.plan", "message_post", self.plan.ids, body="Forged", subject="Forged")),
            ("post with values", self.rpc(
                "ops.plan", "message_post", self.plan.ids, body="x", attachments=[["late.png", IMAGE]])),
            ("follow", self.rpc("ops.plan", "message_subscribe", self.plan.ids, [self.head.partner_id.id])),
        ]
        self.each(tries)

    def test_what_the_plan_refers_to_is_not_deleted(self):
        owner = self.plan.initiative_ids.owner_id[:1]
        self.each([
            ("owner", self.rpc("res.users", "unlink", owner.ids)),
            ("department", self.rpc("hr.department", "unlink", self.plan.department_id.ids)),
            ("company", self.rpc("res.company", "unlink", self.plan.company_id.ids)),
            ("currency", self.rpc("res.currency", "unlink", self.plan.resource_ids.currency_id.ids)),
            ("archived indicator", self.rpc("ops.kpi", "action_archive", self.records("ops.kpi").ids)),
            ("archived direction", self.rpc("ops.direction", "action_archive", self.records("ops.direction").ids)),
        ])

    # -- our own code ------------------------------------------------------------------------------------------------------

    @mute_logger(*NOISY)
    def test_not_even_the_superuser(self):
        """A job, a server action, an upgrade: what is not an approved change is refused as superuser, too."""
        before = self.content()
        for model, values_list in VALUES.items():
            record = self.records(model)[:1].sudo()
            for values in values_list:
                if values == {"cycle_id": 0} or set(values) & {"author_id", "number", "released_on", "entered_running"}:
                    continue  # of the form itself: the machinery's own
                with self.subTest(model=model, values=values), self.assertRaises(UserError), self.cr.savepoint():
                    record.write(values)
                if set(values) & {"state", "acknowledged_version"}:
                    continue
                with self.subTest(model=model, values=values), self.assertRaises(UserError), self.cr.savepoint():
                    token.marked(record).write(values)
        for model, values in NEW.items():
            with self.subTest(model=model), self.assertRaises(UserError), self.cr.savepoint():
                self.env[model].sudo().create({**values, "plan_id": self.plan.id})
            with self.subTest(model=model), self.assertRaises(UserError), self.cr.savepoint():
                self.records(model)[:1].sudo().unlink()
        with self.assertRaises(UserError), self.cr.savepoint():
            self.plan.sudo().write({"goal_ids": [Command.clear()]})
        self.assertEqual(self.content(), before)

    @mute_logger(*NOISY)
    def test_an_indicator_of_a_released_plan_before_its_cycle_is_released(self):
        """A late department holds up nothing: the cycle is still in review, the strategy of the others stands."""
        token.marked(self.cycle.sudo()).write({"state": "review"})
        for record, values in ((self.turnover, {"target": 1}), (self.growth, {"name": "Shrinking"})):
            with self.subTest(record=record), self.assertRaises(UserError), self.cr.savepoint():
                record.with_user(self.gm_office).write(values)
        self.scrap.with_user(self.gm_office).write({"target": 2})  # no released plan speaks of it

    def test_a_request_does(self):
        """The counterproof: what is refused in every other way is done by an approved request."""
        before = self.content()
        change = self.plan.change_ids[:1].with_user(self.head)
        change._propose([{"kind": "change", "target_model": "ops.plan.goal", "target_id": self.plan.goal_ids[0].id,
                          "target_field": "target", "new_json": 240_000}])
        change.action_submit()
        change.with_user(self.gm_office).action_check()
        change.with_user(self.gm).action_approve()
        self.assertNotEqual(self.content(), before)
        self.assertEqual(self.plan.goal_ids[0].target, 240_000)
