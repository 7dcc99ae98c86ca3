import { onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";

/** The reading list says on top how far its reader is: "3 of 12 confirmed". */
export class ReadingListRenderer extends KanbanRenderer {
    static template = "ops_handbook.ReadingListRenderer";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.progress = useState({ done: 0, total: 0, late: 0, onboarding: false });
        onWillStart(() => this.loadProgress());
        onWillUpdateProps(() => this.loadProgress());
    }

    async loadProgress() {
        Object.assign(this.progress, await this.orm.call("ops.article.reading", "get_progress", []));
    }

    get percent() {
        return this.progress.total ? Math.round((100 * this.progress.done) / this.progress.total) : 0;
    }

    get progressText() {
        return _t("%(done)s of %(total)s confirmed", this.progress);
    }

    get lateText() {
        return this.progress.late === 1 ? _t("1 overdue") : _t("%s overdue", this.progress.late);
    }
}

registry.category("views").add("ops_reading_list", { ...kanbanView, Renderer: ReadingListRenderer });
