"""The words of consent, what only sounds like them, and how a ledger is read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.core import consent
from dashboard.core.consent import (
    HELP,
    PERSON,
    PROVIDER,
    REFUSAL,
    START,
    STOP,
    TEXT,
    WORDS,
    Entry,
    heard,
    marks,
    meaning,
    sounds_like_stop,
    standing,
    why_stopped,
)
from dashboard.demo import words

LETTER = st.characters(exclude_categories=("Cs",))  # as by itself; which takes a second to work it out of UTF-8
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
# They may mean that they want no more texts: asked of a person, who decides.
NEAR = """
Stop texting me | please stop | STOP!!! now | unsubscribe me pls | remove me from your list | dont text me | stpo
unsubscibe | Please stop texting me. | STOP TEXTING ME!! | stop sending me messages | quit texting me | No more texts
no more messages please | Do not text this number | Don't contact me again | never text me again | Stop it | just stop
I said stop | STOP STOP STOP | sotp | Stopp | st0p | Can you stop? | could you please stop | PLEASE CANCEL | stop please
Stop. I moved to Ohio last year. | Please stop, I don't live there any more | Wrong number, stop | take me off
wrong number. take me off your list | Remove me please | delete my number | Lose my number | leave me alone
How do I unsubscribe | unsuscribe | un-subscribe | opt me out | I want to opt out of these texts | opt-out please
I do not want these texts | I no longer wish to receive texts from you | i dont want any more messages
stop bothering me | Stop spamming me | I already replied STOP | I told you to stop | stop all texts
stop these reminders | cease and desist texting | i never signed up for these texts | STOP 🛑 | Stop? | STÓP
Not interested, please stop | No thanks. Stop. | Take us off this mailing list | stop calling and texting me
dont send me any more texts | dont you dare text me | I want you to stop | end texts | please don't message me anymore
Do I reply STOP to unsubscribe me? | enough of these messages | remove this number | arret
"""
# They are about work, or about something else.
FAR = """
Stop by tomorrow? | Can you stop at 3 | the dripping won't stop | don't cancel my appointment | ok thanks
Could you stop by the house | please cancel Friday | Cancel the Tuesday visit please | I'll stop in on my way home
Don't stop texting me lol | Why did you stop texting me? | Did I stop getting your messages? | The truck didn't stop
Don't text me before 8 | Don't call me, text is better | I don't text much | You never text me back | Did you stop?
Take us off the schedule for Thursday | take me off the plow list | Remove my stump please | bus stop at the corner
We'd like to opt out of the fall cleanup this year | Stop at the gate and honk | full stop by the peonies | shop | step
nonstop rain | stoop needs shoveling | start tomorrow | The end of the driveway | quit the job | at the end please
Your parcel is out for delivery. Reply STOP to opt out. | Msg&data rates apply. Text STOP to end, HELP for help
I said stop by any time | He told you to stop at the corner | When you get to the lights, stop, then left
I don't want to miss your text | sorry I couldn't stop to text you | The snow won't stop! | Please don't stop mowing
It never stops raining | Can you cancel my appointment | Cancel it for this week, we'll do next | text me when you arrive
do you want me to cancel | end of message | No need to text back | Don't forget my number is 4 on the gate | message me
Please subscribe me to the newsletter | one-stop shop | we need to stop the leak | Stop the mower, the dog is out
Unless it stops | remove me from the Friday slot | stop sign was hit by the plow | I stopped texting him
is it too late to cancel | Don't contact the tenant, contact me | Can you remove the branch |
"""


def listed(examples):
    return [example.strip() for line in examples.strip().splitlines() for example in line.split("|") if example.strip()]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("shape", ["{}", " {}\n", "{}.", "{}!!", "“{}”", "'{}'", "({})", "\u200b{}\ufeff", "*{}*"])
def test_b2_a_word_of_the_carriers_is_the_whole_message_in_any_case_whatever_stands_around_it(word, shape):
    strict = word == "YES" and shape not in ("{}", " {}\n")
    for written in (word, word.lower(), word.capitalize()):
        assert meaning(shape.format(written)) == (None if strict else WORDS[word])


def test_the_words_are_the_carriers_and_the_laws():
    """Twilio's for long codes; 47 CFR 64.1200(a)(10): stop, quit, end, revoke, opt out, cancel, unsubscribe."""
    assert {word for word in WORDS if WORDS[word] == START} == {"START", "YES", "UNSTOP"}
    assert {word for word in WORDS if WORDS[word] == HELP} == {"HELP", "INFO"}
    law = ("stop", "quit", "end", "revoke", "optout", "cancel", "unsubscribe", "stopall")
    assert {meaning(word) for word in (*law, "opt out", "Opt-Out", "stop all")} == {STOP}


@pytest.mark.parametrize("text", ["ＳＴＯＰ", "s\u200btop", "STOP\ufe0f"])
def test_full_width_letters_and_what_nobody_sees_do_not_hide_a_word(text):
    assert meaning(text) == STOP


@pytest.mark.parametrize(
    "text", ["", " ", "...", "Stop?", "Cancel?", "stóp", "STOP PLEASE", "yes!", "Yes.", "STOP " * 20]
)
def test_a_question_an_accent_or_more_than_the_word_is_none(text):
    assert meaning(text) is None


@pytest.mark.parametrize("text", listed(NEAR))
def test_b2_what_sounds_like_an_opt_out_is_none_and_is_asked_about(text):
    assert meaning(text) is None
    assert sounds_like_stop(text)


@pytest.mark.parametrize("text", listed(FAR))
def test_b2_what_is_about_work_is_no_opt_out_and_is_not_asked_about(text):
    assert meaning(text) is None
    assert not sounds_like_stop(text)


def test_there_are_enough_examples_of_both_kinds():
    assert min(len(listed(NEAR)), len(listed(FAR))) >= 60


def test_a_shout_that_is_not_about_texts_is_asked_about_all_the_same():
    """The price of missing none: it costs a click."""
    assert sounds_like_stop("Stop! You're cutting the wrong tree!")


def test_of_all_that_the_sample_town_says_two_texts_are_about_consent():
    """Some 1,500 texts of people to a lawn and tree company, written before there was this rule, and two for it."""
    said = [line.body for _, lines in words.conversations() for line in lines]
    said += [line for key, lines in words.openers().items() for line in lines if key != "leaver"]
    said += [line for case in words.cases() for line in case.answers]
    assert len(said) > 1_000
    found = [text for text in said if meaning(text) == STOP or sounds_like_stop(text)]
    assert sorted(text.split(",")[0] for text in found) == ["Stop", "please stop texting me"]


@given(st.text(LETTER, max_size=300))
def test_no_text_is_too_strange_to_be_read(text):
    assert meaning(text) in (None, STOP, START, HELP)
    assert sounds_like_stop(text) in (False, True)


def test_the_provider_s_word_counts_whatever_the_text_is_and_an_unknown_one_for_nothing():
    assert (heard("Hola", STOP), heard("STOP", None), heard("STOP", "subscribe"), heard("STOP", HELP)) == (
        STOP, STOP, STOP, HELP,
    )  # fmt: skip


def ledger(*said):
    """Entries a minute apart, in this order; each a word and its source, or with minutes of its own."""
    return [
        Entry(number, word, source, NOON + timedelta(minutes=minute[0] if minute else number), number)
        for number, (word, source, *minute) in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ([], []),
        ([(STOP, TEXT)], [0]),
        ([(STOP, TEXT), (START, TEXT)], []),
        ([(STOP, TEXT), (HELP, TEXT)], [0]),
        ([(STOP, REFUSAL), (START, PROVIDER)], []),
        ([(STOP, PERSON), (START, PERSON)], []),
        ([(STOP, PERSON), (START, TEXT)], []),
        ([(STOP, TEXT), (START, PERSON)], [0]),
        ([(STOP, PERSON), (STOP, TEXT), (START, PERSON)], [1]),
        ([(START, TEXT, 9), (STOP, TEXT, 3)], []),
        ([(START, PERSON, 9), (STOP, TEXT, 3)], [1]),
        ([(START, TEXT, 3), (STOP, TEXT, 3)], [1]),
        ([(START, TEXT, 3), (STOP, TEXT, 2)], [1]),  # they crossed, and whose clock is right nobody knows
    ],
)
def test_a_start_lifts_what_came_before_it_and_a_person_only_what_a_person_took_down(said, left):
    assert [entry.id for entry in standing(ledger(*said))] == left


def test_marks_are_of_what_opted_out_or_in_again_and_a_start_that_lifted_nothing_has_none():
    said = ledger((START, TEXT), (STOP, TEXT), (STOP, REFUSAL), (START, TEXT), (START, TEXT), (HELP, PROVIDER))
    assert marks(said) == {1: "Opted out", 3: "Opted in again", 5: "Asked for help"}


@pytest.mark.parametrize(
    ("entry", "words_"),
    [
        (
            Entry(1, STOP, TEXT, NOON, body=" stop. "),
            "Ana opted out on … by writing STOP. Nothing can be sent until they",
        ),
        (Entry(1, STOP, PROVIDER, NOON, body="Basta\nya"), "by writing “Basta ya”. Nothing"),
        (Entry(1, STOP, REFUSAL, NOON), "The phone company refused a text on … because Ana has opted out there."),
        (Entry(1, STOP, PERSON, NOON, by="Dana"), "Dana noted on … that Ana asked not to be texted."),
        (Entry(1, STOP, PERSON, NOON), "Somebody here noted on …"),
    ],
)
def test_a_locked_composer_says_who_opted_out_and_how(entry, words_):
    said = "…".join(why_stopped("Ana", entry))
    assert words_ in said
    assert said.count("START") == 1


def test_reading_a_text_takes_no_time_however_it_is_made():
    """Its length is bounded, and so is the work: no pattern runs away on what nearly fits it."""
    for text in ("stop " * 9_000, "dont want to " * 9_000, "remove me from the " * 9_000, "u" * 64_000):
        assert sounds_like_stop(text) == sounds_like_stop(text[: consent.LOOKED_AT])
