"""The rights matrix of reminder letters and their levels."""

from ..tools import clock
from .rights import Subject
from .rights_subjects import CompanySubject, subject

LETTER_PATHS = {
    "draft": (), "issued": ("issued",), "replied": ("issued", "replied"), "closed": ("issued", "replied", "closed"),
    "cancelled": ("cancelled",),
}


@subject
class ReminderLetter(Subject):
    """``company``: to a department that is nobody's among the roles, without copies; ``copied``: with copies to the GM office
    and the general manager; ``owner``: about something that the person owes; else about what somebody of theirs owes."""

    model = "ops.reminder.letter"
    situations = (
        "company", "owner", "own_department", "below", "of_operations", "of_gm_office", "copied", "other_company",
    )
    states = tuple(LETTER_PATHS)
    values_to_write = {"body": "<p>Other words</p>"}
    arguments = {"action_reply": ["The part comes on Monday"]}

    def person(self, situation, role):
        if situation in ("company", "copied"):
            return self.case.foreigner if role == "outsider" else self.case.third_head
        if role == "portal" and situation != "other_company":
            return self.case.employee if situation in ("owner", "own_department") else None
        return super().person(situation, role)

    def department(self, situation, role):
        if situation in ("company", "copied"):
            return self.case.foreign_second if role == "outsider" else self.case.third_department
        return self.case.department_of(self.person(situation, role))

    def obligation(self, situation, role, period):
        standard = self.env.ref("ops_handbook.ops_standard_c5")
        department = self.department(situation, role)
        return self.env["ops.obligation"].create({
            "standard_id": standard.id, "code": standard.code, "process": standard.process, "name": "Grease the press",
            "company_id": department.company_id.id, "department_id": department.id, "role": "owner", "period": period,
            "responsible_id": self.person(situation, role).id, "date_start": "2026-01-01 00:00:00",
            "date_due": "2026-01-31 15:59:59", "date_original": "2026-01-31 15:59:59",
        })

    def new_values(self, situation, role):
        return {"obligation_id": self.obligation(situation, role, "2026-02").id}

    def record(self, situation, state, role):
        item = self.obligation(situation, role, "2026-01")
        if situation == "copied":
            self.env.ref("ops_handbook.ops_reminder_level_1").write({"copy_gm_office": True, "copy_general_manager": True})
        step = self.env["ops.standard.step"].search([("standard_id", "=", item.standard_id.id), ("channel", "=", "letter")], limit=1)
        item._log_steps([(item, step, clock.now(), 1, None)])
        letter = self.env["ops.reminder.letter"].search([("obligation_id", "=", item.id)])
        for following in LETTER_PATHS[state]:
            letter._transition(following, "Because")
        return letter


@subject
class ReminderLevel(CompanySubject):
    model = "ops.reminder.level"
    values_to_write = {"copy_gm_office": True}

    def new_values(self, situation, role, level=7):
        return {"level": level, "company_id": self.company(situation, role).id, "body": "<p>Please do it</p>"}

    def record(self, situation, state, role):
        return self.env["ops.reminder.level"].create(self.new_values(situation, role, 8))
