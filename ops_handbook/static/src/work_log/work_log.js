import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { evidenceOf } from "../task/task_evidence";

const MODEL = "ops.work.log";
const DRAFT = "ops_handbook.work_log";
const STEP = 10; // percent that − and + move a task
const TEXTS = ["note", "problem", "measure_taken"];
const KEPT = ["progress", "done", "evidence", ...TEXTS];

/**
 * Return what one tap on − or + makes of a percentage.
 *
 * @param {number} progress 0 to 100
 * @param {number} step
 */
export function moved(progress, step) {
    return Math.max(0, Math.min(100, progress + step));
}

/** The log of a day with one hand: a tap per task, a line, photos of what is done, save. */
export class WorkLog extends Component {
    static template = "ops_handbook.WorkLog";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.chips = [25, 50, 75];
        this.whatWasDone = _t("What was done");
        this.evidenceAsked = _t("Asked for: what was done?");
        this.evidenceWelcome = _t("What was done, if you like");
        this.state = useState({
            data: null, // what the server says of the day
            head: {}, // what was typed of the log
            rows: {}, // task id → what was said of it here
            open: {}, // task id → all its lines of text are shown, not only what was done
            files: {}, // task id → files to hand in
            later: false,
            busy: false,
            reading: 0, // photos and files that are being read
            saved: false,
            stale: false,
            error: "",
        });
        useSetupAction({
            rootRef: this.root,
            beforeUnload: (ev) => Object.values(this.state.files).some((files) => files.length) && ev.preventDefault(),
        });
        this.env.config.setDisplayName(_t("Today's Log"));
        const { day, owner_id } = this.props.action?.params || {};
        onWillStart(() => this.load(day || false, owner_id || false));
    }

    // -- data -----------------------------------------------------------------------------------------------------

    async load(day, owner) {
        this.take(await this.orm.call(MODEL, "quick_form", [day || false, owner || false]));
        this.readDraft();
    }

    /** Show what the server says; what was said here is thrown away. */
    take(data) {
        Object.assign(this.state, { data, head: {}, rows: {}, open: {}, files: {}, error: "", stale: false });
        for (const task of data.tasks) {
            this.state.open[task.id] = Boolean(task.problem || task.measure_taken);
        }
    }

    get draftKey() {
        const { data } = this.state;
        return `${DRAFT}.${user.userId}.${data.owner.id}.${data.date}`;
    }

    /** What was typed survives a call, a lost connection and a closed page. */
    keepDraft() {
        this.state.saved = false;
        const { head, rows } = this.state;
        browser.localStorage.setItem(this.draftKey, JSON.stringify({ head, rows, version: this.version }));
    }

    dropDraft() {
        browser.localStorage.removeItem(this.draftKey);
    }

    readDraft() {
        let kept;
        try {
            kept = JSON.parse(browser.localStorage.getItem(this.draftKey));
        } catch {
            kept = null;
        }
        if (!kept) {
            return;
        }
        this.lay(kept.head || {}, kept.rows || {});
        this.state.stale = this.said && kept.version !== this.version;
    }

    /** Lay what was said here over what the server says now: nothing that anybody typed is lost. */
    lay(head, rows) {
        for (const name of TEXTS) {
            if (typeof head[name] === "string" && head[name] !== (this.state.data.log[name] || "")) {
                this.state.head[name] = head[name];
            }
        }
        for (const task of this.state.data.tasks) {
            const row = rows[task.id];
            if (row) {
                const said = Object.fromEntries(KEPT.filter((name) => name in row).map((name) => [name, row[name]]));
                if (!task.can_report) {
                    delete said.progress;
                    delete said.done;
                }
                this.state.rows[task.id] = said;
                this.state.open[task.id] ||= Boolean(said.problem || said.measure_taken);
            }
        }
    }

    /** Nothing is sent, and no other day shown, while a log is on its way or a file is being read. */
    get locked() {
        return this.state.busy || this.state.reading > 0;
    }

    get version() {
        return this.state.data.log ? this.state.data.log.version : 0;
    }

    // -- what is shown --------------------------------------------------------------------------------------------

    get tasks() {
        return this.state.data.tasks.filter((task) => !task.is_upcoming || task.id in this.state.rows);
    }

    get later() {
        return this.state.data.tasks.filter((task) => task.is_upcoming && !(task.id in this.state.rows));
    }

    get laterText() {
        const { length } = this.later;
        return length === 1 ? _t("1 task begins later") : _t("%s tasks begin later", length);
    }

    get dayText() {
        const { date, today } = this.state.data;
        const day = deserializeDate(date).toLocaleString({ weekday: "short", month: "short", day: "numeric" });
        return date === today ? _t("Today, %s", day) : day;
    }

    /** Another day that may be written, `by` days away; false beyond the first and the last. */
    day(by) {
        const { date, first, today } = this.state.data;
        const other = deserializeDate(date).plus({ days: by }).toISODate();
        return other >= first && other <= today ? other : false;
    }

    dayTitle(by) {
        const other = this.day(by);
        if (!other) {
            return by < 0 ? _t("Earlier logs are closed") : _t("Today is the last day");
        }
        const text = formatDate(deserializeDate(other));
        return this.state.data.logged.includes(other) ? _t("%s, written", text) : _t("%s, not written yet", text);
    }

    get savedText() {
        return this.state.data.log.is_late ? _t("Saved, late") : _t("Saved");
    }

    value(task, name) {
        const row = this.state.rows[task.id] || {};
        return name in row ? row[name] : task[name] || "";
    }

    progress(task) {
        const row = this.state.rows[task.id] || {};
        return "progress" in row ? row.progress : task.can_report ? task.progress : task.logged;
    }

    less(task) {
        return moved(this.progress(task), -STEP);
    }

    more(task) {
        return moved(this.progress(task), STEP);
    }

    isDone(task) {
        return Boolean(this.state.rows[task.id]?.done);
    }

    /** Done asks for evidence where the task does, and there is none yet. */
    lacksEvidence(task) {
        return (
            this.isDone(task) && task.asks_evidence && !task.has_files &&
            !(this.state.files[task.id] || []).length && !this.value(task, "evidence").trim()
        );
    }

    dueText(task) {
        return _t("until %s", deserializeDate(task.date_end).toLocaleString({ month: "short", day: "numeric" }));
    }

    get said() {
        return Boolean(Object.keys(this.state.head).length || Object.keys(this.state.rows).length || this.filesCount);
    }

    get filesCount() {
        return Object.values(this.state.files).flat().length;
    }

    headValue(name) {
        return name in this.state.head ? this.state.head[name] : this.state.data.log[name] || "";
    }

    // -- saying ---------------------------------------------------------------------------------------------------

    say(task, values) {
        this.state.rows[task.id] = { ...this.state.rows[task.id], ...values };
        this.state.error = "";
        this.keepDraft();
    }

    setProgress(task, progress) {
        this.say(task, { progress, done: false });
    }

    toggleDone(task) {
        const done = !this.isDone(task);
        this.say(task, { done, progress: done ? 100 : task.progress });
    }

    showAll(task) {
        this.state.open[task.id] = true;
    }

    /** What was done is asked for as soon as something was said of the task. */
    isNoted(task) {
        return this.state.open[task.id] || task.id in this.state.rows || Boolean(task.note);
    }

    moreText(task) {
        return this.isNoted(task) ? _t("Add a problem") : _t("Add a note or a problem");
    }

    write(name, value) {
        this.state.head[name] = value;
        this.state.error = "";
        this.keepDraft();
    }

    async addFiles(task, ev) {
        const chosen = [...ev.target.files];
        ev.target.value = "";
        for (const file of chosen) {
            this.state.reading++;
            try {
                const read = await evidenceOf(file);
                this.state.files[task.id] = [...(this.state.files[task.id] || []), read];
                this.state.rows[task.id] ||= {};
                this.state.error = "";
            } catch {
                this.notification.add(_t("“%s” is not a picture that can be read here. Choose a JPEG or PNG picture.", file.name), {
                    type: "warning",
                });
            } finally {
                this.state.reading--;
            }
        }
    }

    filesText(task) {
        const count = (this.state.files[task.id] || []).length;
        return count === 1 ? _t("1 file to hand in") : _t("%s files to hand in", count);
    }

    // -- saving ---------------------------------------------------------------------------------------------------

    /** What is sent: only what was said here, with what was seen, so that nothing else moves. */
    values() {
        const { data, head, rows, files } = this.state;
        const lines = data.tasks.filter((task) => task.id in rows).map((task) => {
            const line = { task_id: task.id, ...rows[task.id] };
            if ("progress" in line) {
                line.seen = task.progress;
            }
            if (!line.done) {
                delete line.done;
                delete line.evidence;
            }
            if (files[task.id]?.length) {
                line.files = files[task.id];
            }
            return line;
        });
        return { date: data.date, owner_id: data.owner.id, version: this.version, ...head, lines };
    }

    check() {
        if (!this.said && !this.state.data.log) {
            this.state.error = _t("Say how far one of your tasks is, or in a line what you did.");
            return false;
        }
        const lacking = this.tasks.find((task) => this.lacksEvidence(task));
        if (lacking) {
            this.state.error = _t("“%s” is done when one can see it: say what was done, or add a photo.", lacking.name);
            this.root.el.querySelector(`[data-task="${lacking.id}"] .o_ops_log_evidence textarea`)?.focus();
        }
        return !lacking;
    }

    /** @returns {Promise<boolean>} whether it was saved */
    async save() {
        // a file that is still being read would not be sent, and be thrown away with what was
        if (this.locked || !this.check()) {
            return false;
        }
        this.state.busy = true;
        try {
            const data = await this.orm.call(MODEL, "quick_save", [this.values()]);
            this.dropDraft();
            this.take(data);
            this.state.saved = true;
            this.root.el.scrollTop = 0;
            return true;
        } catch (error) {
            return await this.onError(error);
        } finally {
            this.state.busy = false;
        }
    }

    async onError(error) {
        if (error instanceof ConnectionLostError) {
            this.state.error = _t("Not saved: there is no connection. What you wrote is kept; press Save again when you are online.");
            return false;
        }
        if (!error.data?.context?.ops_stale) {
            throw error;
        }
        const { head, rows, files, data } = this.state;
        this.take(await this.orm.call(MODEL, "quick_form", [data.date, data.owner.id]));
        this.lay(head, rows);
        this.state.files = files;
        this.state.stale = true;
        this.state.error = error.data.message;
        this.keepDraft();
        return false;
    }

    // -- elsewhere ------------------------------------------------------------------------------------------------

    async go(day, owner) {
        if (!day || this.locked) {
            return;
        }
        // what was typed is in the draft, photos and files are nowhere but here
        if (this.filesCount) {
            let saved = false;
            try {
                saved = await this.save();
            } finally {
                if (!saved) {
                    this.render(); // the list of people goes back to whose log is shown
                }
            }
            if (!saved) {
                return;
            }
        }
        this.state.saved = false;
        await this.load(day, owner || this.state.data.owner.id);
    }

    home() {
        return this.action.doAction("ops_handbook.ops_my_work_action", { clearBreadcrumbs: true });
    }

    openTask(task) {
        return this.action.doAction({
            type: "ir.actions.act_window", res_model: "ops.task", res_id: task.id, views: [[false, "form"]],
        });
    }

    /** One click: what was said is saved, then the report opens, filled with it. */
    async report(task) {
        if (this.said && !(await this.save())) {
            return;
        }
        const { data } = this.state;
        const line = task && data.tasks.find((item) => item.id === task.id).line_id;
        const [model, id] = task ? ["ops.work.log.line", line] : [MODEL, data.log.id];
        const action = await this.orm.call(model, "action_report_problem", [[id]]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("ops_handbook.work_log", WorkLog);
