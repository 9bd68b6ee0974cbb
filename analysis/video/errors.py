"""Why a file is refused."""

from __future__ import annotations


class VideoError(Exception):
    """A file that is no video we can analyze.

    Attributes:
        code: stable word for programs, such as "empty", "not_a_video", "no_picture".
        sentence: what is wrong and what to do, for the user.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
