/**
 * The arithmetic of a breakdown, the same as on the server (tools/apportion.py): figures are whole numbers of a step, counted
 * in BigInt, and what does not divide goes to the largest remainder, the earliest first.
 */

const ZERO = 0n;

function parts(text) {
    const [mantissa, exponent = "0"] = String(text).toLowerCase().split("e");
    const negative = mantissa.startsWith("-");
    const [whole, decimals = ""] = mantissa.replace(/^[-+]/, "").split(".");
    return { negative, digits: whole + decimals, scale: decimals.length - Number(exponent) };
}

/** @returns {[bigint, number]} a decimal number as digits and how many of them are decimals */
function scaled(value) {
    const { negative, digits, scale } = parts(value);
    const count = BigInt(digits || "0") * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
    return [negative ? -count : count, Math.max(scale, 0)];
}

const abs = (value) => (value < ZERO ? -value : value);

/** The nearest whole number of `top / bottom`, halves away from zero. */
function nearest(top, bottom) {
    const rounded = (2n * abs(top) + abs(bottom)) / (2n * abs(bottom));
    return top < ZERO !== bottom < ZERO ? -rounded : rounded;
}

/**
 * @param {number | string} value
 * @param {string} step the unit in which it is counted, like "0.01"
 * @returns {bigint} how many steps it is, halves away from zero
 */
export function toSteps(value, step) {
    const [count, decimals] = scaled(value);
    const [unit, unitDecimals] = scaled(step);
    const more = Math.max(decimals, unitDecimals);
    return nearest(count * 10n ** BigInt(more - decimals), unit * 10n ** BigInt(more - unitDecimals));
}

/** @returns {number} what a number of steps is worth */
export function fromSteps(steps, step) {
    const [unit, decimals] = scaled(step);
    const worth = String(abs(steps) * unit).padStart(decimals + 1, "0");
    const text = decimals ? `${worth.slice(0, -decimals)}.${worth.slice(-decimals)}` : worth;
    return Number(steps < ZERO ? `-${text}` : text);
}

/** @returns {number} the decimals of a step: "0.05" has two */
export function decimalsOf(step) {
    return scaled(step)[1];
}

const sum = (values) => values.reduce((total, value) => total + value, ZERO);

/** @returns {bigint[]} `total` in proportion to `shares` (not negative), evenly when they are all zero */
export function apportion(total, shares) {
    if (!shares.length) {
        return [];
    }
    let whole = sum(shares);
    if (!whole) {
        shares = shares.map(() => 1n);
        whole = BigInt(shares.length);
    }
    const size = abs(total);
    const found = shares.map((share) => (size * share) / whole);
    const left = Number(size - sum(found));
    const rest = shares.map((share, index) => [(size * share) % whole, index]);
    rest.sort((a, b) => (a[0] === b[0] ? a[1] - b[1] : a[0] > b[0] ? -1 : 1));
    for (const [, index] of rest.slice(0, left)) {
        found[index] += 1n;
    }
    return total < ZERO ? found.map((part) => -part) : found;
}

const weigh = (weights) => weights.map((weight) => toSteps(weight, "0.000001"));

/** An even split (`weights` null), or by weights. */
export function split(total, weights, count) {
    return apportion(total, weights ? weigh(weights) : Array(count).fill(1n));
}

/** Levels that end at `total`: the same each month, or following the weights so that the last is `total`. */
export function levels(total, weights, count) {
    const shares = weights ? weigh(weights) : Array(count).fill(1n);
    const last = shares.at(-1);
    return shares.map((share) => (last ? nearest(total * share, last) : total));
}

/** Put the difference to `total` on the values of `open` (indexes) in proportion to what they are; null when there are none. */
export function rescale(values, total, open) {
    const missing = total - sum(values);
    if (!missing) {
        return values;
    }
    if (!open.length) {
        return null;
    }
    const result = [...values];
    apportion(missing, open.map((index) => abs(values[index]))).forEach((more, position) => {
        result[open[position]] += more;
    });
    return result;
}

/** The figure of some months: their sum, or the level of the last. */
export function yearOf(values, additive) {
    return additive ? sum(values) : values.at(-1) ?? ZERO;
}
