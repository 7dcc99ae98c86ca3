from odoo import api, fields, models

from .ops_plan_change_line import CHANGEABLE, PARTS

OPEN = ("draft", "returned", "submitted", "checked")


class OpsPlanChange(models.Model):
    """The plan as it would be after a request, for whoever writes it or decides on it; nothing is written for that."""

    _inherit = "ops.plan.change"

    preview = fields.Html(string="The Plan After This", compute="_compute_preview", sanitize=False)

    @api.depends("line_ids.new_json", "line_ids.kind", "line_ids.target_id", "state", "plan_id")
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        for change in self:
            sections = []
            if change.state in OPEN and change.line_ids and change.plan_id.has_access("read"):
                sections = change._preview_sections()
            change.preview = self.env["ir.qweb"]._render(
                "ops_handbook.ops_plan_change_preview", {"sections": sections}
            ) if sections else False

    def _preview_sections(self):
        """Return the touched parts of the plan: dicts ``title``, ``columns``, ``rows`` (``mark``, ``cells``)."""
        sections = []
        for model in CHANGEABLE:
            lines = self.line_ids.filtered(lambda line, model=model: line.target_model == model)
            if not lines:
                continue
            names = [name for name in CHANGEABLE[model] if name != "currency_id"]
            if model in PARTS:
                records = self.plan_id[PARTS[model]]
            else:
                records = self.env[model].browse(sorted(set(lines.mapped("target_id")))).exists()
                names = ["display_name", *(name for name in names if name != "name" or "name" in lines.mapped("target_field"))]
            sections.append({
                "title": dict(lines._fields["target_model"]._description_selection(self.env))[model],
                "columns": [
                    self.env._("What") if name == "display_name" else self.env[model]._fields[name]._description_string(self.env)
                    for name in names
                ],
                "rows": [
                    *(self._preview_row(record, names, lines) for record in records),
                    *(self._preview_addition(line, names) for line in lines if line.kind == "add"),
                ],
            })
        return sections

    def _preview_row(self, record, names, lines):
        of_record = lines.filtered(lambda line: line.target_id == record.id)
        removed = "remove" in of_record.mapped("kind")
        new = {line.target_field: (line.new_json or {}).get(line.target_field) for line in of_record if line.kind == "change"}
        cells = []
        for name in names:
            if name == "display_name":
                cells.append({"old": "", "new": record.display_name})
                continue
            now = lines._present_value(record, name)
            text = lines._value_in_words(record, name, now)
            after = lines._value_in_words(record, name, new[name]) if name in new else text
            cells.append({"old": text if after != text else "", "new": after, "changed": after != text})
        return {"mark": "removed" if removed else "changed" if new else "", "cells": cells}

    def _preview_addition(self, line, names):
        values = line.new_json or {}
        return {"mark": "added", "cells": [
            {"old": "", "new": line._value_in_words(self.env[line.target_model], name, values.get(name))} for name in names
        ]}
