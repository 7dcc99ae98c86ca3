import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { downscale } from "./photo";

const { DateTime } = luxon;
const TYPING = 450; // milliseconds of rest after which similar problems are looked up
const ENOUGH = 2; // characters of a subject that can be searched for: a Chinese word has two
const DRAFT = "ops_handbook.quick_report";
const TEXTS = ["name", "description", "occurred_on", "impact", "suggestion", "category", "proposed_severity"];

// one key, one report: what is sent again after a lost connection is not filed twice
const newKey = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");

/** Report a problem in under a minute, with one hand: what happened, how bad it is, photos, send. */
export class QuickReport extends Component {
    static template = "ops_handbook.QuickReport";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.subject = useRef("subject");
        this.root = useRef("root");
        this.state = useState({
            form: null, // what the server offers to choose from
            values: this.initialValues(),
            photos: [],
            reading: 0, // photos that are being read
            more: false,
            similar: [],
            repeats: false, // id of the earlier problem that the reporter says this one repeats
            errors: {},
            sending: false,
            sent: null,
        });
        this.key = newKey();
        this.draftKey = `${DRAFT}.${user.userId}`;
        this.findSimilar = useDebounced(() => this.loadSimilar(), TYPING);
        useSetupAction({
            rootRef: this.root,
            beforeUnload: (ev) => this.state.photos.length && !this.state.sent && ev.preventDefault(),
        });
        this.env.config.setDisplayName(_t("Report a Problem"));
        onWillStart(async () => {
            this.state.form = await this.orm.call("ops.problem", "quick_form", []);
            Object.assign(this.state.values, this.readDraft());
            // what is sent with the report is seen
            const { occurred_on, impact, suggestion } = this.state.values;
            this.state.more = Boolean(occurred_on || impact || suggestion);
        });
    }

    initialValues() {
        return {
            name: "", description: "", occurred_on: "", impact: "", suggestion: "", category: "other", proposed_severity: "3",
        };
    }

    // -- a draft survives a call, a lost connection and a closed page ---------------------------------------------

    readDraft() {
        try {
            const kept = JSON.parse(browser.localStorage.getItem(this.draftKey)) || {};
            return Object.fromEntries(TEXTS.filter((name) => typeof kept[name] === "string").map((name) => [name, kept[name]]));
        } catch {
            return {};
        }
    }

    keepDraft() {
        browser.localStorage.setItem(this.draftKey, JSON.stringify(this.state.values));
    }

    // -- typing ---------------------------------------------------------------------------------------------------

    write(name, value) {
        this.state.values[name] = value;
        delete this.state.errors[name];
        this.keepDraft();
        if (name === "name" || name === "description") {
            this.findSimilar();
        }
    }

    async loadSimilar() {
        const { name, description } = this.state.values;
        const text = `${name} ${description}`.trim();
        if (text.length < ENOUGH) {
            this.state.similar = [];
            return;
        }
        try {
            this.state.similar = await this.orm.silent.call("ops.problem", "similar", [text]);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
        }
    }

    /** The present minute in the user's time zone, as the field writes it: nothing can have happened later. */
    get now() {
        return DateTime.now().toISO().slice(0, 16);
    }

    toggleRepeat(item) {
        this.state.repeats = this.state.repeats === item.id ? false : item.id;
    }

    // -- photos ---------------------------------------------------------------------------------------------------

    async addPhotos(ev) {
        const files = [...ev.target.files];
        ev.target.value = "";
        const room = this.state.form.max_photos - this.state.photos.length;
        if (files.length > room) {
            this.warn(_t("At most %s photos can be sent.", this.state.form.max_photos));
        }
        for (const file of files.slice(0, room)) {
            this.state.reading++;
            try {
                const url = await downscale(file);
                this.state.photos.push({ id: Math.random(), url });
            } catch {
                this.warn(_t("“%s” is not a picture that can be read here. Choose a JPEG or PNG picture.", file.name));
            } finally {
                this.state.reading--;
            }
        }
    }

    photoText(index) {
        return _t("Photo %s", index + 1);
    }

    removePhoto(photo) {
        this.state.photos = this.state.photos.filter((other) => other.id !== photo.id);
    }

    warn(message) {
        this.notification.add(message, { type: "warning" });
    }

    // -- sending --------------------------------------------------------------------------------------------------

    check() {
        const { name, description } = this.state.values;
        this.state.errors = {};
        if (!name.trim()) {
            this.state.errors.name = _t("Say in a few words what is wrong.");
        }
        if (!description.trim() && !this.state.photos.length) {
            this.state.errors.description = _t("Say what happened, or add a photo.");
        }
        const [first] = Object.keys(this.state.errors);
        if (first) {
            this.root.el.querySelector(`[name="${first}"]`).focus();
        }
        return !first;
    }

    async send() {
        if (this.state.sending || this.state.reading || !this.check()) {
            return;
        }
        this.state.sending = true;
        const values = { ...this.state.values };
        if (values.occurred_on) {
            values.occurred_on = serializeDateTime(DateTime.fromISO(values.occurred_on));
        }
        if (this.state.repeats) {
            values.repeat_of_id = this.state.repeats;
        }
        const photos = this.state.photos.map((photo) => photo.url.slice(photo.url.indexOf(",") + 1));
        try {
            this.state.sent = await this.orm.call("ops.problem", "quick_report", [values, photos, this.key]);
            browser.localStorage.removeItem(this.draftKey);
            this.root.el.scrollTop = 0;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.warn(_t("Not sent: there is no connection. What you wrote is kept; press Send again when you are online."));
        } finally {
            this.state.sending = false;
        }
    }

    again() {
        this.key = newKey();
        Object.assign(this.state, {
            values: this.initialValues(), photos: [], similar: [], repeats: false, errors: {}, sent: null, more: false,
        });
    }

    follow() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "ops.problem",
            res_id: this.state.sent.id,
            views: [[false, "form"]],
        });
    }

    home() {
        return this.action.doAction("ops_handbook.ops_my_work_action", { clearBreadcrumbs: true });
    }

    async reportAnonymously() {
        const action = await this.orm.call("res.company", "action_ops_report_anonymously", [[user.activeCompany.id]]);
        return this.action.doAction(action);
    }
}

registry.category("actions").add("ops_handbook.quick_report", QuickReport);
