"""The key points of `models.motion`: which points of the face mesh they are, and which change places in a mirror.

The first 68 lie like those of iBUG (Sagonas et al. 2013): jaw, brows, nose, eyes, lips; each left to right as seen in
the picture. Then the centers of both irises, and what action units are read from. Numbers are those of MediaPipe's
face mesh (Apache-2.0).
"""

from __future__ import annotations

JAW = (162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389)
BROWS = (71, 63, 105, 66, 107, 336, 296, 334, 293, 301)
NOSE = (168, 197, 5, 4, 75, 97, 2, 326, 305)
EYES = (33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380)
LIPS = (61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181, 78, 82, 13, 312, 308, 317, 14, 87)
IRISES = (468, 473)
FURTHER = (55, 285, 122, 351, 159, 386, 145, 374)  # inner brows, sides of the nose, lids above and below the irises
MESH_POINTS = JAW + BROWS + NOSE + EYES + LIPS + IRISES + FURTHER
N_POINTS = len(MESH_POINTS)

_PAIRS = (
    *zip(JAW[:8], JAW[:8:-1], strict=True), *zip(BROWS[:5], BROWS[:4:-1], strict=True), (75, 305), (97, 326),
    (33, 263), (160, 387), (158, 385), (133, 362), (153, 380), (144, 373), (61, 291), (39, 269), (37, 267), (181, 405),
    (84, 314), (78, 308), (82, 312), (87, 317), (468, 473), (55, 285), (122, 351), (159, 386), (145, 374),
)  # fmt: skip
_OTHER = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
MIRRORED = tuple(MESH_POINTS.index(_OTHER.get(point, point)) for point in MESH_POINTS)  # [n] where each point goes

# kBlendshapeNames of MediaPipe's face_blendshapes_graph.cc; left and right are the person's own
COEFFICIENTS = (
    "_neutral", "browDownLeft", "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff",
    "cheekSquintLeft", "cheekSquintRight", "eyeBlinkLeft", "eyeBlinkRight", "eyeLookDownLeft", "eyeLookDownRight",
    "eyeLookInLeft", "eyeLookInRight", "eyeLookOutLeft", "eyeLookOutRight", "eyeLookUpLeft", "eyeLookUpRight",
    "eyeSquintLeft", "eyeSquintRight", "eyeWideLeft", "eyeWideRight", "jawForward", "jawLeft", "jawOpen", "jawRight",
    "mouthClose", "mouthDimpleLeft", "mouthDimpleRight", "mouthFrownLeft", "mouthFrownRight", "mouthFunnel",
    "mouthLeft", "mouthLowerDownLeft", "mouthLowerDownRight", "mouthPressLeft", "mouthPressRight", "mouthPucker",
    "mouthRight", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthSmileLeft",
    "mouthSmileRight", "mouthStretchLeft", "mouthStretchRight", "mouthUpperUpLeft", "mouthUpperUpRight",
    "noseSneerLeft", "noseSneerRight",
)  # fmt: skip


def _swapped(name: str) -> str:
    if name.endswith("Left"):
        return f"{name.removesuffix('Left')}Right"
    return f"{name.removesuffix('Right')}Left" if name.endswith("Right") else name


MIRRORED_COEFFICIENTS = tuple(COEFFICIENTS.index(_swapped(name)) for name in COEFFICIENTS)


def index_of(mesh_point: int) -> int:
    """Where a point of the mesh stands among the key points.

    Raises:
        ValueError: it is none of them.
    """
    return MESH_POINTS.index(mesh_point)
