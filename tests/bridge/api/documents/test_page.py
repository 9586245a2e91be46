"""The page of documentation: whole, valid, and without anything that comes from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.bridge.api.running import RunningServer
from tests.optional import require

require("fastapi", "sqlalchemy")
import httpx2 as httpx

from musearoo.bridge.api.documents.page import Page, curl, make_page, read_page, read_specification_file

EMPTY = {"meta", "br"}


class Reader(HTMLParser):
    """Requires that tags are closed in their order, and notes ids, links and tags."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)


def read(page: Page) -> Reader:
    reader = Reader()
    reader.feed(page.html.decode())
    assert reader.open == []
    return reader


def test_it_names_every_operation_and_type_once() -> None:
    specification = json.loads(read_specification_file())
    reader = read(read_page())
    assert len(reader.ids) == len(set(reader.ids))
    for methods in specification["paths"].values():
        for operation in methods.values():
            assert operation["operationId"] in reader.ids
    for link in reader.links:
        assert link == "/api/v3/openapi.json" or link.removeprefix("#") in reader.ids, link


def test_nothing_of_it_comes_from_elsewhere() -> None:
    reader = read(read_page())
    assert not reader.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "svg"}
    assert not {name for name in reader.attributes if name.startswith("on")} | (reader.attributes & {"style", "src"})
    style = re.search(r"<style>(.*?)</style>", read_page().html.decode(), re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in read_page().policy
    assert "unsafe" not in read_page().policy


def test_what_stands_in_the_specification_is_text() -> None:
    evil = "<script>alert(1)</script>\"'&"
    operation = {
        "operationId": "act", "summary": evil, "description": f"{evil} `{evil}`", "tags": ["x"],
        "parameters": [{"name": evil, "in": "query", "schema": {"enum": [evil]}, "description": evil}],
        "requestBody": {"content": {"application/json": {"schema": {"const": evil}, "example": {"a": evil}}}},
        "responses": {"200": {"description": evil, "content": {"application/json": {"example": evil}}}},
    }  # fmt: skip
    specification: dict[str, Any] = {
        "info": {"title": evil, "version": evil, "description": evil},
        "tags": [{"name": "x", "description": evil}],
        "paths": {f"/{evil}": {"post": operation}},
        "components": {"schemas": {"Problem": {"description": evil, "properties": {evil: {"default": evil}}}}},
    }
    reader = read(make_page(specification))
    assert "script" not in reader.tags
    assert "".join(reader.text).count("<script>") > 10


@pytest.mark.parametrize(
    ("path", "method", "operation", "said"),
    [
        ("/styles", "get", {}, "curl http://127.0.0.1:24640/styles \\\n  -H \"Authorization: Bearer $TOKEN\""),
        ("/healthz", "get", {"security": []}, "curl http://127.0.0.1:24640/healthz"),
        ("/x", "delete", {"security": []}, "curl -X DELETE http://127.0.0.1:24640/x"),
        (
            "/take/{take}",
            "put",
            {
                "security": [],
                "parameters": [{"name": "take", "example": "1f"}],
                "requestBody": {"content": {"application/json": {"example": {"value": 1}}}},
            },
            "curl -X PUT http://127.0.0.1:24640/take/1f \\\n  -H 'Content-Type: application/json' \\\n"
            "  -d '{\"value\": 1}'",
        ),
    ],
)  # fmt: skip
def test_each_operation_has_its_command(path: str, method: str, operation: dict[str, Any], said: str) -> None:
    assert curl(path, method, operation) == said


def test_the_server_gives_both_to_anybody(running: RunningServer) -> None:
    page = httpx.get(f"{running.url}/docs")
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.headers["content-security-policy"] == read_page().policy
    assert page.content == read_page().html
    specification = httpx.get(f"{running.url}/api/v3/openapi.json")
    assert specification.json() == json.loads(read_specification_file())
    for answer in (page, specification):
        again = httpx.get(str(answer.url), headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
