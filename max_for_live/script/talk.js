// Talk: held by the mouse, or latched by a mapped key or pedal. While held it sends signs of life and shows the voice
// level and the interim transcript; the daemon may end it first, at a silence.
var Talk = (function () {
  // The daemon stops two seconds after the last sign.
  var SIGN_EVERY = 500;

  // The number of letters of the transcript that fit the status line with its own words, and with an answer.
  var WORDS_SHOWN = 100, HEARD_SHOWN = 60;

  // Milliseconds for which a question waits for its answer, as in RooAroo, also while buttons are pressed.
  var ASKED_FOR = 60000;

  /** No talk. `press` is the held one, `letGo` the one released before the daemon had acknowledged it. */
  function create() {
    return { isDown: false, isLatched: false, press: null, letGo: [], saidAt: 0, askedAt: null };
  }

  function say(device, press, held) {
    device.send(1, Words.write("/roo/talk", { session: device.link.session, press: press.number, held: held }));
  }

  /** Turns off the lights of Talk and of the latch. */
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

  /** The press is released; its transcript is being interpreted. */
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

  /** Returns the transcript of a press, quoted and cut to fit; "" if unknown. */
  function heard(press, most) {
    return press.heard ? Texts.quoted(Words.head(press.heard, most)) : "";
  }

  /** Shows the level and the interim transcript; after the end the whole transcript. */
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

  /** The daemon takes over a press: it no longer listens, although Talk may still be held. */
  function goOn(device, press) {
    if (press === device.talk.press) {
      end(device);
    }
  }

  /** Returns a press's result for the status line, after its transcript. */
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

  /** Handles the passing of time: Talk is still held, or was answered meanwhile; a question has timed out. */
  function tick(device) {
    var talk = device.talk;
    if (talk.press !== null) {
      tickHeld(device);
    }
    // Not before the daemon has acknowledged the press.
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
    /** The held press, or null. */
    held: function (device) { return device.talk.press; },
    /** The button was pressed or released. */
    hold: function (device, isDown) { change(device, isDown, device.talk.isLatched); },
    /** The latch was changed. */
    latch: function (device, isOn) { change(device, device.talk.isDown, isOn); }
  };
}());
