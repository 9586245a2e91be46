// The Self-test button: looks at all that the device stands on and tells the daemon, which adds what it sees of it.
var SelfTest = (function () {
  // Milliseconds that the daemon and the ring may take to answer.
  var ANSWERED_WITHIN = 1000;

  // Milliseconds from a press to what is seen of it: more is felt.
  var QUICK = 50;

  var FINE = "ok";

  /** No test runs. */
  function create() {
    return { since: null, checks: [], askedAt: null, roundTrip: null, hasRing: false };
  }

  function check(test, name, works, problem) {
    test.checks.push({ name: name, outcome: works ? FINE : problem });
  }

  /** The button was pressed: what can be seen at once is looked at, the rest is asked. */
  function begin(device) {
    var test = device.test, track = device.live.track();
    if (test.since !== null) {
      return;
    }
    test.since = device.now;
    test.checks = [];
    test.roundTrip = null;
    test.hasRing = false;
    Face.status(device, Texts.testing);
    check(test, "Live's interface", device.live.liveVersion() !== "", "does not answer, load the device anew");
    check(test, "Track", track.index !== null, "Live does not say on which one the device sits");
    check(test, "Parameters", device.live.countParameters() > 1, "Live sees none of this device");
    if (Link.isOnline(device)) {
      var same = device.link.wireVersion === WIRE.wireVersion;
      check(test, "Version", same, "the daemon is of another release, run musearoo install");
      test.askedAt = device.clock();
      Link.beat(device);
    }
    if (device.twin === "audio") {
      device.send(3, ["count"]);
    }
  }

  /** The daemon answered a sign of life. */
  function answered(device) {
    var test = device.test;
    if (test.since !== null && test.roundTrip === null && test.askedAt !== null) {
      test.roundTrip = Math.max(0, device.clock() - test.askedAt);
    }
  }

  /** The ring gave its counter. */
  function count(device) {
    device.test.hasRing = true;
  }

  function report(device) {
    var test = device.test, texts = [], works = 0, isOnline = Link.isOnline(device);
    if (isOnline) {
      var trip = test.roundTrip === null ? "" : " " + Math.round(test.roundTrip) + " ms";
      check(test, "Daemon and back" + trip, test.roundTrip !== null, "nothing came back within a second");
    }
    if (device.twin === "audio") {
      check(test, "Ring", test.hasRing, "its counter does not run, is Live's audio engine off?");
    }
    var slow = "took " + device.reaction + " ms, " + QUICK + " are meant";
    check(test, "Reaction " + device.reaction + " ms", device.reaction <= QUICK, slow);
    for (var i = 0; i < test.checks.length; i++) {
      works += test.checks[i].outcome === FINE ? 1 : 0;
      texts.push(test.checks[i].name + "=" + test.checks[i].outcome);
    }
    test.since = null;
    test.askedAt = null;
    if (isOnline) {
      var values = { results: texts.join(";") };
      Presses.begin(device, DEVICE.labels.self_test, "/roo/self_test", values, Texts.testing, false);
    } else {
      Face.status(device, Texts.testedAlone(works, test.checks.length));
    }
  }

  /** Time goes on: reports when everything has answered or had its time. */
  function tick(device) {
    var test = device.test;
    if (test.since === null) {
      return;
    }
    var waitsForDaemon = Link.isOnline(device) && test.roundTrip === null;
    var waitsForRing = device.twin === "audio" && !test.hasRing;
    if (!(waitsForDaemon || waitsForRing) || device.now - test.since >= ANSWERED_WITHIN) {
      report(device);
    }
  }

  return { create: create, begin: begin, answered: answered, count: count, tick: tick };
}());
