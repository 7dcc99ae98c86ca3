import logging

from psycopg2 import IntegrityError, OperationalError

from odoo import api, models

_logger = logging.getLogger(__name__)

ATTEMPTS = 20  # collisions in a row before a job gives up for this time
GROWTH = 3  # by how much batches grow again with each that succeeds


class IrCron(models.Model):
    """What jobs that work off many have in common: a batch in each transaction, and one that is broken stops nobody."""

    _inherit = "ir.cron"

    @api.model
    def _ops_work_off(self, job, size, find, act):
        """Work off what is found, in batches with a commit after each: a job that was killed goes on where it was.

        A batch that fails is begun again one by one, and batches grow again from there; what fails by itself is left to the
        next run.

        :param str job: external id of the job, which is called again when its time is up
        :param int size: of a batch at most
        :param find: called with ``limit`` and ``without`` (ids), returns what is to be done: list of tuples, an id first
        :param act: does what was found
        """
        failures, limit, broken = 0, size, [0]
        while failures < ATTEMPTS:
            found = []
            try:
                found = find(limit=limit, without=broken)
                act(found)
                left, failures = self._commit_progress(len(found)), 0
            except Exception as error:
                self.env.cr.rollback()
                # somebody does one of them at the same time: look again; what the database refuses once more is broken
                if isinstance(error, OperationalError) or (isinstance(error, IntegrityError) and not failures):
                    failures += 1
                    _logger.info("%s: %s, trying again", job, type(error).__name__)
                    continue
                if not found:
                    raise
                if len(found) == 1:
                    _logger.exception("%s: %s cannot be done", job, found[0])
                    broken.append(found[0][0])
                limit = 1
                continue
            if len(found) < limit:
                break
            if left <= 0:
                self.env.ref(job).sudo()._trigger()  # sudo: the job is nobody's
                break
            limit = min(size, limit * GROWTH)
