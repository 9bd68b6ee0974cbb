"""What all of the API's answers share: errors as one sentence, pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoDenied
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import Http404, UnreadablePostError
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from faceapp.accounts.models import User
from faceapp.core import outage
from faceapp.core.numbers import whole
from faceapp.library.refusals import UploadRefused
from faceapp.segments.services import ChangedLater, MarkRefused

A_PAGE, MOST_ON_A_PAGE, MOST_PAGES = 50, 200, 10**6


class ApiRequest(Request):
    """A request that has shown who it comes from."""

    user: User


class ApiView(APIView):
    """A view whose every error is ``{"error": "one sentence"}``; wrong fields stand beside it in "fields"."""

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response | None]:
        return answer_to


def answer_to(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error of ours or of the framework; None for bugs, which become a 500."""
    if isinstance(error, UploadRefused):
        return Response({"error": error.sentence}, status=error.status)
    if isinstance(error, MarkRefused):
        return Response({"error": str(error)}, status=409 if isinstance(error, ChangedLater) else 422)
    if isinstance(error, UnreadablePostError):
        return Response({"error": "The file is incomplete. Send it again."}, status=400)
    if isinstance(error, Http404):
        said = str(error.args[0]) if error.args else ""
        # Django's own texts name models; a stranger learns nothing but that it is not there
        sentence = said if said and "matches the given query" not in said else "Not found."
        return Response({"error": sentence}, status=404)
    if isinstance(error, exceptions.ValidationError):
        fields = error.get_full_details()
        return Response({"error": _first_sentence(error.detail), "fields": _codes(fields)}, status=400)
    if isinstance(error, DjangoDenied):
        return Response({"error": "You do not have permission to do this."}, status=403)
    if outage.is_outage(error):
        return Response({"error": outage.SENTENCE}, status=503, headers={"Retry-After": str(outage.RETRY_AFTER_S)})
    response = exception_handler(error, context)
    if response is not None and isinstance(error, exceptions.APIException):
        response.data = {"error": _first_sentence(error.detail)}
    return response


def _first_sentence(detail: Any, field: str = "") -> str:
    if isinstance(detail, dict):
        name, first = next(iter(detail.items()))
        return _first_sentence(first, "" if name == "non_field_errors" else name)
    if isinstance(detail, list | tuple):
        return _first_sentence(detail[0], field)
    return f"{field}: {detail}" if field else str(detail)


def _codes(details: Any) -> Any:
    """Messages by field, without DRF's codes."""
    if isinstance(details, dict):
        return details["message"] if "message" in details else {key: _codes(value) for key, value in details.items()}
    return [_codes(each) for each in details] if isinstance(details, list) else details


def _whole_schema(most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": 1, "maximum": most}


class Page:
    """One page of rows: ``{"count", "page", "pages", "results"}``."""

    parameters = (
        OpenApiParameter("page", _whole_schema(MOST_PAGES), description="From 1."),
        OpenApiParameter("page_size", _whole_schema(MOST_ON_A_PAGE), description=f"{A_PAGE} by default."),
    )

    def __init__(self, rows: QuerySet[Any], request: Request) -> None:
        paginator = Paginator(rows, _whole(request, "page_size", A_PAGE, most=MOST_ON_A_PAGE))
        try:
            self._page = paginator.page(_whole(request, "page", 1, most=MOST_PAGES))
        except InvalidPage:
            raise Http404(f"There are only {paginator.num_pages} pages.") from None

    @property
    def items(self) -> list[Any]:
        return list(self._page)

    def response(self, serializer: serializers.BaseSerializer[Any]) -> Response:
        paginator = self._page.paginator
        facts = {"count": paginator.count, "page": self._page.number, "pages": paginator.num_pages}
        return Response({**facts, "results": serializer.data})

    @staticmethod
    def of(kind: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
        """The shape of a page of these, for the schema."""
        fields = {name: serializers.IntegerField() for name in ("count", "page", "pages")}
        return inline_serializer(
            f"{kind.__name__.removesuffix('Serializer')}Page", {**fields, "results": kind(many=True)}
        )


def _whole(request: Request, name: str, default: int, *, most: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    number = whole(text, least=1, most=most)
    if number is None:
        raise exceptions.ValidationError({name: f"Must be a whole number from 1 to {most}."})
    return number
