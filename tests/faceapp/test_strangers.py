"""Whatever names an object is not there for a stranger, nor for nobody. Walks every address of the site, so
that a new route is covered the day it is made.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

METHODS = ("get", "post", "put", "patch", "delete", "head")
HEADERS = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
NAMELESS = {"format", "key", "kind", "name", "slug", "path", "version"}  # arguments that choose a form, not an object
REFUSED = (404, 405, 415)


def named_routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """`namespace:name` and argument names of every route that names an object."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from named_routes(entry, inner)
        elif isinstance(entry, URLPattern):
            arguments = tuple(entry.pattern.converters) or tuple(entry.pattern.regex.groupindex)
            if set(arguments) - NAMELESS:
                yield f"{namespace}{entry.name}", arguments


ROUTES = sorted(set(named_routes()))


@pytest.fixture
def everything(video: Any, alice: Any, bob: Any, finished_run: Any) -> dict[str, Any]:
    """Rows of Alice's, one of each kind that an address may name."""
    from faceapp.accounts.models import Membership
    from faceapp.accounts.services import create_token
    from faceapp.comparisons.columns import Columns
    from faceapp.comparisons.services import save_comparison
    from faceapp.library.uploads import begin
    from faceapp.segments.services import NewMark, add_mark

    segment, change = add_mark(video=video, mark=NewMark("Intro", 0.0, 2.0), user=alice)

    team, columns = video.project.team, Columns({})
    return {
        "video": video.pk,
        "project": video.project.pk,
        "team": team.pk,
        "comparison": save_comparison(team=team, user=alice, name="Cut test", columns=columns).pk,
        "member": Membership.objects.get(user=bob).pk,
        "token": create_token(user=alice, name="script")[0].pk,
        "upload": begin(project=video.project, user=alice, name="more.mp4", size_bytes=100).pk,
        "mark": segment.pk,
        "change": change.pk,
        "run": finished_run.pk,  # with persons and tracks 1 and 2
    }


def addresses_of(route: str, arguments: tuple[str, ...], rows: dict[str, Any]) -> set[str]:
    """This route with the id of each row that its arguments may mean."""
    return {address for key in rows.values() if (address := address_of(route, arguments, rows, key))}


def address_of(route: str, arguments: tuple[str, ...], rows: dict[str, Any], key: Any) -> str | None:
    values = {
        name: rows.get(name.removesuffix("_id"), key if name in ("pk", "id", "uuid") else 1) for name in arguments
    }
    values |= {name: "age" for name in arguments if name in NAMELESS}
    try:
        return reverse(route, kwargs=values)
    except NoReverseMatch:  # another kind of key
        return None


def test_there_are_routes_to_walk() -> None:
    assert {"results:video_detail", "library:video_media", "library:upload_part"} <= {route for route, _ in ROUTES}


@pytest.mark.parametrize(("route", "arguments"), ROUTES, ids=[route for route, _ in ROUTES])
def test_what_is_alices_is_not_there_for_a_stranger_nor_for_nobody(
    route: str, arguments: tuple[str, ...], everything: dict[str, Any], charlie_client: Client
) -> None:
    addresses = addresses_of(route, arguments, everything)
    assert addresses, f"no address could be made for {route}: teach this test its arguments"
    for visitor in (charlie_client, Client()):
        for address in addresses:
            for method in METHODS:
                answer = getattr(visitor, method)(address, headers=HEADERS)
                allowed = (*REFUSED, 401) if address.startswith("/api/") else REFUSED
                assert answer.status_code in allowed, f"{method} {address} answered {answer.status_code}"
            assert visitor.get(address.replace(str(everything["video"]), str(uuid.uuid4()))).status_code in allowed


def test_the_same_addresses_are_there_for_alice_and_bob(video: Any, alice_client: Client, bob_client: Client) -> None:
    """The other side of the walk: it is the person that makes the difference."""
    for client in (alice_client, bob_client):
        for route in ("library:video_media", "results:video_detail"):
            assert client.get(reverse(route, args=[video.pk])).status_code == 200


def test_a_signed_out_person_who_opens_a_page_is_led_to_sign_in(video: Any) -> None:
    """Whether or not the object exists: a bookmark goes on working, and tells a stranger nothing."""
    for key in (video.pk, uuid.uuid4()):
        answer = Client().get(f"/videos/{key}/", headers={"Accept": "text/html,*/*"})
        assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next=/videos/{key}/")
