from odoo import api, fields, models
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tools import SQL

from ...tools import token
from ...tools.roles import NEXT_OFFICE, OFFICE_DEPARTMENTS, ROLE_GROUPS
from ...tools.words import typed


class OpsTransitionMixin(models.AbstractModel):
    """A record whose state changes through :meth:`_transition` only, by a table of who may do what.

    The class attributes are the whole configuration; ``docs/developers/contracts.md`` explains each.
    """

    _name = "ops.transition.mixin"
    _description = "Record with Guarded States"

    _flow = {}
    _flow_named = {}
    _flow_reason = set()
    _flow_open = {"draft", "returned"}
    _flow_closed = {"closed", "cancelled"}
    _flow_duties = {}
    _flow_buttons = {}
    _flow_decider = "operations"
    _flow_protected = set()

    # by the name of a method, so that a form with states of its own may declare them as a plain list
    state = fields.Selection(
        "_selection_state", required=True, readonly=True, copy=False, index=True, default=lambda self: self._initial_state(),
        group_expand="_group_expand_state",
    )
    content_version = fields.Integer(
        default=0, copy=False, readonly=True, help="Grows with each change; a save of an older version is refused."
    )
    transition_ids = fields.One2many(
        "ops.form.transition",
        "res_id",
        string="Log",
        domain=lambda self: [("res_model", "=", self._name)],
        readonly=True,
        copy=False,
    )
    can_edit = fields.Boolean(compute="_compute_can", help="The current user may write the content now.")

    @api.model
    def _selection_state(self):
        return [("draft", self.env._("Draft"))]

    @api.model
    def _group_expand_state(self, states, _domain):
        """Return the columns of a board in the order of the flow; without empty ones: a phone shows one at a time."""
        return [state for state in self._fields["state"].get_values(self.env) if state in states]

    # -- who may do what ------------------------------------------------------------------------------------------

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can(self):
        next_states, writable = self._next_states(), set(self._filtered_access("write").ids)
        for record in self:
            allowed = next_states.get(record.id, set())
            for field, state in self._flow_buttons.items():
                record[field] = state in allowed
            record.can_edit = record.id in writable if record.id else record.state in self._flow_open

    def _next_states(self):
        """Return what the current user may do: dict record id → set of states that may follow now."""
        roles = self._flow_roles()
        return {
            record.id: {
                state
                for state, allowed in self._flow.get(record.state, {}).items()
                if allowed & roles[record.id]
            }
            for record in self.sudo()
        }

    def _flow_roles(self):
        """Return the roles of the current user on each record: dict id → set of names."""
        user = self.env.user
        principals, companies = user._ops_principals(), set(user.company_ids.ids)
        held = {role for role, group in ROLE_GROUPS.items() if user.has_group(group)}
        result = {}
        # sudo: the decision needs the names on the record, not the user's right to read them
        for record in self.sudo():
            roles = set(held) if not record.company_id or record.company_id.id in companies else set()
            roles |= {role for role, name in self._flow_named.items() if record[name] & principals}
            if record.department_id and record.department_id in user.ops_department_ids:
                roles.add("head")
            author = record._flow_author()
            if author & principals:
                roles.add("author")
            if record._flow_deciding_office() in roles and not record._flow_barred() & principals:
                roles.add("decider")
            result[record.id] = roles | record._flow_extra_roles(roles, user, principals)
        return result

    def _flow_extra_roles(self, roles, user, principals):
        """Return further roles of ``user`` on this one record; ``roles`` holds those already found. For forms."""
        return set()

    def _flow_author(self):
        """Return the user who wrote this record: nobody decides on what they wrote."""
        return self["author_id"] if "author_id" in self._fields else self.env["res.users"]

    def _flow_barred(self):
        """Return whom this record keeps out of the decision on it."""
        return self._flow_author()

    def _flow_deciding_office(self):
        """Return the office that decides on this record; what an office wrote itself is decided one office up."""
        office = self._flow_decider
        while office in NEXT_OFFICE and self._flow_is_own_of(office):
            office = NEXT_OFFICE[office]
        return office

    def _flow_is_own_of(self, office):
        """Tell whether this record was written by ``office`` itself: by its department, or by one of its people."""
        department = self.department_id
        if department and department == self.company_id[OFFICE_DEPARTMENTS[office]]:
            return True
        author = self._flow_author()
        return bool(author) and author.has_group(ROLE_GROUPS[office])

    # -- the only door for a change of state ----------------------------------------------------------------------

    def _transition(self, state, reason=None, values=None):
        """Move these records to ``state``: check, lock, write, log, and tell the layers above.

        :param str state: the state to reach
        :param str reason: asked for by the states in ``_flow_reason``
        :param dict values: further values that change with the state
        :return: True, so that actions can return it to clients that know no null
        :raise UserError: when the flow, the user's roles or a missing reason forbid it
        """
        if not self:
            return True
        self = self.union()  # a program may name a record twice
        self.check_access("read")
        reason = typed(reason)
        self._transition_lock()
        self._transition_check(state, reason)
        previous = {record.id: record.state for record in self.sudo()}
        behalf = self._transition_on_behalf(state)
        # sudo: permission was decided just above, from the flow; access rights know nothing of it
        token.marked(self.sudo()).write({**(values or {}), **self._transition_values(state), "state": state})
        if behalf:
            self._transition_in_name(state, behalf)
        self.env["ops.form.transition"]._log(self, previous, state, reason, behalf)
        self._after_transition(previous, reason)
        return True

    def _transition_lock(self):
        """Hold the rows, so that two people who press at once are served one after the other."""
        if not self:
            return
        if len(self.ids) != len(self):
            raise MissingError(self.env._("This record has not been saved yet, or there is none like it. Reload the page."))
        self.flush_recordset(["state"])
        self.env.cr.execute(SQL(
            "SELECT id FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
            SQL.identifier(self._table), tuple(self.ids),
        ))
        self.invalidate_recordset(["state"], flush=False)

    def _transition_check(self, state, reason):
        next_states = {} if self.env.su else self._next_states()
        for record in self.sudo():
            deciding = self._flow.get(record.state, {}).get(state)
            if deciding is None:
                raise UserError(self._cannot_become(record, state))
            if not self.env.su and not deciding:  # a step of the machinery alone
                raise AccessError(self._cannot_become(record, state))
            if not self.env.su and state not in next_states[record.id]:
                raise AccessError(self.env._(
                    "You may not set %(record)s to “%(state)s”: this is decided by somebody else, and never by whoever "
                    "wrote it or handed it in.",
                    record=record.display_name,
                    state=self._state_label(state),
                ))
        if state in self._flow_reason and not reason:
            raise UserError(self.env._("Reason: please say why, so that the others understand “%(state)s”.",
                                       state=self._state_label(state)))

    def _cannot_become(self, record, state):
        return self.env._(
            "%(record)s is “%(current)s” and cannot become “%(state)s”. Reload the page to see what changed.",
            record=record.display_name,
            current=self._state_label(record.state),
            state=self._state_label(state),
        )

    def _state_label(self, state):
        return dict(self._fields["state"]._description_selection(self.env)).get(state, state)

    def _transition_values(self, state):
        """Return values that the machinery sets when ``state`` is reached; the same for all of ``self``."""
        return {}

    def _transition_in_name(self, state, behalf):
        """Hook: ``state`` was reached by a substitute; ``behalf`` is a dict id → id of the user in whose name."""

    def _transition_on_behalf(self, state):
        """Return in whose name the current user reaches ``state``: dict id → user id, for substitutes only."""
        return self._on_behalf(lambda record: self._flow[record.state][state])

    def _on_behalf(self, roles_of):
        """Return in whose name the current user acts: dict id → user id, for substitutes only.

        :param roles_of: function record → the roles that may do it
        """
        if self.env.su or not self.env.user.ops_principal_ids:
            return {}
        principals, result = self.env.user.ops_principal_ids.sudo(), {}  # sudo: names only
        for record in self.sudo():
            named = record._flow_holders(roles_of(record), self.env.user | principals)
            if self.env.user not in named and named:
                result[record.id] = named[:1].id
        return result

    def _flow_holders(self, roles, users):
        """Return who of ``users`` holds one of ``roles`` on this record in their own right, not as a substitute."""
        fields_named = [name for role, name in self._flow_named.items() if role in roles]
        holders = users.browse().union(*(self[name] for name in fields_named))
        if "author" in roles:
            holders |= self._flow_author()
        if "head" in roles:
            holders |= self.department_id.manager_id.user_id
        offices = {self._flow_deciding_office() if role == "decider" else role for role in roles} & set(ROLE_GROUPS)
        for office in offices:
            acting = f"{ROLE_GROUPS[office]}_acting"
            holders |= users.filtered(
                lambda user, office=office, acting=acting: user.has_group(ROLE_GROUPS[office])
                and not (office != "administrator" and user.has_group(acting))
            )
        return holders & users

    def _after_transition(self, previous, reason):
        """Hook of the layers above, in the same transaction; ``previous`` is a dict id → state before."""

    def _ask_reason(self, method):
        """Return the dialog that asks for a reason and then calls ``method`` on these records."""
        return self.env["ops.reason.wizard"]._ask(self, method)
