"""From a decoded frame to RGB as a player shows it: upright, in square pixels, of one size."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
from av.sidedata.sidedata import Type as SideDataType
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from analysis.types import Image
from analysis.video.hdr import to_sdr
from analysis.video.planes import plane_rows
from analysis.video.source import VideoSource

BT709, BT601 = 1, 5  # swscale's numbers
UNSPECIFIED = (2, 3)  # FFmpeg's AVColorSpace
PQ, HLG = 16, 18  # AVColorTransferCharacteristic


@dataclass(frozen=True, slots=True)
class Turn:
    """How stored pictures become upright: first mirrored left to right, then turned by quarters counter-clockwise."""

    quarters: int = 0  # 0-3, counter-clockwise
    is_mirrored: bool = False

    @classmethod
    def of(cls, frame: VideoFrame) -> Turn:
        """From the display matrix a frame carries; anything but quarter turns is rounded to the nearest."""
        side_data: Any = frame.side_data
        if SideDataType.DISPLAYMATRIX not in side_data:
            return cls()
        matrix = np.frombuffer(side_data[SideDataType.DISPLAYMATRIX], np.int32)[:9].astype(float)
        a, b, c, d = matrix[0], matrix[1], matrix[3], matrix[4]
        if a * d - b * c == 0:
            return cls()
        is_mirrored = a * d - b * c < 0
        if is_mirrored:  # take the mirror, which comes first, out of the matrix
            a, b = -a, -b
        degrees = -np.degrees(np.arctan2(b, a))  # y points down: positive angles of the matrix are clockwise
        return cls(round(float(degrees) / 90) % 4, bool(is_mirrored))

    def apply(self, image: Image) -> Image:
        """The upright picture, contiguous."""
        if self.is_mirrored:
            image = image[:, ::-1]
        return np.ascontiguousarray(np.rot90(image, self.quarters))

    def size(self, width: int, height: int) -> tuple[int, int]:
        return (height, width) if self.quarters % 2 else (width, height)


def square_size(width: int, height: int, aspect: Fraction | None) -> tuple[int, int]:
    """The size in square pixels; as HTML says, the picture is widened or heightened, never shrunk."""
    if not aspect or aspect <= 0 or not Fraction(1, 20) <= aspect <= 20:
        return width, height
    if aspect > 1:
        return round(width * aspect), height
    return width, round(height / aspect)


class Display:
    """Brings every frame of a stream to the size and turn a player shows; one for a reader, it keeps its converter.

    Attributes:
        width_px, height_px: upright, in square pixels.
    """

    def __init__(self, source: VideoSource, first: VideoFrame, max_side_px: int | None = None) -> None:
        self.turn = Turn.of(first)
        width, height = source.stored_size
        width, height = square_size(width or first.width, height or first.height, source.aspect)
        shrink = min(1.0, (max_side_px or max(width, height)) / max(width, height))
        self._stored_size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
        self.width_px, self.height_px = self.turn.size(*self._stored_size)
        self._converter = VideoReformatter()

    def picture(self, frame: VideoFrame) -> Image:
        """RGB of a frame, [height, width, 3], whatever its own size and pixel format."""
        if frame.color_trc in (PQ, HLG):
            image = to_sdr(_array(self._convert(frame, "rgb48le")), is_hlg=frame.color_trc == HLG)
        else:
            image = _array(self._convert(frame, "rgb24"))
        if frame.interlaced_frame:
            image = _blend_fields(image)
        return self.turn.apply(image)

    def _convert(self, frame: VideoFrame, pixels: str) -> VideoFrame:
        return self._converter.reformat(
            frame, *self._stored_size, pixels, src_colorspace=_matrix(frame), interpolation="BILINEAR", threads=1
        )


def _matrix(frame: VideoFrame) -> int:
    """Which matrix a frame's colors were made with; where it does not say, by its size as players do."""
    if frame.colorspace in UNSPECIFIED:
        return BT709 if frame.height >= 720 else BT601
    return int(frame.colorspace)


def _array(rgb: VideoFrame) -> NDArray[Any]:
    """The pixels of a packed RGB frame without copying, [height, width, 3]."""
    rows = plane_rows(rgb.planes[0], 2 if rgb.format.name == "rgb48le" else 1)
    return rows[:, : rgb.width * 3].reshape(rgb.height, rgb.width, 3)


def _blend_fields(image: Image) -> Image:
    """Take the comb out of moving edges of an interlaced picture."""
    kernel = np.array([[1], [2], [1]], np.float32) / 4
    return np.asarray(cv2.filter2D(image, -1, kernel, borderType=cv2.BORDER_REPLICATE), np.uint8)
