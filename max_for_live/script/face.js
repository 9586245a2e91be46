// What the device shows. Only what changed is sent, so that nothing is drawn twice and no text is made for nothing.
var Face = (function () {
  var LAMP = { off: 0, alone: 1, ready: 2, working: 3 };

  // Ten a second is as fast as the eye follows a bar.
  var PROGRESS_EVERY = 100;

  // A bar that begins here is seen to have begun.
  var BEGUN = 30;

  // Letters that the line of facts has room for, and what stands for the chords that have none.
  var CHORDS_SHOWN = 14, MORE = " …";

  /** A face of which nothing has been shown yet. */
  function create() {
    return { shown: {}, said: "", bar: 0, barShownAt: -PROGRESS_EVERY };
  }

  function show(device, control, message) {
    var text = message.join(" ");
    if (device.face.shown[control] !== text) {
      device.face.shown[control] = text;
      device.send(0, [control].concat(message));
    }
  }

  /** Shows a text: the status or one of the texts about the set. */
  function say(device, control, text) {
    show(device, control, ["set", text]);
  }

  /** The status line; `face.said` is what it says. */
  function status(device, sentence) {
    device.face.said = sentence;
    say(device, "status", sentence);
  }

  /** How far what is under way is, 0..1; null where nothing is. Shown now or, soon after another, at a later tick. */
  function progress(device, fraction) {
    device.face.bar = fraction === null ? 0 : Math.max(BEGUN, Math.round(fraction * 1000));
    // That it begins and that it ends is shown at once.
    if (fraction === null || device.face.shown.progress === "0") {
      showBar(device);
    } else {
      tick(device);
    }
  }

  function showBar(device) {
    device.face.barShownAt = device.now;
    show(device, "progress", [device.face.bar]);
  }

  /** Shows progress that had to wait. */
  function tick(device) {
    if (device.now - device.face.barShownAt >= PROGRESS_EVERY) {
      showBar(device);
    }
  }

  /** One of the states of LAMP; the table of the device says how each looks. */
  function lamp(device, state) {
    show(device, "lamp", DEVICE.lamps[state]);
  }

  /** Whether Talk is lit. */
  function talk(device, isHeld) {
    show(device, "talk_face", ["set", isHeld ? 1 : 0]);
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

  return {
    LAMP: LAMP, create: create, say: say, status: status, progress: progress, tick: tick, lamp: lamp,
    talk: talk, facts: facts
  };
}());
