from odoo import fields, models


class OpsSearchEntry(models.Model):
    """The words of a record as the search knows them; who may read the record is asked when somebody searches."""

    _name = "ops.search.entry"
    _description = "Entry of the Search"
    _order = "id"
    _log_access = False

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    lang = fields.Char(string="Language", readonly=True, help="Code of the language of an article's text; empty for forms.")
    indexed_on = fields.Datetime(required=True, readonly=True)

    _record_uniq = models.UniqueIndex("(res_model, res_id, COALESCE(lang, ''))")
