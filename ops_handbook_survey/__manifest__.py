{
    "name": "Operations Handbook: Quizzes",
    "summary": "A short quiz before an article of the handbook counts as read",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Operations Handbook",
    "license": "LGPL-3",
    "author": "Operations Handbook contributors",
    "depends": ["ops_handbook", "survey"],
    "auto_install": True,
    "data": [
        "views/ops_article_views.xml",
        "views/ops_article_version_views.xml",
        "views/ops_article_reading_views.xml",
    ],
}
