// Talk: held by the mouse, or latched by a key or pedal that is mapped to it. While it is held it gives signs of life and
// shows how loud the voice is and what is understood; the daemon may end it first, at a silence.
var Talk = (function () {
  // The daemon stops by itself two seconds after the last sign.
  var SIGN_EVERY = 500;

  // Letters of what is said that the status line has room for beside its own words, and beside an answer.
  var WORDS_SHOWN = 100, HEARD_SHOWN = 60;

  // Milliseconds for which a question waits for its answer, as RooAroo has it, also where buttons are pressed meanwhile.
  var ASKED_FOR = 60000;

  /** Nobody talks. `press` is what is held, `letGo` what was let go before the daemon knew that it was pressed. */
  function create() {
    return { isDown: false, isLatched: false, press: null, letGo: [], saidAt: 0, askedAt: null };
  }

  function say(device, press, held) {
    device.send(1, Words.write("/roo/talk", { session: device.link.session, press: press.number, held: held }));
  }

  /** Neither Talk nor the latch stays lit. */
  function darken(device) {
    var talk = device.talk;
    Face.talk(device, false);
    if (talk.isLatched) {
      talk.isLatched = false;
      device.settings.talk_latch = 0;
      device.send(0, ["talk_latch", "set", 0]);
    }
  }

  function begin(device) {
    var talk = device.talk;
    if (!Link.isOnline(device)) {
      Face.status(device, Link.explain(device, Texts.talkOffline));
      Link.hurry(device);
      darken(device);
      return;
    }
    settle(device);
    Face.talk(device, true);
    talk.saidAt = device.now;
    talk.press = Presses.begin(device, DEVICE.labels.talk, "/roo/talk", { held: 1 }, Texts.talking, false);
    if (talk.press === null) {
      darken(device);
    }
  }

  /** The press is held no more; what was said is being understood. */
  function end(device) {
    var press = device.talk.press;
    device.talk.press = null;
    darken(device);
    if (Presses.isUnderWay(device, press)) {
      press.fraction = 0;
      Presses.say(device, press, Texts.understanding(heard(press, WORDS_SHOWN)));
    }
    return press;
  }

  function finish(device) {
    var press = end(device);
    if (press !== null) {
      device.talk.letGo.push(press);
      tick(device);
    }
  }

  function change(device, isDown, isLatched) {
    var talk = device.talk, was = talk.isDown || talk.isLatched, is = isDown || isLatched;
    talk.isDown = isDown;
    talk.isLatched = isLatched;
    if (is && !was) {
      begin(device);
    } else if (was && !is) {
      finish(device);
    }
  }

  /** What was said in a press, in quotation marks and as much of it as fits; "" where nothing is known of it. */
  function heard(press, most) {
    return press.heard ? Texts.quoted(Words.head(press.heard, most)) : "";
  }

  /** How loud it is and what is understood so far; after the end the whole of it. */
  function hear(device, press, level, words) {
    var isHeld = press === device.talk.press, isOther = words !== "" && words !== press.heard;
    var wasUnderstanding = press.sentence === Texts.understanding(heard(press, WORDS_SHOWN));
    press.heard = words || press.heard;
    if (isHeld) {
      press.fraction = level;
      Presses.showHowFar(device);
    }
    if (isOther && isHeld) {
      Presses.say(device, press, Texts.listening(Words.tail(words, WORDS_SHOWN)));
    } else if (isOther && wasUnderstanding) {
      Presses.say(device, press, Texts.understanding(heard(press, WORDS_SHOWN)));
    }
  }

  /** The daemon goes on with a press: it listens no longer, though Talk may still be held. */
  function goOn(device, press) {
    if (press === device.talk.press) {
      end(device);
    }
  }

  /** What comes of a press in the words of the status line: what was said stands before it. */
  function answer(press, sentence) {
    var said = heard(press, HEARD_SHOWN);
    return said ? Texts.answered(said, sentence) : sentence;
  }

  /** A question was asked: Talk shows that it waits for the answer. */
  function ask(device) {
    device.talk.askedAt = device.now;
    Face.nameTalk(device, true);
  }

  /** No answer is awaited any more. */
  function settle(device) {
    if (device.talk.askedAt !== null) {
      device.talk.askedAt = null;
      Face.nameTalk(device, false);
    }
  }

  function tickHeld(device) {
    var talk = device.talk, press = talk.press;
    if (!Presses.isUnderWay(device, press)) {
      talk.press = null;
      darken(device);
    } else if (press.isKnown && device.now - talk.saidAt >= SIGN_EVERY) {
      talk.saidAt = device.now;
      say(device, press, 2);
    }
  }

  /** Time goes on: it is still held, or was answered in the meantime; a question has waited long enough. */
  function tick(device) {
    var talk = device.talk;
    if (talk.press !== null) {
      tickHeld(device);
    }
    // Not before the daemon knows that it was pressed.
    talk.letGo = talk.letGo.filter(function (press) {
      if (press.isKnown && Presses.isUnderWay(device, press)) {
        say(device, press, 0);
        return false;
      }
      return Presses.isUnderWay(device, press);
    });
    if (talk.askedAt !== null && device.now - talk.askedAt >= ASKED_FOR) {
      settle(device);
    }
  }

  return {
    create: create, tick: tick, hear: hear, goOn: goOn, answer: answer, ask: ask, settle: settle,
    /** The press that is held, null where none is. */
    held: function (device) { return device.talk.press; },
    /** The button was pressed or let go. */
    hold: function (device, isDown) { change(device, isDown, device.talk.isLatched); },
    /** The latch was turned. */
    latch: function (device, isOn) { change(device, device.talk.isDown, isOn); }
  };
}());
