export const MAX_SIDE = 1600; // pixels of the longer side: enough to read a label on a machine
const QUALITY = 0.85;

/**
 * Return the size at which a picture of `width` × `height` is sent: its longer side is at most `limit` pixels.
 *
 * @returns {{width: number, height: number}} whole pixels, at least 1
 */
export function fitted(width, height, limit = MAX_SIDE) {
    const scale = Math.min(1, limit / Math.max(width, height));
    return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * Draw a picture anew at the size at which it is sent, upright. Where and with what it was taken stays behind.
 *
 * @param {Blob} file
 * @returns {Promise<string>} a data URL of a JPEG picture
 * @throws when the browser cannot read the file as a picture
 */
export async function downscale(file, limit = MAX_SIDE) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const { width, height } = fitted(picture.width, picture.height, limit);
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context.fillStyle = "#ffffff"; // what is transparent would turn black
    context.fillRect(0, 0, width, height);
    context.drawImage(picture, 0, 0, width, height);
    picture.close();
    return canvas.toDataURL("image/jpeg", QUALITY);
}
