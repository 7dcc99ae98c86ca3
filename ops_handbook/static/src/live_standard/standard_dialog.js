import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/**
 * Return the standards whose code or words contain all the words of a query; those whose code begins with it come first.
 *
 * @param {{code: string, name: string, sentence: string}[]} choices
 * @param {string} query
 */
export function matching(choices, query) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (choice) => `${choice.code} ${choice.name} ${choice.sentence}`.toLowerCase();
    const begins = (choice) => choice.code.toLowerCase().startsWith(words[0]);
    return choices
        .filter((choice) => words.every((word) => text(choice).includes(word)))
        .sort((one, other) => (words.length ? begins(other) - begins(one) : 0));
}

/** Where somebody who writes an article chooses the standard that is to stand there. */
export class StandardDialog extends Component {
    static template = "ops_handbook.StandardDialog";
    static components = { Dialog };
    static props = { close: Function, title: String, choose: Function };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ query: "", index: 0 });
        useAutofocus();
        onWillStart(async () => {
            this.choices = await this.orm.call("ops.standard", "get_live_choices", []);
        });
    }

    get title() {
        return this.props.title;
    }

    get found() {
        return matching(this.choices, this.state.query);
    }

    onInput() {
        this.state.index = 0;
    }

    onKeydown(ev) {
        const { found } = this;
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            const step = ev.key === "ArrowDown" ? 1 : -1;
            this.state.index = (this.state.index + step + found.length) % (found.length || 1);
        } else if (ev.key === "Enter" && found.length) {
            this.choose(found[this.state.index]);
        } else {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
    }

    choose(choice) {
        this.props.choose(choice.code);
        this.props.close();
    }
}
