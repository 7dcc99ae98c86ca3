from markupsafe import Markup, escape

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache

from ...tools.search_excerpt import excerpt
from ...tools.search_question import question
from .ops_search_entry import KINDS
from .ops_search_entry_find import _order

PAGE = 20
LONGEST = 300  # characters of a question
MARKED = Markup("<mark>%s</mark>")


class OpsSearchEntry(models.Model):
    """What is shown of what was found: read from the records themselves, as the reader may read them now."""

    _inherit = "ops.search.entry"

    @api.model
    def get_results(self, query, kinds=None, offset=0):
        """Return a page of what the current user may read of what they look for.

        :param str query: words; in quotation marks those that stand side by side
        :param kinds: list of article, case, form; default: all
        :param int offset: results of each kind to leave out, for the next page
        :return: dict with ``query``, ``page`` (results of a page), ``groups``: for each kind a dict with ``kind``, ``label``,
            ``count``, ``more`` (there are more than can be counted), ``results``: dicts with ``model``, ``id``, ``title``,
            ``excerpt`` (HTML, what was found in ``<mark>``), ``kind``, ``what`` (the model in words), ``state``, ``date``,
            ``lang``
        """
        text = query.strip()[:LONGEST] if isinstance(query, str) else ""
        chosen = [kind for kind in KINDS if not isinstance(kinds, (list, tuple)) or not kinds or kind in kinds]
        offset = max(offset, 0) if type(offset) is int else 0
        asked = question(text)
        # the same for each page: looking further back for the next one would bring other hits to the top, before its beginning
        found = self._find(asked, chosen, PAGE + 1) if asked.chunks else {}
        labels = dict(self._fields["kind"]._description_selection(self.env))
        shown = {kind: hits[offset:offset + PAGE] for kind, (hits, _more) in found.items()}
        rows = self._rows([hit for hits in shown.values() for hit in hits], asked.marks())
        return {
            "query": text,
            "page": PAGE,
            "groups": [
                {
                    "kind": kind, "label": labels[kind], "count": len(hits), "more": more,
                    "results": [rows[hit] for hit in shown[kind] if hit in rows],
                }
                for kind, (hits, more) in found.items()
            ],
        }

    @api.model
    def _search_text(self, query, kinds=None, limit=20):
        """Return the best of all kinds that the user may read, as ``get_results`` describes them, with ``rank``."""
        asked = question(query or "")
        if not asked.chunks:
            return []
        found = self._find(asked, [kind for kind in KINDS if not kinds or kind in kinds], limit)
        best = sorted((hit for hits, _more in found.values() for hit in hits), key=_order)[:limit]
        rows = self._rows(best, asked.marks())
        return [{**rows[hit], "rank": hit.score} for hit in best if hit in rows]

    @api.model
    def _rows(self, hits, marks):
        """Return what is shown of hits: dict hit → dict; one read for each model.

        :param hits: of ``_find``, which the reader may read
        """
        by_model, rows = {}, {}
        for hit in hits:
            by_model.setdefault(hit.model, []).append(hit)
        for name, its_hits in by_model.items():
            records = self.env[name].browse([hit.id for hit in its_hits])
            what = self._called(name)
            for hit, shown in zip(its_hits, self._shown(records, its_hits, marks), strict=True):
                if shown:
                    rows[hit] = {
                        "model": name, "id": hit.id, "kind": hit.kind, "what": what, "lang": hit.lang or "",
                        "date": hit.date and str(hit.date)[:19], **shown,
                    }
        return rows

    @api.model
    @ormcache("name", "self.env.lang")
    def _called(self, name):
        """Return what a model is called in the reader's language."""
        return self.env["ir.model"].sudo()._get(name).name  # sudo: what a form is called is no secret

    @api.model
    def _shown(self, records, hits, marks):
        """Return for each record its title, excerpt and state in words; None where it is gone or not to be read."""
        bodies = records._search_bodies(hits) if hasattr(records, "_search_bodies") else {}
        # these and no more: a form has dozens of fields
        names = {"number", "code", "name", "state", *records._search_fields} & set(records._fields)
        # sudo: what was found was asked for with the rules of the reader a moment ago. Lines are read with theirs
        records.sudo().fetch([name for name in names if records._fields[name].store])
        shown = []
        for record in records:
            try:
                texts = [*bodies.get(record.id, ()), *(text for path in self._bodies(record) for text in self._values(record, path))]
                shown.append({
                    "title": self._marked(self._title(record), marks, 200),
                    "excerpt": self._telling(texts, marks),
                    "state": record._state_label(record.state) if hasattr(record, "_state_label") else "",
                })
            except AccessError:  # taken away since, or a line that is narrower than its form
                shown.append(None)
        return shown

    @api.model
    def _title(self, record):
        """Return what a record is called: of an article without its place in the book, for which the whole tree is read."""
        return record.name if getattr(record, "_search_kind", "") == "article" else record.display_name

    @api.model
    def _bodies(self, record):
        """Return the paths of the texts from which an excerpt is taken: not the title, which is shown anyway."""
        return [path for path, weight in record._search_fields.items() if weight != "A"]

    @api.model
    def _telling(self, texts, marks):
        """Return the excerpt of the first text in which something is found, otherwise the beginning of the first."""
        first = None
        for text in texts:
            pieces = excerpt(text, marks)
            if any(marked for _piece, marked in pieces):
                return self._html(pieces)
            first = first or pieces
        return self._html(first or [])

    @api.model
    def _marked(self, text, marks, width):
        return self._html(excerpt(text or "", marks, width))

    @api.model
    def _html(self, pieces):
        return Markup().join(MARKED % piece if marked else escape(piece) for piece, marked in pieces)
