import zlib

from odoo import api, fields, models
from odoo.tools import SQL

KINDS = ("article", "case", "form")  # in the order in which they are shown


class OpsSearchEntry(models.Model):
    """The words of a record as the search knows them; who may read the record is asked when somebody searches.

    A model is searched when it says ``_search_fields = {"name": "A", "line_ids.name": "C"}``: fields with the weight of
    their words, ``A`` (titles) to ``D``. Fields that not every reader of the record may read have no place there.
    ``_search_kind`` says among what its records are shown (default: forms), ``_search_scope`` names paths by which its
    record rules let people in, besides the links to users, departments and companies that the record has itself.
    """

    _name = "ops.search.entry"
    _description = "Entry of the Search"
    _order = "id"
    _log_access = False
    _rec_name = "res_model"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", required=True, readonly=True)
    lang = fields.Char(string="Language", readonly=True, help="Code of the language of an article's text; empty for forms.")
    kind = fields.Selection(
        [("article", "Articles"), ("case", "Cases"), ("form", "Forms")], required=True, readonly=True, default="form"
    )
    date = fields.Datetime(string="Newer First", readonly=True, help="When the record was made; an article, published.")
    stamp = fields.Char(readonly=True, help="By this the job sees that the record has changed since.")
    text = fields.Text(readonly=True, help="What is read of an article, with the rules that it shows: for excerpts.")
    indexed_on = fields.Datetime(required=True, readonly=True)

    _record_uniq = models.UniqueIndex("(res_model, res_id, COALESCE(lang, ''))")

    def init(self):
        """Add the words: a column of a type that the ORM does not know, and what finds them.

        Only jobs and publishing write here, so new words go into the index at once: a list of those that wait would be
        read by every search.
        """
        self.env.cr.execute("""
            ALTER TABLE ops_search_entry ADD COLUMN IF NOT EXISTS words tsvector;
            CREATE INDEX IF NOT EXISTS ops_search_entry_words_idx ON ops_search_entry USING gin (words) WITH (fastupdate = off);
        """)

    # -- what is searched ------------------------------------------------------------------------------------------------

    @api.model
    def _searched(self):
        """Return the models that are searched: dict name → kind."""
        found = {}
        for name, model in self.env.registry.items():
            if not model._abstract and getattr(model, "_search_fields", None):
                found[name] = getattr(model, "_search_kind", "form")
        return found

    @api.model
    def _keys_of(self, model):
        """Return the paths of a model's records whose values are kept beside their words, to narrow a search by.

        Only what the record's own date of change tells of: links to one, and lists that people write. Fields with groups
        are left out, like everything that not every reader may know.
        """
        comodels = {"res.users", "hr.department", "res.company"}
        own = [
            field.name for field in model._fields.values()
            if field.comodel_name in comodels and field.store and not field.groups and field.name not in models.MAGIC_COLUMNS
            and (field.type == "many2one" or (field.type == "many2many" and not field.compute and not field.readonly))
        ]
        return sorted({*own, *getattr(model, "_search_scope", ())})

    @api.model
    def _signature(self, model):
        """Return what the stamp of an entry begins with: another definition of what is searched makes all entries old."""
        text = repr((2, sorted(model._search_fields.items()), self._keys_of(model)))
        return format(zlib.crc32(text.encode()), "x")

    # -- writing -----------------------------------------------------------------------------------------------------------

    @api.model
    def _put(self, rows):
        """Write entries, new or in the place of what stood there.

        :param rows: tuples of model, id, language or None, kind, date, stamp, literal of the words, text or None
        """
        for start in range(0, len(rows), 200):
            values = SQL(", ").join(
                SQL("(%s, %s, %s, %s, %s, %s, %s::tsvector, %s, %s)", *row, fields.Datetime.now()) for row in rows[start:start + 200]
            )
            self.env.execute_query(SQL(
                """
                INSERT INTO ops_search_entry (res_model, res_id, lang, kind, date, stamp, words, text, indexed_on)
                     VALUES %s
                ON CONFLICT (res_model, res_id, COALESCE(lang, '')) DO UPDATE
                        SET kind = EXCLUDED.kind, date = EXCLUDED.date, stamp = EXCLUDED.stamp, words = EXCLUDED.words,
                            text = EXCLUDED.text, indexed_on = EXCLUDED.indexed_on
                RETURNING 1
                """,
                values,
            ))
        self.invalidate_model(flush=False)
