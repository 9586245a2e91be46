"""Transactions: every edit is checked before the first is performed; all are performed as one undo step, or none."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Callable, Generator

from ..edits.arrangement import create_arrangement_audio_clip, create_arrangement_clip
from ..edits.clips import create_audio_clip, create_clip, launch, mute_clip, play_song, replace_notes, stop_clips
from ..edits.devices import set_equaliser
from ..edits.draft import Draft, DraftClip, capital
from ..edits.frame import create_scene, create_track, delete, rename, set_meter, set_scale, set_tempo
from ..edits.instruments import load_instrument
from ..edits.locators import create_locator
from ..edits.mixer import set_mixer, set_routing, set_send
from ..edits.refusal import EditError, first_line
from ..edits.stems import create_stem
from ..edits.warping import set_loop, set_warp_markers, set_warping
from ..edits.work import Step, Work
from ..host.live import is_alive
from ..wire.messages import Arguments, WireError, checked
from ..wire.table import BAD_MESSAGE, GONE, LIVE_ERROR
from .answers import Answer, Refusal, Result
from .history import History, Written, changed_by, look, made_by

if TYPE_CHECKING:
    from ..edits.draft import Thing
    from ..host.live import Song
    from ..host.log import Log
    from ..live_set.browsing import BrowserIndex
    from ..live_set.identities import Identities
    from ..live_set.watch import Watch
    from ..wire.osc import Message

_PREFIX = "/roo/edit/"


class Transactions:
    """Performs bundles of edits on the set, and reports their changes before answering."""

    def __init__(
        self, song: Song, identities: Identities, watch: Watch, index: BrowserIndex, library: str, log: Log
    ) -> None:
        self._song, self._identities, self._watch = song, identities, watch
        self._library, self._log = library, log
        self._history = History(song, log)
        self._edits: dict[str, Callable[[Draft, Arguments], Step]] = {
            "create_track": create_track,
            "load_instrument": partial(load_instrument, index=index),
            "create_scene": create_scene,
            "create_clip": create_clip,
            "create_audio_clip": create_audio_clip,
            "create_arrangement_clip": create_arrangement_clip,
            "create_arrangement_audio_clip": create_arrangement_audio_clip,
            "create_stem": create_stem,
            "mute_clip": mute_clip,
            "replace_notes": replace_notes,
            "delete": partial(delete, identities=identities),
            "rename": rename,
            "set_mixer": set_mixer,
            "set_send": set_send,
            "set_routing": set_routing,
            "set_tempo": set_tempo,
            "set_meter": set_meter,
            "set_scale": set_scale,
            "set_warping": set_warping,
            "set_warp_markers": set_warp_markers,
            "set_loop": set_loop,
            "create_locator": create_locator,
            "set_equaliser": set_equaliser,
            "launch": launch,
            "stop_clips": stop_clips,
            "play": play_song,
        }

    def take_back(self, request: str, insists: bool) -> Answer:
        """Return the answer for undoing the transaction `request`: a result without ids, or a refusal with the set
        unchanged. `insists` deletes what it made if it is not the last step any more.
        """
        slots, changed = self._history.places_of(request)
        answer = self._history.take_back(request, insists)
        # What went with it, and what came back, is reported before the answer: the next press may follow at once.
        changed += [slot.clip for _, slot in slots if is_alive(slot)]
        self._watch.catch_up(True, slots, [], changed)
        return answer

    def perform(self, request: str, edits: list[Message]) -> Generator[None, None, Answer]:
        """Return the answer for the edits: their result, or a refusal with the set unchanged.

        Nearly all edits are done at once. When one has to wait for Live this yields, and is resumed at the next tick;
        until it returns no other transaction may begin. The undo step stays open meanwhile, as Live's own scripts keep
        one open while a knob is held.
        """
        if not edits:
            return Refusal(BAD_MESSAGE, 0, "A transaction holds at least one edit.")
        draft = Draft(self._song, self._identities, self._library)
        steps: list[Step] = []
        for number, edit in enumerate(edits, 1):
            try:
                steps.append(self._check(draft, edit))
            except EditError as refused:
                return Refusal(refused.code, number, refused.sentence)
            except WireError as error:
                return Refusal(BAD_MESSAGE, number, capital(str(error)) + ".")
            except Exception as error:
                self._log.traceback(f"checking {edit.address}")
                return Refusal(LIVE_ERROR, number, f"Live could not be asked about this edit: {first_line(error)}.")
        return (yield from self._write(request, draft, steps))

    def _check(self, draft: Draft, edit: Message) -> Step:
        name = edit.address[len(_PREFIX) :] if edit.address.startswith(_PREFIX) else ""
        arguments = checked(edit)
        if name not in self._edits:
            raise WireError(f"{edit.address:.80} cannot stand in a transaction")
        step = self._edits[name](draft, arguments)
        draft.made.append(step.subject)
        return step

    def _write(self, request: str, draft: Draft, steps: list[Step]) -> Generator[None, None, Answer]:
        work = Work(self._song, draft)
        changed_things = changed_by(steps)
        before = look(self._song, changed_things)
        failure = None
        done = 0
        self._song.begin_undo_step()
        try:
            try:
                for step in steps:
                    yield from step.perform(work) or ()
                    done += 1
            except Exception as error:
                failure = self._failure(error, done + 1, steps[done])
                work.take_back(self._log)
            yield from work.end(self._log)
        finally:
            self._song.end_undo_step()
        if failure is not None and work.needs_undo:
            failure = self._undo(failure)
        changed = [step.subject.live if step.subject else None for step in steps]
        self._watch.catch_up(work.structure, work.slots, work.tracks, changed)
        if failure is not None:
            return failure
        made = made_by(steps, work.made)
        self._history.keep(request, Written(made, changed_things, before, tuple(draft.launched), tuple(work.slots)))
        return self._result(steps, work)

    def _undo(self, failure: Refusal) -> Refusal:
        # The step is certainly in Live's history, because user data was changed: one undo reverts exactly it.
        try:
            self._song.undo()
        except Exception:
            self._log.traceback("undoing a transaction that failed")
            sentence = f"{failure.sentence} Part of it stands and could not be taken back: press Cmd-Z once."
            return failure._replace(sentence=sentence)
        return failure

    def _failure(self, error: Exception, number: int, step: Step) -> Refusal:
        if isinstance(error, EditError):
            return Refusal(error.code, number, error.sentence)
        self._log.traceback(f"performing edit {number}")
        gone = _vanished(step.subject)
        if gone is not None:
            sentence = f"{capital(gone.words)} was deleted while this was being done, so nothing was changed."
            return Refusal(GONE, number, sentence)
        return Refusal(LIVE_ERROR, number, f"Live refused this edit, so nothing was changed: {first_line(error)}.")

    def _result(self, steps: list[Step], work: Work) -> Result:
        for thing in work.made + [step.subject for step in steps if step.makes]:
            if self._id_of(thing):
                self._identities.mark_made(self._id_of(thing))
        numbers = []
        for step in steps:
            thing_id = step.deleted_id or self._id_of(step.subject)
            numbers += [thing_id, self._note_count(step, thing_id) if step.counts_notes else 0]
        return Result(tuple(numbers))

    def _note_count(self, step: Step, thing_id: int) -> int:
        """Return the notes of a clip, as just reported; they are counted if the daemon has gone meanwhile."""
        live: Any = step.subject.live if step.subject else None
        if not thing_id or live is None:
            return 0
        return self._watch.note_count(thing_id) or len(live.get_all_notes_extended())

    def _id_of(self, thing: Thing | None) -> int:
        """Return the id of what an edit created or changed; 0 for nothing, and for what a later edit deleted with its
        track.
        """
        live = thing.live if thing else None
        return self._identities.id_of(live) if live is not None and is_alive(live) else 0


def _vanished(thing: Thing | None) -> Thing | None:
    """Return the object, or the track that contains it, if Live no longer has it."""
    for each in (thing.track, thing) if isinstance(thing, DraftClip) else (thing,):
        if each is not None and each.live is not None and not is_alive(each.live):
            return each
    return None
