"""What is made of pictures: safe ones whatever came in, and a process that dies instead of this one."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from dashboard.core import pictures as core
from dashboard.core.pictures import NoPicture, Picture
from dashboard.store import media
from dashboard.store.pictures import PROGRAM, Pictures
from tests.canary import CANARY, HARD, animated, hard, jpeg, png, saved, sixteen_bits, turned
from tests.factories import eventually


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    made = Pictures(tmp_path_factory.mktemp("media"))
    yield made
    made.close()


def stored(pictures, data):
    """A file as it came."""
    file = pictures.folder / "came-in"
    file.write_bytes(data)
    return file


def made(pictures, data):
    outcome = pictures.make(stored(pictures, data))
    assert isinstance(outcome, Picture), outcome
    return outcome


def shown(pictures, data):
    """What is shown of a file, opened again."""
    return kept(pictures, made(pictures, data).shown)


def kept(pictures, sha256):
    return Image.open(io.BytesIO(media.path(pictures.folder, sha256).read_bytes()))


def spent(pid):
    """Seconds of processor time that a process has used, and the most memory in bytes it had mapped at once."""
    process = Path(f"/proc/{pid}")
    ticks = sum(map(int, (process / "stat").read_text().rsplit(")", 1)[1].split()[11:13]))
    peak = next(line for line in (process / "status").read_text().splitlines() if line.startswith("VmPeak"))
    return ticks / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) * 1024


@pytest.mark.parametrize("name", HARD)
def test_every_hard_case_ends_as_it_should_within_its_time_and_memory_and_without_a_word_of_metadata(pictures, name):
    _, data, state = hard(name)
    made(pictures, png(width=9, height=9))  # so that a child runs
    file = stored(pictures, data)
    before, _ = spent(pictures._child.pid)
    outcome = pictures.make(file)
    time, memory = spent(pictures._child.pid)
    assert (time - before <= core.CPU_LIMIT, memory <= core.MEMORY_LIMIT, pictures.ended) == (True, True, [])
    assert (core.READY if isinstance(outcome, Picture) else outcome.state) == state, outcome
    if isinstance(outcome, Picture):
        for sha256 in (outcome.shown, outcome.thumbnail):
            assert CANARY not in media.path(pictures.folder, sha256).read_bytes()


def test_the_canary_is_in_what_comes_in_or_this_proves_nothing():
    assert sum(CANARY in hard(name)[1] for name in HARD) > len(HARD) / 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_camera_was_held(pictures, orientation):
    image = shown(pictures, turned(orientation))
    assert image.size == (400, 300)
    red, _, blue = image.getpixel((200, 20))
    assert (red > 200, blue < 60) == (True, True)


def test_what_is_shown_and_its_thumbnail_have_the_sizes_that_are_said(pictures):
    picture = made(pictures, jpeg(4000, 3000))
    image, thumbnail = kept(pictures, picture.shown), kept(pictures, picture.thumbnail)
    assert image.size == (picture.width, picture.height) == (2048, 1536)
    assert (thumbnail.size, picture.type) == ((320, 240), "image/jpeg")
    assert made(pictures, jpeg(100, 50)).width == 100, "a small one is not blown up"


@pytest.mark.parametrize("format_", ["GIF", "WEBP"])
def test_of_what_moves_the_first_frame_is_shown(pictures, format_):
    image = shown(pictures, animated(format_))
    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((32, 32))[0] > 240


def test_sixteen_bits_of_grey_are_neither_black_nor_white(pictures):
    image = shown(pictures, sixteen_bits()).convert("L")
    assert [image.getpixel((x, 30)) // 32 for x in (2, 128, 253)] == [0, 4, 7]


def test_what_was_transparent_stays_so_and_a_photograph_becomes_a_jpeg(pictures):
    clear = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    clear.putpixel((25, 25), (0, 0, 255, 255))
    assert shown(pictures, saved(clear, "PNG")).getpixel((0, 0))[3] == 0
    noise = Image.frombytes("RGB", (900, 900), os.urandom(900 * 900 * 3))
    assert made(pictures, saved(noise, "PNG")).type == "image/jpeg"


@pytest.mark.parametrize("limit", ["CPU_LIMIT", "MEMORY_LIMIT"])
def test_a_picture_above_the_limits_ends_the_process_or_the_attempt_and_the_next_one_is_made(
    tmp_path, monkeypatch, limit
):
    monkeypatch.setattr(core, limit, {"CPU_LIMIT": 0.05, "MEMORY_LIMIT": 200 * 1024**2}[limit])
    pictures = Pictures(tmp_path)
    refused = pictures.make(stored(pictures, hard("40 megapixels, PNG")[1]))
    assert refused == NoPicture(core.FAILED, core.TOO_DEAR)
    assert len(pictures.ended) == (limit == "CPU_LIMIT")
    monkeypatch.undo()
    assert made(pictures, jpeg()).width == 640
    pictures.close()


def test_a_process_that_was_killed_is_replaced(pictures):
    made(pictures, jpeg())
    pictures._child.kill()
    pictures._child.wait()
    assert made(pictures, jpeg()).width == 640


def test_a_file_that_is_not_there_is_said_to_be_missing(pictures):
    assert pictures.make(pictures.folder / "nothing") == NoPicture(core.FAILED, core.MISSING)


def test_the_process_ends_with_its_parent_and_knows_none_of_our_secrets(monkeypatch):
    parent = "import os,sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from dashboard.store.pictures import *; "
    parent += "pictures = Pictures(Path(sys.argv[2])); child = pictures._running(); print(child.pid, flush=True); "
    parent += "print('SECRET' in Path(f'/proc/{child.pid}/environ').read_text(), flush=True); os._exit(1)"
    monkeypatch.setenv("MESSAGE_CENTER_SECRET_KEY", "a SECRET")
    root = str(PROGRAM.parents[2])
    said = subprocess.run(
        [sys.executable, "-c", parent, root, "/tmp"], capture_output=True, text=True, check=False
    ).stdout
    pid, knows = said.split()
    assert knows == "False"
    assert eventually(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_text())


@pytest.mark.parametrize("limit", [500_000, 50_000])
def test_a_picture_is_made_smaller_until_it_fits(pictures, limit):
    noise = Image.frombytes("RGB", (1500, 1500), os.urandom(1500 * 1500 * 3))
    picture = made(pictures, saved(noise, "JPEG", quality=95))
    smaller = pictures.fitted(picture.shown, limit)
    assert (smaller.size <= limit, smaller.type) == (True, "image/jpeg")
    assert kept(pictures, smaller.sha256).width > 100
