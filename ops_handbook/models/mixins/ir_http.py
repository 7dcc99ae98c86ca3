import werkzeug.exceptions

from odoo import SUPERUSER_ID, api, models
from odoo.http import get_default_session, request, root

from ...tools.words import sendable

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
ADMITTED = "ops_handbook.admitted"


class IrHttp(models.AbstractModel):
    """Routes that say ``ops_door=True`` are served to nobody in particular, whoever is logged in, and not too often."""

    _inherit = "ir.http"

    @classmethod
    def _authenticate(cls, endpoint):
        """Forget the session before anything looks at it.

        Odoo would note user, address and time of a logged-in visitor (``res.device.log``) even where a route asks for no
        user, and the time would tell who wrote an anonymous report.
        """
        if not endpoint.routing.get("ops_door"):
            return super()._authenticate(endpoint)
        database = request.session.db
        request.session = root.session_store.new()
        request.session.update(get_default_session(), db=database)
        request.session.can_save = False
        request.env = api.Environment(request.env.cr, None, {})
        return cls._auth_method_none()

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Ask the rate limiter before the body of a post, which may be large, is read."""
        super()._pre_dispatch(rule, args)
        if not rule.endpoint.routing.get("ops_door") or request.httprequest.method in SAFE_METHODS:
            return
        # a request that the server tries again after a conflict is one post, not several
        if request.httprequest.environ.get(ADMITTED):
            return
        # superuser: there is no user here, and nobody has a right on the counters
        door = request.env(user=SUPERUSER_ID, su=True)["ops.door"]
        wait = door.env["ops.rate.limit"]._admit(request.httprequest.remote_addr or "", request.httprequest.path)
        if wait:
            werkzeug.exceptions.abort(door._slowed(wait))
        request.httprequest.environ[ADMITTED] = True

    @classmethod
    def _serve_fallback(cls):
        """Nothing has a name with a NUL in it: not found, where the search for one would be an error of the server."""
        return None if "\x00" in request.httprequest.path else super()._serve_fallback()

    @classmethod
    def _dispatch(cls, endpoint):
        """Take out the one name that no visitor may send, since it is that of the controller itself."""
        if endpoint.routing.get("ops_door"):
            request.params.pop("self", None)
        return super()._dispatch(endpoint)

    @classmethod
    def _handle_error(cls, exception):
        """Say in words that a post was too large, instead of the bare page of the server; and let no error fail by what it
        cites: half a character that somebody sent cannot be written into an answer.
        """
        too_large = isinstance(exception, werkzeug.exceptions.RequestEntityTooLarge)
        if too_large and request.httprequest.path.startswith("/ops/"):
            return request.env(user=SUPERUSER_ID, su=True)["ops.door"]._too_large()
        error = exception
        while error:
            if any(sendable(argument) is not argument for argument in error.args):
                error.args = tuple(map(sendable, error.args))
            error = error.__cause__ or error.__context__
        return super()._handle_error(exception)
