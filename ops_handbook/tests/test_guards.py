"""Ways round the guards, tried on every form, line and action item that the registry knows: none may lead anywhere.

Records come from the rights matrix, so a new form is held to this as soon as it stands there.
"""

import base64
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .rights import RightsCase
from .rights_subjects import SUBJECTS

FORGED = [
    {"ops_token": True}, {"ops_token": "<ops token>"}, {"ops_token": {}}, {"ops_token": 1}, {"install_mode": True},
    {"import_file": True}, {"tracking_disable": True}, {"mail_notrack": True}, {"su": True}, {"uid": 1},
    {"active_test": False}, {"default_state": "closed"}, {"force": True}, {"bypass": True}, {"lang": "zz_ZZ"},
]
IMAGE = base64.b64encode(b"evidence").decode()
EMAIL = "From: {sender}\nTo: nobody@elsewhere.example.com\nSubject: {subject}\nMessage-Id: <{number}@guards>\n{headers}\nText"


def each_guarded(test):
    """Run a test for a locked record of every form and action item."""
    def run(self):
        for model in self.descendants("ops.transition.mixin"):
            with self.subTest(model=model), self.undone():
                test(self, *self.locked(model))

    return run


def each_hidden(test):
    """Run a test for every such record that the newcomer may not read."""
    def run(self, model, _subject, record, _role):
        if not record.with_user(self.newcomer).has_access("read"):
            test(self, model, record)

    return each_guarded(run)


@tagged("post_install", "-at_install", "ops_rights")
class TestGuards(RightsCase):
    # -- what is enumerated -------------------------------------------------------------------------------------------

    def descendants(self, mixin):
        """Return the names of all real models that inherit from ``mixin``."""
        base = self.env.registry[mixin]
        return sorted(
            name for name, model in self.env.registry.items()
            if issubclass(model, base) and not model._abstract and not model._transient
        )

    def locked(self, model):
        """Return (model, subject, locked record of the employee or of their company, role that wrote it)."""
        subject = SUBJECTS[model](self)
        situation = "own" if "own" in subject.situations else subject.situations[0]
        situation = "owner" if situation == "planned" else situation
        states = subject.states_of.get(situation, subject.states)
        state = next(state for state in states if state not in self.env[model]._flow_open)
        role = self.role_of(subject, situation)
        record = subject.record(situation, state, role)
        self.env.flush_all()
        return model, subject, record, role

    def role_of(self, subject, situation):
        """Return the role that takes part in a situation."""
        if subject.guard_role and situation == subject.situations[0]:
            return subject.guard_role
        return "operations" if situation == "company" else "employee"

    def everybody(self):
        return [self.people[role] for role in ("employee", "operations", "gm_office", "general_manager", "administrator")]

    def assertRefused(self, user, model, method, *args, **kwargs):
        error, answer = self.call(user, model, method, *args, **kwargs)
        self.assertIsNotNone(error, f"{user.login} {model}.{method}{args} {kwargs}: {answer}")

    def assertUnchanged(self, record, before):
        self.env.invalidate_all()
        self.assertEqual(record.read(list(before)), [{**before, "id": record.id}])

    def snapshot(self, record, *names):
        return {key: value for key, value in record.read(["state", *names])[0].items() if key != "id"}

    def test_every_descendant_is_held_to_this(self):
        for mixin in ("ops.transition.mixin", "ops.form.mixin", "ops.form.line.mixin", "ops.action.item.mixin"):
            self.assertFalse(set(self.descendants(mixin)) - set(SUBJECTS), mixin)
        self.assertTrue(self.descendants("ops.form.mixin"))

    # -- the state ----------------------------------------------------------------------------------------------------

    @each_guarded
    def test_state_is_not_written(self, model, _subject, record, _role):
        before = self.snapshot(record)
        for state, _label in record._fields["state"]._description_selection(self.env):
            for user in self.everybody():
                self.assertRefused(user, model, "write", record.ids, {"state": state})
            with self.assertRaises(UserError):
                record.sudo().write({"state": state})
        self.assertUnchanged(record, before)

    def test_state_is_not_given_at_creation(self):
        for model in self.descendants("ops.transition.mixin"):
            subject = SUBJECTS[model](self)
            role = self.role_of(subject, subject.situations[0])
            initial = self.env[model]._initial_state()
            for state in set(subject.states) - {initial}:
                for given, context in (({"state": state}, {}), ({}, {"default_state": state})):
                    with self.subTest(model=model, state=state, context=context), self.undone():
                        values = {**subject.new_values(subject.situations[0], role), **given}
                        self.env.flush_all()
                        error, answer = self.call(self.people[role], model, "create", [values], context=context)
                        if error is None:
                            self.assertEqual(self.env[model].browse(answer).mapped("state"), [initial])

    @each_guarded
    def test_transition_is_no_public_method(self, model, _subject, record, role):
        for method in ("_transition", "_write", "_note_change", "_log", "_flow_roles", "_start_clock", "_fulfil"):
            self.assertRefused(self.people[role], model, method, record.ids, "closed")

    # -- the content --------------------------------------------------------------------------------------------------

    @each_guarded
    def test_forged_contexts_open_nothing(self, model, subject, record, role):
        name = next(iter(subject.values_to_write))
        before = self.snapshot(record, name)
        for context in FORGED:
            self.assertRefused(
                self.people[role], model, "write", record.ids, dict(subject.values_to_write), context=context
            )
            self.assertRefused(self.people[role], model, "unlink", record.ids, context=context)
            if "su" not in context:
                self.assertRefused(self.people[role], model, "write", record.ids, {"state": "draft"}, context=context)
        self.assertUnchanged(record, before)

    @each_guarded
    def test_web_save(self, model, subject, record, role):
        name = next(iter(subject.values_to_write))
        before = self.snapshot(record, name)
        for values in (dict(subject.values_to_write), {"state": "draft"}):
            self.assertRefused(self.people[role], model, "web_save", record.ids, values, specification={"state": {}})
            if hasattr(record, "message_update"):  # what the mail gateway calls is open to programs too
                self.assertRefused(self.people[role], model, "message_update", record.ids, {"subject": "Forged"}, values)
        self.assertUnchanged(record, before)

    @each_guarded
    def test_import(self, model, subject, record, role):
        name, value = next(iter(subject.values_to_write.items()))
        before = self.snapshot(record, name)
        for fields, row in (
            ([".id", name], [str(record.id), str(value)]), ([".id", "state"], [str(record.id), "draft"]),
        ):
            error, answer = self.call(self.people[role], model, "load", fields, [row])
            self.assertTrue(error or not answer["ids"], f"{model}: {answer}")
        self.assertUnchanged(record, before)

    @each_guarded
    def test_half_of_a_batch_is_not_written(self, model, subject, record, role):
        if not self.env[model]._flow_open or role == "operations" or "own" not in subject.situations:
            return
        opened = next(state for state in subject.states if state in self.env[model]._flow_open)
        other = subject.record("own", opened, role)
        self.env.flush_all()
        name = next(iter(subject.values_to_write))
        before = self.snapshot(other, name)
        self.assertRefused(self.people[role], model, "write", [other.id, record.id], dict(subject.values_to_write))
        self.assertUnchanged(other, before)

    def test_stale_content_is_refused(self):
        for model in self.descendants("ops.form.mixin"):
            subject = SUBJECTS[model](self)
            opened = [state for state in subject.states if state in self.env[model]._flow_open]
            if not opened:
                continue
            with self.subTest(model=model), self.undone():
                role = self.role_of(subject, subject.situations[0])
                record = subject.record(subject.situations[0], opened[0], role)
                self.env.flush_all()
                user, version = self.people[role], record.content_version
                error, answer = self.call(
                    user, model, "write", record.ids, {**subject.values_to_write, "content_version": version}
                )
                self.assertIsNone(error, answer)
                self.assertRefused(
                    user, model, "write", record.ids, {**subject.values_to_write, "content_version": version}
                )

    @each_guarded
    def test_copies_begin_anew(self, model, _subject, record, role):
        if "number" not in record._fields:
            return
        error, answer = self.call(self.people[role], model, "copy", record.ids)
        if error is None:
            copy = self.env[model].browse(answer)
            self.assertEqual(copy.state, copy._initial_state())
            self.assertNotEqual(copy.number, record.number)
            self.assertEqual(copy.author_id, self.people[role])
            self.assertFalse(copy.transition_ids & record.transition_ids)
            self.assertFalse(copy.closed_on or copy.submitted_on or copy.department_name)

    def test_name_create(self):
        for model in self.descendants("ops.transition.mixin"):
            with self.subTest(model=model), self.undone():
                for user in self.everybody():
                    error, answer = self.call(user, model, "name_create", "By name", context={"default_state": "closed"})
                    if error is None and answer:
                        record = self.env[model].browse(answer[0])
                        self.assertEqual(record.state, record._initial_state())

    # -- through other records ----------------------------------------------------------------------------------------

    @each_guarded
    def test_commands_through_the_locked_form(self, model, _subject, record, role):
        """Neither its lines nor what merely points to it can be changed by way of the form."""
        user = self.people[role]
        for name, field in record._fields.items():
            if field.type not in ("one2many", "many2many") or not field.store and field.type == "many2many":
                continue
            if name in ("message_follower_ids", "activity_ids", "message_ids", "website_message_ids", "rating_ids"):
                continue
            linked = record.sudo()[name]
            before = linked.ids
            for command in ([[5, 0, 0]], [[0, 0, {"name": "Slipped in"}]], *([[[2, i, 0]]] for i in linked[:1].ids)):
                self.call(user, model, "write", record.ids, {name: command})
            self.env.invalidate_all()
            self.assertEqual(record.sudo()[name].ids, before, f"{model}.{name}")

    @each_guarded
    def test_chatter_is_not_emptied(self, model, _subject, record, role):
        if "message_ids" not in record._fields:
            return
        message = record.with_user(self.operations).sudo().message_post(body="A remark of somebody else")
        self.env.flush_all()
        user = self.people[role]
        for command in ([[5, 0, 0]], [[2, message.id, 0]], [[1, message.id, {"body": "Forged"}]], [[3, message.id, 0]]):
            self.call(user, model, "write", record.ids, {"message_ids": command})
        if user != self.operations:
            self.assertRefused(user, "mail.message", "write", message.ids, {"body": "Forged"})
            self.assertRefused(user, "mail.message", "unlink", message.ids)
        self.env.invalidate_all()
        self.assertTrue(message.exists())
        self.assertIn("A remark of somebody else", message.body)
        self.assertEqual((message.model, message.res_id), (model, record.id))

    @each_guarded
    def test_remarks_are_signed_by_who_makes_them(self, model, _subject, record, role):
        """In nobody else's name, and at no other time."""
        if "message_ids" not in record._fields:
            return
        user, before = self.people[role], self.env["mail.message"].search([], limit=1).id or 0
        other = (self.colleague if user != self.colleague else self.employee).partner_id
        forged = {"author_id": other.id, "email_from": other.email_formatted, "date": "2020-01-01 00:00:00"}
        beside = {"model": model, "res_id": record.id, "body": "Said"}
        self.call(user, model, "message_post", record.ids, body="Said", message_type="comment", **forged)
        self.call(user, model, "message_notify", record.ids, body="Said", partner_ids=other.ids, **forged)
        for values in ({**beside, **forged}, {**beside, "message_type": "email", **forged}):
            self.call(user, "mail.message", "create", [values])
        self.call(user, "mail.message", "create", [{"res_id": record.id, "body": "Said"}], context={
            "default_model": model, **{f"default_{name}": value for name, value in forged.items()},
        })
        for mode in ("comment", "mass_mail"):
            error, dialog = self.call(user, "mail.compose.message", "create", [{
                "composition_mode": mode, "model": model, "res_ids": str(record.ids), "subject": "Said", "body": "Said",
                "partner_ids": [[6, 0, other.ids]], "author_id": other.id, "email_from": other.email_formatted,
            }])
            if error is None:
                self.call(user, "mail.compose.message", "action_send_mail", dialog)
        place = {"model": model, "res_id": record.id}
        for about, res_id, values in ((model, record.id, {}), ("res.users", user.id, place)):
            template = self.env["mail.template"].create({
                "name": "Said", "model_id": self.env["ir.model"]._get_id(about), "subject": "Said", "body_html": "<p>Said</p>",
            })
            self.call(user, "mail.template", "send_mail", template.ids, res_id, email_values={
                **forged, **values, "message_type": "comment", "auto_delete": False,
            })
        self.env.invalidate_all()
        said = self.env["mail.message"].search([("id", ">", before), ("model", "=", model), ("res_id", "=", record.id)])
        if not record.with_user(user).has_access("read"):
            return self.assertFalse(said, model)
        self.assertTrue(said, model)
        for message in said:
            self.call(user, "mail.message", "write", message.ids, forged)
        self.env.invalidate_all()
        self.assertEqual(set(said.mapped("author_id")), {user.partner_id}, model)
        self.assertEqual(set(said.mapped("email_from")), {user.partner_id.email_formatted}, model)
        self.assertGreater(min(said.mapped("date")).year, 2020, model)

    @each_guarded
    def test_attachments_of_locked_forms(self, model, _subject, record, role):
        user = self.people[role]
        attachment = self.env["ir.attachment"].create({
            "name": "photo.png", "datas": IMAGE, "res_model": model, "res_id": record.id,
        })
        self.env.flush_all()
        self.assertRefused(user, "ir.attachment", "create", [
            {"name": "late.png", "datas": IMAGE, "res_model": model, "res_id": record.id}
        ])
        self.assertRefused(user, "ir.attachment", "write", attachment.ids, {"datas": IMAGE, "name": "forged.png"})
        self.assertRefused(user, "ir.attachment", "write", attachment.ids, {"res_id": 0})
        self.assertRefused(user, "ir.attachment", "unlink", attachment.ids)
        self.assertTrue(attachment.exists())

    @each_guarded
    def test_log_is_written_by_nobody(self, _model, _subject, record, _role):
        line = record.transition_ids[:1]
        for user in self.everybody():
            self.assertRefused(user, "ops.form.transition", "create", [
                {"res_model": record._name, "res_id": record.id, "date": "2026-01-01 00:00:00", "to_state": "closed"}
            ])
            if line:
                self.assertRefused(user, "ops.form.transition", "write", line.ids, {"reason": "Forged"})
                self.assertRefused(user, "ops.form.transition", "unlink", line.ids)
        if line:
            with self.assertRaises(UserError):
                line.sudo().write({"reason": "Forged"})
            with self.assertRaises(UserError):
                line.sudo().unlink()

    def locking_state(self, subject, situation, role):
        """Return the first state in which the form of such lines is locked; None when it always is open."""
        for state in subject.states_of.get(situation, subject.states):
            with self.undone("guarded_line"):
                lines = subject.record(situation, state, role)
                form = lines[lines._form_field]
                if form.state not in form._flow_open:
                    return state
        return None

    def test_lines_do_not_move_into_locked_forms(self):
        for model in self.descendants("ops.form.line.mixin"):
            subject, form_field = SUBJECTS[model](self), self.env[model]._form_field
            planned = subject.situations[0] == "planned"
            situation = "owner" if planned else subject.situations[0]
            role = "employee" if planned else self.role_of(subject, situation)
            with self.subTest(model=model), self.undone():
                state = self.locking_state(subject, situation, role)
                if not state:
                    continue
                locked, user = subject.record(situation, state, role), self.people[role]
                self.env.flush_all()
                if planned:
                    line = subject.record("planned", "open", role)
                    self.env.flush_all()
                    self.assertRefused(user, model, "write", line.ids, {form_field: locked[form_field].id})
                self.assertRefused(user, model, "write", locked.ids, dict(subject.values_to_write))
                self.assertRefused(user, model, "unlink", locked.ids)
                if not locked.with_user(user)._filtered_addable_lines():  # a month plan takes tasks on while it runs
                    self.assertRefused(user, model, "copy", locked.ids)

    # -- reading what one may not read --------------------------------------------------------------------------------

    @each_hidden
    def test_nothing_is_told_to_strangers(self, model, record):
        stranger, domain = self.newcomer, [["id", "in", record.ids]]
        for method, args in (
            ("search_read", [domain, ["display_name"]]), ("web_search_read", [domain, {"display_name": {}}]),
            ("formatted_read_group", [domain, ["state"], ["__count"]]), ("name_search", ["", domain]),
        ):
            error, answer = self.call(stranger, model, method, *args)
            found = answer.get("records") if isinstance(answer, dict) else answer
            self.assertTrue(error or not found, f"{model}.{method}: {answer}")
        for method, args in (
            ("export_data", [["id", "display_name"]]), ("copy", []), ("web_read", [{"display_name": {}}]),
            ("message_post", []), ("activity_schedule", []),
        ):
            if hasattr(record, method):
                self.assertRefused(stranger, model, method, record.ids, *args)
        self.assertRefused(stranger, "mail.message", "create", [{
            "model": model, "res_id": record.id, "message_type": "user_notification", "body": "What is this one called?",
        }])
        if "message_follower_ids" in record._fields:
            partner = stranger.partner_id
            self.call(stranger, model, "message_subscribe", record.ids, partner.ids)
            self.env.invalidate_all()
            self.assertNotIn(partner, record.message_partner_ids)

    @each_hidden
    def test_no_activity_on_what_one_may_not_read(self, model, record):
        if "activity_ids" in record._fields:
            self.assertRefused(self.newcomer, "mail.activity", "create", [{
                "res_model_id": self.env["ir.model"]._get_id(model), "res_id": record.id, "summary": "Look",
                "user_id": self.newcomer.id,
            }])

    def test_forbidden_fields_are_not_grouped_filtered_or_exported(self):
        """Fields with groups: neither pivot, filter, sort nor export betrays them."""
        for model in self.env.registry:
            if not model.startswith("ops.") or self.env[model]._abstract or self.env[model]._transient:
                continue
            for name, field in self.env[model]._fields.items():
                if not field.groups or not field.store or self.employee.has_groups(field.groups):
                    continue
                with self.subTest(field=f"{model}.{name}"):
                    for method, args in (
                        ("formatted_read_group", [[], [name], ["__count"]]), ("search_count", [[[name, "!=", False]]]),
                        ("search_read", [[], [name]]), ("export_data", [[], [name]]), ("search", [[], 0, 1, name]),
                    ):
                        error, answer = self.call(self.employee, model, method, *args)
                        self.assertTrue(error or not answer or answer == {"datas": []}, f"{method}: {answer}")

    # -- e-mails --------------------------------------------------------------------------------------------------------

    def hand_in(self, user, model, values=None, sender="x@y.example.com", headers="", through="mail.thread", **options):
        """Hand in an e-mail over RPC as ``user``, to no address of ours; return (error, answer)."""
        self.handed_in = getattr(self, "handed_in", 0) + 1
        text = EMAIL.format(sender=sender, subject=f"By mail {self.handed_in}", number=self.handed_in, headers=headers)
        return self.call(user, through, "message_process", model, text, values, **options)

    def test_employees_are_no_mail_gateway(self):
        """Records of ours, people and departments are not made by e-mail over RPC, and nobody speaks in another's name."""
        counted = ("ops.obligation", "ops.task", "ops.cycle", "ops.problem", "hr.department", "hr.employee", "mail.message")
        with self.undone():
            month_plan, plan = self.locked("ops.month.plan")[2], self.locked("ops.plan")[2]
            known = plan.message_post(body="Said before").message_id
            user, me = self.employee, self.employee_of(self.employee)
            group, victim = self.env.ref("base.group_system"), self.other_department
            of_company = {"company_id": self.company.id}
            calls = [
                ("ops.obligation", {
                    **of_company, "standard_id": self.env["ops.standard"].search([], limit=1).id, "code": "M1", "process": "monthly",
                    "role": "head", "date_start": "2026-01-01 00:00:00", "responsible_id": user.id, "state": "done", "on_time": True,
                }),
                ("ops.task", {"name": "Sweep", "month_plan_id": month_plan.id, "owner_id": user.id}),
                ("ops.cycle", {**of_company, "year": 2077}),
                ("ops.problem", {**of_company, "token_hash": "0" * 64}),
                ("hr.department", {**of_company, "name": "Mine", "manager_id": me.id, "child_ids": [[4, victim.id]]}),
                ("hr.employee", {**of_company, "name": "Me again", "user_id": user.id}),
                ("res.users", {"login": "mine", "name": "Mine"}),
                ("res.partner", {"name": "Mine", "user_ids": [[1, user.id, {"group_ids": [[4, group.id]]}]]}),
                ("ir.actions.server", {"name": "Mine", "state": "code", "model_id": self.env["ir.model"]._get_id("res.users")}),
            ]
            self.env.flush_all()
            before = {model: self.env[model].with_context(active_test=False).search_count([]) for model in counted}
            for sender in (user.email, self.colleague.email, "x@y.example.com"):
                for model, values in calls:
                    defaults = {f"default_{name}": value for name, value in values.items()}
                    for through in ("mail.thread", "hr.department"):
                        self.assertHandedInVainly(user, model, values, sender, through=through)
                    self.assertHandedInVainly(user, model, None, sender, context=defaults)
                self.assertHandedInVainly(user, "ops.plan", None, sender, thread_id=plan.id)
                self.assertHandedInVainly(user, "hr.department", None, sender, thread_id=victim.id)
                self.assertHandedInVainly(user, False, None, sender, headers=f"In-Reply-To: {known}\nReferences: {known}\n")
            for model, values in calls[:4]:
                self.assertRefused(user, model, "message_new", {"subject": "By hand", "email_from": self.colleague.email}, values)
            self.env.invalidate_all()
            self.assertEqual(
                {model: self.env[model].with_context(active_test=False).search_count([]) for model in counted}, before
            )
            self.assertFalse(user.has_group("base.group_system") or victim.parent_id)
            # the same by whoever keeps the system
            error, answer = self.hand_in(self.env.ref("base.user_admin"), "hr.department", {**of_company, "name": "By mail"})
            self.assertIsNone(error, answer)
            self.assertEqual(self.env["hr.department"].browse(answer).name, "By mail")

    def assertHandedInVainly(self, user, model, values, sender, **options):
        error, answer = self.hand_in(user, model, values, sender, **options)
        self.assertIsNotNone(error, f"{model} {values} {sender} {options}: {answer}")

    # -- the engine -----------------------------------------------------------------------------------------------------

    def test_obligations_are_the_engines(self):
        with self.undone():
            obligation = SUBJECTS["ops.obligation"](self).record("own", "-", "employee")
            before = self.snapshot(obligation, "date_due")
            for user in self.everybody():
                for context in FORGED:
                    self.assertRefused(
                        user, "ops.obligation", "write", obligation.ids, {"date_due": "2040-01-01 00:00:00"}, context=context
                    )
                self.assertRefused(user, "ops.obligation", "write", obligation.ids, {"state": "done"})
                self.assertRefused(user, "ops.obligation", "unlink", obligation.ids)
                self.assertRefused(user, "ops.obligation", "copy", obligation.ids)
            self.assertUnchanged(obligation, before)

    def test_settings_of_the_company_are_not_the_users(self):
        """The engine is started by the wizard, or by whoever may write companies."""
        for role in ("employee", "head", "operations", "gm_office", "general_manager", "administrator"):
            self.assertRefused(self.people[role], "res.company", "write", self.company.ids, {"ops_started": False})
            self.assertRefused(self.people[role], "res.config.settings", "create", [{"ops_horizon_days": 1}])

    def test_rights_by_office_are_nobodys_to_give(self):
        group = self.env.ref("ops_handbook.group_operations_acting")
        for role in ("employee", "head", "operations", "gm_office", "general_manager", "administrator"):
            user = self.people[role]
            for values in (
                {"ops_department_ids": [[4, self.other_department.id]]}, {"ops_principal_ids": [[4, self.gm.id]]},
                {"group_ids": [[4, group.id]]},
            ):
                self.assertRefused(user, "res.users", "write", user.ids, values)
            self.assertRefused(user, "res.groups", "write", group.ids, {"user_ids": [[4, user.id]]})

    def test_wizards_ask_the_same_guards(self):
        """A dialog is no way round: it calls the action, which decides."""
        with self.undone():
            problem = SUBJECTS["ops.problem"](self).record("other_department", "new", "operations")
            self.env.flush_all()
            for user in (self.employee, self.admin_ops, self.outsider):
                error, wizard = self.call(
                    user, "ops.reason.wizard", "create",
                    [{"res_model": "ops.problem", "res_ids": problem.ids, "method": "action_reject", "reason": "Out of spite"}],
                )
                if error is None:
                    self.assertRefused(user, "ops.reason.wizard", "action_confirm", wizard)
            self.env.invalidate_all()
            self.assertEqual(problem.state, "new")

    @mute_logger("odoo.sql_db")
    def test_start_wizard_stays_in_the_users_companies(self):
        with self.undone():
            wizard = self.env["ops.start.wizard"].with_user(self.admin_ops)
            with suppress(AccessError, UserError):
                wizard.create({"company_id": self.foreign.id, "start_date": "2020-01-01"}).action_start()
            self.env.invalidate_all()
            self.assertNotEqual(str(self.foreign.ops_start_date), "2020-01-01")
