"""Consent: the words with which people opt out and in, what only sounds like it, and how a thread that is locked says so.

Twilio's and the carriers' rule is a single word, in any case, as the whole message. Beyond it we read generously what
takes consent away and strictly what gives it: “Stop.” opts out, and of the words that opt in “Yes.” does not, for that
is an answer to what we asked. A question (“Cancel?”) is neither.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.core.text import folded

STOP, START, HELP = "stop", "start", "help"
# The carriers' words, as Twilio and CTIA list them; each only as the whole message. The words that 47 CFR
# 64.1200(a)(10) names are among them: there “opt out” is two words, and some gateways write “STOP ALL” so.
WORDS = {
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"), STOP),
    **dict.fromkeys(("STOP ALL", "OPT OUT"), STOP),
    **dict.fromkeys(("START", "YES", "UNSTOP"), START),
    **dict.fromkeys(("HELP", "INFO"), HELP),
}
TEXT, PROVIDER, REFUSAL, PERSON = "text", "provider", "refusal", "person"  # who said so
DISORDER = timedelta(minutes=2)  # by which a text's arrival here and the company's time of another may be in disorder
LONGEST = 60  # characters of a message that can be one of the words, with what stands around it
LOOKED_AT = 1_000  # characters of a text in which somebody says that they want no more of them
MARKS = {STOP: "Opted out", START: "Opted in again", HELP: "Asked for help"}
OPTED_OUT = "They have opted out, so nothing can be sent until they write START."
NOT_HANDED_OVER = "It was not handed over: they had opted out before it was its turn."


@dataclass(frozen=True)
class Entry:
    """One entry of the ledger: ``by`` is the name of the person who made it, ``body`` the text that says it."""

    id: int
    word: str
    source: str
    at: datetime
    message: int | None = None
    by: str | None = None
    body: str = ""


def heard(body: str, word: str | None) -> str | None:
    """What a text means: what the provider itself took it for, else what it says; None for any other text."""
    return word if word in MARKS else meaning(body)


def meaning(body: str) -> str | None:
    """STOP, START or HELP where that is the whole message, else None.

    Case, full-width letters, what nobody sees, and white space, punctuation and quotes around it do not matter.
    """
    if len(body) > LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", body)
    bare = _bare(plain)
    if bare == "YES" and plain.strip().upper() != "YES":
        return None
    return WORDS.get(bare)


def is_mere_yes(body: str) -> bool:
    """Whether a text that opts in may as well be the answer to a question of ours."""
    return _bare(body) == "YES"


def sounds_like_stop(body: str) -> bool:
    """Whether a text that is none of the words may still mean that they want no more texts. A person then decides.

    It is asked for where the wish is about texts (“stop texting me”), or about nothing at all (“please stop”); where it
    is about work (“stop by tomorrow”, “cancel Friday”) it is not. A needless question costs a click, a missed wish may
    cost a fine: so “Stop! Wrong tree!” is asked about, too.
    """
    text = body[:LOOKED_AT]
    words = _folded(text)
    if not HINT.search(words) or (INSTRUCTION.search(words) and not OF_THEIRS.search(words)):
        return False
    return _is_bare_wish(text, words) or any(_says(pattern, words) for pattern in WISHES) or _unsubscribes(words)


def standing(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The opt-outs that nothing has lifted, in their order: none, and texts may be sent.

    In the order of their times: a START lifts what came before it. One that a person here took down lifts only what
    a person here took down; of somebody's own opt-out only they can say that it is over.
    """
    return _read(entries)[0]


def marks(entries: Iterable[Entry]) -> dict[int, str]:
    """What is said beside the messages that opted out or in, or asked for help, by their ids.

    A START where nothing had to be lifted is kept, and changes nothing: “Yes” is a frequent answer.
    """
    known = tuple(entries)
    lifting = _read(known)[1]
    return {
        entry.message: MARKS[entry.word]
        for entry in known
        if entry.message is not None
        and entry.source in (TEXT, PROVIDER)
        and (entry.word != START or entry.id in lifting)
    }


def why_stopped(name: str, stop: Entry) -> tuple[str, str]:
    """Why nothing can be sent to somebody, in words: what stands before the time of it, and what after."""
    until = "Nothing can be sent until they write START"
    if stop.source == PERSON:
        who = stop.by or "Somebody here"
        return f"{who} noted on ", f" that {name} asked not to be texted. {until}, or somebody here takes that back."
    if stop.source == REFUSAL:
        return "The phone company refused a text on ", f" because {name} has opted out there. {until}."
    how = f"writing {_bare(stop.body)}" if meaning(stop.body) == STOP else f"writing “{' '.join(stop.body.split())}”"
    return f"{name} opted out on ", f" by {how}. {until}."


def _read(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], frozenset[int]]:
    """The opt-outs that stand after all entries, and the ids of those that lifted one."""
    stops: list[Entry] = []
    lifting = set()
    for entry in sorted(entries, key=lambda entry: (entry.at, entry.id)):
        if entry.word == STOP:
            stops.append(entry)
        elif left := [stop for stop in stops if _lifts(entry, stop)]:
            lifting.add(entry.id)
            stops = [stop for stop in stops if stop not in left]
    return tuple(stops), frozenset(lifting)


def _lifts(start: Entry, stop: Entry) -> bool:
    """In doubt they have opted out: of two that crossed, and whose times are two clocks', the STOP counts."""
    if start.word != START or (start.source == PERSON and stop.source != PERSON):
        return False
    return start.id > stop.id or start.at - stop.at > DISORDER


def _bare(text: str) -> str:
    """A message in capitals, without what stands around its words; a question keeps its mark."""
    seen = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) not in ("Cf", "Mn"))
    start, end = 0, len(seen)
    while start < end and _is_around(seen[start]):
        start += 1
    while end > start and _is_around(seen[end - 1]):
        end -= 1
    return " ".join(seen[start:end].replace("-", " ").upper().split())


def _is_around(character: str) -> bool:
    return character in "`´" or (unicodedata.category(character)[0] in "PZC" and character not in "?¿")


def _folded(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", folded(text)))


# Written wrongly as people do; “stoop”, “shop” and “step” are words of their own.
STOPS = r"(?:(?!stoop\b)s+t+o+p+|stpo|sotp|tsop|stp|st0p|dtop|stopo|stiop|stoip)"
# No wish is without one of these; most texts are, and are not looked at any further.
HINT = re.compile(
    rf"\b(?:{STOPS}|stopall|un ?su|u[a-z]{{8,12}}\b|opt|quit|cease|end|cancel|revoke|discontinue|halt|arret|no more|"
    r"enough|no longer|dont|do not|never|remove|take|get|drop|delete|erase|lose|forget|leave)"
)
STOP_WORD = re.compile(rf"{STOPS}|stopall|unsub|optout|remove|arret")
POLITE = frozenset(
    [
        "please",
        "pls",
        "plz",
        "plse",
        "thanks",
        "thank",
        "thx",
        "ty",
        "you",
        "u",
        "now",
        "asap",
        "kindly",
        "ok",
        "okay",
        "immediately",
    ]
)
FILLERS = POLITE | frozenset(
    [
        "already",
        "just",
        "hey",
        "hi",
        "hello",
        "no",
        "not",
        "interested",
        "sir",
        "maam",
        "guys",
        "all",
        "it",
        "this",
        "that",
        "me",
        "us",
        "wrong",
        "number",
        "again",
        "right",
        "dude",
        "man",
        "lol",
        "omg",
        "wtf",
        "seriously",
        "everything",
        "forever",
    ]
)
ASKED = re.compile(
    r"\b(?:(?:can|could|would|will) (?:you|u|ya|yall)|i (?:said|told you|told you to|asked you to)|"
    r"(?:i|id|we|wed) ?(?:want|wish|need|like|would like)(?: you)? to)\b"
)
TEXTS = (
    r"(?:te?xt(?:s|ing|ed)?|txts?|txting|messag(?:es?|ing|ed)|msgs?|sms|spam(?:s|ming)?|notifications|reminders|alerts)"
)
BETWEEN = (
    r"(?:(?:sending|with|all|any|the|these|this|those|your|ur|me|us|getting|receiving|more|further|future|calling|"
    r"emailing|and|or|auto|automated|automatic|random|annoying|constant|damn|fucking|stupid|group) )*"
)
LISTS = (
    r"(?:(?:the|your|ur|this|that|these|any|all|ya|yall) )*"
    r"(?:(?:mailing|text|texting|contact|call|calling|phone|sms|message|messaging|marketing|email|distribution|group) )*"
    r"(?:lists?|texts?|texting|messages?|messaging|system|database|records|group|chat|chain|contacts|this|these|here)"
)
BACK_TO_WORK = r"(?! (?:by|in|at|over|and|for|off|the)\b)"
LATER = r"(?! (?:back|before|after|until|till|when|if|while|at|so|that|this|on)\b)"
END = r"(?: (?:please|pls|plz|now|thanks|thank you|asap))*$"
NOT_OURS = r"(?<!\bi )(?<!\bwe )(?<!\byou )(?<!\bu )(?<!\bthey )"  # “I don't text”, “you never text me”
NEVER = r"\b(?:dont|do not|never)"
WANTED = (
    r"(?: (?:to|you|u|for|get|getting|be|receive|receiving|have|any|more|these|this|those|your|ur|the|from|all|further|"
    r"future|sending|me|us))*"
)
TO_US = rf"(?: (?:me|us){LATER}| this number| here| again| any ?more|$)"
OF_OTHERS = rf"(?! of (?!{BETWEEN}(?:{TEXTS}|this$|these$)))"  # one opts out of a cleanup, too
WISHES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{STOPS}|quit|cease(?: and desist)?|end|cancel|discontinue|halt|no more|enough(?: of)?) {BETWEEN}{TEXTS}\b",
        rf"\b(?:{STOPS}|quit) (?:bothering|harassing|contacting|pestering|bugging|hounding|soliciting)\b",
        rf"{NOT_OURS}{NEVER} (?:ever |(?:you|u) dare |keep )?(?:text|txt|message|msg|contact)(?:ing)?{TO_US}",
        rf"{NEVER} (?:ever )?send {BETWEEN}{TEXTS}\b",
        rf"(?:{NEVER}|\bno longer) (?:want|wish|care|asked|signed up){WANTED} (?<!to ){TEXTS}\b",
        rf"\b(?:remove|take|get|drop) (?:me|us) (?:off|from|of|out of) (?:of )?{LISTS}\b",
        rf"\b(?:remove me|take me off){END}",
        r"\b(?:remove|delete|erase|lose|forget) (?:my|this|our) (?:phone |cell )?number\b",
        rf"\bopt(?:ing|ed)? (?:me |us )?out\b{OF_OTHERS}",
        rf"\b(?:replied|said|texted|wrote|sent|typed|told you(?: to)?|asked you to) (?:you )?stop\b{BACK_TO_WORK}",
        r"\bleave (?:me|us) alone\b",
    )
)
# Not a wish: “do not stop texting”, “why did you stop texting me”.
DENIED = re.compile(
    r"\b(?:dont|do not|never|not|wont|cant|didnt|doesnt|(?:did|do|does|if|when) (?:i|you|u|we|they|it))"
    r"(?: (?:ever|just|please|really|even|you|i|we))* $"
)
# What others' machines add to what they send us, and “reply STOP to opt out” of our own, quoted.
INSTRUCTION = re.compile(
    r"\b(?:reply|text|send|txt|respond|type) (?:with )?stop\b|\bstop to (?:opt|end|cancel|quit|unsub)"
)
OF_THEIRS = re.compile(r"\b(?:i|me|my)\b")
UNSUBSCRIBE = "unsubscribe"
MISSPELT = 2  # letters in which a word may differ from it


def _is_bare_wish(text: str, words: str) -> bool:
    """Whether it says “stop” about nothing at all: the whole text, a sentence of it, or what stands before a comma."""
    if _is_only(words, POLITE, lambda word: WORDS.get(word.upper()) == STOP):
        return True
    sentences = [*re.split(r"[.!?;\n]+|\s[-–—]+\s", text), text.partition(",")[0]]
    return any(_is_only(_folded(sentence), FILLERS, STOP_WORD.fullmatch) for sentence in sentences)


def _is_only(words: str, others: frozenset[str], is_it: Callable[[str], object]) -> bool:
    rest = [word for word in ASKED.sub(" ", words).split() if word not in others]
    return bool(rest) and all(is_it(word) for word in rest)


def _says(pattern: re.Pattern[str], words: str) -> bool:
    return any(not DENIED.search(words[: found.start()]) for found in pattern.finditer(words))


def _unsubscribes(words: str) -> bool:
    joined = words.replace("un subscribe", UNSUBSCRIBE).split()
    return any(word.startswith("unsub") or _is_nearly_unsubscribe(word) for word in joined)


def _is_nearly_unsubscribe(word: str) -> bool:
    return word[0] == "u" and abs(len(word) - len(UNSUBSCRIBE)) <= MISSPELT and _distance(word, UNSUBSCRIBE) <= MISSPELT


def _distance(one: str, other: str) -> int:
    """Letters to be added, left out or changed to make one word of the other."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for place, wanted in enumerate(other, 1):
            before, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, before + (letter != wanted))
    return row[-1]
