"""A line of a progress report keeps the indicator by which its goal was measured, since a goal may get another one.

Before, it was always the goal's. Of a report that was handed in before a change request gave the goal another indicator, it
is the one that the first such request took away.
"""


def migrate(cr, version):
    cr.execute("""
        UPDATE ops_progress_report_line line
           SET kpi_id = COALESCE(
               (
                   SELECT kpi.id
                     FROM ops_progress_report report
                     JOIN ops_plan_change change ON change.plan_id = report.plan_id
                     JOIN ops_plan_version published
                       ON published.id = change.version_id AND published.published_on > report.submitted_on
                     JOIN ops_plan_change_line changed
                       ON changed.change_id = change.id AND changed.target_model = 'ops.plan.goal'
                      AND changed.target_id = goal.id AND changed.target_field = 'kpi_id'
                     JOIN ops_kpi kpi ON kpi.id = (changed.old_json -> 'kpi_id' ->> 0)::int
                    WHERE report.id = line.report_id AND report.state IN ('submitted', 'accepted', 'closed', 'cancelled')
                    ORDER BY published.published_on
                    LIMIT 1
               ), goal.kpi_id)
          FROM ops_plan_goal goal
         WHERE goal.id = line.goal_id AND line.kpi_id IS NULL
    """)
