""" "About the figures": what words mean, how right the networks are for whom, limits, responsible use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from faceapp.audience.bands import AGE_BANDS
from faceapp.audience.glossary import WORDS
from faceapp.audience.limits import DUTIES, LIMITS, NOT_FOR
from faceapp.core.percent import certainty, percent
from models.cards import ReliabilityBin, cards


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """All texts come from code and from files that measuring commands wrote; none is typed here."""
    networks = [
        (card, [(title, _points(bins)) for title, bins in card.reliability.items() if bins]) for card in cards()
    ]
    return render(
        request,
        "about/about_detail.html",
        {
            "words": WORDS.values(),
            "networks": networks,
            "limits": LIMITS,
            "not_for": NOT_FOR,
            "duties": DUTIES,
            "bands": [band.label for band in AGE_BANDS],
        },
    )


def _points(bins: tuple[ReliabilityBin, ...]) -> list[dict[str, str]]:
    """Bins of a reliability diagram in per cent of a square, the origin at the lower left; the area shows n."""
    most = max(each.n for each in bins)
    return [
        {
            "x": f"{100 * each.confidence:.1f}%",
            "y": f"{100 * (1 - each.accuracy):.1f}%",
            "r": f"{1.5 + 5 * (each.n / most) ** 0.5:.1f}",
            "said": f"sure {certainty(each.confidence)}, right {percent(each.accuracy)}, n = {each.n}",
        }
        for each in bins
        if each.n
    ]


app_name = "about"
urlpatterns = [path("about-the-figures/", about, name="about")]
