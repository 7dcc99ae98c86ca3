"""QR codes as pictures, with nothing but what Odoo needs anyway (reportlab computes, Pillow paints).

Odoo's own ``barcode`` draws through a library that many machines lack.

>>> picture("https://example.com/ops/report/abc").startswith(b"\\x89PNG")
True
"""
import io
from base64 import b64encode

from PIL import Image
from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

# modules of white around the code, as the standard asks
QUIET_ZONE = 4


def modules(text: str) -> list[list[bool]]:
    """Return the square of dark (True) and light modules that encodes ``text``, without the quiet zone.

    >>> square = modules("A")
    >>> len(square), len(square[0]), square[0][:8]
    (21, 21, [True, True, True, True, True, True, True, False])
    """
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text))
    code.make()
    side = code.getModuleCount()
    return [[bool(code.isDark(row, column)) for column in range(side)] for row in range(side)]


def picture(text: str, scale: int = 6) -> bytes:
    """Return the QR code of ``text`` as PNG, each module ``scale`` pixels wide."""
    square = modules(text)
    side = len(square) + 2 * QUIET_ZONE
    image = Image.new("1", (side, side), 1)
    for row, line in enumerate(square):
        for column, dark in enumerate(line):
            if dark:
                image.putpixel((column + QUIET_ZONE, row + QUIET_ZONE), 0)
    target = io.BytesIO()
    image.resize((side * scale, side * scale), Image.Resampling.NEAREST).save(target, "PNG")
    return target.getvalue()


def address(text: str, scale: int = 6) -> str:
    """Return the QR code of ``text`` as the address of a picture that is part of a page."""
    return f"data:image/png;base64,{b64encode(picture(text, scale)).decode()}"
