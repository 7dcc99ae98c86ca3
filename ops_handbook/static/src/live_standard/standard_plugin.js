import { isHtmlContentSupported } from "@html_editor/core/selection_plugin";
import { Plugin } from "@html_editor/plugin";
import { withSequence } from "@html_editor/utils/resource";
import { _t } from "@web/core/l10n/translation";
import { StandardDialog } from "./standard_dialog";

/** The commands by which a standard is put into a text: as a block, or its due time within a line. */
export class StandardPlugin extends Plugin {
    static id = "opsStandard";
    static dependencies = ["dialog", "dom", "embeddedComponents", "history", "selection"];
    resources = {
        user_commands: [
            {
                id: "insertOpsStandard",
                title: _t("Standard"),
                description: _t("The rule, who answers for it, and how well it is kept"),
                icon: "fa-clock-o",
                isAvailable: isHtmlContentSupported,
                run: () => this.choose("ops_handbook.LiveStandardBlueprint", _t("Insert a Standard")),
            },
            {
                id: "insertOpsStandardDue",
                title: _t("Due Time of a Standard"),
                description: _t("Within the line, always as the rule says"),
                icon: "fa-calendar-check-o",
                isAvailable: isHtmlContentSupported,
                run: () => this.choose("ops_handbook.LiveStandardDueBlueprint", _t("Insert the Due Time of a Standard")),
            },
        ],
        powerbox_categories: withSequence(5, { id: "ops_handbook", name: _t("Handbook") }),
        powerbox_items: [
            { categoryId: "ops_handbook", commandId: "insertOpsStandard", keywords: [_t("rule"), _t("deadline")] },
            { categoryId: "ops_handbook", commandId: "insertOpsStandardDue", keywords: [_t("rule"), _t("deadline"), _t("standard")] },
        ],
    };

    choose(blueprint, title) {
        const { restore } = this.dependencies.selection.preserveSelection();
        this.dependencies.dialog.addDialog(StandardDialog, {
            title: title.toString(),
            choose: (code) => {
                restore();
                this.insert(blueprint, code);
            },
        });
    }

    insert(blueprint, code) {
        const host = this.dependencies.embeddedComponents.renderBlueprintToElement(blueprint, {
            embeddedProps: JSON.stringify({ code }),
        });
        this.dependencies.dom.insert(host);
        this.dependencies.history.addStep();
    }
}
