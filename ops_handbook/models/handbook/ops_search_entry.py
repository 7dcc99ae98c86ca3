import re
import zlib

from odoo import api, fields, models
from odoo.tools import SQL, ormcache

# what a record rule compares with the current user, as it is written
ASKED = re.compile(r"""\(\s*["']([\w.]+)["']\s*,\s*["'](?:in|=)["']\s*,\s*\[?(?:user|company)""")
PEOPLE = {"res.users", "hr.department", "res.company"}
OLDEST = 2  # the age of entries that are not among the newer ones
KINDS = ("article", "case", "form")  # in the order in which they are shown


class OpsSearchEntry(models.Model):
    """The words of a record as the search knows them; who may read the record is asked when somebody searches.

    A model is searched when it says ``_search_fields = {"name": "A", "line_ids.name": "C"}``: fields with the weight of
    their words, ``A`` (titles) to ``D``. Fields that not every reader of the record may read have no place there.
    ``_search_kind`` says among what its records are shown (default: forms).
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
    age = fields.Integer(readonly=True, default=0, help="0 for the newest, 2 for the oldest.")
    stamp = fields.Char(readonly=True, help="By this the job sees that the record has changed since.")
    text = fields.Text(readonly=True, help="What is read of an article, with the rules that it shows: for excerpts.")
    indexed_on = fields.Datetime(required=True, readonly=True)

    _age_idx = models.Index("(age, kind, date DESC NULLS LAST, id DESC)")
    _record_uniq = models.UniqueIndex("(res_model, res_id, COALESCE(lang, ''))")

    def init(self):
        """Add the words: a column of a type that the ORM does not know, and what finds them.

        Only jobs and publishing write here, so new words go into the index at once: a list of those that wait would be
        read by every search. What was rewritten leaves the indexes soon, for the same reason.
        """
        self.env.cr.execute("""
            ALTER TABLE ops_search_entry ADD COLUMN IF NOT EXISTS words tsvector;
            ALTER TABLE ops_search_entry SET (
                autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_scale_factor = 0.01, vacuum_index_cleanup = on
            );
            CREATE INDEX IF NOT EXISTS ops_search_entry_words_idx ON ops_search_entry USING gin (words) WITH (fastupdate = off);
        """)
        for age in range(OLDEST):
            self.env.cr.execute(SQL(
                "CREATE INDEX IF NOT EXISTS %s ON ops_search_entry USING gin ((%s)) WITH (fastupdate = off) WHERE %s",
                SQL.identifier(f"ops_search_entry_words_{age}_idx"), *self._words_of_age(age),
            ))

    @api.model
    def _words_of_age(self, age):
        """Return the words of entries up to an age, and the condition that they are: as the index of these has them.

        Words are asked for in such a way that PostgreSQL cannot take the index of all: it guesses that a rare combination
        costs the same in each.
        """
        if age >= OLDEST:
            return SQL("words"), SQL("TRUE")
        # numbers stand in the statement as they are: as parameters they would hide that the index holds what is asked for
        return SQL(f"CASE WHEN age < {age + 1:d} THEN words END"), SQL(f"age < {age + 1:d}")

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
    @ormcache("name")
    def _keys_of(self, name):
        """Return the paths of a model's records whose values are kept beside their words, to narrow a search by: its own links
        to users, departments and companies, and the paths by which its record rules let people in.

        Only paths of which a stamp tells that they changed. Fields with groups are left out, like everything that not every
        reader may know.
        """
        model = self.env[name]
        own = {field.name for field in model._fields.values() if field.type == "many2one" and field.name not in models.MAGIC_COLUMNS}
        if hasattr(model, "_search_changed"):  # it has a stamp of its own
            return tuple(sorted(path for path in own if self._is_key(model, path)))
        # sudo: by what rules let people in, whoever searches
        rules_sudo = self.env["ir.rule"].sudo().search([("model_id.model", "=", name), ("perm_read", "=", True)])
        asked = {path for rule in rules_sudo for path in ASKED.findall(rule.domain_force or "")}
        return tuple(sorted(path for path in own | asked if self._is_key(model, path)))

    @api.model
    def _is_key(self, model, path):
        *links, last = path.split(".")
        for link in links:
            field = model._fields.get(link)
            if len(links) > 1 or not field or not field.store or field.groups or field.type not in ("many2one", "one2many"):
                return False
            model = self.env[field.comodel_name]
        field = model._fields.get(last)
        kinds = ("many2one",) if links else ("many2one", "many2many")
        return bool(field and field.store and not field.groups and field.type in kinds and field.comodel_name in PEOPLE)

    @api.model
    def _signature(self, model):
        """Return what the stamp of an entry begins with: another definition of what is searched makes all entries old."""
        text = repr((2, sorted(model._search_fields.items()), self._keys_of(model._name)))
        return format(zlib.crc32(text.encode()), "x")

    # -- writing -----------------------------------------------------------------------------------------------------------

    @api.model
    def _put(self, rows):
        """Write entries, new or in the place of what stood there.

        :param rows: tuples of model, id, language or None, kind, date, stamp, literal of the words, text or None
        """
        for start in range(0, len(rows), 200):
            values = SQL(", ").join(
                SQL("(%s, %s, %s, %s, %s, %s, %s::tsvector, %s, %s, 0)", *row, fields.Datetime.now()) for row in rows[start:start + 200]
            )
            ids = self.env.execute_query(SQL(
                """
                INSERT INTO ops_search_entry (res_model, res_id, lang, kind, date, stamp, words, text, indexed_on, age)
                     VALUES %s
                ON CONFLICT (res_model, res_id, COALESCE(lang, '')) DO UPDATE
                        SET kind = EXCLUDED.kind, date = EXCLUDED.date, stamp = EXCLUDED.stamp, words = EXCLUDED.words,
                            text = EXCLUDED.text, indexed_on = EXCLUDED.indexed_on,
                            age = CASE WHEN EXCLUDED.date > ops_search_entry.date THEN 0 ELSE ops_search_entry.age END
                RETURNING id
                """,
                values,
            ))
            self.env["ops.search.word"]._learn([entry_id for entry_id, in ids])
        self.invalidate_model(flush=False)
