import { Component, markup, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { getEmbeddedProps } from "@html_editor/others/embedded_component_utils";

export const BLOCK = "opsStandard";
export const DUE = "opsStandardDue";

/** Standards as the text shows them: those that are asked for in one go are fetched in one go, and always anew. */
export const liveStandardService = {
    dependencies: ["orm", "action"],
    start(env, { orm, action }) {
        let waiting = null;

        /** @returns {Promise<{block: string, due: string}|undefined>} HTML of the server's templates */
        async function load(code) {
            if (!waiting) {
                const codes = new Set();
                const blocks = Promise.resolve().then(() => {
                    waiting = null;
                    return orm.silent.call("ops.standard", "get_live_blocks", [[...codes]]);
                });
                waiting = { codes, blocks };
            }
            waiting.codes.add(code);
            return (await waiting.blocks)[code];
        }

        /** Open the form that fulfils a standard, in the place of the page on which its button stands. */
        async function open(code) {
            await action.doAction(await orm.call("ops.standard", "action_open_live", [code]));
        }

        // the buttons stand in text that comes from the server, on whatever screen shows it
        document.addEventListener("click", (ev) => {
            const button = ev.target.closest?.("a.o_ops_live_open[data-code]");
            if (!button || ev.defaultPrevented || ev.button || ev.ctrlKey || ev.metaKey || ev.shiftKey) {
                return;
            }
            ev.preventDefault();
            if (!button.closest("[contenteditable='true']")) {
                open(button.dataset.code);
            }
        });

        return { load, open };
    },
};

registry.category("services").add("ops_live_standard", liveStandardService);

/** A standard in a text, in the editor and wherever a form shows the text read-only. */
export class LiveStandard extends Component {
    static template = "ops_handbook.LiveStandard";
    static props = { code: { type: String, optional: true }, kind: String };

    setup() {
        this.standards = useService("ops_live_standard");
        this.state = useState({ html: "" });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    async load({ code, kind }) {
        const found = await this.standards.load(code || "");
        // made by a template of the server, from values that it escapes
        this.state.html = markup(found?.[kind] || "");
    }
}

/** What a client of another program may have written into the text is shown, never executed: only a code is taken. */
function propsOf(host, kind) {
    let code = "";
    try {
        code = getEmbeddedProps(host).code;
    } catch {
        // no code at all
    }
    return { code: typeof code === "string" ? code : "", kind };
}

export const standardEmbedding = {
    name: BLOCK,
    Component: LiveStandard,
    getProps: (host) => propsOf(host, "block"),
};

export const standardDueEmbedding = {
    name: DUE,
    Component: LiveStandard,
    getProps: (host) => propsOf(host, "due"),
};

export const STANDARD_EMBEDDINGS = [standardEmbedding, standardDueEmbedding];
