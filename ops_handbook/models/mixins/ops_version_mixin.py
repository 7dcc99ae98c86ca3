from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext
from odoo.tools.misc import format_date, format_datetime, formatLang, get_lang

from ...tools import changes, clock, token


class OpsVersionMixin(models.AbstractModel):
    """A frozen version of a record: what it said, how it looked, and the files of that day, as copies of its own.

    A descendant names the record in ``_version_of`` and its content in ``_version_content``: a dict of the record's fields,
    with None, or for lines with the names of the lines' fields. Only :meth:`_publish` makes a version; nothing changes one.
    """

    _name = "ops.version.mixin"
    _description = "Frozen Version"
    _order = "version desc, id desc"
    _rec_name = "version"

    _version_of = None
    _version_content = {}

    version = fields.Integer(required=True, readonly=True, copy=False, aggregator=None)
    # large, and not what lists ask for: fetched only by those who ask
    content = fields.Json(readonly=True, copy=False, prefetch=False, help="The values on that day, to compare versions by.")
    body = fields.Html(
        readonly=True, copy=False, prefetch=False, sanitize_style=True, sanitize_form=True,
        help="How it looked, for screen, mail and print.",
    )
    published_on = fields.Datetime(readonly=True, copy=False)
    published_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict", index="btree_not_null")
    reason = fields.Text(readonly=True, copy=False, help="Why there had to be another version.")
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", string="Attachments", domain=lambda self: [("res_model", "=", self._name)],
        readonly=True, copy=False,
    )
    change_count = fields.Integer(string="Number of Changes", compute="_compute_change_count")
    changes = fields.Html(compute="_compute_changes", sanitize=False, help="What differs from the version before.")

    @api.depends("version")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "%(record)s, version %(version)s",
                record=record[self._version_of].display_name if self._version_of else "", version=record.version,
            )

    # -- made once, by the machinery ------------------------------------------------------------------------------------

    @api.model
    def _publish(self, owner, body, reason=None, attachments=None):
        """Freeze a version of ``owner`` as it is now and return it.

        :param owner: the record; the caller has checked that it may be published, and holds its row
        :param Markup body: how it looks
        :param str reason: why there is another version
        :param attachments: what belongs to it now (``ir.attachment``); the version keeps copies of its own
        """
        owner.ensure_one()
        return self._publish_many(owner, {owner.id: body}, reason, {owner.id: attachments} if attachments else None)

    @api.model
    def _publish_many(self, owners, bodies, reason=None, attachments=None):
        """Freeze a version of each of ``owners`` as it is now, in a number of statements that does not grow with them.

        :param owners: the records; the caller has checked that they may be published, and holds their rows
        :param dict bodies: owner id → how it looks (Markup)
        :param reason: why there is another version; for all, or a dict by owner id
        :param dict attachments: owner id → what belongs to it now (``ir.attachment``); the versions keep copies of their own
        :return: the versions, in the order of ``owners``
        """
        # sudo: nobody has the right to create a version; whoever publishes was asked by the form
        versions_sudo, now, owners = self.sudo(), clock.now(), owners.union()
        last = dict(versions_sudo._read_group([(self._version_of, "in", owners.ids)], [self._version_of], ["version:max"]))
        last = {owner.id: version for owner, version in last.items()}
        versions = token.marked(versions_sudo).create([
            {
                self._version_of: owner.id,
                "version": last.get(owner.id, 0) + 1,
                "content": self._snapshot(owner),
                "body": bodies[owner.id],
                "published_on": now,
                "published_by_id": self.env.uid,
                "reason": (reason.get(owner.id) if isinstance(reason, dict) else reason) or False,
            }
            for owner in owners
        ])
        versions = token.cleared(versions)
        versions._copy_attachments(attachments or {})
        return versions.with_env(self.env)

    def _copy_attachments(self, attachments):
        """Give these versions copies of the files of their owners: dict owner id → ``ir.attachment``."""
        values = []
        for version in self:
            if found := attachments.get(version[self._version_of].id):
                values += found.sudo().copy_data({  # sudo: as in _publish_many
                    "res_model": self._name, "res_id": version.id, "res_field": False, "public": False,
                })
        if values:
            self.env["ir.attachment"].sudo().create(values)  # sudo: as in _publish_many

    @api.model
    def _snapshot(self, owner):
        """Return the content of ``owner`` as JSON can hold it; see ``tools/changes.py``."""
        owner_sudo = owner.sudo()  # sudo: the version holds all of it, whoever publishes; reading it asks the rules
        return {
            name: {str(line.id): {field: self._plain(line, field) for field in names} for line in owner_sudo[name]}
            if names else self._plain(owner_sudo, name)
            for name, names in self._version_content.items()
        }

    # -- guards: hold for the screen, RPC, import, attachments and our own code alike -----------------------------------

    def _check_access(self, operation):
        """Let nobody but the machinery make a version, and nobody change one; its attachments ask here as well."""
        if operation == "read":
            return super()._check_access(operation)
        return self, lambda: AccessError(self.env._("A published version cannot be made, changed or deleted by hand."))

    @api.model_create_multi
    def create(self, vals_list):
        if not token.holds(self.env):
            raise UserError(self.env._("A version is made by publishing only."))
        return super(OpsVersionMixin, token.cleared(self)).create(vals_list)

    def write(self, vals):
        raise UserError(self.env._("A published version cannot be changed: publish a new one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A published version cannot be deleted."))

    # -- what changed ---------------------------------------------------------------------------------------------------

    def _older(self):
        """Return the version before each of these: dict by version."""
        later_sudo = self.sudo().filtered(lambda version: version.version > 1)  # sudo: as in _content
        known_sudo = later_sudo.search_fetch(
            [(self._version_of, "in", later_sudo[self._version_of].ids)], [self._version_of, "version"]
        )
        by_key = {(version[self._version_of].id, version.version): version for version in known_sudo}
        return {
            version: by_key.get((version.sudo()[self._version_of].id, version.version - 1), self.browse()) for version in self
        }

    def _older_to_compare(self):
        """Return the same, with the contents of what is compared at hand; those that replaced nothing are not fetched."""
        older = self._older()
        compared = {version.id for pair in older.items() if pair[1] for version in pair}
        self.sudo().browse(compared).fetch(["content"])  # sudo: as in _content
        return older

    @api.depends("version")
    def _compute_change_count(self):
        """Count what :meth:`_diff` tells, without putting it into words."""
        for version, older in self._older_to_compare().items():
            version.change_count = len(self._differences(older._content(), version._content())) if older else 0

    @api.depends("version")
    @api.depends_context("lang", "tz")
    def _compute_changes(self):
        for version, older in self._older_to_compare().items():
            version.changes = version._render_changes(version._diff(older) if older else [])

    @api.model
    def _render_changes(self, found):
        """Return a list of changes as a table, in the language of the context; empty when there are none."""
        return self.env["ir.qweb"]._render("ops_handbook.ops_version_changes", {"changes": found}) if found else ""

    def _diff(self, older):
        """Return what changed since the version ``older``, in words of the current language.

        :return: list of dicts ``field``, ``before``, ``after`` (texts; '' where there was nothing)
        """
        self.ensure_one()
        before, after = older._content(), self._content()
        return [self._change_in_words(change, before, after) for change in self._differences(before, after)]

    @api.model
    def _differences(self, before, after):
        """Return what changed from one snapshot to another: list of ``Change``; a descendant puts together what is told together."""
        return changes.differences(before, after)

    def _content(self):
        """Return the snapshot of this version."""
        # sudo: whoever may read a version may read what it replaced; not what else was read along with it
        return self.sudo().with_prefetch().content or {}

    def _change_in_words(self, change, before, after):
        field, *rest = change.path
        model = self[self._version_of]
        label = model._fields[field]._description_string(self.env) if field in model._fields else field
        if not rest:
            return {"field": label, "before": self._worded(model, field, change.before),
                    "after": self._worded(model, field, change.after)}
        lines = self.env[model._fields[field].comodel_name]
        line = ((after.get(field) or {}).get(rest[0])) or before[field][rest[0]]
        title = next((str(value) for value in line.values() if value and isinstance(value, str)), "")
        if len(rest) == 1:
            return {"field": label, "before": self._line_in_words(lines, change.before),
                    "after": self._line_in_words(lines, change.after)}
        return {
            "field": f"{label} › {title} › {lines._fields[rest[1]]._description_string(self.env)}",
            "before": self._worded(lines, rest[1], change.before),
            "after": self._worded(lines, rest[1], change.after),
        }

    @api.model
    def _line_in_words(self, lines, values):
        texts = [self._worded(lines, name, value) for name, value in (values or {}).items()]
        return " · ".join(text for text in texts if text)

    # -- values -----------------------------------------------------------------------------------------------------------

    @api.model
    def _plain(self, record, name):
        """Return the value of a field as JSON can hold it: names instead of records, ISO dates."""
        field, value = record._fields[name], record[name]
        if field.relational:
            return ", ".join(value.mapped("display_name")) or False
        if field.type in ("date", "datetime"):
            return field.to_string(value)
        return str(value) if field.type == "html" and value else value

    @api.model
    def _worded(self, model, name, value):
        """Return a value that :meth:`_plain` took down, in words of the current language."""
        field = model._fields.get(name)
        kind = field.type if field else "char"
        if value is None or (value is False and kind != "boolean"):
            return ""
        if kind == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if kind == "selection":
            return dict(field._description_selection(self.env)).get(value, value)
        if kind == "date":
            return format_date(self.env, value)
        if kind == "datetime":
            return format_datetime(self.env, value)
        if kind in ("float", "monetary"):
            return self._number_in_words(value)
        return html2plaintext(value).strip() if kind == "html" else str(value)

    @api.model
    def _number_in_words(self, value):
        """Return a number as the current language writes it, without decimals that say nothing."""
        text, point = formatLang(self.env, value, digits=6), get_lang(self.env).decimal_point
        return text.rstrip("0").rstrip(point) if point in text else text
