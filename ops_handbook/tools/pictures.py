"""Pictures that strangers send in: read, turned upright and written anew, so that nothing but the picture is left.

A camera writes into the file where and with which phone the picture was taken (EXIF, XMP, IPTC, colour profile, comments).
All of that is gone after :func:`cleaned`, because only the pixels are kept.

>>> target = io.BytesIO()
>>> Image.new("RGB", (4, 2), "red").save(target, "PNG")
>>> picture, ending = cleaned(target.getvalue())
>>> ending, Image.open(io.BytesIO(picture)).size
('jpg', (4, 2))
"""
import io

# WebP by name, since Odoo keeps Pillow from loading its formats by itself
from PIL import Image, ImageOps, WebPImagePlugin  # noqa: F401

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 60_000_000
# the longer side, pixels: enough to read a label on a photo of a machine
MAX_SIDE = 2560
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # MPO, of some phones, opens as JPEG
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"}


class PictureError(ValueError):
    """Why a picture is refused: ``unreadable``, ``heic``, ``bytes`` (too large a file) or ``pixels`` (too large a picture)."""


def is_heif(data: bytes) -> bool:
    """Tell whether ``data`` is a HEIC or AVIF picture, which nothing here can read.

    >>> is_heif(b"\\x00\\x00\\x00\\x18ftypheic")
    True
    >>> is_heif(b"\\xff\\xd8\\xff\\xe0")
    False
    """
    return data[4:8] == b"ftyp" and data[8:12] in HEIF_BRANDS


def cleaned(data: bytes) -> tuple[bytes, str]:
    """Return the picture ``data`` without anything but its pixels, and the ending of its file name.

    Photos become JPEG, pictures with transparency PNG; at most ``MAX_SIDE`` pixels on the longer side. Raises
    :class:`PictureError`.
    """
    if len(data) > MAX_BYTES:
        raise PictureError("bytes")
    if is_heif(data):
        raise PictureError("heic")
    try:
        return _written(_upright(data))
    except PictureError:
        raise
    except Exception as error:  # decoders raise whatever they like on bytes made to hurt them
        raise PictureError("unreadable") from error


def _upright(data):
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        # a photo is decoded at a fraction of its size right away; anything else would be unpacked in full first
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))
        if image.width * image.height > MAX_PIXELS:
            raise PictureError("pixels")
        image = ImageOps.exif_transpose(image)
        image.thumbnail((MAX_SIDE, MAX_SIDE))
        return image.copy()


def _written(image):
    clear = "A" in image.getbands() or "transparency" in image.info
    # a new picture from the pixels alone: no info dictionary, so nothing that a writer could carry over
    pixels = image.convert("RGBA" if clear else "RGB")
    bare = Image.new(pixels.mode, pixels.size)
    bare.paste(pixels)
    target = io.BytesIO()
    if clear:
        bare.save(target, "PNG", optimize=False)
        return target.getvalue(), "png"
    bare.save(target, "JPEG", quality=85)
    return target.getvalue(), "jpg"
