"""Attacks by users with a token of their own: on what is another's, on paths, on the bounds of what one may have."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

from tests.bridge.api.attacks.arena import Arena, Attack, expect

NOWHERE = "0" * 32


def sessions_of_others(arena: Arena) -> None:
    for method, path, body in (
        ("GET", "", None),
        ("PATCH", "", {"name": "mine"}),
        ("POST", "/close", None),
        ("POST", "/resume", None),
        ("GET", "/set", None),
        ("GET", "/takes", None),
        ("GET", "/history", None),
        ("GET", "/members", None),
        ("GET", "/midi", None),
        ("PUT", "/members/bob", {"role": "editor"}),
        ("DELETE", "/members/bob", None),
        ("POST", "/generate/bassaroo", {}),
        ("POST", "/band", {}),
        ("POST", "/song", {}),
        ("POST", "/refine", {}),
        ("POST", "/mix", {}),
        ("POST", "/say", {"text": "drums"}),
        ("POST", "/actions", {"intent": "tempo", "bpm": 99}),
        ("POST", "/undo", None),
        ("POST", "/redo", None),
    ):
        theirs, none = (
            arena.bob.request(method, f"/sessions/{session}{path}", json=body) for session in (arena.session, NOWHERE)
        )
        expect(theirs, 404, path)
        # Not to be told apart from one that there is not.
        assert _without_address(theirs) == _without_address(none), path
    assert arena.session not in json.dumps(arena.bob.get("/sessions").json())


def takes_of_others(arena: Arena) -> None:
    for method, path, body in (
        ("GET", "", None),
        ("GET", "/midi", None),
        ("GET", "/audio", None),
        ("GET", "/piano-roll.png", None),
        ("PUT", "/feedback", {"value": 1}),
    ):
        theirs, none = (
            arena.bob.request(method, f"/takes/{take}{path}", json=body) for take in (arena.take, f"{NOWHERE}.1")
        )
        expect(theirs, 404, path)
        assert _without_address(theirs) == _without_address(none), path


def uploads_and_jobs_of_others(arena: Arena) -> None:
    upload = arena.ada.post("/uploads", json={"name": "a.wav", "bytes": 100}).json()["id"]
    job = arena.ada.post(f"/sessions/{arena.session}/render", json={}).json()["id"]
    piece = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}
    for path, id in (("/uploads/{}", upload), ("/jobs/{}", job), ("/files/{}", upload), ("/jobs/{}/cancel", job)):
        method = "POST" if path.endswith("cancel") else "GET"
        theirs, none = (arena.bob.request(method, path.format(each)) for each in (id, NOWHERE))
        expect(theirs, 404, path)
        assert _without_address(theirs) == _without_address(none), path
    theirs, none = (arena.bob.patch(f"/uploads/{each}", content=b"x", headers=piece) for each in (upload, NOWHERE))
    expect(theirs, 404)
    assert _without_address(theirs) == _without_address(none)
    expect(arena.bob.delete(f"/uploads/{upload}"), 404)
    simple = arena.bob.get(f"{arena.server.url}/api/ai/status/{job}")
    expect(simple, 404)
    assert job not in arena.bob.get("/jobs").text
    for query in (f"upload={upload}",):
        session = arena.bob.post("/sessions", json={}).json()["id"]
        expect(arena.bob.post(f"/sessions/{session}/analyze?{query}"), 404, query)


def tokens_of_others(arena: Arena) -> None:
    token = arena.ada.get("/tokens").json()["items"][0]["id"]
    theirs, none = (arena.bob.delete(f"/tokens/{id}") for id in (token, NOWHERE))
    expect(theirs, 404)
    assert _without_address(theirs) == _without_address(none)
    expect(arena.ada.get("/me"), 200)


def listeners_who_change(arena: Arena) -> None:
    made = arena.ada.post("/sessions", json={}).json()["id"]
    assert arena.ada.put(f"/sessions/{made}/members/bob", json={"role": "listener"}).status_code == 200
    expect(arena.bob.get(f"/sessions/{made}"), 200)
    for method, path, body in (
        ("POST", "/band", {}),
        ("POST", "/undo", None),
        ("PATCH", "", {"name": "mine"}),
        ("POST", "/close", None),
        ("PUT", "/members/bob", {"role": "editor"}),
        ("PUT", "/members/local", {"role": "editor"}),
        ("DELETE", "/members/ada", None),
    ):
        expect(arena.bob.request(method, f"/sessions/{made}{path}", json=body), 403, path)
    assert arena.ada.delete(f"/sessions/{made}/members/bob").status_code == 204
    expect(arena.bob.get(f"/sessions/{made}"), 404)


def paths_that_climb(arena: Arena) -> None:
    climbs = (
        "..", "../..", "%2e%2e", "%2e%2e%2f%2e%2e%2fetc%2fpasswd", "..%2f..%2f..%2fetc%2fpasswd", "..%5c..%5cwindows",
        "....//....//etc/passwd", "%252e%252e%252fetc%252fpasswd", "/etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd",
        "~root", "C:%5cwindows%5cwin.ini", "token", "%00", "a%00.mid", ".", "con", "x" * 4_000,
    )  # fmt: skip
    for climb in climbs:
        for template in (
            "/api/v3/sessions/{}", "/api/v3/sessions/{}/set", "/api/v3/sessions/{}/midi", "/api/v3/sessions/{}/takes",
            "/api/v3/takes/{}", "/api/v3/takes/{}/midi", "/api/v3/takes/{}/audio", "/api/v3/takes/{}/piano-roll.png",
            "/docs/{}", "/api/v3/{}", "/{}",
        ):  # fmt: skip
            answer = arena.ask("GET", template.format(climb))
            expect(answer, (404, 405, 422), template.format(climb))
            assert b"root:" not in answer.body
        for method, template in (
            ("DELETE", f"/api/v3/sessions/{arena.session}/members/{{}}"),
            ("DELETE", "/api/v3/tokens/{}"),
        ):
            expect(arena.ask(method, template.format(climb)), (404, 405, 422), climb)
        answer = arena.post(f"/api/v3/sessions/{arena.session}/generate/{climb}", {})
        expect(answer, (404, 405, 422), climb)


def names_of_files(arena: Arena) -> None:
    for name in ("../../etc/passwd", 'a"; filename="b.exe', "a\r\nset-cookie: x=y", "a\\..\\b", "\u202egpj.mid", "…ä"):
        made = arena.ada.post("/sessions", json={"name": name}).json()["id"]
        assert arena.ada.post(f"/sessions/{made}/generate/bassaroo", json={}).status_code == 200
        answer = arena.ada.get(f"/sessions/{made}/midi")
        expect(answer, 200, name)
        shown = answer.headers["content-disposition"]
        assert "set-cookie" not in answer.headers
        assert shown.startswith('attachment; filename="')
        plain = shown.split('filename="')[1].split('"')[0]
        assert not set(plain) & set('/\\"\r\n'), shown


def many_sessions(arena: Arena) -> None:
    with arena.strict.client() as local:
        made = local.post("/users", json={"name": "mallory", "password": "a good password"})
        assert made.status_code == 201
        login = local.post("/login", json={"name": "mallory", "password": "a good password"}).json()
    with arena.strict.client(login["token"]) as mallory:
        sessions = [mallory.post("/sessions", json={}) for _ in range(4)]
        assert [made.status_code for made in sessions] == [201, 201, 201, 403]
        expect(sessions[-1], 403)
        assert sessions[-1].json()["code"] == "quota"
        simple = mallory.post(f"{arena.strict.url}/api/ai/generate", json={"prompt": "pop"})
        expect(simple, 403)
        assert simple.json()["code"] == "quota"
        first = sessions[0].json()["id"]
        assert mallory.post(f"/sessions/{first}/close").status_code == 200
        expect(mallory.post("/sessions", json={}), 201)
        expect(mallory.post(f"/sessions/{first}/resume"), 403)


def many_requests(arena: Arena) -> None:
    with arena.strict.client() as local:
        local.post("/users", json={"name": "oscar", "password": "a good password"})
        login = local.post("/login", json={"name": "oscar", "password": "a good password"}).json()
    with arena.strict.client(login["token"]) as oscar, ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: oscar.get("/me").status_code, range(400)))
        assert set(statuses) == {200, 429}
        refused = next(answer for answer in (oscar.get("/me") for _ in range(400)) if answer.status_code == 429)
        expect(refused, 429)
        assert int(refused.headers["retry-after"]) >= 1
    with arena.strict.client() as local:
        expect(local.get("/me"), 200)


def _without_address(answer: object) -> object:
    problem = answer.json()  # type: ignore[attr-defined]
    return {name: value for name, value in problem.items() if name != "instance"}


ATTACKS = (
    Attack(
        "The session of another user, by its id, on every path",
        "404, the same as for one that there is not",
        sessions_of_others,
    ),
    Attack("A take of another user: notes, MIDI, sound, picture, judgement", "404, the same", takes_of_others),
    Attack(
        "Uploads, files and jobs of another user: read, sent to, used, cancelled",
        "404, the same",
        uploads_and_jobs_of_others,
    ),
    Attack("Revoking the token of another user", "404, the same", tokens_of_others),
    Attack("A listener who changes, renames, closes, shares", "403; after being taken out, 404", listeners_who_change),
    Attack(
        "Paths that climb (`..`, encoded once and twice, NUL, drives) in every parameter",
        "404 or 422; no parameter is ever part of a file's path",
        paths_that_climb,
    ),
    Attack(
        "Names of files with quotes, line ends, slashes, reversed text",
        "ASCII in the header, the rest percent-encoded",
        names_of_files,
    ),
    Attack("Thousands of open sessions by one user", "403 beyond the bound (1,000; `--most-sessions`)", many_sessions),
    Attack("A flood of requests by one user", "429 with Retry-After beyond 50 a second; others go on", many_requests),
)
