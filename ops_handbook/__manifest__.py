{
    "name": "Operations Handbook",
    "summary": "The handbook of daily operations as software: rules, forms, deadlines, reminders and figures",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Operations Handbook",
    "license": "LGPL-3",
    "author": "Operations Handbook contributors",
    "application": True,
    "installable": True,
    "depends": ["mail", "hr", "calendar", "resource", "web", "base_import"],
    "external_dependencies": {"python": ["holidays"]},
    # in load order: who may do what, then what administrators own, then the screens
    "data": [
        # rights
        "security/ops_groups.xml",
        "security/ir.model.access.csv",
        "security/ops_substitution_rules.xml",
        "security/ops_calendar_day_rules.xml",
        "security/ops_deadline_rules.xml",
        "security/ops_obligation_reminder_rules.xml",
        # data that administrators own
        "data/ops_standard_data.xml",
        "data/ops_standard_decision_data.xml",
        "data/ops_deadline_cron.xml",
        "data/ops_reminder_cron.xml",
        "data/ops_reminder_templates.xml",
        "data/ops_rights_cron.xml",
        # screens
        "views/ops_reason_wizard_views.xml",
        "views/ops_form_number_views.xml",
        "views/ops_substitution_views.xml",
        "views/res_config_settings_views.xml",
        "views/ops_holiday_wizard_views.xml",
        "views/ops_calendar_day_views.xml",
        "views/ops_obligation_reminder_views.xml",
        "views/ops_my_work_action.xml",
        "views/hr_department_door_views.xml",
        "views/ops_problem_public_templates.xml",
        "report/ops_report_poster_templates.xml",
        # menus
        "views/ops_menus.xml",
    ],
    "demo": [],
    "uninstall_hook": "uninstall_hook",
    "assets": {
        "web.assets_backend": [
            "ops_handbook/static/src/content_version/*",
            "ops_handbook/static/src/my_work/*",
            "ops_handbook/static/src/quick_report/*",
            "ops_handbook/static/src/result_badge/*",
            "ops_handbook/static/src/time_left/*",
            ("remove", "ops_handbook/static/src/**/*.dark.scss"),
        ],
        "web.assets_web_dark": [
            "ops_handbook/static/src/**/*.dark.scss",
        ],
        "web.assets_unit_tests": [
            "ops_handbook/static/tests/**/*",
        ],
    },
}
