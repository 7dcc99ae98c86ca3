import logging

from psycopg2 import OperationalError

from odoo import api, models

from ...tools.search_words import plain, vector
from .ops_search_entry_changed import FOUND, LATELY

_logger = logging.getLogger(__name__)
BATCH = 200  # records of one transaction
ATTEMPTS = 5


class OpsSearchEntry(models.Model):
    """Forms are indexed by a job, so that nobody who writes one waits for it.

    What a record was like when it was indexed stands in its entry; whatever looks otherwise now is indexed again, however
    late its transaction ended. Every few minutes the job looks so at what was written lately, once a night at everything.
    It keeps no watermark: whenever it is killed, the next run finds what is left.
    """

    _inherit = "ops.search.entry"

    @api.model
    def _cron_index(self, whole=False):
        """Bring the search up to date, a batch per transaction: index what is new or changed.

        :param bool whole: compare all records with their entries and forget what is gone, as once a night; otherwise look
            only at what was written lately
        """
        cron = self.env["ir.cron"]
        self._grow_old()
        for name in self._searched():
            since = None if whole or self._is_behind(name) else self.env.cr.now() - LATELY
            if whole:
                self._forget(name)
            left = cron._commit_progress()
            while ids := self._changed(name, since):
                left = self._index_all(name, ids)
                if left <= 0:
                    self.env.ref("ops_handbook.ops_search_cron_whole" if whole else "ops_handbook.ops_search_cron")._trigger()
                    return
                if len(ids) < FOUND:
                    break
        if whole:
            self._forget_others()
        cron._commit_progress()

    @api.model
    def _index_all(self, name, ids):
        """Index these records batch by batch; return the seconds that are left."""
        cron, failures, left, at, size = self.env["ir.cron"], 0, 1, 0, BATCH
        while at < len(ids) and left > 0 and failures < ATTEMPTS:
            batch = ids[at:at + size]
            try:
                self._index_batch(name, batch)
                left = cron._commit_progress(len(batch))
            except OperationalError as error:  # another worker wrote the same entry: a job has no retry of its own
                self.env.cr.rollback()
                failures += 1
                _logger.info("search: %s, trying again", error)
                continue
            except Exception:
                self.env.cr.rollback()
                if len(batch) > 1:
                    size = 1  # find the one that cannot be read; the others go on
                    continue
                _logger.exception("search: %s %s cannot be indexed", name, batch)
                self._put([(name, batch[0], None, self._searched()[name], None, self._stamps(name, batch).get(batch[0]), "", None)])
                cron._commit_progress(1)
                size = BATCH
            at, failures = at + len(batch), 0
        return left if failures < ATTEMPTS else 0

    # -- what ---------------------------------------------------------------------------------------------------------------

    @api.model
    def _index_batch(self, name, ids):
        """Index some records of a model as they are now; those that are gone lose their entries."""
        if hasattr(self.env[name], "_search_index"):
            return self.env[name].browse(ids)._search_index()
        stamps = self._stamps(name, ids)
        # sudo: the index knows all; what somebody finds is asked for with their own rights. No language but the source's
        records = self.env[name].sudo().with_context(active_test=False, lang=None).browse(stamps)
        called = next((field for field in ("number", "code") if field in records._fields), None)
        kind = self._searched()[name]
        self._put([
            (name, record.id, None, kind, record.create_date, stamps[record.id], vector(
                self._texts(record), [called and record[called]], self._keys(record)
            ), None)
            for record in records
        ])
        self.env.invalidate_all(flush=False)
        return None

    @api.model
    def _texts(self, record):
        """Yield the texts of a record with their weights: title and number first."""
        for name in ("number", "code"):
            if name in record._fields and record[name]:
                yield record[name], "A"
        for path, weight in record._search_fields.items():
            for text in self._values(record, path, every_language=True):
                yield text, weight

    @api.model
    def _values(self, record, path, every_language=False):
        """Return the texts at a path of a record, in one or all languages in which it is kept; of HTML what one reads."""
        *links, name = path.split(".")
        owners = record
        for link in links:
            owners = owners[link]
        field = owners._fields[name]
        if every_language and field.translate is True and field.store:
            return [text for owner in owners for text in dict.fromkeys((field._get_stored_translations(owner) or {}).values())]
        texts = [owner[name] for owner in owners]
        return [plain(text) if field.type == "html" else text for text in texts if text]

    @api.model
    def _keys(self, record):
        """Return the lexemes by which a search is narrowed before anybody's rights are asked: model, people."""
        keys = [f"~m={record._name}"]
        for path in self._keys_of(record._name):
            keys += [f"~{path}={found or 0}" for found in (record.mapped(path).ids or [0])]
        return keys
