export const GOOD = 90; // percent in time from which on a rate is shown as good, and those from which on as fair
export const FAIR = 70;

/**
 * The colour of a rate, one of those of the results.
 *
 * @param {number|false} rate in percent; false: nothing was due
 * @param {number} coming how many are not due yet
 */
export function rateTone(rate, coming = 0) {
    if (rate === false) {
        return coming ? "pending" : "none";
    }
    return rate >= GOOD ? "met" : rate >= FAIR ? "late" : "missed";
}
