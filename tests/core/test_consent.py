"""The words of consent."""

from dashboard.core.consent import HELP, START, STOP, WORDS


def test_every_word_of_the_carriers_means_one_thing():
    assert WORDS["STOP"] == WORDS["CANCEL"] == STOP
    assert WORDS["UNSTOP"] == WORDS["YES"] == START
    assert WORDS["INFO"] == HELP
