"""The statement behind missing logs and their rate (M4): one, whatever the number of people and days.

Read it from the end: people × working days of their company on which they had a task in progress, less the days on which
they do not work (their own schedule), are away (time off, substitution) or have left; with the log, where there is one.
"""

from datetime import timedelta

from odoo.tools import SQL

MARGIN = timedelta(days=2)  # local days reach into those of UTC before and after

# the companies' days, worked out by their calendars; everything else is the person's own
GIVEN = """
    place AS (
        SELECT p.company_id, p.tz, MIN(d.mask) AS mask, ARRAY_AGG(d.day ORDER BY d.day) AS days,
               ARRAY_AGG(d.weekday ORDER BY d.day) AS weekdays, ARRAY_AGG(d.week ORDER BY d.day) AS weeks,
               ARRAY_AGG(d.extra ORDER BY d.day) AS extras
          FROM unnest(%(companies)s::int[], %(nows)s::timestamp[], %(zones)s::text[]) AS p (company_id, now, tz)
          JOIN unnest(%(day_companies)s::int[], %(days)s::date[], %(weekdays)s::int[], %(weeks)s::int[], %(extras)s::bool[],
                      %(masks)s::int[]) AS d (company_id, day, weekday, week, extra, mask) ON d.company_id = p.company_id
          JOIN res_company company ON company.id = d.company_id AND company.active AND company.ops_started
         WHERE d.day >= COALESCE(company.ops_start_date, d.day)
           AND d.day + COALESCE(company.ops_day_close_hour, 24.0) * interval '1 hour'
               <= p.now AT TIME ZONE 'UTC' AT TIME ZONE p.tz
         GROUP BY p.company_id, p.tz
    )"""

# the schedules: which weekdays (bits) in either of two weeks; none are named by a flexible one, which has all
SCHEDULES = """
    schedule AS (
        SELECT calendar.id, calendar.tz, MIN(line.dayofweek::int) AS first_weekday,
               MIN(line.hour_from) AS opens, MAX(line.hour_to) AS closes,
               COALESCE(BIT_OR(1 << line.dayofweek::int) FILTER (
                   WHERE NOT calendar.two_weeks_calendar OR COALESCE(line.week_type, '0') = '0'), 0) AS week_0,
               COALESCE(BIT_OR(1 << line.dayofweek::int) FILTER (
                   WHERE NOT calendar.two_weeks_calendar OR COALESCE(line.week_type, '1') = '1'), 0) AS week_1,
               CASE WHEN calendar.hours_per_day > 0 AND calendar.hours_per_day <= 24
                    THEN calendar.hours_per_day / 2 ELSE 4.5 END AS half_day
          FROM (SELECT id, tz, COALESCE(two_weeks_calendar, FALSE) AS two_weeks_calendar, hours_per_day,
                       COALESCE(flexible_hours, FALSE) AS flexible_hours FROM resource_calendar) AS calendar
     LEFT JOIN resource_calendar_attendance line
            ON line.calendar_id = calendar.id AND NOT calendar.flexible_hours
               AND line.day_period <> 'lunch' AND COALESCE(line.display_type, '') = ''
         GROUP BY calendar.id, calendar.tz, calendar.two_weeks_calendar, calendar.hours_per_day
    )"""

# one employee of each person: at work before archived, of the person's own company before others; where they worked when
PEOPLE = """
    person AS (
        SELECT DISTINCT ON (account.id) account.id AS user_id, COALESCE(employee.company_id, account.company_id) AS company_id,
               employee.id AS employee_id, employee.resource_id, resource.tz,
               CASE WHEN account.active AND COALESCE(employee.active, TRUE) THEN COALESCE(last.departure_date, 'infinity')
                    ELSE COALESCE(last.departure_date, '-infinity') END AS last_day
          FROM res_users account
     LEFT JOIN hr_employee employee ON employee.user_id = account.id
     LEFT JOIN hr_version last ON last.id = employee.current_version_id
     LEFT JOIN resource_resource resource ON resource.id = employee.resource_id
         WHERE %(people)s
      ORDER BY account.id, employee.active DESC NULLS LAST, (employee.company_id = account.company_id) DESC, employee.id
    ),
    version AS (
        SELECT employee_id, department_id, resource_calendar_id,
               CASE WHEN ROW_NUMBER() OVER line = 1 THEN '-infinity' ELSE date_version END AS date_from,
               COALESCE(LEAD(date_version) OVER line, 'infinity') AS date_next
          FROM hr_version
         WHERE active AND employee_id IS NOT NULL
        WINDOW line AS (PARTITION BY employee_id ORDER BY date_version, id)
    )"""

# the days that time off touches: only for these is it asked whether it takes all the hours
TOUCHED = """
    leave AS (
        SELECT resource_id, calendar_id, company_id, date_from, date_to FROM resource_calendar_leaves
         WHERE time_type = 'leave' AND date_from < %(until)s AND date_to > %(since)s
    ),
    holiday AS (SELECT calendar_id, company_id, date_from, date_to FROM leave WHERE resource_id IS NULL),
    touched AS (
        SELECT leave.resource_id, each.day, COUNT(*) AS leaves, MIN(leave.date_from) AS begins, MAX(leave.date_to) AS ends
          FROM leave
          JOIN resource_resource resource ON resource.id = leave.resource_id
          JOIN generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS each (day)
            ON each.day BETWEEN (leave.date_from AT TIME ZONE 'UTC' AT TIME ZONE resource.tz)::date
                            AND leave.date_to AT TIME ZONE 'UTC' AT TIME ZONE resource.tz
         GROUP BY leave.resource_id, each.day
    ),
    closed AS (
        SELECT DISTINCT holiday.calendar_id, each.day
          FROM holiday
          JOIN resource_calendar calendar ON calendar.id = holiday.calendar_id
          JOIN generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') AS each (day)
            ON each.day BETWEEN (holiday.date_from AT TIME ZONE 'UTC' AT TIME ZONE calendar.tz)::date
                            AND holiday.date_to AT TIME ZONE 'UTC' AT TIME ZONE calendar.tz
         WHERE NOT EXISTS (SELECT FROM res_company company WHERE company.resource_calendar_id = calendar.id)
    )"""

# some hour of the day is taken by no leave; a minute between two of them is none
AT_WORK = """
    EXISTS (
        SELECT FROM (
                SELECT line.hour_from, line.hour_to
                  FROM resource_calendar_attendance line
                  JOIN resource_calendar calendar ON calendar.id = line.calendar_id
                 WHERE line.calendar_id = schedule.id AND schedule.first_weekday IS NOT NULL
                   AND line.day_period <> 'lunch' AND COALESCE(line.display_type, '') = ''
                   AND (NOT COALESCE(calendar.two_weeks_calendar, FALSE)
                        OR COALESCE(line.week_type, day.week::text) = day.week::text)
                   AND line.dayofweek::int = CASE WHEN week_bits.bits >> day.weekday & 1 = 1 THEN day.weekday
                                                  ELSE schedule.first_weekday END
             UNION ALL
                SELECT 12.0 - COALESCE(schedule.half_day, 4.5), 12.0 + COALESCE(schedule.half_day, 4.5)
                 WHERE schedule.first_weekday IS NULL
               ) AS hours
          CROSS JOIN LATERAL (
                SELECT (day.day + hours.hour_from * interval '1 hour') AT TIME ZONE zone.tz AT TIME ZONE 'UTC' AS begins,
                       (day.day + hours.hour_to * interval '1 hour') AT TIME ZONE zone.tz AT TIME ZONE 'UTC' AS ends
               ) AS span
         WHERE EXISTS (
                SELECT FROM (
                        SELECT span.begins AS moment
                     UNION ALL
                        SELECT own.date_to FROM resource_calendar_leaves own
                         WHERE own.resource_id = person.resource_id AND own.time_type = 'leave'
                           AND own.date_to > span.begins AND own.date_to < span.ends - interval '1 minute'
                     UNION ALL
                        SELECT holiday.date_to FROM holiday
                         WHERE %(common)s AND holiday.date_to > span.begins AND holiday.date_to < span.ends - interval '1 minute'
                       ) AS point
                 WHERE NOT EXISTS (
                        SELECT FROM resource_calendar_leaves own
                         WHERE own.resource_id = person.resource_id AND own.time_type = 'leave'
                           AND own.date_from - interval '1 minute' <= point.moment AND own.date_to > point.moment)
                   AND NOT EXISTS (
                        SELECT FROM holiday
                         WHERE %(common)s
                           AND holiday.date_from - interval '1 minute' <= point.moment AND holiday.date_to > point.moment)
               )
    )"""

COMMON = """(
    holiday.calendar_id = version.resource_calendar_id
    OR (holiday.calendar_id IS NULL AND COALESCE(holiday.company_id, person.company_id) = person.company_id))"""

# CASE: of a plain comparison of computed columns the planner expects next to no rows, and then walks through all of them
# in loops where one pass would do
OWED = """
    SELECT person.user_id, day.day, person.company_id, log.id AS log_id,
           CASE WHEN person.employee_id IS NOT NULL THEN version.department_id ELSE (
                SELECT MIN(spell.department_id) FROM ops_task_days spell
                 WHERE spell.owner_id = person.user_id AND spell.date_from <= day.day
                   AND COALESCE(spell.date_to, 'infinity') >= day.day) END AS department_id
      FROM person
      JOIN place ON CASE WHEN place.company_id = person.company_id THEN TRUE ELSE FALSE END
 LEFT JOIN version ON version.employee_id = person.employee_id
CROSS JOIN LATERAL unnest(place.days, place.weekdays, place.weeks, place.extras) AS day (day, weekday, week, extra)
 LEFT JOIN schedule ON schedule.id = version.resource_calendar_id
 LEFT JOIN touched ON touched.resource_id = person.resource_id AND touched.day = day.day
 LEFT JOIN closed ON closed.calendar_id = version.resource_calendar_id AND closed.day = day.day
 LEFT JOIN ops_work_log log ON log.owner_id = person.user_id AND log.date = day.day AND log.date BETWEEN %(first)s AND %(last)s
CROSS JOIN LATERAL (SELECT CASE WHEN day.week = 1 THEN schedule.week_1 ELSE schedule.week_0 END AS bits) AS week_bits
CROSS JOIN LATERAL (SELECT COALESCE(person.tz, schedule.tz, place.tz) AS tz) AS zone
     WHERE CASE WHEN day.day > person.last_day THEN FALSE
                WHEN version.employee_id IS NULL THEN TRUE ELSE day.day >= version.date_from AND day.day < version.date_next END
       AND EXISTS (
            SELECT FROM ops_task_days spell
             WHERE spell.owner_id = person.user_id AND spell.date_from <= day.day
               AND COALESCE(spell.date_to, 'infinity') >= day.day
               AND spell.date_from <= %(last)s AND COALESCE(spell.date_to, 'infinity') >= %(first)s)
       AND CASE WHEN schedule.first_weekday IS NULL OR week_bits.bits >> day.weekday & 1 = 1 THEN TRUE
                ELSE day.extra AND week_bits.bits & place.mask = place.mask END
       AND NOT EXISTS (
            SELECT FROM ops_substitution away
             WHERE away.user_id = person.user_id AND day.day BETWEEN away.date_from AND away.date_to)
       AND CASE WHEN touched.day IS NULL AND closed.day IS NULL THEN TRUE
                -- most time off is one leave that takes all hours there can be
                WHEN touched.leaves = 1
                     AND touched.begins <= (day.day + schedule.opens * interval '1 hour') AT TIME ZONE zone.tz AT TIME ZONE 'UTC'
                     AND touched.ends >= (day.day + schedule.closes * interval '1 hour') AT TIME ZONE zone.tz AT TIME ZONE 'UTC'
                THEN FALSE ELSE %(at_work)s END"""


def owed(places, days, first, last, user_ids=None):
    """Return the statement that :meth:`ops.work.log.owed.mixin._owed` describes.

    :param list places: (company id, naive UTC moment, time zone)
    :param list days: (company id, day, weekday, week of two, make-up day, bits of the company's weekdays)
    :param date first, last: within which days tasks and leaves are looked at
    :param list user_ids: only these people; None for all
    """
    companies, nows, zones = _columns(places, 3)
    day_companies, dates, weekdays, weeks, extras, masks = _columns(days, 6)
    people = SQL("account.id = ANY(%s)", list(user_ids)) if user_ids is not None else SQL("account.share IS NOT TRUE")
    since, until = first - MARGIN, last + MARGIN
    return SQL(
        "WITH %s, %s, %s, %s %s",
        SQL(GIVEN, companies=companies, nows=nows, zones=zones, day_companies=day_companies, days=dates, weekdays=weekdays,
            weeks=weeks, extras=extras, masks=masks),
        SQL(SCHEDULES), SQL(PEOPLE, people=people), SQL(TOUCHED, since=since, until=until, first=first, last=last),
        SQL(OWED, first=first, last=last, at_work=SQL(AT_WORK, common=SQL(COMMON))),
    )


def _columns(rows, count):
    """Return rows as columns: ``count`` lists, also where there is no row."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _column in range(count)]
