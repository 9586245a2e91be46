// All sentences of the device itself. The daemon's sentences are shown unchanged.
var Texts = (function () {
  var START = "start it with “musearoo run” in a terminal";

  // The menu choice with which a press needs no track of its own.
  var OWN_TRACK = "choose “" + DEVICE.choices.where[0] + "”.";

  /** Returns milliseconds in readable form: "23 ms", "1.4 s". */
  function duration(milliseconds) {
    if (milliseconds < 1000) {
      return Math.round(milliseconds) + " ms";
    }
    return (Math.round(milliseconds / 100) / 10) + " s";
  }

  // The source of the beat, as on the wire.
  var CLOCKS = { live: "Live", midi: "MIDI", link: "Link", own: "Own" };

  function named(name, milliseconds) {
    return name + ", " + duration(milliseconds);
  }

  return {
    looking: "Looking for the MuseAroo daemon …",
    noDaemon: "No MuseAroo daemon: " + START + ".",
    offline: "Offline: the MuseAroo daemon does not answer. If it was stopped, " + START + ".",
    noKey: "The device may not read MuseAroo’s key file: start the daemon (“musearoo run”), or run “musearoo doctor”.",
    noScript: "Live's script is away: choose MuseAroo as a control surface in Live's settings (Link, Tempo & MIDI).",
    liveBusy: "Live is busy: is a menu or a dialog open?",
    ready: "Ready.",

    broken: function (fault) {
      return "Something went wrong inside the device (" + fault + "): press again, or load the device anew.";
    },

    working: function (label) { return label + " …"; },
    waiting: function (label) { return label + ": offline, the MuseAroo daemon does not answer. Trying again …"; },
    givenUp: function (label) { return label + ": given up. No MuseAroo daemon: " + START + "."; },
    tooMany: function (most) { return most + " presses are under way: wait for one to end, or cancel it."; },
    done: function (label, name, milliseconds) {
      return label + ": " + (name ? named(name, milliseconds) : duration(milliseconds));
    },
    named: named,
    ended: function (label) { return label + ": ended."; },
    cancelled: function (label) { return label + ": cancelled."; },
    cancelling: function (label) { return label + ": cancelling …"; },
    nothingToCancel: "Nothing is under way.",

    nowhere: "Live does not say on which track this device sits: press again, or " + OWN_TRACK,
    noSlots: "This device sits on a return or on the Main track, which has no clips: " + OWN_TRACK,
    frozen: function (number) { return "Track " + number + " is frozen: unfreeze it, or " + OWN_TRACK; },

    talkButton: "Talk",
    answerButton: "Answer",
    talking: "Talk: listening … let go when you have said it.",
    listening: function (words) { return "Listening: " + words + " …"; },
    talkOffline: "Talk: nobody listens, there is no MuseAroo daemon: " + START + ".",
    talkCut: "Talk was cut off, the daemon went away: hold Talk and say it again.",
    understanding: function (heard) { return "Talk: understanding " + (heard ? heard + " " : "") + "…"; },
    quoted: function (words) { return "“" + words + "”"; },
    answered: function (heard, sentence) { return heard + ": " + sentence; },
    followed: function (announced, done) { return announced + " – " + done; },
    asked: function (sentence) { return sentence + " Answer with Talk."; },

    armOn: "Arm: the microphone stays open, so that Talk has the half second before it. Nothing older is kept.",
    armOff: "Arm is off: the microphone is open only while you talk.",
    armOffline: "Arm: the microphone opens once there is a MuseAroo daemon: " + START + ".",

    noRing: "Only the audio device hears its track: put “MuseAroo” on an audio track to listen.",
    noCaptures: "Listen needs the MuseAroo daemon, which is not there: " + START + ", then press again.",
    noCaptureFolder: "The daemon has no folder to put what is heard into: run “musearoo doctor” to see why.",
    ringBusy: "Listen is still writing what it heard: press again in a moment.",
    ringFailed: "Listen: Max did not write what was heard. Is the disk full? Then press again.",

    autoSplitOn: function (number) { return "Auto-split: audio clips that come onto track " + number + " are split."; },
    autoSplitOff: "Auto-split is off.",
    noArrivals: "Auto-split: no clips come onto a return or the Main track. Put the device on an audio track.",

    heard: function (name) { return name + ". Keep it or drop it."; },
    heardNow: function (name) { return "Heard: " + name; },
    barsToKeep: function (bars) {
      return bars ? bars + (bars === 1 ? " bar" : " bars") + " to keep" : "Nothing to keep yet";
    },
    ambience: "Ambience",
    jam: "Jam",
    noJam: "No jam",
    jamAwaited: "Jam: from the next bar",
    yourTurn: function (bar) { return "Your turn, bar " + bar; },
    theirTurn: function (players, bar) { return (players || "MuseAroo") + ", bar " + bar; },
    noInput: "no input",
    notesCome: "notes",
    // Integer BPM: each text that Max has ever shown stays in its memory.
    clock: function (source, isRunning, bpm) {
      if (!source) {
        return "MIDI is off";
      }
      var name = CLOCKS.hasOwnProperty(source) ? CLOCKS[source] : source;
      return name + (!isRunning ? " stopped" : bpm ? " " + Math.round(bpm) + " BPM" : "");
    },

    testing: "Self-test …",
    testedAlone: function (works, all) {
      return "Self-test: " + works + " of " + all + " checks work, but there is no MuseAroo daemon: " + START + ".";
    },

    daemon: function (version, port) { return "daemon " + version + " on " + port; },
    absent: "no daemon",
    notKnown: "–",
    tempo: function (tempo, numerator, denominator) {
      return (Math.round(tempo * 100) / 100) + " BPM " + numerator + "/" + denominator;
    }
  };
}());
