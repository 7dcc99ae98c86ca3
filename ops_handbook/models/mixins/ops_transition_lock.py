"""The lock of the content, and the guard of what only the machinery writes."""
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...tools import token

# fields whose values are the machinery's, whoever writes
PROTECTED = {
    "state", "number", "submitted_on", "submitted_by_id", "submitted_for_id", "closed_on", "department_name", "head_name", "done_on",
}
# fields that are no content: writing them neither needs an open form nor makes a new content version
NO_CONTENT = {"message_follower_ids", "message_ids", "activity_ids", "message_main_attachment_id"}


class OpsTransitionLock(models.AbstractModel):
    _inherit = "ops.transition.mixin"

    # -- guards: hold for the screen, RPC, import and our own code alike ------------------------------------------

    @api.model
    def _initial_state(self):
        return next(iter(self._flow))

    @api.model_create_multi
    def create(self, vals_list):
        trusted, model = token.holds(self.env), token.cleared(self)
        if not trusted:
            initial = self._initial_state()
            vals_list = [dict(vals) for vals in vals_list]
            for vals in vals_list:
                self._refuse_protected({name for name in vals if name != "state" or vals["state"] != initial})
                # said here for each record, so that no default of a client can say it
                vals.update(dict.fromkeys(self._protected_fields(), False), state=initial, content_version=0)
            model._prepare_create(vals_list)
        return super(OpsTransitionLock, model).create(vals_list)

    def _prepare_create(self, vals_list):
        """Hook: complete the values of new records; what is set here is not refused as protected."""

    def write(self, vals):
        trusted, records = token.holds(self.env), token.cleared(self)
        if trusted or not set(vals) - NO_CONTENT:
            return super(OpsTransitionLock, records).write(vals)
        vals = dict(vals)
        version = vals.pop("content_version", None)
        records._refuse_protected(vals)
        records._refuse_stale(version)
        if not vals:
            return True
        super(OpsTransitionLock, records._with_duty(set(vals))).write(vals)
        records._grow_version()
        return True

    def _refuse_stale(self, version):
        """Refuse to save over a change that the writer has not seen: ``version`` is the one that they read."""
        if version is None or not self:
            return
        self.ensure_one()
        self.check_access("read")  # first: the message names the record
        self._transition_lock()
        self.invalidate_recordset(["content_version"], flush=False)
        record_sudo = self.sudo()  # the version is no secret of the content
        if record_sudo.content_version != version:
            error = UserError(self.env._(
                "%(record)s was changed by %(user)s on %(date)s while you were editing. Reload the page, then make your "
                "changes again.",
                record=record_sudo.display_name,
                user=record_sudo.write_uid.display_name,
                date=fields.Datetime.context_timestamp(self, record_sudo.write_date).strftime("%Y-%m-%d %H:%M"),
            ))
            error.context = {"ops_stale": True}  # by this the web client knows to offer a reload
            raise error

    def _grow_version(self):
        if not self:
            return
        self.flush_recordset(["content_version"])
        self.env.cr.execute(SQL(
            "UPDATE %s SET content_version = COALESCE(content_version, 0) + 1 WHERE id IN %s",
            SQL.identifier(self._table), tuple(self.ids),
        ))
        self.invalidate_recordset(["content_version"], flush=False)

    def _with_duty(self, names):
        """Return these records, as superuser where a role's duty lets it write just the fields ``names`` while locked."""
        if self.env.su or not self._flow_duties or self._filtered_on_duty() != self or not names <= self._duties():
            return self
        self.check_access("read")
        return self.sudo()

    def _duties(self):
        """Return the names of the fields that the user's duties let them write on all of these, although they are locked."""
        roles, allowed = self._flow_roles(), []
        for record in self.sudo():  # sudo: the state decides, also where the user may not read the record
            duties = self._flow_duties.get(record.state, {})
            allowed.append(set().union(*(duties[role] for role in duties if role in roles[record.id])))
        return set.intersection(*allowed) if allowed else set()

    def onchange(self, values, field_names, fields_spec):
        """Tell a form what follows from a field, also where only a duty lets the user write it; nothing is written here."""
        records = self
        if self and field_names and not self.env.su and self._with_duty(set(field_names)).env.su:
            records = token.DUTY.on(self)
            duties = self._duties()  # the rest of the form is as it was saved, whatever the client says
            values = {name: value for name, value in values.items() if name in duties}
        return super(OpsTransitionLock, records).onchange(values, field_names, fields_spec)

    def check_access(self, operation):
        """See ``onchange``: it asks for the right to write, a look ahead needs the right to read."""
        return super().check_access("read" if operation == "write" and token.DUTY.of(self.env) else operation)

    def _filtered_on_duty(self):
        """Return those of which only a duty lets anybody write: hook for records that something else locks."""
        return self._filtered_locked()

    @api.model
    def _protected_fields(self):
        """Return the names of the fields that only transitions write."""
        return (PROTECTED | self._flow_protected) & set(self._fields)

    def _refuse_protected(self, names):
        if protected := self._protected_fields() & set(names):
            labels = ", ".join(sorted(self._fields[name]._description_string(self.env) for name in protected))
            raise UserError(self.env._(
                "%(fields)s cannot be written directly: use the buttons of the form.", fields=labels
            ))

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        """What was handed in has its clocks, and somebody was told of it, also when it came back: it is cancelled instead."""
        deletable = self._flow_open & {self._initial_state()}
        for record in self:
            if record.state not in deletable:
                raise UserError(self.env._(
                    "%(record)s is “%(state)s” and cannot be deleted; cancel it instead.",
                    record=record.display_name,
                    state=self._state_label(record.state),
                ))

    def _check_access(self, operation):
        """Refuse to write or delete the content of what was handed in, whatever the access rights say."""
        result = super()._check_access(operation)
        if operation not in ("write", "unlink") or not any(self._ids) or (result and result[0] == self):
            return result
        remaining = self - result[0] if result else self
        locked = remaining._filtered_locked()
        if not locked:
            return result
        if result:
            return result[0] | locked, result[1]
        return locked, partial(self._locked_error, locked)

    def _filtered_locked(self):
        # sudo: the state decides, also where the user may not read the record
        return self.sudo().filtered(lambda record: record.state not in self._flow_open).with_env(self.env)

    def _locked_error(self, locked):
        record_sudo = locked[:1].sudo()
        return AccessError(self.env._(
            "%(record)s is “%(state)s”: its content is locked. Ask whoever decides on it to return it to you.",
            record=record_sudo.display_name,
            state=self._state_label(record_sudo.state),
        ))
