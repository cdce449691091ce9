"""The audit trail in words: for each action of the change log what people are told of it, where, and in which group."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dashboard.core.accounts import ACCOUNT_LINES, RESOURCE_LINES, Line, job
from dashboard.core.consent import MARKS
from dashboard.core.errors import Refused
from dashboard.core.rights import RESOURCES, RIGHTS, TEXTING, VIEW

MACHINE = 0  # who did it, of what no person did; ids begin with 1
THE_MACHINE = "The machine"
NOTED = 120  # characters of what a line was before
WHO, WHOM, WHAT = "who", "whom", "what"  # kinds of the parts of a sentence, beside plain words
FIELD = re.compile(r"\{(\w+)\}")
GROUPS = {
    "texts": "Texts",
    "threads": "Threads",
    "accounts": "Accounts and people",
    "documents": "Documents",
    "roles": "Roles",
    "logins": "Logins",
    "settings": "Settings",
}
# What became of a text, by the state that the phone company told of.
STATES = {
    "queued": "was not taken yet, and is tried again",
    "sent": "was sent",
    "delivered": "was delivered",
    "failed": "failed",
    "unknown": "could not be confirmed",
}
UNTOLD_STATE = "was heard of from the phone company"
NAMES_OF_ADD_ONS = {TEXTING: "Two Way Texting"}
# What a text, or what became of one, says of its correspondent's consent.
CONSENTS = MARKS | {"doubt": "It sounds as if they meant to opt out"}
UNDID = {
    "mark_read": "the marking as read",
    "mark_unopened": "the marking as unopened",
    "remove": "the removal",
    "restore": "the bringing back",
}
# Whose lines an act changes, and the right without which nobody is told what any of them was.
LINES: dict[str, tuple[Mapping[str, Line], str]] = {
    "edit_account": (ACCOUNT_LINES, VIEW),
    "edit_resource": (RESOURCE_LINES, RESOURCES),
}
Part = tuple[str, str]  # its kind, "" for plain words, and the words


@dataclass(frozen=True)
class Act:
    """What is told of one action: ``page`` is its sentence under Settings > Activity, ``here`` the one in the History
    of a thread; None where it says nothing to a person there. ``{who}`` stands for who did it, ``{whom}`` for whom it
    was about, the other fields for what the log has of it. ``rewords``: older entries may read differently after it.
    """

    key: str
    group: str
    page: str | None = None
    here: str | None = None
    rewords: bool = False


@dataclass(frozen=True)
class Sought:
    """What is looked for in the log: whose acts (an id, MACHINE, or None for everybody's), of which group ("" for
    all), about what, and from when to before when."""

    person: int | None = None
    group: str = ""
    query: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Entry:
    """One entry of the audit trail as its viewer may read it: the sentence in its ``parts``, and ``notes`` below it.

    ``thread`` is the one thread that it is about, None for none or several.
    """

    revision: int
    at: datetime
    group: str
    parts: tuple[Part, ...]
    thread: int | None = None
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """The sentence in one piece."""
        return "".join(words for _, words in self.parts)


@dataclass(frozen=True)
class Entries:
    """Some entries, the newest first, and whether there are earlier ones."""

    entries: tuple[Entry, ...] = ()
    more: bool = False


@dataclass(frozen=True)
class Facts:
    """What the log, and the tables beside it, have of one act: its ``details``, the name of who did it, what whom it
    was about is called, the action that it undid, and who undid it, if anybody."""

    details: Mapping[str, Any] = field(default_factory=dict)
    who: str = THE_MACHINE
    whom: str = ""
    undid: str | None = None
    undone: bool = False
    undone_by: str | None = None
    alerted: tuple[str, ...] = ()


ACTS = {
    act.key: act
    for act in (
        Act("receive", "texts", "{whom} texted us", "A text came in"),
        Act("send", "texts", "{who} wrote a text to {whom}", "{who} wrote a text"),
        Act("claim", "texts"),  # a text before it is handed over, or a file before it is looked into
        Act("record_outcome", "texts", "A text to {whom} {state}", "A text {state}"),
        Act("record_delivery", "texts", "A text to {whom} {state}", "A text {state}"),
        Act(
            "expire_leases",
            "texts",
            "A text to {whom} could not be confirmed: the program stopped while it was being sent",
            "A text could not be confirmed: the program stopped while it was being sent",
        ),
        Act(
            "resume",
            "texts",
            "The inbox was restored from a backup; what waited to be sent could not be confirmed",
            "The inbox was restored from a backup, and a text that waited could not be confirmed",
        ),
        Act("record_answer", "texts", "A text to {whom} {state}: the phone company was asked", "A text {state}"),
        Act("postpone_question", "texts"),  # nothing new is known
        Act("begin_outage", "texts", "A phone company did not take texts: {reason}"),
        Act("end_outage", "texts", "The phone company takes texts again"),
        Act("retry", "texts", "{who} tried a failed text to {whom} again", "{who} tried a failed text again"),
        Act("let_be", "texts", "{who} let a failed text to {whom} be", "{who} let a failed text be"),
        Act("upload", "texts", "{who} uploaded a picture for {whom}"),
        Act("look_again", "texts", "{who} asked for a picture of {whom} again", "{who} asked for a picture again"),
        Act("claim_away", "texts"),
        Act("put_off", "texts"),
        Act("give_back", "texts"),
        Act("keep_fetched", "texts"),  # it stands in the thread
        Act("record", "texts"),  # what was made of a file: it stands in the thread
        Act("begin_conversation", "threads", "{who} began a conversation with {whom}", "{who} began this conversation"),
        Act("open_thread", "threads", "{who} opened {whom}", "{who} opened this"),
        Act("mark_seen", "threads", "{who} saw a new text of {whom}", "{who} saw a new text"),
        Act("mark_read", "threads", "{who} marked {whom} as read", "{who} marked this as read"),
        Act("mark_unopened", "threads", "{who} marked {whom} as unopened", "{who} marked this as unopened"),
        Act("remove", "threads", "{who} removed {whom}", "{who} removed this"),
        Act("restore", "threads", "{who} brought {whom} back", "{who} brought this back"),
        Act(
            "opt_out",
            "threads",
            "{who} noted that {whom} asked not to be texted",
            "{who} noted that they asked not to be texted",
        ),
        Act(
            "opt_in",
            "threads",
            "{who} noted that {whom} may be texted again",
            "{who} noted that they may be texted again",
        ),
        Act(
            "keep_texting",
            "threads",
            "{who} decided that {whom} did not mean to opt out",
            "{who} decided that they did not mean to opt out",
        ),
        Act("undo", "threads", "{who} undid {act} of {whom}", "{who} undid {act}", rewords=True),
        Act("dismiss_alerts", "threads", "{who} dismissed alerts of their own"),
        Act("add_history", "threads", "Earlier conversations were brought in", "This conversation was brought in"),
        Act("add_account", "accounts", "{who} added the account {whom}", "{who} added the account", rewords=True),
        Act("edit_account", "accounts", "{who} changed {lines} of {whom}", "{who} changed {lines}", rewords=True),
        Act("make_lead", "accounts", "{who} made a lead of {whom}", "{who} made a lead of this number", rewords=True),
        Act("link", "accounts", "{who} linked a number to {whom}", "{who} linked it to {whom}", rewords=True),
        Act(
            "choose_account",
            "accounts",
            "{who} said that a number is {whom}’s",
            "{who} said that this number is {whom}’s",
            rewords=True,
        ),
        Act("unlink", "accounts", "{who} took a number off {whom}", "{who} took it off {whom}", rewords=True),
        Act(
            "add_people",
            "accounts",
            "{who} brought in a list of people: {added} new",
            "{who} brought in a list of people, and who this is",
            rewords=True,
        ),
        Act("add_resource", "accounts", "{who} added the resource {whom}", "{who} recorded {whom}", rewords=True),
        Act("edit_resource", "accounts", "{who} changed {lines} of {whom}", "{who} changed {lines}", rewords=True),
        Act("add_document", "documents", "{who} wrote the text document {title}"),
        Act("edit_document", "documents", "{who} changed the text document {title}"),
        Act("delete_document", "documents", "{who} deleted the text document {title}"),
        Act("add_role", "roles", "{who} added the role {role}"),
        Act("copy_role", "roles", "{who} copied a role as {role}"),
        Act("rename_role", "roles", "{who} renamed the role {role}"),
        Act("set_rights", "roles", "{who} changed the rights of the role {role}"),
        Act("delete_role", "roles", "{who} deleted the role {role}"),
        Act("give_role", "roles", "{who} gave {whom} the role {role}"),
        Act("take_role", "roles", "{who} took the role {role} from {whom}"),
        Act("add_login", "logins", "{who} gave {whom} a login", rewords=True),
        Act("set_password", "logins", "{who} gave {whom} another password"),
        Act("set_active", "logins", "{who} {switched} the login of {whom}"),
        Act("log_in", "logins", "{who} logged in"),
        Act("log_out", "logins", "{who} logged out"),
        Act("end_sessions", "logins", "Logins ended that were older than a month"),
        Act("begin_try", "logins"),  # what follows is written without the log
        Act("forget_tries", "logins"),
        Act("save_draft", "texts"),
        Act("say_who_is_here", "threads"),
        Act("try_to_store", "settings"),
        Act("prefer", "settings"),  # of somebody's own screens only
        Act("switch_add_on", "settings", "{who} switched {add_on} {turned}"),
        Act("set_numbers", "settings", "Our numbers were set"),
        Act("take_number", "settings", "A number was taken as ours, because a text came to it"),
        Act("set_provider", "settings", "The phone company of our numbers was set"),
        Act("set_first_number", "settings", "Our first number was set"),
    )
}
HERE = tuple(key for key, act in ACTS.items() if act.here is not None)
REWORDING = tuple(key for key, act in ACTS.items() if act.rewords)
OF_DOCUMENT = tuple(key for key, act in ACTS.items() if act.group == "documents")
OF_ROLE = tuple(key for key, act in ACTS.items() if act.group == "roles")


def on_page(group: str = "") -> tuple[str, ...]:
    """The actions that stand under Settings > Activity, or those of one group there. Raises Refused for none such."""
    if group and group not in GROUPS:
        raise Refused(f"There is no kind “{group[:40]}”: choose one of {', '.join(GROUPS)}.")
    return tuple(key for key, act in ACTS.items() if act.page is not None and group in ("", act.group))


def told(template: str, facts: Facts) -> tuple[Part, ...]:
    """A sentence with its fields filled. What fills them is never read as a field itself."""
    parts: list[Part] = []
    end = 0
    for found in FIELD.finditer(template):
        parts += [("", template[end : found.start()]), FIELDS[found[1]](facts)]
        end = found.end()
    return tuple(part for part in (*parts, ("", template[end:])) if part[1])


def notes(key: str, facts: Facts, rights: frozenset[str]) -> tuple[str, ...]:
    """What stands below the sentence, as far as these rights go: who was alerted, what lines were, who undid it."""
    found = [f"Alerted {_listed(facts.alerted)}"] if facts.alerted else []
    if facts.details.get("consent") in CONSENTS:
        found.append(CONSENTS[facts.details["consent"]])
    if key in LINES and LINES[key][1] in rights:
        found += _lines_before(LINES[key][0], facts, rights)
    if key == "edit_document" and _title_before(facts) is not None:
        found.append(f"Before: {_quoted(_title_before(facts))}")
    if ACTS[key].group == "roles":
        found += _role_notes(facts.details)
    if key == "add_login" and facts.details.get("as"):
        found.append(f"Role: {facts.details['as']}")
    if facts.undone:
        found.append(f"Undone by {facts.undone_by or THE_MACHINE}")
    return tuple(found)


def _role_notes(details: Mapping[str, Any]) -> list[str]:
    """The rights that a role was given and lost, by their labels; what it was called, or somebody had, before; and of
    which it is a copy."""
    before = details.get("before") or {}
    was, copied = before.get("name"), (details.get("copied") or {}).get("name")
    found = [
        f"{words}: {'; '.join(RIGHTS[right].label if right in RIGHTS else right for right in details[key])}"
        for key, words in (("added", "Given"), ("taken", "Taken away"))
        if details.get(key)
    ]
    found += [f"Before: “{was}”"] if was and was != details.get("name") else []
    found += [f"Before: the role “{before['role']}”"] if before.get("role") else []
    return found + ([f"A copy of “{copied}”"] if copied else [])


def document_notes(facts: Facts) -> tuple[str, ...]:
    """What a text document was before a change of it, for whoever may edit them: its title, and its text."""
    title, body = _title_before(facts), (facts.details.get("before") or {}).get("body")
    found = (("Title before", title), ("Text before", body))
    return tuple(f"{label}: {_clipped(words)}" for label, words in found if words)


def _lines(details: Mapping[str, Any]) -> str:
    """The lines that were changed, by their labels."""
    known = {**RESOURCE_LINES, **ACCOUNT_LINES}
    labels = [known[key].label for key in details.get("was") or {} if key in known]
    return (
        f"the {_listed(tuple(label if label == 'E-mail' else label.lower() for label in labels))}"
        if labels
        else "lines"
    )


def _lines_before(lines: Mapping[str, Line], facts: Facts, rights: frozenset[str]) -> list[str]:
    was = facts.details.get("was") or {}
    seen = [line for line in lines.values() if line.key in was and (line.right is None or line.right in rights)]
    return (
        ["Before: " + "; ".join(f"{line.label} {_shown(line.key, str(was[line.key]))}" for line in seen)]
        if seen
        else []
    )


def _shown(key: str, written: str) -> str:
    """A line's value as the log has it, as people read it."""
    if not written:
        return "none"
    if key == "balance":
        return f"-${written[1:]}" if written.startswith("-") else f"${written}"
    if key in ("next_job", "last_job"):
        known = job(written)
        return f"{known.at:%Y-%m-%d} {_clipped(known.words)}".strip() if known else "none"
    return ", ".join(_clipped(written).split("\n")) if key == "phones" else _clipped(written)


def _title_before(facts: Facts) -> str | None:
    """The title that a document had, where that was another."""
    before = (facts.details.get("before") or {}).get("title")
    return before if before != facts.details.get("title") else None


def _clipped(words: str) -> str:
    return words if len(words) <= NOTED else f"{words[:NOTED].rstrip()}…"


def _quoted(words: object) -> str:
    return f"“{words}”" if words else "of another time"


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _role(facts: Facts) -> Part:
    return WHAT, _quoted(facts.details.get("name") or facts.details.get("role"))


# What each field of a sentence is filled with.
FIELDS: dict[str, Callable[[Facts], Part]] = {
    "who": lambda facts: (WHO, facts.who),
    "reason": lambda facts: ("", _clipped(str(facts.details.get("reason") or "it did not say why"))),
    "whom": lambda facts: (WHOM, facts.whom),
    "title": lambda facts: (WHAT, _quoted(facts.details.get("title"))),
    "role": _role,
    "lines": lambda facts: ("", _lines(facts.details)),
    "state": lambda facts: ("", STATES.get(str(facts.details.get("status")), UNTOLD_STATE)),
    "act": lambda facts: ("", UNDID.get(facts.undid or "", "an act")),
    "switched": lambda facts: ("", "allowed" if facts.details.get("active") else "disabled"),
    "add_on": lambda facts: (WHAT, NAMES_OF_ADD_ONS.get(str(facts.details.get("add_on")), "an add-on")),
    "turned": lambda facts: ("", "on" if facts.details.get("on") else "off"),
    "added": lambda facts: ("", f"{int(facts.details.get('added', 0)):,}"),
}
