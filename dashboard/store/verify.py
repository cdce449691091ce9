"""Everything that is kept rather than counted, checked against what it is kept of."""

from sqlalchemy import Connection, text

CHECKS = {
    "threads whose unread count is wrong": """
        SELECT count(*) FROM thread WHERE unread <> (
            SELECT count(*) FROM message
            WHERE thread_id = thread.id AND direction = 'inbound' AND read IS NULL)""",
    "threads whose last inbound message is wrong": """
        SELECT count(*) FROM thread WHERE coalesce(inbound_message, 0) <> coalesce((
            SELECT max(id) FROM message WHERE thread_id = thread.id AND direction = 'inbound'), 0)""",
    "threads whose preview is not of the last inbound message": """
        SELECT count(*) FROM thread WHERE inbound_message IS NOT NULL AND (inbound_placed_at IS NULL
            OR inbound_placed_at <> (
                SELECT max(placed_at) FROM message WHERE thread_id = thread.id AND direction = 'inbound'))""",
    "threads whose last outbound message is wrong": """
        SELECT count(*) FROM thread WHERE coalesce(outbound_message, 0) <> coalesce((
            SELECT id FROM message WHERE thread_id = thread.id AND direction = 'outbound'
            ORDER BY placed_at DESC, id DESC LIMIT 1), 0)""",
    "threads whose latest time is wrong": """
        SELECT count(*) FROM thread WHERE latest_at IS NULL
            OR latest_at <> (SELECT max(placed_at) FROM message WHERE thread_id = thread.id)""",
    "kinds of correspondent without a tally": """
        SELECT count(DISTINCT kind) FROM thread WHERE kind NOT IN (SELECT kind FROM tally)""",
    "kinds whose tally is wrong": """
        SELECT count(*) FROM tally WHERE
            received <> (SELECT count(*) FROM thread
                WHERE thread.kind = tally.kind AND NOT removed AND inbound_message IS NOT NULL)
            OR sent <> (SELECT count(*) FROM thread
                WHERE thread.kind = tally.kind AND NOT removed AND outbound_message IS NOT NULL)
            OR removed_received <> (SELECT count(*) FROM thread
                WHERE thread.kind = tally.kind AND removed AND inbound_message IS NOT NULL)
            OR removed_sent <> (SELECT count(*) FROM thread
                WHERE thread.kind = tally.kind AND removed AND outbound_message IS NOT NULL)
            OR tally.unread <> (SELECT coalesce(sum(thread.unread), 0) FROM thread
                WHERE thread.kind = tally.kind AND NOT removed)""",
    "removed threads that do not say since when, or others that do": """
        SELECT count(*) FROM thread WHERE removed = (removed_at IS NULL) OR NOT removed AND removed_by_id IS NOT NULL""",
    "threads without the revision of their last change": """
        SELECT count(*) FROM thread
        WHERE revision <> coalesce((SELECT max(revision) FROM change_subject WHERE thread_id = thread.id), -1)""",
    "text documents whose last change is not in the log": """
        SELECT count(*) FROM text_document WHERE revision > 0 AND revision NOT IN (
            SELECT revision FROM change WHERE action IN ('add_document', 'edit_document'))""",
    "drafts of nothing": "SELECT count(*) FROM draft WHERE body = ''",
    "changes after the clock": "SELECT count(*) FROM change WHERE revision > (SELECT revision FROM clock)",
}


def faults(connection: Connection) -> dict[str, int]:
    """What does not agree, in words, and how often; empty for a sound database."""
    found = {words: int(connection.execute(text(query)).scalar_one()) for words, query in CHECKS.items()}
    return {words: number for words, number in found.items() if number}
