"""MTCNN against the package whose weights it uses, and against pictures that ask too much."""

from __future__ import annotations

import time
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image as Photo

from analysis import geometry
from analysis.config import AnalysisConfig
from analysis.detect import open_detector
from analysis.detect.mtcnn import FAST, Mtcnn, Strictness
from analysis.evaluate.benchmark import pictures_of
from analysis.evaluate.peer import Peer, PeerFaces
from analysis.runtime import Device
from analysis.types import Floats, Image

SURE = 0.95
SMALLEST_PX = 40


@pytest.fixture(scope="module")
def pictures(data_dir: Path) -> list[Image]:
    photos = [np.asarray(Photo.open(path).convert("RGB")) for path in sorted((data_dir / "photos").glob("*.jpg"))]
    with av.open(str(data_dir / "videos" / "street_crowd_1080p.mp4")) as video:
        frames = [frame.to_ndarray(format="rgb24") for i, frame in enumerate(video.decode(video=0)) if i % 40 == 0]
    return [*photos, *frames[:4]]


@pytest.fixture(scope="module")
def peer_found(pictures: list[Image]) -> list[PeerFaces]:
    peer = Peer(SMALLEST_PX)
    return [peer.detect(picture) for picture in pictures]


def _our_finds(pictures: list[Image], strictness: Strictness) -> list[PeerFaces]:
    finds = []
    for picture in pictures:
        mtcnn = Mtcnn.open(*picture.shape[:2], SMALLEST_PX, Device(), strictness=strictness, max_faces=1000)
        found = mtcnn.detect([picture])[0]
        finds.append(PeerFaces(found.boxes, found.scores, found.landmarks))
    return finds


def _sure_inside(found: PeerFaces, picture: Image) -> Floats:
    """Indices of the sure faces that do not touch the border."""
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = found.boxes.T
    return np.flatnonzero((found.scores >= SURE) & (x0 > 1) & (y0 > 1) & (x1 < width - 1) & (y1 < height - 1))


def _share_found(ours: list[PeerFaces], theirs: list[PeerFaces], pictures: list[Image], least_iou: float) -> float:
    """The share of the sure faces in `theirs` that `ours` has too."""
    hits: list[bool] = []
    for mine, other, picture in zip(ours, theirs, pictures, strict=True):
        ious = geometry.iou(other.boxes[_sure_inside(other, picture)], mine.boxes)
        hits += [bool((row >= least_iou).any()) for row in ious]
    assert len(hits) > 100
    return float(np.mean(hits))


LIKE_FACENET_PYTORCH = Strictness(0.6, 0.7, 0.7, 0.7, True, 10**6, 10**6)


@pytest.mark.slow
def test_finds_what_facenet_pytorch_finds_and_nothing_else(pictures: list[Image], peer_found: list[PeerFaces]) -> None:
    ours = _our_finds(pictures, LIKE_FACENET_PYTORCH)
    assert _share_found(ours, peer_found, pictures, least_iou=0.9) >= 0.98
    assert _share_found(peer_found, ours, pictures, least_iou=0.9) >= 0.98
    distances = []
    for mine, other, picture in zip(ours, peer_found, pictures, strict=True):
        for i in _sure_inside(other, picture):
            ious = geometry.iou(other.boxes[i : i + 1], mine.boxes)[0]
            if len(ious) and ious.max() >= 0.9:
                off = np.linalg.norm(mine.landmarks[ious.argmax()] - other.landmarks[i], axis=1).mean()
                distances.append(off / (other.boxes[i, 3] - other.boxes[i, 1]))
    assert np.median(distances) < 0.02


@pytest.mark.slow
def test_the_fast_settings_find_the_same_faces(pictures: list[Image], peer_found: list[PeerFaces]) -> None:
    assert _share_found(_our_finds(pictures, FAST), peer_found, pictures, least_iou=0.5) >= 0.97


@pytest.mark.slow
def test_a_sure_face_is_not_lost_by_being_placed_badly(data_dir: Path) -> None:
    """A man who looks down: O-Net sees him where R-Net left him, and no longer in a place of its own."""
    street = data_dir / "videos" / "street_crowd_1080p.mp4"
    picture = pictures_of(street, AnalysisConfig(), n=40)[15]
    found = open_detector(AnalysisConfig(), *picture.shape[:2], Device()).detect([picture])[0]
    him = geometry.iou(np.array([[501, 625, 582, 716]], np.float32), found.boxes)[0]
    assert him.max() > 0.5
    assert found.scores[him.argmax()] > 0.85


def test_a_picture_is_found_the_same_alone_or_among_others(data_dir: Path) -> None:
    image = np.asarray(Photo.open(data_dir / "photos" / "cf_012_4.jpg").convert("RGB"))
    mirrored = np.ascontiguousarray(image[:, ::-1])
    mtcnn = open_detector(AnalysisConfig(), *image.shape[:2], Device())
    alone, among = mtcnn.detect([image])[0], mtcnn.detect([mirrored, image, mirrored])[1]
    assert alone.boxes.tobytes() == among.boxes.tobytes()
    assert alone.landmarks.tobytes() == among.landmarks.tobytes()


def test_torch_finds_the_same_as_openvino(data_dir: Path) -> None:
    """The path of a GPU, run on the processor, with several pictures in one batch."""
    image = np.asarray(Photo.open(data_dir / "photos" / "cf_012_4.jpg").convert("RGB"))
    images = [image, np.ascontiguousarray(image[:, ::-1])]
    ours = open_detector(AnalysisConfig(), *image.shape[:2], Device()).detect(images)
    theirs = open_detector(AnalysisConfig(), *image.shape[:2], Device("cpu", "torch")).detect(images)
    for one, other in zip(ours, theirs, strict=True):
        order = np.argsort(one.boxes[:, 0]), np.argsort(other.boxes[:, 0])
        np.testing.assert_allclose(one.boxes[order[0]], other.boxes[order[1]], atol=0.5)


def test_a_large_picture_is_searched_at_half_its_size_and_gives_the_same_faces(data_dir: Path) -> None:
    photo = Photo.open(data_dir / "photos" / "cf_012_4.jpg").convert("RGB")
    image, large = np.asarray(photo), np.asarray(photo.resize((photo.width * 3, photo.height * 3)))
    found = open_detector(AnalysisConfig(), *image.shape[:2], Device()).detect([image])[0]
    found_large = open_detector(AnalysisConfig(), *large.shape[:2], Device()).detect([large])[0]
    assert len(found) == len(found_large) == 4
    assert (geometry.iou(found.boxes, found_large.boxes / 3).max(axis=1) > 0.75).all()


def test_faces_cut_by_the_border_are_found(data_dir: Path) -> None:
    image = np.asarray(Photo.open(data_dir / "photos" / "cf_012_4.jpg").convert("RGB"))
    # the leftmost face of the photo lies at x 173-223; cut it through the ear
    part = np.ascontiguousarray(image[:, 182:])
    found = open_detector(AnalysisConfig(), *part.shape[:2], Device()).detect([part])[0]
    assert (found.boxes[:, 0] < 10).any()


@pytest.mark.parametrize("size", [(32, 32), (40, 3000), (3000, 40), (353, 285)])
def test_any_size_of_picture_works(size: tuple[int, int]) -> None:
    image = np.full((*size, 3), 127, np.uint8)
    assert len(open_detector(AnalysisConfig(), *size, Device()).detect([image])[0]) == 0


def _dull_pictures() -> dict[str, Image]:
    rng = np.random.default_rng(0)
    colors = np.array(
        [[255, 255, 255], [255, 255, 0], [0, 255, 255], [0, 255, 0], [255, 0, 255], [255, 0, 0], [0, 0, 255], [0, 0, 0]]
    )
    coarse = rng.integers(0, 256, (45, 80, 3)).repeat(16, axis=0).repeat(16, axis=1)
    return {
        "black": np.zeros((720, 1280, 3), np.uint8),
        "white": np.full((720, 1280, 3), 255, np.uint8),
        "noise": rng.integers(0, 256, (720, 1280, 3)).astype(np.uint8),
        "coarse noise": coarse.astype(np.uint8),
        "test bars": np.tile(colors.repeat(160, axis=0)[None], (720, 1, 1)).astype(np.uint8),
    }


def test_black_white_noise_and_test_bars_hold_nobody_and_cost_no_more(data_dir: Path) -> None:
    mtcnn = open_detector(AnalysisConfig(), 720, 1280, Device())
    with av.open(str(data_dir / "videos" / "sitcom_cuts_720p.mp4")) as video:
        usual = next(video.decode(video=0)).to_ndarray(format="rgb24")

    def seconds(image: Image) -> float:
        start_s = time.process_time()
        mtcnn.detect([image])
        return time.process_time() - start_s

    seconds(usual)
    usual_s = min(seconds(usual) for _ in range(3))
    for name, image in _dull_pictures().items():
        assert len(mtcnn.detect([image])[0]) == 0, name
        assert min(seconds(image) for _ in range(2)) < 3 * usual_s, name


def test_a_frame_full_of_faces_takes_bounded_time_and_says_when_it_cuts(data_dir: Path) -> None:
    photo = Photo.open(data_dir / "free" / "astronaut_nasa_pd.png").convert("RGB").crop((160, 40, 300, 200))
    face = np.asarray(photo.resize((84, 96)))
    crowd = np.tile(face, (11, 22, 1))  # 242 faces
    found = open_detector(AnalysisConfig(), *crowd.shape[:2], Device()).detect([crowd])[0]
    assert len(found) == 200
    assert found.is_cut
    everyone = open_detector(AnalysisConfig(max_faces=300), *crowd.shape[:2], Device()).detect([crowd])[0]
    assert 200 < len(everyone) <= 242
    assert not everyone.is_cut
