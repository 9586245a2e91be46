// The device's display. Only changes are sent, so that nothing is drawn twice and no text is created needlessly.
var Face = (function () {
  var LAMP = { off: 0, alone: 1, ready: 2, working: 3 };

  // Ten updates a second look smooth on a progress bar.
  var PROGRESS_EVERY = 100;

  // A bar starts with at least this value, so that its start is visible.
  var BEGUN = 30;

  // The number of letters in the status line's two rows, and the reading time in milliseconds.
  var SENTENCE_SHOWN = 120, READ_WITHIN = 4000;

  // The number of letters in the line of facts, and the placeholder for unknown values.
  var CHORDS_SHOWN = 14, MORE = " …";

  // The number of letters of a take's name, and of the jam's players, that fit their lines.
  var TAKE_SHOWN = 20, PLAYERS_SHOWN = 20;

  // The values of `input` and `turn` in the daemon's report of live MIDI.
  var NO_INPUT = 0, NOTES_CAME = 2;
  var TURN = { none: 0, awaited: 1, player: 2, band: 3 };

  /** A display that has shown nothing yet. */
  function create() {
    return { shown: {}, said: "", pages: [""], page: 0, turnedAt: 0, bar: 0, barShownAt: -PROGRESS_EVERY };
  }

  /** Sends the value of `what`, unless it is already shown. */
  function showAs(device, what, control, message) {
    var text = message.join(" ");
    if (device.face.shown[what] !== text) {
      device.face.shown[what] = text;
      device.send(0, [control].concat(message));
    }
  }

  function show(device, control, message) {
    showAs(device, control, control, message);
  }

  /** Shows a text: the status or one of the texts about the set. */
  function say(device, control, text) {
    show(device, control, ["set", text]);
  }

  /** Returns a sentence in pages that fit the status line, split between words. */
  function paginate(sentence) {
    var pages = [], rest = sentence, room = SENTENCE_SHOWN - MORE.length;
    while (rest.length > SENTENCE_SHOWN) {
      var space = rest.lastIndexOf(" ", room), end = space > MORE.length ? space : room;
      pages.push(rest.slice(0, end) + MORE);
      rest = "… " + rest.slice(end).replace(/^ /, "");
    }
    return pages.concat(rest);
  }

  /** Sets the status line; `face.said` is its text. A long sentence is shown page by page, because its end says what to
   * do.
   */
  function status(device, sentence) {
    var face = device.face;
    if (face.said !== sentence) {
      face.said = sentence;
      face.pages = paginate(sentence);
      face.page = 0;
      face.turnedAt = device.now;
    }
    say(device, "status", face.pages[face.page]);
  }

  function turnPage(device) {
    var face = device.face;
    if (face.pages.length > 1 && device.now - face.turnedAt >= READ_WITHIN) {
      face.page = (face.page + 1) % face.pages.length;
      face.turnedAt = device.now;
      status(device, face.said);
    }
  }

  /** Sets the progress, 0..1, or null for none. Shown immediately or, soon after another update, at a later tick. */
  function progress(device, fraction) {
    device.face.bar = fraction === null ? 0 : Math.max(BEGUN, Math.round(fraction * 1000));
    // Start and end are shown immediately.
    if (fraction === null || device.face.shown.progress === "0") {
      showBar(device);
    } else {
      showBarInTime(device);
    }
  }

  function showBar(device) {
    device.face.barShownAt = device.now;
    show(device, "progress", [device.face.bar]);
  }

  function showBarInTime(device) {
    if (device.now - device.face.barShownAt >= PROGRESS_EVERY) {
      showBar(device);
    }
  }

  /** Handles the passing of time: shows delayed progress, and the next page of a long sentence. */
  function tick(device) {
    showBarInTime(device);
    turnPage(device);
  }

  /** Sets the lamp to one of the states of LAMP; the device's table defines their colours. */
  function lamp(device, state) {
    show(device, "lamp", DEVICE.lamps[state]);
  }

  /** Sets whether Talk is lit. */
  function talk(device, isHeld) {
    show(device, "talk_face", ["set", isHeld ? 1 : 0]);
  }

  /** Sets the label of Talk: Talk, or that it waits for an answer. */
  function nameTalk(device, isAsked) {
    showAs(device, "talk_name", "talk_face", ["text", isAsked ? Texts.answerButton : Texts.talkButton]);
  }

  /** Returns as many whole chords as fit: Em9 cut to Em would be a different chord. */
  function fitChords(chords) {
    var all = chords.split(" "), shown = all[0];
    for (var i = 1; i < all.length; i++) {
      var longer = shown + " " + all[i], isLast = i === all.length - 1;
      if (longer.length + (isLast ? 0 : MORE.length) > CHORDS_SHOWN) {
        return shown + MORE;
      }
      shown = longer;
    }
    return shown;
  }

  /** Shows the known facts of the set; null for none. */
  function facts(device, known) {
    say(device, "tempo", known ? Texts.tempo(known.tempo, known.numerator, known.denominator) : Texts.notKnown);
    say(device, "key", known && known.key || Texts.notKnown);
    say(device, "chords", known && fitChords(known.chords) || Texts.notKnown);
  }

  function held(live) {
    return live.held || (live.input === NO_INPUT ? Texts.noInput
      : live.input === NOTES_CAME ? Texts.notesCome : Texts.notKnown);
  }

  function toKeep(live) {
    return live.heard ? Texts.heardNow(Words.head(live.heard, TAKE_SHOWN)) : Texts.barsToKeep(live.played);
  }

  function turnOf(live) {
    switch (live.turn) {
    case TURN.awaited: return Texts.jamAwaited;
    case TURN.player: return Texts.yourTurn(live.bar);
    case TURN.band: return Texts.theirTurn(Words.head(players(live.who), PLAYERS_SHOWN), live.bar);
    }
    return Texts.noJam;
  }

  function players(who) {
    return who.split(/, */).map(Settings.player).join(", ");
  }

  /** Shows the state of live MIDI, as reported by the daemon; null if unknown. */
  function along(device, live) {
    var isThere = live !== null && live.clock !== "";
    say(device, "clock", live === null ? Texts.notKnown : Texts.clock(live.clock, live.running, live.bpm));
    say(device, "held", isThere ? held(live) : Texts.notKnown);
    say(device, "to_keep", isThere ? toKeep(live) : Texts.notKnown);
    say(device, "turn", isThere ? turnOf(live) : Texts.notKnown);
  }

  return {
    LAMP: LAMP, create: create, say: say, status: status, progress: progress, tick: tick, lamp: lamp,
    talk: talk, nameTalk: nameTalk, facts: facts, along: along
  };
}());
