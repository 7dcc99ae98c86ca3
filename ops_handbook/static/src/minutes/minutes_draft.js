import { browser } from "@web/core/browser/browser";

const PREFIX = "ops_handbook.minutes";

/** What has been typed and not saved yet, kept in the browser: it survives a reload and a lost connection. */
export class MinutesDraft {
    constructor(userId, meetingId) {
        this.key = `${PREFIX}.${userId}.${meetingId}`;
        this.values = this.read();
    }

    read() {
        const empty = { notes: {}, line: "", pending: [] };
        try {
            const kept = JSON.parse(browser.localStorage.getItem(this.key)) || {};
            return {
                notes: kept.notes && typeof kept.notes === "object" ? kept.notes : {},
                line: typeof kept.line === "string" ? kept.line : "",
                pending: Array.isArray(kept.pending) ? kept.pending.filter((line) => line && line.key) : [],
            };
        } catch {
            return empty;
        }
    }

    write() {
        const { notes, line, pending } = this.values;
        if (!Object.keys(notes).length && !line && !pending.length) {
            browser.localStorage.removeItem(this.key);
        } else {
            browser.localStorage.setItem(this.key, JSON.stringify(this.values));
        }
    }

    keepNotes(id, text, version) {
        this.values.notes[id] = { text, version };
        this.write();
    }

    dropNotes(id) {
        delete this.values.notes[id];
        this.write();
    }

    keepLine(line) {
        this.values.line = line;
        this.write();
    }

    keepPending(pending) {
        this.values.pending = pending.map(({ key, line, agendaId }) => ({ key, line, agendaId }));
        this.write();
    }
}
