"""An example of each body and answer that clients meet: a funk take in a session of Ada's. Tests read them as types."""

from __future__ import annotations

from typing import Any, Final

SESSION: Final = "0190f3a2c5d84b7e9a1c2d3e4f506172"
REQUEST: Final = "0190f3a2d7113c50b1a2c3d4e5f60718"
JOB: Final = "0190f3a2e0006a51b1a2c3d4e5f60718"
MADE: Final = "0190f3a2f1227d62c1a2b3d4e5f60718"
WHEN: Final = 1_795_500_000.25

_PROBLEM: Final = {
    "title": "Cannot be done",
    "status": 422,
    "detail": "bars: Expected `int` <= 64.",
    "code": "bad_parameter",
    "instance": f"/api/v3/sessions/{SESSION}/generate/drummaroo",
    "field": "bars",
}
_SESSION: Final = {
    "id": SESSION,
    "name": "Night drive",
    "set": "own",
    "version": 7,
    "takes": 9,
    "made": WHEN,
    "changed": WHEN + 60,
    "closed": None,
    "role": "owner",
    "people": ["ada"],
}
_TAKE: Final = {
    "id": f"{REQUEST}.1",
    "session": SESSION,
    "request": REQUEST,
    "number": 1,
    "engine": "drummaroo",
    "part": "drums",
    "name": "Funk drums",
    "style": "funk",
    "bpm": 104.0,
    "key": "A minor",
    "time_signature": "4/4",
    "length_beats": 8.0,
    "seed": 7,
    "engine_version": "1.0.0",
    "context_hash": "5f0c9b2e6d1a4c7f8b3e2a1d0c9f8e7d",
    "milliseconds": 5.3,
    "made": WHEN,
    "clip": 12,
    "track": 1,
    "scene": 1,
    "params": {"do": "generate", "engine": "drummaroo", "style": "funk", "bars": 2, "seed": 7},
    "notes": [[0.0, 36, 0.25, 112], [0.5, 42, 0.25, 74], [1.0, 38, 0.25, 104]],
    "parent": None,
    "liked": 0,
}
_JOB: Final = {
    "id": JOB,
    "kind": "split",
    "state": "running",
    "session": SESSION,
    "phase": "working",
    "fraction": 0.4,
    "text": "Separating drums, bass, vocals and the rest",
    "place": None,
    "eta": 12.5,
    "made": WHEN,
    "began": WHEN + 1,
    "ended": None,
    "request": {"do": "split", "track": 2, "scene": 1},
    "result": None,
    "fault": None,
}
_TOKEN: Final = {
    "id": MADE,
    "name": "phone",
    "scopes": ["make"],
    "made": WHEN,
    "expires": WHEN + 90 * 86_400,
    "used": None,
    "revoked": None,
}
_USER: Final = {
    "id": "0190f3a2a0004c3eb1a2c3d4e5f60718",
    "name": "ada",
    "email": "ada@example.org",
    "made": WHEN,
    "has_password": True,
    "scopes": ["make", "read"],
}
_STEP: Final = {
    "version": 7,
    "do": "generate",
    "label": "Funk drums",
    "user": _USER["id"],
    "made": WHEN,
    "undone": False,
    "by": "ada",
    "takes": [f"{REQUEST}.1"],
}
_SET: Final = {
    "version": 7,
    "whole": True,
    "song": {"name": "Night drive", "bpm": 104.0, "time_signature": "4/4", "key": "A minor", "is_playing": False},
    "tracks": [
        {
            "id": 1,
            "number": 1,
            "kind": "midi",
            "name": "Drums",
            "color": "#ff9a3c",
            "muted": False,
            "soloed": False,
            "armed": False,
            "volume_db": 0.0,
            "panning": 0.0,
            "instrument": "",
        }
    ],
    "scenes": [{"id": 2, "number": 1, "name": ""}],
    "clips": [
        {
            "id": 12,
            "track": 1,
            "scene": 2,
            "start": 0.0,
            "kind": "midi",
            "name": "Funk drums",
            "color": "#ff9a3c",
            "length": 8.0,
            "looping": True,
            "muted": False,
            "is_playing": False,
            "notes": 61,
            "file": "",
        }
    ],
    "gone": [],
}

_OUTCOME: Final = {
    "request": REQUEST,
    "do": "generate",
    "sentence": "Funk drums",
    "milliseconds": 5.3,
    "version": 7,
    "notices": [],
    "takes": [_TAKE],
    "asks": False,
    "analysis": None,
    "job": None,
    "upload": None,
    "transcript": None,
    "confidence": None,
}
_CLIP: Final = {
    "id": 12,
    "kind": "midi",
    "name": "Funk drums",
    "length": 8.0,
    "looping": True,
    "loop_start": 0.0,
    "loop_end": 8.0,
    "start_marker": 0.0,
    "end_marker": 8.0,
    "time_signature": "4/4",
    "take": f"{REQUEST}.1",
    "is_drums": True,
    "notes": _TAKE["notes"],
    "muted": [],
    "chords": [],
    "file": "",
    "seconds": None,
    "warped": False,
    "warp": [],
    "beats": [],
}
_LATENCY: Final = {"p50": 9.2, "p95": 14.8, "p99": 31.0}
LATER: Final = {**_OUTCOME, "do": "split", "sentence": "Splitting.", "version": None, "takes": [], "job": _JOB}
"""An Outcome that has become a job."""

EXAMPLES: Final[dict[str, Any]] = {
    "Problem": _PROBLEM,
    "SessionState": _SESSION,
    "SessionList": {"items": [_SESSION], "next": None},
    "Take": _TAKE,
    "TakeList": {"items": [{**_TAKE, "notes": []}], "next": None},
    "Outcome": _OUTCOME,
    "SetChanges": _SET,
    "ClipDetail": _CLIP,
    "Peaks": {
        "seconds": 4.0,
        "start": 0.0,
        "end": 4.0,
        "columns": 4,
        "low": [-90, -71, -84, -2],
        "high": [88, 70, 86, 3],
    },
    "TransportView": {
        "playing": True,
        "beat": 16.5,
        "bpm": 104.0,
        "at": WHEN,
        "sent": WHEN + 0.02,
        "loop": None,
        "clips": [{"clip": 12, "since": 8.0}],
    },
    "History": {"items": [_STEP], "next": None},
    "StepState": _STEP,
    "JobState": _JOB,
    "JobList": {"items": [_JOB], "next": None},
    "TokenState": _TOKEN,
    "TokenList": {"items": [_TOKEN], "next": None},
    "MadeToken": {**_TOKEN, "token": "roo_EXAMPLE-shown-once-and-never-again-0123456789"},
    "MadeLink": {
        "code": "EXAMPLE-opened-once-0123456789",
        "url": "http://127.0.0.1:24640/#open=EXAMPLE-opened-once-0123456789",
        "expires": WHEN + 120,
    },
    "LanState": {
        "open": True,
        "url": "http://192.0.2.7:24640",
        "warning": "Whoever is in this network and has the link can use this page.",
        "link": "http://192.0.2.7:24640/#open=EXAMPLE-opened-once-0123456789",
        "expires": WHEN + 600,
        "qr": ["101", "010", "101"],
    },
    "UserState": _USER,
    "UserList": {"items": [{**_USER, "scopes": []}], "next": None},
    "MemberState": {"name": "bob", "role": "editor"},
    "MemberList": {"items": [{"name": "ada", "role": "owner"}, {"name": "bob", "role": "editor"}]},
    "PreferenceList": {"values": {"theme": "dark"}, "tastes": {}},
    "UploadState": {"id": JOB, "name": "loop.wav", "bytes": 1_411_244, "offset": 262_144, "complete": False},
    "EngineInfo": {
        "name": "drummaroo",
        "title": "DrummaRoo",
        "part": "drums",
        "summary": "Drum grooves with fills.",
        "parameters": {
            "type": "object",
            "properties": {"bars": {"type": "integer", "minimum": 1, "maximum": 64, "default": 8, "x-unit": "bars"}},
        },
        "options": {"type": "object", "properties": {"fills": {"type": "number", "default": 0.5}}},
    },
    "StyleInfo": {
        "name": "funk",
        "aliases": ["p-funk"],
        "tempo": {"low": 90.0, "usual": 104.0, "high": 120.0},
        "forms": ["AABA"],
        "summary": "Syncopated sixteenths over one chord.",
    },
    "AmbienceInfo": {
        "presets": [
            {
                "name": "drift",
                "about": "Slow chords under far bells, with a voice now and then.",
                "key": "D dorian",
                "bpm": 54.0,
                "free": True,
                "layers": ["pad", "drone", "bells"],
                "density": 0.45,
                "brightness": 0.45,
                "motion": 0.45,
                "space": 0.65,
            }
        ],
        "moods": ["calm", "still", "dreamy"],
    },
    "HealthReport": {
        "version": "1.0.0",
        "daemon": "1.0.0",
        "problem": "",
        "lives": [{"set": "Night drive", "version": "12.3.6", "state": "ready"}],
        "latency": {"composed": _LATENCY, "live": _LATENCY, "total": _LATENCY},
        "api": _LATENCY,
        "predictions": {"hits": 41, "misses": 9, "wasted": 12},
        "lean": [],
        "queue": 0,
        "jobs": {"waiting": 0, "running": 1},
        "disk_free": 41_000_000_000,
        "models": ["htdemucs"],
    },
    "Health": {"status": "ok", "version": "1.0.0"},
    "SimpleStatus": {"task_id": JOB, "status": "processing", "progress": 40, "session": SESSION, "style": "jazz"},
    "NewPassword": {"password": "correct horse battery", "before": "a password of old"},
    "NewUpload": {"name": "loop.wav", "bytes": 1_411_244},
    "Analyze": {"track": 1, "scene": 1, "apply": ["tempo"]},
}
"""By the name of the type."""
