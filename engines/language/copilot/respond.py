"""RooAroo's responses to understood sentences. Pure: the clock is an argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import msgspec

from musearoo.engines.foundation.spoken_lists import join_names
from musearoo.engines.language.copilot.ambience import as_ambience, request_ambience
from musearoo.engines.language.copilot.bounds import require_bounds
from musearoo.engines.language.copilot.clip_changes import (
    request_analysis,
    request_back,
    request_change,
    request_delete,
    request_split,
    request_undo,
    take_before,
)
from musearoo.engines.language.copilot.confirmation import question_before
from musearoo.engines.language.copilot.help import (
    answer_help,
    answer_list,
    answer_not_understood,
    answer_preferences,
    answer_terminal,
)
from musearoo.engines.language.copilot.new_parts import request_again, request_imagine, request_play, request_song
from musearoo.engines.language.copilot.places import find_clip, find_each
from musearoo.engines.language.copilot.playing_along import (
    auditioned_take,
    request_audition,
    request_capture,
    request_jam,
    request_keep_take,
)
from musearoo.engines.language.copilot.set_requests import (
    request_auto_split,
    request_cancel,
    request_key,
    request_level,
    request_listen,
    request_mix,
    request_switch,
    request_tempo,
    request_test,
)
from musearoo.engines.language.copilot.suggestions import suggest
from musearoo.engines.language.requests.actions import DoneAction, name_part
from musearoo.engines.language.requests.commands import BAND, PARTS, Command, Intent, Slots
from musearoo.engines.language.requests.replies import Act, ActionRequest, Answer, Ask, Question, Reply, UnclearError
from musearoo.engines.language.requests.slots import complete, filled_slots, one_by_one
from musearoo.engines.language.state.memory import MOST_TURNS, Memory, Offers, Turn
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences, forget, learn
from musearoo.engines.language.state.situation import Situation, ask, refusal
from musearoo.engines.language.state.track_following import follow
from musearoo.engines.language.state.view import SetView
from musearoo.engines.styles.schema import Style

ACT: Final = 0.5
"""Confidence from which a sentence is acted upon."""
ASK: Final = 0.25
"""Confidence from which RooAroo asks whether that was said."""
HINT_EVERY: Final = 3
"""Actions between two hints."""
TARGET_SLOTS: Final = frozenset(("parts", "target", "targets", "track", "scene"))
"""Slots that answer a confirmation with another target: something else is meant."""
OWN_MATTERS: Final = frozenset(("bpm", "takes", "key", "manner", "target", "targets", "track", "scene"))
"""Slots that are a request of their own: they answer a suggestion only where it asked for one of them."""

REQUESTS: Final[Mapping[Intent, Callable[[Situation, Command], ActionRequest]]] = {
    Intent.PLAY: request_play,
    Intent.SONG: request_song,
    Intent.MIX: request_mix,
    Intent.CHANGE: request_change,
    Intent.AGAIN: request_again,
    Intent.BACK: request_back,
    Intent.UNDO: request_undo,
    Intent.ANALYSE: request_analysis,
    Intent.SPLIT: request_split,
    Intent.AUTO_SPLIT: request_auto_split,
    Intent.LISTEN: request_listen,
    Intent.HEAR: request_audition,
    Intent.CAPTURE: request_capture,
    Intent.JAM: request_jam,
    Intent.AMBIENCE: request_ambience,
    Intent.IMAGINE: request_imagine,
    Intent.MUTE: request_switch,
    Intent.UNMUTE: request_switch,
    Intent.SOLO: request_switch,
    Intent.UNSOLO: request_switch,
    Intent.LEVEL: request_level,
    Intent.TEMPO: request_tempo,
    Intent.KEY: request_key,
    Intent.DELETE: request_delete,
    Intent.CANCEL: request_cancel,
    Intent.TEST: request_test,
}
"""Intents that act on the set or the device; all others are talk."""


class Response(NamedTuple):
    """RooAroo's memory after a sentence, and its reply."""

    memory: Memory
    reply: Reply


def respond(memory: Memory, view: SetView, command: Command, now: float, styles: Mapping[str, Style]) -> Response:
    """Respond to a sentence. `now` are seconds on the same clock as the notes of actions.

    Never raises: problems become questions or answers. Destructive actions need a yes first.
    """
    remembered = follow(memory.of(view.set), view)
    situation = Situation(view, remembered, memory.preferences, styles)
    outcome = _answer(_Conversation(situation, now, remembered.open_question(now)), command)
    turn = Turn(command.text, outcome.reply.sentence, now)
    remembered = replace(
        remembered,
        turns=(*remembered.turns, turn)[-MOST_TURNS:],
        question=outcome.question,
        made=outcome.made if outcome.made is not None else remembered.made,
        focus=outcome.focus or remembered.focus,
        offers=outcome.offers if outcome.offers is not None else remembered.offers,
    )
    preferences = memory.preferences if outcome.preferences is None else outcome.preferences
    return Response(replace(memory.with_set(view.set, remembered), preferences=preferences), outcome.reply)


def hint_after(memory: Memory, view: SetView, now: float, styles: Mapping[str, Style]) -> tuple[Memory, str]:
    """Return one short hint at the next step after an action, "" for none; it may be answered like any question.

    Not after every action, and not while another question is open.
    """
    remembered = follow(memory.of(view.set), view)
    found = None
    if remembered.unhinted >= HINT_EVERY and remembered.open_question(now) is None:
        found = suggest(Situation(view, remembered, memory.preferences, styles), now)
    if found is not None:
        offers = _with_offer(remembered.offers, found.suggestion, made=1)
        remembered = replace(remembered, question=replace(found, at=now), offers=offers, unhinted=0)
    return memory.with_set(view.set, remembered), found.sentence if found else ""


@dataclass(frozen=True, slots=True)
class _Conversation:
    """A moment of the conversation."""

    situation: Situation
    now: float
    question: Question | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """A reply, and the changes to the memory; None leaves it."""

    reply: Reply
    question: Question | None = None
    made: tuple[DoneAction, ...] | None = None
    focus: str = ""
    offers: Mapping[str, Offers] | None = None
    preferences: Preferences | None = None


def _answer(talk: _Conversation, command: Command) -> _Outcome:
    intent, question = command.intent, talk.question
    if intent is Intent.NONE or command.confidence < ASK:
        if question is not None:
            return _ask_question(talk, question, f"I did not understand that. {question.sentence}")
        return _Outcome(reply=answer_not_understood(talk.situation, command))
    if question is not None and _is_answer(question, command):
        return _answer_question(talk, question, command)
    if intent in (Intent.YES, Intent.NO):
        if auditioned_take(talk.situation, command) is None or command.confidence < ACT:
            return _Outcome(reply=Answer("Nothing was asked."))
        # An audition is an implicit question whether to keep it.
        meant = Intent.KEEP if intent is Intent.YES else Intent.HEAR
        command = Command(text=command.text, intent=meant, slots=Slots(on=False if meant is Intent.HEAR else None))
    if command.confidence < ACT:
        return _confirm(talk, command)
    outcome = _execute(talk, command)
    if question is not None and question.suggestion and _accepts_suggestion(question, command):
        outcome = _accept_suggestion(talk, question, outcome)
    return outcome


def _is_answer(question: Question, command: Command) -> bool:
    if command.intent is not Intent.ANSWER:
        return command.intent in (Intent.YES, Intent.NO, Intent.CANCEL)
    given = set(filled_slots(command.slots))
    if question.destroys:
        return given <= TARGET_SLOTS
    return not question.suggestion or question.slot in given or not given or not given <= OWN_MATTERS


def _answer_question(talk: _Conversation, question: Question, command: Command) -> _Outcome:
    if command.confidence < ACT:
        return _ask_question(talk, question, question.sentence)
    if command.intent in (Intent.NO, Intent.CANCEL):
        return _Outcome(reply=Answer("All right, nothing changes."))
    if command.intent is Intent.YES:
        outcome = _execute(talk, question.command, question)
    else:
        if not filled_slots(command.slots):
            return _ask_question(talk, question, question.sentence)
        outcome = _execute(talk, complete(question.command, question.slot, command.slots))
    return _accept_suggestion(talk, question, outcome) if question.suggestion else outcome


def _confirm(talk: _Conversation, command: Command) -> _Outcome:
    """Ask whether a barely understood sentence was meant, or ask what it would have raised anyway."""
    command = msgspec.structs.replace(command, confidence=1.0)
    outcome = _execute(talk, command)
    if outcome.question is not None:
        return outcome
    return _ask_question(talk, Question(sentence=f"Did you say “{command.text}”?", command=command))


def _execute(talk: _Conversation, command: Command, agreed: Question | None = None) -> _Outcome:
    """Execute a sentence, or return a question; `agreed` is the question that a yes has just answered."""
    try:
        return _resolve_request(talk, command, agreed)
    except UnclearError as unclear:
        if isinstance(unclear.reply, Question):
            return _ask_question(talk, unclear.reply)
        return _Outcome(reply=unclear.reply)


def _resolve_request(talk: _Conversation, command: Command, agreed: Question | None) -> _Outcome:
    if command.intent is Intent.ANSWER:
        command = _as_request(talk.situation, command)
    if command.intent not in REQUESTS:
        return _reply_to_talk(talk, command, agreed)
    command = as_ambience(talk.situation, command)
    require_bounds(command)
    requested = REQUESTS[command.intent](talk.situation, command)
    loss = question_before(talk.situation, requested)
    if loss and not (agreed is not None and (agreed.sentence, agreed.action) == (loss, requested.action)):
        return _ask_question(
            talk, Question(sentence=loss, command=command, slot="target", destroys=True, action=requested.action)
        )
    focus = ""
    last = talk.situation.remembered.clip
    if command.intent is Intent.BACK and last is not None:
        before = take_before(talk.situation, last)
        focus = before.request if before else ""
    return _Outcome(reply=Act(requested.action, requested.sentence), focus=focus)


def _reply_to_talk(talk: _Conversation, command: Command, agreed: Question | None) -> _Outcome:
    situation = talk.situation
    match command.intent:
        case Intent.KEEP:
            return _keep(situation, command)
        case Intent.SUGGEST:
            if not situation.is_seen:
                raise refusal("I see no set from here: ask me in Live what it lacks.")
            found = suggest(situation, talk.now)
            if found is None:
                return _Outcome(reply=Answer("Nothing is lacking that I can hear: say what you would like."))
            return replace(
                _ask_question(talk, found), offers=_with_offer(situation.remembered.offers, found.suggestion, made=1)
            )
        case Intent.PREFERENCES:
            return _Outcome(reply=Answer(answer_preferences(situation.preferences)))
        case Intent.FORGET:
            return _forget(talk, command, agreed)
        case Intent.HELP:
            return _Outcome(reply=Answer(answer_help(command)))
        case Intent.LIST:
            return _Outcome(reply=Answer(answer_list(situation, command)))
        case Intent.TERMINAL:
            return _Outcome(reply=Answer(answer_terminal(command)))
        case _:
            return _Outcome(reply=answer_not_understood(situation, command))


def _keep(situation: Situation, command: Command) -> _Outcome:
    audition = request_keep_take(situation, command)
    if audition is not None:
        return _Outcome(reply=Act(audition.action, audition.sentence))
    if several := one_by_one(command):
        return _keep_several(situation, several)
    remembered = situation.remembered
    made = remembered.clip
    if command.slots.target in PARTS or command.slots.track:
        made = find_clip(situation, command).made or remembered.newest(command.slots.target)
    if made is None:
        raise refusal("Nothing of mine is there to keep yet: what you make yourself stays anyway.")
    if made.kept:
        raise refusal(f"The {made.action.label or made.name} is kept already.")
    kept = tuple(replace(one, kept=True) if one is made else one for one in remembered.made)
    return _Outcome(
        reply=Answer(f"Kept: {made.action.label or made.name}. I remember what you like of it."),
        made=kept,
        preferences=learn(situation.preferences, made.action, liked=True),
    )


def _keep_several(situation: Situation, commands: tuple[Command, ...]) -> _Outcome:
    """Like several existing clips in one sentence."""
    remembered, preferences, found = situation.remembered, situation.preferences, list[DoneAction]()
    for one in commands:
        made = find_each(situation, one, find_clip).made or remembered.newest(one.slots.target)
        if made is not None and not any(made is other for other in found):
            found.append(made)
    new = [made for made in found if not made.kept]
    if not found:
        raise refusal("None of them is mine to keep: what you make yourself stays anyway.")
    names = join_names([made.action.label or made.name for made in new or found])
    if not new:
        raise refusal(f"The {names} {'is' if len(found) == 1 else 'are'} kept already.")
    for made in new:
        preferences = learn(preferences, made.action, liked=True)
    kept = tuple(replace(one, kept=True) if any(one is made for made in new) else one for one in remembered.made)
    return _Outcome(
        reply=Answer(f"Kept: {names}. I remember what you like of them."), made=kept, preferences=preferences
    )


def _forget(talk: _Conversation, command: Command, agreed: Question | None) -> _Outcome:
    known, target = talk.situation.preferences, command.slots.target
    part = target if target in (*PARTS, BAND) else ""
    if known == NO_PREFERENCES or (part and part not in known.parts):
        raise refusal("I have learnt nothing of you yet: there is nothing to forget.")
    what = f"all I learnt of your {name_part(part)}" if part else "all I learnt of what you like"
    sentence = f"Forget {what}? Yes or no?"
    if agreed is None or agreed.sentence != sentence:
        return _ask_question(talk, Question(sentence=sentence, command=command, destroys=True))
    return _Outcome(reply=Answer("Forgotten."), preferences=forget(known, part))


def _as_request(situation: Situation, command: Command) -> Command:
    """Interpret slots without a question as the most likely request; raises UnclearError if there is none."""
    slots, given = command.slots, filled_slots(command.slots)
    intent = Intent.PLAY
    if not (slots.parts or slots.style or slots.bars or slots.chords or slots.numerals or slots.manner or slots.like):
        if slots.takes:
            intent = Intent.AGAIN
        elif slots.changes:
            intent = Intent.CHANGE
        elif slots.bpm:
            intent = Intent.TEMPO
        elif slots.key:
            requested = Command(text=command.text, intent=Intent.KEY, slots=Slots(key=slots.key))
            raise ask(f"Shall the set be in {slots.key}?", requested)
        elif slots.target or slots.targets or slots.track or slots.scene:
            names = [name_part(target) for target in slots.targets or (slots.target,)]
            what = f"the {join_names(names)}" if slots.target or slots.targets else "that"
            raise refusal(f"What of {what}? Say for example “make it busier”, “another” or “mute it”.")
        elif not given:
            raise UnclearError(answer_not_understood(situation, command))
    elif given.keys() == {"numerals"} and slots.numerals.replace(" ", "").isdecimal():
        # Numbers alone may have been said to somebody else.
        requested = Command(text=command.text, intent=Intent.PLAY, slots=slots)
        raise ask(f"Shall I play the chords {slots.numerals.replace(' ', '-')}?", requested, "key")
    elif not (slots.parts or slots.numerals) and slots.target not in PARTS and _was_played(situation):
        # "Reggae", "four bars": the last part again with this change.
        slots = msgspec.structs.replace(slots, like="last")
    return msgspec.structs.replace(command, intent=intent, slots=slots)


def _was_played(situation: Situation) -> bool:
    made = any(made.action.intent in (Intent.PLAY, Intent.CHANGE) for made in situation.remembered.made)
    along = situation.view.along
    return made or (along is not None and along.audition is not None and along.audition.action is not None)


def _ask_question(talk: _Conversation, question: Question, sentence: str = "") -> _Outcome:
    return _Outcome(reply=Ask(sentence or question.sentence), question=replace(question, at=talk.now))


def _accepts_suggestion(question: Question, command: Command) -> bool:
    """Return whether a complete request is what was just suggested."""
    offered = question.command
    return command.intent is offered.intent and set(offered.slots.parts) <= set(command.slots.parts)


def _accept_suggestion(talk: _Conversation, question: Question, outcome: _Outcome) -> _Outcome:
    return replace(outcome, offers=_with_offer(talk.situation.remembered.offers, question.suggestion, taken=1))


def _with_offer(offers: Mapping[str, Offers], name: str, *, made: int = 0, taken: int = 0) -> Mapping[str, Offers]:
    known = offers.get(name, Offers())
    return {**offers, name: Offers(known.made + made, known.taken + taken)}
