import secrets

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools.misc import hash_sign, verify_hash_signed

from ...tools import pictures

# nothing from elsewhere, no frame, no referrer (the address of a follow page is its key), nothing kept
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Permissions-Policy": "geolocation=(), microphone=()",
}
LANGUAGES = {"en_US": "English", "zh_CN": "中文"}
SCOPE = "ops_handbook.door"
# hours in which an opened form can be sent
FORM_HOURS = 12
MAX_PHOTOS = 6
# bytes of a whole post
MAX_POST = 64 * 1024 * 1024


class OpsDoor(models.AbstractModel):
    """What the pages without a login share: language, rendering, headers, form tokens, photos.

    Everything here runs as superuser, because there is no user: the callers show and take only what their page is for.
    """

    _name = "ops.door"
    _description = "Pages without a Login"

    # -- language -----------------------------------------------------------------------------------------------------

    @api.model
    def _for_visitor(self):
        """Return this model as superuser, in the language of the visitor, without a trace of who else they may be."""
        language = self._visitor_language()
        context = {
            "lang": language, "mail_create_nosubscribe": True, "mail_create_nolog": True,
            "mail_post_autofollow_author_skip": True,
        }
        return self.with_env(self.env(user=SUPERUSER_ID, su=True, context=context))

    @api.model
    def _languages(self):
        """Return the languages to choose from: list of (code, name in that language), of those that are installed."""
        installed = dict(self.env["res.lang"].sudo().get_installed())  # sudo: public knowledge
        return [(code, name) for code, name in LANGUAGES.items() if code in installed]

    @api.model
    def _visitor_language(self):
        """Return the code of the language that the visitor chose, or that their browser prefers, or the first."""
        offered = [code for code, _name in self._languages()]
        if request.httprequest.args.get("lang") in offered:
            return request.httprequest.args["lang"]
        for wish in request.httprequest.accept_languages.values():
            for code in offered:
                if code.split("_")[0] == wish.replace("_", "-").split("-")[0].lower():
                    return code
        return offered[0] if offered else self.env["res.lang"]._get_data().code or "en_US"

    # -- pages --------------------------------------------------------------------------------------------------------

    @api.model
    def _page(self, template, values=None, status=200, headers=None):
        """Return the response with the page ``ops_handbook.<template>``."""
        door = self._for_visitor()
        path = request.httprequest.path
        html = door.env["ir.qweb"]._render(f"ops_handbook.{template}", {
            "lang": door.env.lang,
            "languages": [(code, name, f"{path}?lang={code}") for code, name in door._languages()],
            "action": f"{path}?lang={door.env.lang}",
            **(values or {}),
        })
        return request.make_response(
            Markup("<!DOCTYPE html>\n") + html, headers={"Content-Type": "text/html; charset=utf-8", **HEADERS, **(headers or {})},
            status=status,
        )

    @api.model
    def _unknown(self):
        """The page for every link that is not ours, the same for all of them: it tells nothing about what exists."""
        return self._page("ops_door_unknown", status=404)

    @api.model
    def _slowed(self, wait):
        """The page for who comes too often; ``wait`` in seconds."""
        text = self._for_visitor().env._(
            "Nothing was sent. Please go back and send it again in %(seconds)s seconds; what you wrote is still there.",
            seconds=wait,
        )
        return self._page("ops_door_slowed", {"text": text}, status=429, headers={"Retry-After": str(wait)})

    @api.model
    def _too_large(self):
        text = self._for_visitor().env._(
            "Nothing was sent: together they are larger than %(limit)s MB. Please go back and send fewer or smaller ones; "
            "what you wrote is still there.",
            limit=MAX_POST // 1024**2,
        )
        return self._page("ops_door_too_large", {"text": text}, status=413)

    # -- forms --------------------------------------------------------------------------------------------------------

    @api.model
    def _form_token(self, place):
        """Return a signed token for a form that is opened at ``place``: no other site can send one, and none twice."""
        return hash_sign(self.env, SCOPE, [place, secrets.token_urlsafe(32)], expiration_hours=FORM_HOURS)

    @api.model
    def _form_nonce(self, token, place):
        """Return the unguessable number in the form token, or None if it was not made for ``place`` or is too old."""
        try:
            signed_place, nonce = verify_hash_signed(self.env, SCOPE, token) or (None, None)
        except (ValueError, TypeError, AttributeError):  # what people type into an address need not be a token
            return None
        return nonce if signed_place == place else None

    @api.model
    def _text(self, params, name, label, limit):
        """Return the text that was typed into the field ``name``, cleaned of what a database cannot hold."""
        value = params.get(name)
        text = "".join(
            char for char in (value if isinstance(value, str) else "").replace("\r\n", "\n")
            if char >= " " or char in "\n\t"
        ).encode("utf-8", "ignore").decode().strip()
        if len(text) > limit:
            raise UserError(self.env._(
                "%(field)s: please shorten the text to %(limit)s characters; it has %(length)s.",
                field=label, limit=limit, length=len(text),
            ))
        return text

    @api.model
    def _photos(self):
        """Return the pictures that came with the request, without anything but the pictures: list of (name, bytes)."""
        files = [file for file in request.httprequest.files.getlist("photos") if file.filename]
        if len(files) > MAX_PHOTOS:
            raise UserError(self.env._("Photos: please send at most %(limit)s.", limit=MAX_PHOTOS))
        photos = []
        for number, file in enumerate(files, start=1):
            try:
                # a request that is served again was read before, and of several files with one name Odoo rewinds the first only
                file.stream.seek(0)
                data, ending = pictures.cleaned(file.stream.read(pictures.MAX_BYTES + 1))
            except pictures.PictureError as error:
                raise UserError(self._photo_refusal(number, str(error))) from error
            # a name of ours: that of the file may name its owner
            photos.append((f"photo-{number}.{ending}", data))
        return photos

    @api.model
    def _photo_refusal(self, number, why):
        reasons = {
            "heic": self.env._(
                "Photo %(number)s is in the HEIC format, which cannot be read here. Take it with the button “Take a "
                "photo”, or send a screenshot of it.", number=number),
            "bytes": self.env._(
                "Photo %(number)s is larger than %(limit)s MB. Please send a smaller one.",
                number=number, limit=pictures.MAX_BYTES // 1024**2),
            "pixels": self.env._("Photo %(number)s has too many pixels. Please send a smaller one.", number=number),
        }
        return reasons.get(why) or self.env._(
            "Photo %(number)s is not a picture that can be read. Please send a JPEG or PNG picture.", number=number)
