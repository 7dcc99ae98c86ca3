import { Component, onMounted, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { completed, mentionAt } from "./mention";
import { MinutesDraft } from "./minutes_draft";
import { MinutesTasks } from "./minutes_tasks";

const MODEL = "ops.meeting";
const REST = 800; // milliseconds of rest after which notes are saved
const OFFER = 150; // milliseconds of rest after which names are offered
const RETRY = 8000; // milliseconds until a line that found no connection is sent again

// one key, one resolution: what is sent again after a lost connection is not written twice
const newKey = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");

/** Write minutes while people talk: notes for each item, who is there, resolutions in one line each. */
export class Minutes extends Component {
    static template = "ops_handbook.Minutes";
    static components = { MinutesTasks };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.input = useRef("line");
        const { context = {}, params = {} } = this.props.action;
        this.meetingId = Number(context.active_id || params.active_id || 0);
        this.draft = new MinutesDraft(user.userId, this.meetingId);
        this.state = useState({
            data: null,
            notes: {}, // item of the agenda → { text, version, state: saved, typing, saving, offline or refused, error }
            tasks: {}, // task → what was typed about it and is not saved
            item: false, // the item of the agenda that resolutions are written to
            line: "",
            error: "",
            editing: null, // the resolution that the line changes
            pending: [], // lines on their way to the server: { key, line, agendaId, error }
            offered: [],
            chosen: 0,
            people: false, // the list of attendees is open
            said: "", // what a screen reader is told
            stepping: false, // the next step is on its way
            stopped: false, // it was not taken: something here is not saved yet
        });
        this.caret = null;
        this.saveSoon = useDebounced(() => this.saveAllNotes(), REST);
        this.offerSoon = useDebounced(() => this.offer(), OFFER);
        useSetupAction({
            rootRef: this.root,
            beforeLeave: () => this.flush(),
            beforeUnload: () => this.flush(),
        });
        useEffect(() => this.placeCaret());
        onWillStart(() => this.load());
        onMounted(() => {
            this.retry = browser.setInterval(() => this.sendAgain(), RETRY);
            browser.addEventListener("online", (this.online = () => this.sendAgain()));
            this.sendAgain();
        });
        onWillUnmount(() => {
            browser.clearInterval(this.retry);
            browser.removeEventListener("online", this.online);
        });
    }

    call(method, ...args) {
        return this.orm.silent.call(MODEL, method, [[this.meetingId], ...args]);
    }

    /** Do one thing after the other: two at once stand in each other's way on the server, and one has to wait and retry. */
    inTurn(call) {
        const done = (this.saving || Promise.resolve()).then(call);
        this.saving = done.catch(() => {});
        return done;
    }

    save(method, ...args) {
        return this.inTurn(() => this.call(method, ...args));
    }

    // -- loading: what was typed before a reload is still there ----------------------------------------------------

    async load() {
        const data = await this.orm.call(MODEL, "get_minutes", [[this.meetingId]]);
        this.state.data = data;
        this.env.config.setDisplayName(`${data.meeting.number} ${data.meeting.name}`);
        const kept = this.draft.values;
        for (const item of data.agenda) {
            const typed = kept.notes[item.id];
            const unsaved = typed && typed.text !== item.notes;
            this.state.notes[item.id] = {
                text: unsaved ? typed.text : item.notes,
                version: unsaved ? typed.version : item.content_version,
                state: unsaved ? "typing" : "saved",
                error: "",
            };
        }
        this.state.item = data.agenda.length ? data.agenda[0].id : false;
        if (!this.halfTyped) {
            this.state.editing = null; // only opened: its row is another one now, and the field is that of a new line again
        }
        this.state.line = kept.line;
        this.state.pending = kept.pending.map((line) => ({ ...line, error: "" }));
        this.state.people = this.missing > 0;
    }

    async reload() {
        this.draft.values.notes = {};
        this.draft.write();
        await this.load();
    }

    /** Of how many it has to be noted whether they were there: of those who may come, but need not, nobody has to. */
    get missing() {
        return this.state.data.attendees.filter((person) => person.is_required && person.presence === "expected").length;
    }

    resolutionsOf(itemId) {
        return this.state.data.resolutions.filter((row) => (row.agenda_id || false) === itemId);
    }

    pendingOf(itemId) {
        return this.state.pending.filter((line) => (line.agendaId || false) === itemId);
    }

    get itemName() {
        const item = this.state.data.agenda.find((row) => row.id === this.state.item);
        return item ? item.name : _t("the whole meeting");
    }

    // -- who is there ----------------------------------------------------------------------------------------------

    async setPresence(person, presence) {
        const before = person.presence;
        person.presence = before === presence ? "expected" : presence;
        try {
            Object.assign(person, await this.save("save_minutes_presence", person.id, person.presence));
        } catch (error) {
            person.presence = before;
            throw error;
        }
    }

    /** One call, however many they are; what somebody else has noted meanwhile is shown as well. */
    async allPresent() {
        const rows = new Map((await this.save("save_minutes_all_present")).map((row) => [row.id, row]));
        for (const person of this.state.data.attendees) {
            Object.assign(person, rows.get(person.id));
        }
    }

    // -- notes: saved by themselves --------------------------------------------------------------------------------

    writeNotes(item, text) {
        const notes = this.state.notes[item.id];
        notes.text = text;
        this.state.stopped = false;
        notes.state = notes.state === "refused" ? "refused" : "typing";
        this.draft.keepNotes(item.id, text, notes.version);
        this.saveSoon();
    }

    async saveAllNotes() {
        for (const item of this.state.data.agenda) {
            await this.saveNotes(item);
        }
    }

    async saveNotes(item) {
        const notes = this.state.notes[item.id];
        // on its way already: whoever asks for it again waits for it
        for (let waited; notes.state === "saving" && waited !== this.saving; ) {
            waited = this.saving;
            await waited;
        }
        if (!["typing", "offline"].includes(notes.state)) {
            return;
        }
        const text = notes.text;
        notes.state = "saving";
        try {
            // the version when its turn comes: an earlier save of these notes may be on its way still
            const row = await this.inTurn(() => this.call("save_minutes_notes", item.id, text, notes.version));
            notes.version = row.content_version;
            item.notes = row.notes;
            notes.error = "";
            if (notes.text === text) {
                notes.state = "saved";
                this.draft.dropNotes(item.id);
            } else {
                // typed on while it was being saved
                notes.state = "typing";
                this.draft.keepNotes(item.id, notes.text, notes.version);
                this.saveSoon();
            }
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                notes.state = "offline";
            } else if (error instanceof RPCError) {
                notes.state = "refused";
                notes.error = error.data?.message || error.message;
            } else {
                throw error;
            }
        }
    }

    /** Take what somebody else wrote; mine goes behind it, so that nothing is lost. */
    async mergeNotes(item) {
        const data = await this.orm.call(MODEL, "get_minutes", [[this.meetingId]]);
        const theirs = data.agenda.find((row) => row.id === item.id);
        const notes = this.state.notes[item.id];
        if (!theirs) {
            return this.reload();
        }
        notes.text = theirs.notes ? `${theirs.notes}\n\n${notes.text}` : notes.text;
        Object.assign(notes, { version: theirs.content_version, state: "typing", error: "" });
        this.draft.keepNotes(item.id, notes.text, notes.version);
        await this.saveNotes(item);
    }

    notesState(item) {
        return {
            saved: "", typing: _t("Not saved yet"), saving: _t("Saving…"),
            offline: _t("No connection: kept on this device, sent as soon as possible"), refused: _t("Not saved"),
        }[this.state.notes[item.id].state];
    }

    // -- tasks: where they stand goes to the tasks themselves -------------------------------------------------------

    /** Whoever may say elsewhere where a task stands may say it here; what somebody else wrote meanwhile is not lost. */
    saveTask(task, note) {
        return this.inTurn(async () => {
            const values = { progress_note: note, content_version: task.content_version };
            try {
                await this.orm.silent.write("ops.task", [task.id], values);
            } catch (error) {
                if (error.data?.context?.ops_stale) {
                    // what stands there now is shown, and whoever tries again has seen it
                    Object.assign(task, await this.readTask(task));
                }
                throw error;
            }
            return this.readTask(task);
        });
    }

    async readTask(task) {
        const [row] = await this.orm.silent.read("ops.task", [task.id], ["content_version", "progress_note"]);
        return { note: row.progress_note || "", content_version: row.content_version };
    }

    /** A need for what another department has becomes a request for a collaboration. */
    async requestCollaboration(item) {
        await this.flush();
        this.action.doAction(await this.orm.call("ops.meeting.agenda", "action_request_collaboration", [[item.id]]));
    }

    // -- resolutions: one line each, Enter opens the next ----------------------------------------------------------

    typeLine(ev) {
        this.state.line = ev.target.value;
        this.caretNow = ev.target.selectionStart;
        this.state.error = "";
        this.state.stopped = false;
        this.draft.keepLine(this.state.line);
        if (mentionAt(this.state.line, this.caretNow)) {
            this.offerSoon();
        } else {
            this.state.offered = [];
        }
    }

    async offer() {
        const mention = mentionAt(this.state.line, this.caretNow ?? this.state.line.length);
        if (!mention) {
            this.state.offered = [];
            return;
        }
        try {
            const offered = await this.call("find_minutes_people", mention.text);
            // typed on meanwhile: Enter must save the line, not choose somebody for a name that is complete
            if (mentionAt(this.state.line, this.caretNow ?? this.state.line.length)?.text === mention.text) {
                this.state.offered = offered;
                this.state.chosen = 0;
            }
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    choose(person) {
        const caret = this.caretNow ?? this.state.line.length;
        const mention = mentionAt(this.state.line, caret);
        if (!mention) {
            return;
        }
        const line = completed(this.state.line, caret, mention, person.name);
        this.state.line = line.text;
        this.caret = this.caretNow = line.caret;
        this.state.offered = [];
        this.draft.keepLine(line.text);
    }

    placeCaret() {
        if (this.caret !== null && this.input.el) {
            this.input.el.focus();
            this.input.el.setSelectionRange(this.caret, this.caret);
            this.caret = null;
        }
    }

    keyLine(ev) {
        if (ev.isComposing) {
            return; // Enter chooses the characters of an input method
        }
        const { offered } = this.state;
        if (offered.length && ["ArrowDown", "ArrowUp"].includes(ev.key)) {
            const step = ev.key === "ArrowDown" ? 1 : offered.length - 1;
            this.state.chosen = (this.state.chosen + step) % offered.length;
        } else if (offered.length && ["Enter", "Tab"].includes(ev.key)) {
            this.choose(offered[this.state.chosen]);
        } else if (ev.key === "Escape" && (offered.length || this.state.editing)) {
            offered.length ? (this.state.offered = []) : this.stopEditing();
        } else if (ev.key === "Enter") {
            this.saveLine();
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    /** A resolution as the line that makes it. */
    lineOf(row) {
        return [row.name, row.owner && `@${row.owner}`, row.due].filter(Boolean).join(" ");
    }

    /** Whether something stands in the field that is saved nowhere. A resolution that was only opened is saved. */
    get halfTyped() {
        const { line, editing } = this.state;
        return Boolean(line.trim()) && !(editing && line === this.lineOf(editing));
    }

    edit(row) {
        if (this.halfTyped) {
            this.state.error = _t("Save this line first.");
            this.caret = this.state.line.length;
            return;
        }
        this.state.editing = row;
        this.state.item = row.agenda_id || false;
        this.state.error = "";
        this.state.line = this.lineOf(row);
        this.caret = this.state.line.length;
    }

    stopEditing() {
        this.state.editing = null;
        this.clearLine();
    }

    clearLine() {
        this.state.line = "";
        this.state.error = "";
        this.state.offered = [];
        this.draft.keepLine("");
    }

    async saveLine() {
        const line = this.state.line.trim();
        if (!line) {
            return;
        }
        if (this.state.editing) {
            return this.saveEdited(line);
        }
        this.state.pending.push({ key: newKey(), line, agendaId: this.state.item, error: "" });
        this.clearLine();
        this.draft.keepPending(this.state.pending);
        await this.sendAgain();
    }

    async saveEdited(line) {
        if (this.changing) {
            return;
        }
        this.changing = true;
        const { id, content_version: version } = this.state.editing;
        try {
            this.put(await this.save("save_minutes_resolution", line, false, false, id, version));
            // unless it was typed on, or left for another line, while it was being saved
            if (this.state.editing?.id === id && this.state.line.trim() === line) {
                this.stopEditing();
            }
        } catch (error) {
            this.state.error = this.words(error);
        } finally {
            this.changing = false;
        }
    }

    put(row) {
        const rows = this.state.data.resolutions;
        const known = rows.find((other) => other.id === row.id);
        known ? Object.assign(known, row) : rows.push(row);
        this.state.said = _t("Saved: %(name)s, %(owner)s, %(due)s", {
            name: row.name, owner: row.owner || _t("nobody yet"), due: row.due_text || _t("no date yet"),
        });
    }

    words(error) {
        if (error instanceof ConnectionLostError) {
            return _t("No connection: nothing was saved. Try again in a moment.");
        }
        if (error instanceof RPCError) {
            return error.data?.message || error.message;
        }
        throw error;
    }

    /** Send what waits. Whoever asks while it is on its way waits for the same. */
    async sendAgain() {
        if (this.state.data) {
            this.sending ||= this.sendLines().finally(() => (this.sending = null));
            await this.sending;
        }
    }

    /** Send one line after the other. A line that is refused goes back into the field, with the reason. */
    async sendLines() {
        await this.saveAllNotes();
        let first;
        while ((first = this.state.pending.find((line) => !line.refused))) {
            try {
                this.put(await this.save("save_minutes_resolution", first.line, first.agendaId, first.key));
            } catch (error) {
                if (error instanceof ConnectionLostError) {
                    first.error = _t("No connection: kept on this device, sent as soon as possible");
                    return;
                }
                if (!(error instanceof RPCError)) {
                    throw error;
                }
                this.giveBack(first, error.data?.message || error.message);
                continue;
            }
            this.state.pending = this.state.pending.filter((line) => line.key !== first.key);
            this.draft.keepPending(this.state.pending);
        }
    }

    giveBack(line, message) {
        if (this.state.line.trim()) {
            Object.assign(line, { error: message, refused: true }); // another line is being typed: this one waits
            return;
        }
        this.state.pending = this.state.pending.filter((other) => other.key !== line.key);
        this.draft.keepPending(this.state.pending);
        this.state.editing = null; // one that was only opened: what comes back is a line of its own
        this.state.line = line.line;
        this.draft.keepLine(line.line);
        this.state.item = line.agendaId;
        this.state.error = message;
        this.caret = line.line.length;
    }

    correct(line) {
        if (!this.state.line.trim()) {
            this.giveBack(line, line.error);
        }
    }

    // -- what comes next -------------------------------------------------------------------------------------------

    /** Bring to the server what can be brought there, and wait for what is on its way. */
    async flush() {
        if (this.state.data) {
            await this.saveAllNotes();
            await this.sendAgain();
            await this.saving;
        }
    }

    /** Whether the screen shows anything that the server does not have. Notes with a layout are not written here. */
    get unsaved() {
        const { data, notes, pending, tasks } = this.state;
        return (
            pending.length > 0 || this.halfTyped ||
            data.agenda.some((item) => !item.is_rich && notes[item.id].state !== "saved") ||
            data.agenda.some((item) => item.tasks?.some((task) => task.can_report && task.id in tasks))
        );
    }

    async step(method) {
        if (this.state.stepping) {
            return; // a second tap
        }
        Object.assign(this.state, { stepping: true, stopped: false });
        try {
            await this.flush();
            // what is distributed is sent to everybody and locked: it must be what stands here
            if (method === "action_distribute" && this.unsaved) {
                this.state.stopped = true;
                return;
            }
            await this.orm.call(MODEL, method, [[this.meetingId]]);
            await this.load();
        } finally {
            this.state.stepping = false;
        }
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: MODEL, res_id: this.meetingId, views: [[false, "form"]],
        }, { clearBreadcrumbs: false });
    }
}

registry.category("actions").add("ops_minutes", Minutes);
