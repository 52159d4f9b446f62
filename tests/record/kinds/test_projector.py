from __future__ import annotations

import io
import json
import os
import threading
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorboardX
import torch
import torch.utils.tensorboard
from google.protobuf import text_format
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.plugins.base_plugin import TBContext
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig
from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
from werkzeug.test import Client

from headway.errors import ShapeError
from headway.record.kinds import projector
from headway.record.kinds.projector import CONFIG, check_embedding, config_entry, encode_tag, write_embedding

pytestmark = pytest.mark.filterwarnings("ignore:invalid value encountered in cast:RuntimeWarning")  # tensorboardX

POINTS = np.random.default_rng(0).standard_normal((5, 3)).astype(np.float32)


class Peer:
    """TensorBoard's own plugin, over a log directory."""

    def __init__(self, logdir: Path) -> None:
        plugin = ProjectorPlugin(
            TBContext(logdir=str(logdir), data_provider=MultiplexerDataProvider(EventMultiplexer(), str(logdir)))
        )
        apps = plugin.get_plugin_apps()
        self.clients = {route: Client(app) for route, app in apps.items()}

    def get(self, route: str, **arguments: Any) -> bytes:
        answer = self.clients[route].get("", query_string={"run": ".", **arguments})
        assert answer.status_code == 200, answer.text
        return answer.get_data()

    def embeddings(self) -> list[dict[str, Any]]:
        found = json.loads(self.get("/info"))["embeddings"]
        assert isinstance(found, list)
        return found

    def names(self) -> list[str]:
        return [embedding["tensorName"] for embedding in self.embeddings()]

    def points(self, name: str, shape: tuple[int, ...]) -> Any:
        return np.frombuffer(self.get("/tensor", name=name), np.float32).reshape(shape)


def read_config(directory: Path) -> ProjectorConfig:
    config = ProjectorConfig()
    text_format.Parse((directory / CONFIG).read_text(encoding="utf-8"), config)
    return config


def test_tensorboard_serves_an_embedding(tmp_path: Path) -> None:
    images = np.random.default_rng(1).random((5, 3, 4, 4))
    labels = ["a", "b", "c", "d", "e"]
    write_embedding(tmp_path, POINTS, labels, images, step=7, tag="last/layer")
    peer = Peer(tmp_path)
    [embedding] = peer.embeddings()
    assert embedding["tensorShape"] == [5, 3]
    assert embedding["sprite"]["singleImageDim"] == [4, 4]
    name = embedding["tensorName"]
    assert name == "last/layer:00007"
    assert (peer.points(name, (5, 3)) == POINTS).all()
    assert peer.get("/metadata", name=name).decode().splitlines() == labels
    sprite = np.asarray(Image.open(io.BytesIO(peer.get("/sprite_image", name=name))))
    assert sprite.shape == (12, 12, 3)  # 5 images: 3 in a row
    expected = (images * 255).clip(0, 255)
    for number in range(5):
        top, left = 4 * (number // 3), 4 * (number % 3)
        tile = sprite[top : top + 4, left : left + 4].transpose(2, 0, 1)
        assert np.abs(tile - expected[number]).max() <= 1


def test_the_files_stand_where_tensorboardx_puts_them(tmp_path: Path) -> None:
    images = np.linspace(0, 1, 5 * 3 * 4 * 4, dtype=np.float32).reshape(5, 3, 4, 4)
    arguments: dict[str, Any] = {"metadata": [("x", i) for i in range(5)], "metadata_header": ["name", "number"]}
    with tensorboardX.SummaryWriter(str(tmp_path / "theirs")) as writer:
        writer.add_embedding(POINTS, label_img=images, global_step=3, tag="a/b\\c%d", **arguments)
    write_embedding(
        tmp_path / "ours", POINTS, arguments["metadata"], images, step=3, tag="a/b\\c%d", header=["name", "number"]
    )
    theirs = {str(path.relative_to(tmp_path / "theirs")): path for path in (tmp_path / "theirs").rglob("*.*sv")}
    assert len(theirs) == 2
    for name, path in theirs.items():
        ours = tmp_path / "ours" / name
        if name.endswith("metadata.tsv"):
            assert ours.read_bytes() == path.read_bytes()
        else:
            assert (np.loadtxt(ours, np.float32) == np.loadtxt(path, np.float32)).all()
            assert ours.stat().st_size < path.stat().st_size
    [sprite] = (tmp_path / "theirs").rglob("sprite.png")
    pixels = np.asarray(Image.open(tmp_path / "ours" / sprite.relative_to(tmp_path / "theirs"))).astype(int)
    assert np.abs(pixels - np.asarray(Image.open(sprite)))[:8].max() <= 1  # below, theirs is what memory held
    config = read_config(tmp_path / "ours")
    folder = "00003/a%2fb%5cc%25d"
    assert config.embeddings[0].tensor_path == f"{folder}/tensors.tsv"
    config.embeddings[0].tensor_name = "t"  # theirs does not escape the backslash of the tag
    text = (tmp_path / "theirs" / CONFIG).read_text().replace("a/b\\c%d:00003", "t")
    assert text_format.Parse(text, ProjectorConfig()) == config


@pytest.mark.parametrize(
    "tag", ["..", ".", "", "/etc/passwd", "../../x", "a\0b", 'quote"d', "line\nbreak", "模型/é", "\ud800"]
)
def test_no_tag_leads_out_or_breaks_the_list(tmp_path: Path, tag: str) -> None:
    directory = tmp_path / "run"
    check_embedding(tag, POINTS.shape)
    write_embedding(directory, POINTS, tag=tag)
    [tensors] = tmp_path.rglob("tensors.tsv")
    assert (directory / "00000") in tensors.parents
    assert [*tmp_path.iterdir()] == [directory]
    [embedding] = read_config(directory).embeddings
    assert directory / embedding.tensor_path == tensors
    assert embedding.tensor_name == tag.replace("\ud800", "?") + ":00000"
    peer = Peer(directory)
    assert (peer.points(peer.names()[0], (5, 3)) == POINTS).all()


@given(st.text(), st.text())
def test_different_tags_have_different_directories(one: str, other: str) -> None:
    fold = [text.encode("utf-8", "replace") for text in (one, other)]
    assert (encode_tag(one) == encode_tag(other)) == (fold[0] == fold[1])


def test_earlier_entries_stay_over_restarts_and_those_of_others_too(tmp_path: Path) -> None:
    with tensorboardX.SummaryWriter(str(tmp_path)) as writer:
        writer.add_embedding(POINTS, tag="theirs", label_img=torch.rand(5, 3, 2, 2))
    write_embedding(tmp_path, POINTS, tag="one")
    write_embedding(tmp_path, POINTS, tag="two", step=100000)
    assert Peer(tmp_path).names() == ["theirs:00000", "one:00000", "two:100000"]


def test_the_same_step_again_takes_the_older_ones_place(tmp_path: Path) -> None:
    with tensorboardX.SummaryWriter(str(tmp_path / "x")) as peer_writer:
        for _ in range(2):
            peer_writer.add_embedding(POINTS, label_img=torch.rand(5, 3, 2, 2))
    assert len(read_config(tmp_path / "x").embeddings) == 2
    with torch.utils.tensorboard.SummaryWriter(str(tmp_path / "t")) as torch_writer:
        torch_writer.add_embedding(torch.from_numpy(POINTS), label_img=torch.rand(5, 3, 2, 2))
    for directory in (tmp_path / "x", tmp_path / "t", tmp_path / "o"):
        write_embedding(directory, POINTS, tag="other")
        write_embedding(directory, POINTS)
        write_embedding(directory, POINTS + 1, ["a", "b", "c", "d", "e"])
        size = (directory / CONFIG).stat().st_size
        write_embedding(directory, POINTS + 2, ["a", "b", "c", "d", "f"])  # the same entry: nothing is appended
        assert (directory / CONFIG).stat().st_size == size
        peer = Peer(directory)
        assert peer.names() == ["other:00000", "default:00000"]
        assert (peer.points("default:00000", (5, 3)) == POINTS + 2).all()
        assert peer.get("/metadata", name="default:00000").split() == [b"a", b"b", b"c", b"d", b"f"]


def test_a_list_that_ends_in_the_middle_of_a_line_is_gone_on_with(tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text("# by hand\nembeddings { tensor_name: 'mine' tensor_path: 'm.tsv' }")
    write_embedding(tmp_path, POINTS)
    assert [e.tensor_name for e in read_config(tmp_path).embeddings] == ["mine", "default:00000"]


def write_many(directory: Path, worker: int) -> None:
    for step in range(15):
        write_embedding(directory, POINTS, tag=f"w{worker}", step=step)
        write_embedding(directory, POINTS, ["a"] * 5, tag=f"w{worker}", step=step)
        write_embedding(directory, POINTS + step, tag="all")


def test_processes_and_threads_share_the_list(tmp_path: Path) -> None:
    processes = [get_context("spawn").Process(target=write_many, args=(tmp_path, worker)) for worker in range(2)]
    threads = [threading.Thread(target=write_many, args=(tmp_path, worker)) for worker in range(2, 4)]
    workers: list[Any] = [*processes, *threads]
    for one in workers:
        one.start()
    for one in workers:
        one.join(60)
    names = [e.tensor_name for e in read_config(tmp_path).embeddings]
    for worker in range(4):
        assert [n for n in names if n.startswith(f"w{worker}")] == [f"w{worker}:{step:05d}" for step in range(15)]
    assert "all:00000" in names
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]
    for tensors in tmp_path.rglob("tensors.tsv"):
        assert len(tensors.read_text().splitlines()) == 5


def test_a_full_disk_leaves_a_list_that_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_embedding(tmp_path, POINTS, tag="before")
    real = Path.open

    def small(path: Path, mode: str = "r", *arguments: Any, **keywords: Any) -> Any:
        file = real(path, mode, *arguments, **keywords)
        if mode != "ab":
            return file

        class Full(io.FileIO):
            def write(self, data: Any) -> int:
                return super().write(bytes(data)[:20])

        file.close()
        return Full(path, "ab")

    monkeypatch.setattr(Path, "open", small)
    with pytest.raises(OSError, match="20 of"):
        write_embedding(tmp_path, POINTS, tag="after")
    monkeypatch.undo()
    assert Peer(tmp_path).names() == ["before:00000"]
    write_embedding(tmp_path, POINTS, tag="after")
    assert Peer(tmp_path).names() == ["before:00000", "after:00000"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.floats(width=32), min_size=2, max_size=2), min_size=1, max_size=5))
def test_every_float32_is_kept(rows: list[list[float]]) -> None:
    matrix = np.array(rows, np.float32)
    text = b"".join(projector.tensors_tsv(matrix)).decode()
    read = np.array([[*map(float, line.split("\t"))] for line in text.splitlines()], np.float32)
    np.testing.assert_array_equal(read, matrix)


def test_pieces_of_a_large_matrix_join() -> None:
    matrix = np.arange(100_000).reshape(1000, 100)
    pieces = [*projector.tensors_tsv(matrix)]
    assert len(pieces) > 1
    assert (np.loadtxt(io.BytesIO(b"".join(pieces)), delimiter="\t") == matrix).all()


def test_truth_values_are_numbers() -> None:
    assert [*projector.tensors_tsv(np.array([[True, False]]))] == [b"1\t0\n"]


def test_labels_hold_their_lines_and_columns() -> None:
    assert projector.metadata_tsv(["a\tb", "c\r\nd", "é", 5]) == "a b\nc  d\né\n5\n".encode()
    rows = [("x\ty", 1), ("", ""), (None, np.float32(0.5))]
    assert projector.metadata_tsv(rows, ["name", "n\n"]) == "name\tn \nx y\t1\n\u200b\t\nNone\t0.5\n".encode()


def test_a_label_of_white_space_is_no_line_that_the_page_skips() -> None:
    for label in ("", " ", "\n"):
        [_, line, _] = projector.metadata_tsv(["a", label, "b"]).decode().splitlines()
        assert line.strip()


def test_a_single_column_has_no_header(tmp_path: Path) -> None:
    write_embedding(tmp_path, POINTS, [("a",), ("b",), ("c",), ("d",), ("e",)], header=["name"])
    text = Peer(tmp_path).get("/metadata", name="default:00000").decode()
    assert text.splitlines() == ["a", "b", "c", "d", "e"]


def test_labels_may_be_an_array() -> None:
    for metadata in (torch.tensor([1, 2]), np.array([1, 2]), [torch.tensor(1), np.int64(2)], (1, 2)):
        assert projector.metadata_tsv(projector.label_rows(metadata)) == b"1\n2\n"


def test_a_grey_sprite_and_one_of_bytes() -> None:
    grey = np.array([0.0, 0.5, 1.0]).reshape(3, 1, 1, 1)
    colour = np.array([[0, 10, 20], [255, 250, 240], [1, 2, 3]], np.uint8).reshape(3, 3, 1, 1)
    for images, expected in ((grey, [[0] * 3, [127] * 3, [255] * 3]), (colour, colour[:, :, 0, 0])):
        pixels = np.asarray(Image.open(io.BytesIO(projector.sprite_png(images)))).reshape(4, 3).astype(int)
        assert np.abs(pixels[:3] - expected).max() <= 1
        assert (pixels[3] == 0).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"shape": (5,)}, r"\[5\], expected \[points, dimensions\]"),
        ({"shape": (0, 3)}, r"\[0, 3\]"),
        ({"shape": (5, 2, 2)}, r"\[5, 2, 2\]"),
        ({"labels": ["a"] * 4}, "4 labels"),
        ({"labels": [("a", 1)] * 4 + [("b",)], "header": ["x", "y"]}, r"label 4 is \('b',\), expected 2 columns"),
        ({"labels": ["ab"] * 5, "header": ["x", "y"]}, "label 0"),
        ({"labels": [1] * 5, "header": ["x", "y"]}, "label 0"),
        ({"images": (4, 3, 2, 2)}, "4 images for 5"),
        ({"images": (5, 3, 2, 3)}, "side, side"),
        ({"images": (5, 2, 2, 2)}, "1 or 3"),
        ({"images": (5, 4, 4)}, "side, side"),
        ({"shape": (10000, 3), "images": (10000, 3, 82, 82)}, "8200 pixels"),
    ],
)
def test_wrong_shapes(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ShapeError, match=message) as caught:
        check_embedding(**{"tag": "words", "shape": (5, 3), **arguments})
    assert "'words'" in str(caught.value)


def test_right_shapes() -> None:
    check_embedding("t", (5, 3), ["a"] * 5, (5, 1, 8, 8))
    check_embedding("t", (5, 3), [("a", 1)] * 5, None, ["x", "y"])
    check_embedding("t", (10000, 3), None, (10000, 3, 81, 81))


def test_wrong_types() -> None:
    with pytest.raises(TypeError, match="tag must be a str"):
        check_embedding(None, (5, 3))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="complex"):
        check_embedding("t", (5, 3), kind="c")
    with pytest.raises(ValueError, match="too long"):
        check_embedding("/" * 90, (5, 3))


def test_an_entry_names_the_files_that_there_are() -> None:
    assert config_entry("t", -1, ["tensors.tsv"]).decode() == (
        'embeddings {\n  tensor_name: "t:-0001"\n  tensor_path: "-0001/t/tensors.tsv"\n}\n'
    )
    entry = config_entry("t", 2, ["tensors.tsv", "metadata.tsv", "sprite.png"], 8).decode()
    printed = text_format.MessageToString(text_format.Parse(entry, ProjectorConfig()))
    assert sorted(entry.splitlines()) == sorted(printed.splitlines())


def test_files_may_be_read_by_others(tmp_path: Path) -> None:
    write_embedding(tmp_path, POINTS)
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "00000/default/tensors.tsv").stat().st_mode & 0o777 == 0o666 & ~mask
