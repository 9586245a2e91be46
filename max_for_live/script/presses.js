// Pending presses: numbered, sent, repeated until the daemon has acknowledged them, and shown until they are answered.
var Presses = (function () {
  // The daemon's limit per device.
  var MOST_UNDER_WAY = 16;

  // Milliseconds without an acknowledgement after which a press is repeated, and after which it is given up.
  var REPEAT_AFTER = 500, GIVE_UP_AFTER = 10000;

  // The code of a permanent notice; the others are temporary reasons why a press waits.
  var PLAIN_NEWS = 0;

  /** No press yet. `last` is the last created clip, `arrival` the progress of an automatic job. */
  function create() {
    return { underWay: [], count: 0, last: null, arrival: null };
  }

  function find(device, number) {
    var all = device.presses.underWay;
    for (var i = 0; i < all.length; i++) {
      if (all[i].number === number) {
        return all[i];
      }
    }
    return null;
  }

  function newest(device) {
    var all = device.presses.underWay;
    return all.length ? all[all.length - 1] : null;
  }

  /** Sets bar and lamp: for a pending Talk, which cannot wait, else for the newest press. */
  function showHowFar(device) {
    var press = Talk.held(device) || newest(device);
    Face.progress(device, press ? press.fraction : device.presses.arrival);
    Link.showLamp(device);
  }

  function post(device, press) {
    press.values.session = device.link.session;
    press.sentAt = device.now;
    device.send(1, Words.write(press.address, press.values));
  }

  /** Shows a press and sends it, now or when there is a daemon; returns it, or null when too many are pending. One that
   * `waits` is sent by `release` later. `sentence` is the status text meanwhile.
   */
  function begin(device, label, address, values, sentence, waits) {
    var presses = device.presses;
    if (presses.underWay.length >= MOST_UNDER_WAY) {
      Face.status(device, Texts.tooMany(MOST_UNDER_WAY));
      return null;
    }
    presses.count += 1;
    values.press = presses.count;
    var press = {
      number: presses.count, label: label, address: address, values: values, sentence: sentence, fraction: 0, told: "",
      heard: "", since: device.now, sentAt: device.now, isKnown: false, isAwaited: false, isDone: false, waits: waits
    };
    presses.underWay.push(press);
    Face.status(device, sentence);
    showHowFar(device);
    if (!waits) {
      release(device, press);
    }
    return press;
  }

  /** Sends a press that waited. */
  function release(device, press) {
    press.waits = false;
    press.since = device.now;
    if (Link.isOnline(device)) {
      post(device, press);
    } else {
      wait(device, press);
      Link.hurry(device);
    }
  }

  /** Sets the status text of a press. */
  function say(device, press, sentence) {
    press.sentence = sentence;
    if (!press.isAwaited) {
      Face.status(device, sentence);
    }
    showHowFar(device);
  }

  function wait(device, press) {
    press.isAwaited = true;
    Face.status(device, Link.explain(device, Texts.waiting(press.label)));
  }

  /** Ends a press with a sentence. */
  function end(device, press, sentence) {
    var all = device.presses.underWay;
    all.splice(all.indexOf(press), 1);
    Face.status(device, sentence);
    showHowFar(device);
  }

  function giveUp(device) {
    device.presses.underWay.filter(function (press) {
      return !press.isKnown && !press.waits && device.now - press.since >= GIVE_UP_AFTER;
    }).forEach(function (press) {
      end(device, press, Link.explain(device, Texts.givenUp(press.label)));
    });
  }

  /** Handles the passing of time: unacknowledged presses are repeated after a hello, or given up. */
  function tick(device) {
    giveUp(device);
    var late = device.presses.underWay.filter(function (press) {
      return !press.isKnown && !press.waits && device.now - press.sentAt >= REPEAT_AFTER;
    });
    if (late.length && Link.isOnline(device)) {
      Link.greet(device);
      late.forEach(function (press) {
        wait(device, press);
        post(device, press);
      });
    }
  }

  /** The daemon is gone, perhaps permanently: unanswered presses count as not received. A Talk in progress is lost. */
  function loseDaemon(device) {
    var all = device.presses.underWay.slice();
    device.presses.arrival = null;
    Talk.settle(device);
    for (var i = 0; i < all.length; i++) {
      if (all[i].address === "/roo/talk") {
        end(device, all[i], Texts.talkCut);
      } else {
        all[i].isKnown = false;
        all[i].isAwaited = true;
        all[i].since = device.now;
      }
    }
    showHowFar(device);
  }

  /** A daemon is available again: unacknowledged presses are sent again with the same numbers. */
  function repeat(device) {
    device.presses.underWay.forEach(function (press) {
      if (!press.isKnown && !press.waits) {
        post(device, press);
      }
    });
  }

  /** Cancels the newest press, or else an automatic job. */
  function cancel(device) {
    var press = newest(device), isOnline = Link.isOnline(device);
    if (press === null) {
      Face.status(device, isOnline && device.presses.arrival !== null ? Texts.cancelling(DEVICE.labels.split)
        : Texts.nothingToCancel);
    } else if (press.isKnown && isOnline) {
      Face.status(device, Texts.cancelling(press.label));
    } else {
      end(device, press, Texts.cancelled(press.label));
    }
    if (isOnline && !(press && press.waits)) {
      // Also for an unacknowledged one: it may have arrived.
      device.send(1, Words.write("/roo/cancel", { session: device.link.session, press: press ? press.number : 0 }));
    }
  }

  function acknowledged(device, press) {
    press.isKnown = true;
    if (press.isAwaited) {
      press.isAwaited = false;
      Face.status(device, press.sentence);
    }
    if (press.address === "/roo/talk") {
      Talk.tick(device);
    }
  }

  function progressed(device, press, values) {
    if (press) {
      Talk.goOn(device, press);
      press.fraction = values.fraction;
      press.sentence = values.sentence || press.sentence;
    } else if (values.press === 0) {
      device.presses.arrival = values.fraction;
    } else {
      return;
    }
    if (values.sentence) {
      Face.status(device, values.sentence);
    }
    showHowFar(device);
  }

  /** Joins two sentences, adding a full stop to the first if necessary. */
  function join(sentence, more) {
    return sentence + (/[.?!]$/.test(sentence) ? " " : ". ") + more;
  }

  function told(device, press, values) {
    if (press) {
      press.told += values.code === PLAIN_NEWS && values.sentence ? " " + values.sentence : "";
    } else if (values.press === 0) {
      device.presses.arrival = null;
      showHowFar(device);
    }
    if (values.sentence) {
      Face.status(device, values.sentence);
    }
  }

  /** Returns the clip that Again, Simpler and Busier change; by its own name, because the band is answered with the
   * band's.
   */
  function remember(device, track, scene) {
    var name = track < 0 || scene < 0 ? null : device.live.clipName(track, scene);
    device.presses.last = name === null ? null : { track: track, scene: scene, name: name };
  }

  // Requests that create a clip; and those answered by a sentence instead of a clip's name.
  var MAKES_CLIP = { "/roo/generate": true, "/roo/refine": true, "/roo/keep": true };
  var ANSWERS_IN_WORDS = { "/roo/undo": true, "/roo/self_test": true, "/roo/audition": true, "/roo/jam": true,
    "/roo/ambience": true };

  /** Returns what was created, and how long it took. */
  function nameDone(press, values) {
    if (values.name && Along.isHeardFirst(press)) {
      return Texts.heard(values.name);
    }
    if (values.name && ANSWERS_IN_WORDS.hasOwnProperty(press.address)) {
      return values.name;
    }
    return Texts.done(press.label, values.name, values.milliseconds);
  }

  /** Returns the result of a sentence: the transcript, RooAroo's interpretation, and the outcome. */
  function tellSpoken(press, values) {
    var name = Texts.named(values.name, values.milliseconds);
    return Talk.answer(press, press.told ? Texts.followed(press.told.slice(1), name) : name);
  }

  function done(device, press, values) {
    var isSpoken = press.address === "/roo/talk";
    press.isDone = true;
    if (Along.isHeardFirst(press)) {
      Along.made(device, press);
    } else if (MAKES_CLIP.hasOwnProperty(press.address) || isSpoken && values.notes > 0) {
      remember(device, values.track, values.scene);
    }
    if (values.name && press.heard) {
      return tellSpoken(press, values);
    }
    var sentence = nameDone(press, values);
    // Earlier notices, such as an omitted part, would otherwise disappear before they are read.
    return press.told ? join(sentence, press.told.slice(1)) : sentence;
  }

  /** Returns RooAroo's answer in words. A question includes how to answer it. */
  function answered(press, values) {
    press.heard = values.heard || press.heard;
    return Talk.answer(press, values.asks ? Texts.asked(values.sentence) : values.sentence);
  }

  /** Returns the status text of a finished press. */
  function lastWord(device, press, address, values) {
    switch (address) {
    case "/roo/done": return done(device, press, values);
    case "/roo/answer": return answered(press, values);
    }
    return values.sentence && Talk.answer(press, values.sentence);
  }

  /** Handles the daemon's report about a press. */
  function take(device, address, values) {
    var press = find(device, values.press);
    switch (address) {
    case "/roo/got":
      if (press) {
        acknowledged(device, press);
      }
      return;
    case "/roo/progress":
      progressed(device, press, values);
      return;
    case "/roo/told":
      told(device, press, values);
      return;
    case "/roo/level":
      if (press) {
        Talk.hear(device, press, values.level, values.words);
      }
      return;
    }
    // An answer. It is repeated until it is acknowledged, also when the press has ended here.
    device.send(1, Words.write("/roo/got", { session: device.link.session, number: values.number }));
    if (press) {
      end(device, press, lastWord(device, press, address, values) || Texts.ended(press.label));
      if (address === "/roo/answer" && values.asks) {
        Talk.ask(device);
      }
    }
  }

  return {
    create: create, begin: begin, release: release, say: say, end: end, tick: tick, loseDaemon: loseDaemon,
    repeat: repeat, cancel: cancel, take: take, showHowFar: showHowFar,
    isUnderWay: function (device, press) { return press !== null && find(device, press.number) === press; },
    /** Returns whether `holds` is true for a pending press. */
    isSome: function (device, holds) { return device.presses.underWay.some(holds); },
    areUnderWay: function (device) { return device.presses.underWay.length > 0; },
    isAny: function (device) { return device.presses.underWay.length > 0 || device.presses.arrival !== null; }
  };
}());
