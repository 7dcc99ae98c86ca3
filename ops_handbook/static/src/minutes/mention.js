/**
 * The name that is being typed behind an "@" just before the caret.
 *
 * @param {string} text what stands in the line
 * @param {number} caret where the caret is
 * @returns {{start: number, text: string} | null} where the "@" stands and what follows it; null when no name is typed
 */
export function mentionAt(text, caret) {
    const match = /(?:^|\s|[\u3400-\u9fff])([@＠])([^@＠\s]*)$/.exec(text.slice(0, caret));
    return match ? { start: caret - match[2].length - 1, text: match[2] } : null;
}

/**
 * Put a whole name in the place of the one that is being typed.
 *
 * @returns {{text: string, caret: number}} the line, and where to go on typing
 */
export function completed(text, caret, mention, name) {
    const before = `${text.slice(0, mention.start)}@${name} `;
    return { text: before + text.slice(caret).trimStart(), caret: before.length };
}
