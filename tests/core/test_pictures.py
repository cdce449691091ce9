"""The limits of pictures, and the words that name them."""

import pytest

from dashboard.core import pictures
from dashboard.core.errors import Refused, TooLarge


def test_a44_five_megabytes_are_taken_and_one_byte_more_is_refused_with_the_limit_in_words():
    pictures.check_size("roof.jpg", 5_242_880)
    with pytest.raises(TooLarge, match=r"“roof.jpg” is larger than 5 MB \(5,242,880 bytes\)"):
        pictures.check_size("roof.jpg", 5_242_881)


def test_ten_pictures_go_on_a_text_and_no_eleventh():
    pictures.check_count(10)
    with pytest.raises(Refused, match="at most 10"):
        pictures.check_count(11)


@pytest.mark.parametrize(("name", "said"), [("a.jpg", "“a.jpg”"), (" ", "This file"), ("x" * 300, f"“{'x' * 80}”")])
def test_a_file_is_called_by_its_name(name, said):
    assert pictures.called(name) == said


@pytest.mark.parametrize(
    ("type", "maybe"), [("image/heic", True), ("", True), ("application/octet-stream", True), ("text/vcard", False)]
)
def test_what_may_be_a_picture_is_looked_into(type, maybe):
    assert pictures.may_be_picture(type) is maybe
