// What the device shows. Only what changed is sent, so that nothing is drawn twice and no text is made for nothing.
var Face = (function () {
  var LAMP = { off: 0, alone: 1, ready: 2, working: 3 };

  // Ten a second is as fast as the eye follows a bar.
  var PROGRESS_EVERY = 100;

  // A bar that begins here is seen to have begun.
  var BEGUN = 30;

  // Letters that the two lines of the status have room for, and milliseconds in which they are read.
  var SENTENCE_SHOWN = 120, READ_WITHIN = 4000;

  // Letters that the line of facts has room for, and what stands for what has none.
  var CHORDS_SHOWN = 14, MORE = " …";

  // Letters of a take's name, and of those who play in the jam, that their lines have room for.
  var TAKE_SHOWN = 20, PLAYERS_SHOWN = 20;

  // What `input` and `turn` say in what the daemon tells of live MIDI.
  var NO_INPUT = 0, NOTES_CAME = 2;
  var TURN = { none: 0, awaited: 1, player: 2, band: 3 };

  /** A face of which nothing has been shown yet. */
  function create() {
    return { shown: {}, said: "", pages: [""], page: 0, turnedAt: 0, bar: 0, barShownAt: -PROGRESS_EVERY };
  }

  /** Sends what is to be seen of `what`, unless that is seen already. */
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

  /** A sentence in pages that the status line has room for, cut between words. */
  function paginate(sentence) {
    var pages = [], rest = sentence, room = SENTENCE_SHOWN - MORE.length;
    while (rest.length > SENTENCE_SHOWN) {
      var space = rest.lastIndexOf(" ", room), end = space > MORE.length ? space : room;
      pages.push(rest.slice(0, end) + MORE);
      rest = "… " + rest.slice(end).replace(/^ /, "");
    }
    return pages.concat(rest);
  }

  /** The status line; `face.said` is what it says. What to do stands last, so a long sentence is shown page by page. */
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

  /** How far what is under way is, 0..1; null where nothing is. Shown now or, soon after another, at a later tick. */
  function progress(device, fraction) {
    device.face.bar = fraction === null ? 0 : Math.max(BEGUN, Math.round(fraction * 1000));
    // That it begins and that it ends is shown at once.
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

  /** Time goes on: shows progress that had to wait, and the next page of a long sentence. */
  function tick(device) {
    showBarInTime(device);
    turnPage(device);
  }

  /** One of the states of LAMP; the table of the device says how each looks. */
  function lamp(device, state) {
    show(device, "lamp", DEVICE.lamps[state]);
  }

  /** Whether Talk is lit. */
  function talk(device, isHeld) {
    show(device, "talk_face", ["set", isHeld ? 1 : 0]);
  }

  /** What stands on Talk: that it is Talk, or that an answer is awaited. */
  function nameTalk(device, isAsked) {
    showAs(device, "talk_name", "talk_face", ["text", isAsked ? Texts.answerButton : Texts.talkButton]);
  }

  /** As many chords as there is room for, each whole: Em9 cut to Em would be another chord. */
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

  /** What is known of the set; null where nothing is. */
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

  /** How live MIDI is, as the daemon tells it; null where nothing is known of it. */
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
