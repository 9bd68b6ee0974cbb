"""Why something that came in is not taken."""

from __future__ import annotations

from faceapp.library.models import Video


class UploadRefused(Exception):
    """The message is one sentence for the user: what is wrong, what to do. `status` is the HTTP answer."""

    def __init__(self, sentence: str, *, status: int = 422) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


class TooLarge(UploadRefused):
    """More bytes than the limit, the team's quota or the disk allow."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, status=413)


class TooMany(UploadRefused):
    """More at a time than one user may ask for."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, status=429)


class AlreadyHere(UploadRefused):
    """The project holds this very file: its result may be opened, or it may be analyzed again."""

    def __init__(self, video: Video) -> None:
        sentence = f"This file was already uploaded as “{video.name}”. Open its result, or analyze it again."
        super().__init__(sentence, status=409)
        self.video = video
