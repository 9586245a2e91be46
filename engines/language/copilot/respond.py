"""RooAroo's conversation: what follows from a sentence that was understood. Pure: the clock is an argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import msgspec

from musearoo.engines.language.copilot.bounds import require_bounds
from musearoo.engines.language.copilot.clip_changes import (
    order_analysis,
    order_back,
    order_change,
    order_delete,
    order_split,
    order_undo,
    take_before,
)
from musearoo.engines.language.copilot.confirmation import question_before
from musearoo.engines.language.copilot.help import (
    tell_help,
    tell_list,
    tell_not_understood,
    tell_preferences,
    tell_terminal,
)
from musearoo.engines.language.copilot.new_parts import order_again, order_imagine, order_play, order_song
from musearoo.engines.language.copilot.places import find_clip, find_each
from musearoo.engines.language.copilot.playing_along import (
    heard_take,
    order_capture,
    order_hear,
    order_jam,
    order_keep_take,
)
from musearoo.engines.language.copilot.set_requests import (
    order_auto_split,
    order_cancel,
    order_key,
    order_level,
    order_listen,
    order_mix,
    order_switch,
    order_tempo,
    order_test,
)
from musearoo.engines.language.copilot.suggestions import suggest
from musearoo.engines.language.requests.actions import Made, join_names, name_part
from musearoo.engines.language.requests.commands import BAND, PARTS, Command, Intent, Slots
from musearoo.engines.language.requests.replies import Act, Ask, Order, Question, Reply, Tell, UnclearError
from musearoo.engines.language.requests.slots import complete, one_by_one, said
from musearoo.engines.language.state.memory import MOST_TURNS, Memory, Offers, Turn
from musearoo.engines.language.state.preferences import NO_PREFERENCES, Preferences, forget, learn
from musearoo.engines.language.state.situation import Situation, ask, tell
from musearoo.engines.language.state.track_following import follow
from musearoo.engines.language.state.view import SetView
from musearoo.engines.styles.schema import Style

ACT: Final = 0.5
"""Confidence from which on a sentence is acted upon."""
ASK: Final = 0.25
"""Confidence from which on it is asked whether that was said."""
HINT_EVERY: Final = 3
"""Deeds between two hints: a partner who comments on each of them is tiring."""
PLACES: Final = frozenset(("parts", "target", "targets", "track", "scene"))
"""Slots that alone answer a question whether something is to be lost: another thing is meant."""
OWN_MATTERS: Final = frozenset(("bpm", "takes", "key", "manner", "target", "targets", "track", "scene"))
"""Slots that alone are an order as well: where a suggestion did not ask for one of them, they do not answer it."""

ORDERS: Final[Mapping[Intent, Callable[[Situation, Command], Order]]] = {
    Intent.PLAY: order_play,
    Intent.SONG: order_song,
    Intent.MIX: order_mix,
    Intent.CHANGE: order_change,
    Intent.AGAIN: order_again,
    Intent.BACK: order_back,
    Intent.UNDO: order_undo,
    Intent.ANALYSE: order_analysis,
    Intent.SPLIT: order_split,
    Intent.AUTO_SPLIT: order_auto_split,
    Intent.LISTEN: order_listen,
    Intent.HEAR: order_hear,
    Intent.CAPTURE: order_capture,
    Intent.JAM: order_jam,
    Intent.IMAGINE: order_imagine,
    Intent.MUTE: order_switch,
    Intent.UNMUTE: order_switch,
    Intent.SOLO: order_switch,
    Intent.UNSOLO: order_switch,
    Intent.LEVEL: order_level,
    Intent.TEMPO: order_tempo,
    Intent.KEY: order_key,
    Intent.DELETE: order_delete,
    Intent.CANCEL: order_cancel,
    Intent.TEST: order_test,
}
"""What is done in the set or by the device; all else is talk."""


class Answered(NamedTuple):
    """What RooAroo remembers after a sentence, and what it answers."""

    memory: Memory
    reply: Reply


def respond(memory: Memory, view: SetView, command: Command, now: float, styles: Mapping[str, Style]) -> Answered:
    """What follows from a sentence. `now` are seconds on any clock that the notes of deeds share.

    Never raises: what cannot be done is asked or told. What would destroy is only done after a yes.
    """
    remembered = follow(memory.of(view.set), view)
    situation = Situation(view, remembered, memory.preferences, styles)
    outcome = _answer(_Talk(situation, now, remembered.open_question(now)), command)
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
    return Answered(replace(memory.with_set(view.set, remembered), preferences=preferences), outcome.reply)


def hint_after(memory: Memory, view: SetView, now: float, styles: Mapping[str, Style]) -> tuple[Memory, str]:
    """One short hint at the next step after a deed was done, "" for none; it may be answered like any question.

    Not after every deed, and not while another question is open.
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
class _Talk:
    """A moment of the conversation."""

    situation: Situation
    now: float
    question: Question | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """An answer, and what of the memory it changes; None leaves it."""

    reply: Reply
    question: Question | None = None
    made: tuple[Made, ...] | None = None
    focus: str = ""
    offers: Mapping[str, Offers] | None = None
    preferences: Preferences | None = None


def _answer(talk: _Talk, command: Command) -> _Outcome:
    intent, question = command.intent, talk.question
    if intent is Intent.NONE or command.confidence < ASK:
        if question is not None:
            return _asked(talk, question, f"I did not understand that. {question.sentence}")
        return _Outcome(reply=tell_not_understood(talk.situation, command))
    if question is not None and _is_answer(question, command):
        return _answer_question(talk, question, command)
    if intent in (Intent.YES, Intent.NO):
        if heard_take(talk.situation, command) is None or command.confidence < ACT:
            return _Outcome(reply=Tell("Nothing was asked."))
        # What is heard asks by itself whether it shall stay.
        meant = Intent.KEEP if intent is Intent.YES else Intent.HEAR
        command = Command(text=command.text, intent=meant, slots=Slots(on=False if meant is Intent.HEAR else None))
    if command.confidence < ACT:
        return _make_sure(talk, command)
    outcome = _obey(talk, command)
    if question is not None and question.suggestion and _is_taken_up(question, command):
        outcome = _taken(talk, question, outcome)
    return outcome


def _is_answer(question: Question, command: Command) -> bool:
    if command.intent is not Intent.ANSWER:
        return command.intent in (Intent.YES, Intent.NO, Intent.CANCEL)
    given = set(said(command.slots))
    if question.destroys:
        return given <= PLACES
    return not question.suggestion or question.slot in given or not given or not given <= OWN_MATTERS


def _answer_question(talk: _Talk, question: Question, command: Command) -> _Outcome:
    if command.confidence < ACT:
        return _asked(talk, question, question.sentence)
    if command.intent in (Intent.NO, Intent.CANCEL):
        return _Outcome(reply=Tell("All right, nothing changes."))
    if command.intent is Intent.YES:
        outcome = _obey(talk, question.command, question)
    else:
        if not said(command.slots):
            return _asked(talk, question, question.sentence)
        outcome = _obey(talk, complete(question.command, question.slot, command.slots))
    return _taken(talk, question, outcome) if question.suggestion else outcome


def _make_sure(talk: _Talk, command: Command) -> _Outcome:
    """A sentence that was hardly understood: whether it was said, or what it would have been asked about anyway."""
    command = msgspec.structs.replace(command, confidence=1.0)
    outcome = _obey(talk, command)
    if outcome.question is not None:
        return outcome
    return _asked(talk, Question(sentence=f"Did you say “{command.text}”?", command=command))


def _obey(talk: _Talk, command: Command, agreed: Question | None = None) -> _Outcome:
    """What a sentence asks for, done or asked; `agreed` is the question that a yes has just answered."""
    try:
        return _follow_order(talk, command, agreed)
    except UnclearError as unclear:
        if isinstance(unclear.reply, Question):
            return _asked(talk, unclear.reply)
        return _Outcome(reply=unclear.reply)


def _follow_order(talk: _Talk, command: Command, agreed: Question | None) -> _Outcome:
    if command.intent is Intent.ANSWER:
        command = _as_order(talk.situation, command)
    if command.intent not in ORDERS:
        return _say(talk, command, agreed)
    require_bounds(command)
    order = ORDERS[command.intent](talk.situation, command)
    loss = question_before(talk.situation, order)
    if loss and not (agreed is not None and (agreed.sentence, agreed.deed) == (loss, order.deed)):
        return _asked(talk, Question(sentence=loss, command=command, slot="target", destroys=True, deed=order.deed))
    focus = ""
    last = talk.situation.remembered.clip
    if command.intent is Intent.BACK and last is not None:
        before = take_before(talk.situation, last)
        focus = before.request if before else ""
    return _Outcome(reply=Act(order.deed, order.sentence), focus=focus)


def _say(talk: _Talk, command: Command, agreed: Question | None) -> _Outcome:
    situation = talk.situation
    match command.intent:
        case Intent.KEEP:
            return _keep(situation, command)
        case Intent.SUGGEST:
            if not situation.is_seen:
                raise tell("I see no set from here: ask me in Live what it lacks.")
            found = suggest(situation, talk.now)
            if found is None:
                return _Outcome(reply=Tell("Nothing is lacking that I can hear: say what you would like."))
            return replace(
                _asked(talk, found), offers=_with_offer(situation.remembered.offers, found.suggestion, made=1)
            )
        case Intent.PREFERENCES:
            return _Outcome(reply=Tell(tell_preferences(situation.preferences)))
        case Intent.FORGET:
            return _forget(talk, command, agreed)
        case Intent.HELP:
            return _Outcome(reply=Tell(tell_help(command)))
        case Intent.LIST:
            return _Outcome(reply=Tell(tell_list(situation, command)))
        case Intent.TERMINAL:
            return _Outcome(reply=Tell(tell_terminal(command)))
        case _:
            return _Outcome(reply=tell_not_understood(situation, command))


def _keep(situation: Situation, command: Command) -> _Outcome:
    heard = order_keep_take(situation, command)
    if heard is not None:
        return _Outcome(reply=Act(heard.deed, heard.sentence))
    if several := one_by_one(command):
        return _keep_several(situation, several)
    remembered = situation.remembered
    made = remembered.clip
    if command.slots.target in PARTS or command.slots.track:
        made = find_clip(situation, command).made or remembered.newest(command.slots.target)
    if made is None:
        raise tell("Nothing of mine is there to keep yet: what you make yourself stays anyway.")
    if made.kept:
        raise tell(f"The {made.deed.label or made.name} is kept already.")
    kept = tuple(replace(one, kept=True) if one is made else one for one in remembered.made)
    return _Outcome(
        reply=Tell(f"Kept: {made.deed.label or made.name}. I remember what you like of it."),
        made=kept,
        preferences=learn(situation.preferences, made.deed, liked=True),
    )


def _keep_several(situation: Situation, commands: tuple[Command, ...]) -> _Outcome:
    """Several that stand, liked in one sentence."""
    remembered, preferences, found = situation.remembered, situation.preferences, list[Made]()
    for one in commands:
        made = find_each(situation, one, find_clip).made or remembered.newest(one.slots.target)
        if made is not None and not any(made is other for other in found):
            found.append(made)
    new = [made for made in found if not made.kept]
    if not found:
        raise tell("None of them is mine to keep: what you make yourself stays anyway.")
    names = join_names([made.deed.label or made.name for made in new or found])
    if not new:
        raise tell(f"The {names} {'is' if len(found) == 1 else 'are'} kept already.")
    for made in new:
        preferences = learn(preferences, made.deed, liked=True)
    kept = tuple(replace(one, kept=True) if any(one is made for made in new) else one for one in remembered.made)
    return _Outcome(reply=Tell(f"Kept: {names}. I remember what you like of them."), made=kept, preferences=preferences)


def _forget(talk: _Talk, command: Command, agreed: Question | None) -> _Outcome:
    known, target = talk.situation.preferences, command.slots.target
    part = target if target in (*PARTS, BAND) else ""
    if known == NO_PREFERENCES or (part and part not in known.parts):
        raise tell("I have learnt nothing of you yet: there is nothing to forget.")
    what = f"all I learnt of your {name_part(part)}" if part else "all I learnt of what you like"
    sentence = f"Forget {what}? Yes or no?"
    if agreed is None or agreed.sentence != sentence:
        return _asked(talk, Question(sentence=sentence, command=command, destroys=True))
    return _Outcome(reply=Tell("Forgotten."), preferences=forget(known, part))


def _as_order(situation: Situation, command: Command) -> Command:
    """Slots alone, where nothing was asked, as the order that they most likely are; UnclearError where none is."""
    slots, given = command.slots, said(command.slots)
    intent = Intent.PLAY
    if not (slots.parts or slots.style or slots.bars or slots.chords or slots.numerals or slots.manner or slots.like):
        if slots.takes:
            intent = Intent.AGAIN
        elif slots.changes:
            intent = Intent.CHANGE
        elif slots.bpm:
            intent = Intent.TEMPO
        elif slots.key:
            order = Command(text=command.text, intent=Intent.KEY, slots=Slots(key=slots.key))
            raise ask(f"Shall the set be in {slots.key}?", order)
        elif slots.target or slots.targets or slots.track or slots.scene:
            names = [name_part(target) for target in slots.targets or (slots.target,)]
            what = f"the {join_names(names)}" if slots.target or slots.targets else "that"
            raise tell(f"What of {what}? Say for example “make it busier”, “another” or “mute it”.")
        elif not given:
            raise UnclearError(tell_not_understood(situation, command))
    elif given.keys() == {"numerals"} and slots.numerals.replace(" ", "").isdecimal():
        # Numbers alone may have been said to somebody else.
        order = Command(text=command.text, intent=Intent.PLAY, slots=slots)
        raise ask(f"Shall I play the chords {slots.numerals.replace(' ', '-')}?", order, "key")
    elif not (slots.parts or slots.numerals) and slots.target not in PARTS and _was_played(situation):
        # "Reggae", "four bars": the same again, but so.
        slots = msgspec.structs.replace(slots, like="last")
    return msgspec.structs.replace(command, intent=intent, slots=slots)


def _was_played(situation: Situation) -> bool:
    made = any(made.deed.intent in (Intent.PLAY, Intent.CHANGE) for made in situation.remembered.made)
    along = situation.view.along
    return made or (along is not None and along.heard is not None and along.heard.deed is not None)


def _asked(talk: _Talk, question: Question, sentence: str = "") -> _Outcome:
    return _Outcome(reply=Ask(sentence or question.sentence), question=replace(question, at=talk.now))


def _is_taken_up(question: Question, command: Command) -> bool:
    """Whether a full order is what was suggested just before."""
    offered = question.command
    return command.intent is offered.intent and set(offered.slots.parts) <= set(command.slots.parts)


def _taken(talk: _Talk, question: Question, outcome: _Outcome) -> _Outcome:
    return replace(outcome, offers=_with_offer(talk.situation.remembered.offers, question.suggestion, taken=1))


def _with_offer(offers: Mapping[str, Offers], name: str, *, made: int = 0, taken: int = 0) -> Mapping[str, Offers]:
    known = offers.get(name, Offers())
    return {**offers, name: Offers(known.made + made, known.taken + taken)}
