"""Who reads which text: the parts of the statements that ask for everybody at once (see ops_article_reading_missing)."""

# who may be asked, with their companies, the departments in which they work, and their roles
READERS = """
    SELECT users.id, users.company_id, COALESCE(lang.id, 0) AS lang_id,
           ARRAY(SELECT cid FROM res_company_users_rel WHERE user_id = users.id) AS companies,
           ARRAY(SELECT gid FROM res_groups_users_rel WHERE uid = users.id) AS groups,
           ARRAY(SELECT department_id FROM ops_user_home_rel WHERE user_id = users.id) AS departments
      FROM res_users AS users
      JOIN res_partner AS partner ON partner.id = users.partner_id
 LEFT JOIN res_lang AS lang ON lang.code = partner.lang
     WHERE users.active AND NOT users.share
"""
# what is to be confirmed, and by whom: companies with their branches, departments with those below them, roles with those
# that include them; NULL is everybody. The same as article._users_in_scope() says.
SCOPES = """
    SELECT article.id AS article_id,
           CASE WHEN company.id IS NOT NULL THEN ARRAY(
               SELECT branch.id FROM res_company AS branch WHERE branch.parent_path LIKE company.parent_path || '%%'
           ) END AS companies,
           NULLIF(ARRAY(
               SELECT department_id FROM ops_article_scope_department_rel WHERE article_id = article.id
           ), '{}') AS departments,
           NULLIF(ARRAY(
               WITH RECURSIVE giver (id) AS (
                   SELECT group_id FROM ops_article_scope_group_rel WHERE article_id = article.id
                    UNION
                   SELECT implied.gid FROM res_groups_implied_rel AS implied JOIN giver ON implied.hid = giver.id
               )
               SELECT id FROM giver
           ), '{}') AS groups
      FROM ops_article AS article
      JOIN ops_handbook AS handbook ON handbook.id = article.handbook_id
 LEFT JOIN res_company AS company ON company.id = article.company_id
     WHERE article.active AND article.is_published AND article.to_confirm AND handbook.active
"""
IN_SCOPE = """
    (scope.companies IS NULL OR scope.companies && reader.companies)
    AND (scope.departments IS NULL OR scope.departments && reader.departments)
    AND (scope.groups IS NULL OR scope.groups && reader.groups)
"""
# the text that people of each language read, and from which version of which line on a confirmation counts
TEXTS = """
    SELECT language.id AS lang_id, article.id AS article_id, own.id AS version_id, major.lang_id AS line_id, major.version,
           major.published_on
      FROM ops_article AS article
      JOIN ops_handbook AS handbook ON handbook.id = article.handbook_id
CROSS JOIN (SELECT DISTINCT lang_id AS id FROM reader) AS language
CROSS JOIN LATERAL (
               SELECT version.id, version.lang_id, version.published_on
                 FROM ops_article_version AS version
                WHERE version.article_id = article.id AND version.state = 'published'
             ORDER BY version.lang_id = language.id DESC, version.lang_id = handbook.lang_id DESC, version.id
                LIMIT 1
           ) AS own
 LEFT JOIN LATERAL (
               SELECT version.lang_id, version.version, version.published_on
                 FROM ops_article_version AS version
                WHERE version.article_id = article.id AND version.state IN ('published', 'superseded')
                  AND version.change_kind = 'major'
                  AND (version.lang_id = own.lang_id  -- or what their text was translated from
                       OR version.lang_id = handbook.lang_id AND version.published_on <= own.published_on)
             ORDER BY version.lang_id = own.lang_id DESC, version.version DESC
                LIMIT 1
           ) AS major ON TRUE
     WHERE article.id IN (SELECT article_id FROM scope)
"""
# that a reading counts for what its reader is to have read
COUNTS = """
    reading.state != 'obsolete' AND (
        text.version IS NULL
        OR (version.lang_id = text.line_id AND version.version >= text.version)
        OR (version.lang_id != text.line_id AND reading.asked_on > text.published_on)
    )
"""
# that there is a newer major version of the text, or that its reader is asked for another text of the article
NEWER = """
    EXISTS (
        SELECT FROM ops_article_version AS later
         WHERE later.article_id = version.article_id AND later.lang_id = version.lang_id AND later.version > version.version
           AND later.change_kind = 'major' AND later.state IN ('published', 'superseded')
    ) OR EXISTS (
        SELECT FROM ops_article_reading AS other
         WHERE other.reader_id = reading.reader_id AND other.article_id = reading.article_id AND other.state = 'asked'
           AND (other.asked_on, other.id) > (reading.asked_on, reading.id)
    )
"""
# what is read by these statements, to be written out first
FLUSHED = {
    "res.users": ("active", "share", "company_id", "company_ids", "group_ids", "partner_id"),
    "res.partner": ("lang",),
    "res.company": ("ops_started", "parent_path"),
    "ops.handbook": ("lang_id", "active"),
    "ops.article": ("handbook_id", "company_id", "active", "is_published", "to_confirm"),
    "ops.article.version": ("state", "version", "change_kind", "published_on", "article_id", "lang_id"),
    "ops.article.reading": ("state", "asked_on", "reader_id", "version_id", "article_id"),
}
