"""What the town's people photograph: pictures as phones send them, one that broke off, and a file that is none."""

import pytest

from dashboard.core import pictures
from dashboard.core.errors import SampleError
from dashboard.core.pictures import Picture
from dashboard.demo import words
from dashboard.demo.photographs import SCENES, SPECIAL, photograph
from dashboard.store.pictures import Pictures


@pytest.fixture(scope="module")
def darkroom(tmp_path_factory):
    made = Pictures(tmp_path_factory.mktemp("media"))
    yield made
    made.close()


def made(darkroom, scene):
    file = darkroom.folder / "came-in"
    file.write_bytes(photograph(scene).data)
    return darkroom.make(file)


@pytest.mark.parametrize("scene", SCENES)
def test_a_photograph_can_be_shown(darkroom, scene):
    assert isinstance(made(darkroom, scene), Picture)
    assert b"telephone" in photograph(scene).data
    assert len(photograph(scene).data) < pictures.IMAGE_LIMIT


@pytest.mark.parametrize(("scene", "state"), [("broken", pictures.FAILED), ("estimate", pictures.FILE)])
def test_some_cannot(darkroom, scene, state):
    assert made(darkroom, scene).state == state


def test_every_photograph_in_the_texts_is_one_that_there_is():
    lines = [line for section in words.openers().values() for line in section]
    lines += [answer for case in words.cases() for answer in case.answers]
    lines += [said.body for _, told in words.conversations() for said in told]
    named = {scene for line in lines for scene in words.with_photographs(line)[1]}
    assert named == {*SCENES, *SPECIAL}


def test_another_name_is_refused_in_words():
    with pytest.raises(SampleError, match="there is no photograph “moose”"):
        photograph("moose")
