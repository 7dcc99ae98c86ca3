from odoo import api, models

TYPE = "ops_handbook.ops_handbook_activity_type"


class HrEmployee(models.Model):
    """Whoever is new reads the handbook: an activity of the onboarding plan asks for it, and is done with the last article."""

    _inherit = "hr.employee"

    def _ops_ask_readings(self):
        """Ask these people to read everything that is to be confirmed in their scope, as newcomers.

        What they had been asked for before and have not read yet is part of it. Asking twice changes nothing.

        :return: the readings that are new (sudo)
        """
        missing = self._ops_missing()
        self._ops_follow_asked(missing)
        return self.env["ops.article.reading"].sudo()._ask_newcomers(missing)  # sudo: whoever keeps the staff has no right to readings

    def _ops_follow_asked(self, missing):
        """Let what these people were asked for before be part of it; who has nothing left to be asked for may be through.

        :param missing: what they are still to be asked for, as of ``_ops_missing``
        """
        readings_sudo = self.env["ops.article.reading"].sudo()  # sudo: as in _ops_ask_readings
        users_sudo = self.sudo().user_id  # sudo: as above
        readings_sudo.search([
            ("reader_id", "in", users_sudo.ids), ("state", "=", "asked"), ("is_onboarding", "=", False),
        ])._for_newcomers()
        if through := users_sudo - users_sudo.browse({user_id for _version_id, user_id in missing}):
            self._ops_follow_readings(through, readings_sudo._progress(through))

    def _ops_missing(self):
        """Return what these people have not been asked to read yet: list of (version id, user id); one statement."""
        users_sudo = self.sudo().user_id  # sudo: as in _ops_ask_readings
        return self.env["ops.article.reading"].sudo()._missing(users=users_sudo, every=True)  # sudo: likewise

    @api.model
    def _ops_newcomers(self):
        """Return those (sudo) whose activity *Read the Handbook* is open."""
        return self.sudo().browse(self._ops_reading_activities().mapped("res_id")).exists()  # sudo: run by the clock

    @api.model
    def _ops_reading_activities(self, employees=None):
        """Return the open activities (sudo) by which people are asked to read the handbook; default: of all employees."""
        kind = self.env["ir.model.data"]._xmlid_to_res_id(TYPE, raise_if_not_found=False)
        leaves = [("activity_type_id", "=", kind), ("res_model", "=", "hr.employee")]
        if employees is not None:
            leaves.append(("res_id", "in", employees.ids))
        # sudo: an activity of the staff's is theirs; how far somebody is with reading is known to the machinery
        return self.env["mail.activity"].sudo().search(leaves) if kind else self.env["mail.activity"].sudo()

    @api.model
    def _ops_follow_readings(self, users, progress):
        """Let the activities of these people say how far they are, and end with the last article.

        :param dict progress: user id → (confirmed, asked in all)
        """
        employees_sudo = self.sudo().search([("user_id", "in", users.ids)])  # sudo: whoever reads need not see the staff
        reader_of = {employee.id: employee.user_id for employee in employees_sudo}
        finished = self.env["mail.activity"].sudo()
        for activity in self._ops_reading_activities(employees_sudo) if employees_sudo else ():
            reader = reader_of[activity.res_id]
            done, total = progress.get(reader.id, (0, 0))
            if done >= total:
                # nothing to read at all: only where somebody could be asked
                finished += activity if total or reader._is_internal() and reader.company_id.ops_started else finished.browse()
            else:
                texts = self.with_context(lang=(activity.user_id or reader).lang).env
                activity.summary = texts._("Read the handbook: %(done)s of %(total)s", done=done, total=total)
        if finished:
            finished._action_done()

    @api.model
    def _ops_unlink_activities(self):
        """Delete the activities by which people were asked to read, done or not, and what plans say of them: when the addon goes,
        their type goes, and whatever still refers to it would hold it back.
        """
        kind = self.env.ref(TYPE, raise_if_not_found=False)
        if kind:
            every = self.env(context={**self.env.context, "active_test": False})
            every["mail.activity"].search([("activity_type_id", "=", kind.id)]).unlink()
            every["mail.activity.plan.template"].search([("activity_type_id", "=", kind.id)]).unlink()
            every["mail.activity.type"].search([("triggered_next_type_id", "=", kind.id)]).triggered_next_type_id = False
