"""Everything that is kept rather than counted, checked against what it is kept of."""

from collections.abc import Callable
from itertools import groupby

from sqlalchemy import Connection, or_, select, text

from dashboard.core.consent import Entry, standing
from dashboard.core.tables import CONSENT, THREAD


def _otherwise_than_said(connection: Connection) -> int:
    """Asked of the rule itself: two minutes between two times are written otherwise in each engine's SQL."""
    said = connection.execute(
        select(THREAD.c.id, THREAD.c.stopped_at, CONSENT.c.id, CONSENT.c.word, CONSENT.c.source, CONSENT.c.at)
        .outerjoin(CONSENT, CONSENT.c.thread_id == THREAD.c.id)
        .where(or_(THREAD.c.stopped_at.is_not(None), CONSENT.c.id.is_not(None)))
        .order_by(THREAD.c.id, CONSENT.c.id)
        .execution_options(yield_per=1_000)
    )
    wrong = 0
    for (_, shown), rows in groupby(said, key=lambda row: (row[0], row[1])):
        stops = standing(Entry(*row[2:]) for row in rows if row[2] is not None)
        wrong += shown != (stops[0].at if stops else None)
    return wrong


CHECKS: dict[str, str | Callable[[Connection], int]] = {
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
        SELECT count(*) FROM thread WHERE latest_at IS DISTINCT FROM (
            SELECT max(placed_at) FROM message WHERE thread_id = thread.id)""",
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
    "threads whose count of failed texts is wrong": """
        SELECT count(*) FROM thread WHERE failed <> (
            SELECT count(*) FROM message WHERE thread_id = thread.id
                AND direction = 'outbound' AND status IN ('failed', 'unknown') AND handled IS NULL)""",
    "threads whose next text is not due when it should be": """
        SELECT count(*) FROM thread WHERE due_at IS DISTINCT FROM (
            SELECT CASE status WHEN 'queued' THEN coalesce(not_before, at) END FROM message
            WHERE thread_id = thread.id AND (status = 'queued' OR status = 'sending' AND lease_until IS NOT NULL)
            ORDER BY id LIMIT 1)""",
    "texts that are being sent without a lease, or asked about without a need": """
        SELECT count(*) FROM message WHERE lease_until IS NOT NULL AND status <> 'sending'
            OR ask_at IS NOT NULL AND status <> 'unknown'""",
    "further attempts at what is no text of ours in the same thread": """
        SELECT count(*) FROM message AS attempt JOIN message AS first ON first.id = attempt.retry_of
        WHERE first.thread_id <> attempt.thread_id OR first.direction <> 'outbound' OR first.handled IS NULL
            OR attempt.direction <> 'outbound'""",
    "alerts that are not of a text that came into their thread": """
        SELECT count(*) FROM alert LEFT JOIN message ON message.id = alert.message_id
            AND message.thread_id = alert.thread_id AND message.direction = 'inbound'
        WHERE message.id IS NULL""",
    "alerts that do not say when and by what they were cleared": """
        SELECT count(*) FROM alert LEFT JOIN change ON change.revision = alert.cleared
        WHERE (alert.cleared IS NULL) <> (alert.cleared_at IS NULL)
            OR alert.cleared IS NOT NULL AND (change.by_id IS NULL OR change.by_id <> alert.resource_id)""",
    "attachments that are not their thread's account's": """
        SELECT count(*) FROM attachment JOIN thread ON thread.id = attachment.thread_id
        WHERE coalesce(attachment.account_id, 0) <> coalesce(thread.account_id, 0)""",
    "attachments on another thread's message": """
        SELECT count(*) FROM attachment JOIN message ON message.id = attachment.message_id
        WHERE message.thread_id <> attachment.thread_id""",
    "pictures that are ready and lack something, or are not and have it": """
        SELECT count(*) FROM attachment WHERE (state = 'ready') <> (
            shown IS NOT NULL AND shown_type IS NOT NULL AND thumbnail IS NOT NULL AND width > 0 AND height > 0)""",
    "text documents whose last change is not in the log": """
        SELECT count(*) FROM text_document WHERE revision > 0 AND revision NOT IN (
            SELECT revision FROM change WHERE action IN ('add_document', 'edit_document'))""",
    "threads that do not say what their ledger of consent does": _otherwise_than_said,
    "doubts of what is no text that came into their thread, or of whoever has opted out": """
        SELECT count(*) FROM thread LEFT JOIN message ON message.id = thread.doubt
            AND message.thread_id = thread.id AND message.direction = 'inbound'
        WHERE thread.doubt IS NOT NULL AND (message.id IS NULL OR thread.stopped_at IS NOT NULL)""",
    "entries of consent that are of another thread's message": """
        SELECT count(*) FROM consent JOIN message ON message.id = consent.message_id
        WHERE message.thread_id <> consent.thread_id""",
    "drafts of nothing": "SELECT count(*) FROM draft WHERE body = ''",
    "changes after the clock": "SELECT count(*) FROM change WHERE revision > (SELECT revision FROM clock)",
    "threads with another account or resource than their number's": """
        SELECT count(*) FROM thread WHERE coalesce(account_id, 0) <> coalesce((
            SELECT account_id FROM contact WHERE contact.address = thread.address AND account_id IS NOT NULL
            ORDER BY chosen DESC, id LIMIT 1), 0)
        OR coalesce(resource_id, 0) <> CASE WHEN account_id IS NOT NULL THEN 0 ELSE coalesce((
            SELECT resource_id FROM contact WHERE contact.address = thread.address AND resource_id IS NOT NULL
            ORDER BY id LIMIT 1), 0) END""",
    "threads with another name or kind than their account's or resource's": """
        SELECT (SELECT count(*) FROM thread JOIN account ON account.id = thread.account_id
                WHERE thread.name <> account.name OR thread.name_folded <> account.name_folded
                    OR thread.kind <> account.kind)
            + (SELECT count(*) FROM thread JOIN resource ON resource.id = thread.resource_id
                WHERE thread.name <> resource.name OR thread.name_folded <> resource.name_folded
                    OR thread.kind <> 'resource')
            + (SELECT count(*) FROM thread WHERE (kind = 'unknown') <>
                (account_id IS NULL AND resource_id IS NULL))""",
    "accounts and resources whose numbers are not their contacts'": """
        SELECT (SELECT count(*) FROM account WHERE length(numbers) <> coalesce((
                SELECT sum(length(contact.address) + 1) FROM contact WHERE contact.account_id = account.id), 0))
            + (SELECT count(*) FROM resource WHERE length(numbers) <> coalesce((
                SELECT sum(length(contact.address) + 1) FROM contact WHERE contact.resource_id = resource.id), 0))
            + (SELECT count(*) FROM contact JOIN account ON account.id = contact.account_id
                WHERE account.numbers NOT LIKE '%' || contact.address || '%')
            + (SELECT count(*) FROM contact JOIN resource ON resource.id = contact.resource_id
                WHERE resource.numbers NOT LIKE '%' || contact.address || '%')""",
    "numbers of which more than one account was chosen": """
        SELECT count(*) FROM (SELECT address FROM contact WHERE chosen GROUP BY address HAVING count(*) > 1) AS twice""",
}

LOST = "PRAGMA foreign_key_check"


def damage(connection: Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with its file, up to ten sentences; PostgreSQL looks after its own."""
    if connection.dialect.name != "sqlite":
        return ()
    found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check(10)") if row[0] != "ok"]
    lost = [f"a {row[0]} refers to a {row[2]} that there is not" for row in connection.exec_driver_sql(LOST)]
    return (*found, *lost)[:10]


def faults(connection: Connection) -> dict[str, int]:
    """What does not agree, in words, and how often; empty for a sound database."""
    found = {words: _count(connection, check) for words, check in CHECKS.items()}
    return {words: number for words, number in found.items() if number}


def _count(connection: Connection, check: str | Callable[[Connection], int]) -> int:
    if callable(check):
        return check(connection)
    if connection.dialect.name == "sqlite":  # which knows the standard's words since 3.39 only
        check = check.replace("IS DISTINCT FROM", "IS NOT")
    return int(connection.execute(text(check)).scalar_one())
