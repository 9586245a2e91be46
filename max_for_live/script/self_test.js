// The Self-test button: checks everything the device depends on and reports to the daemon, which adds its own checks.
var SelfTest = (function () {
  // Milliseconds that the daemon and the ring buffer may take to answer.
  var ANSWERED_WITHIN = 1000;

  // Milliseconds from the press until the test begins, so that the display is updated before.
  var SEEN_AFTER = 50;

  // Milliseconds that a press may take to read Live: more is noticeable.
  var QUICK = 50;

  var FINE = "ok";

  /** No test is running. */
  function create() {
    return { pressedAt: null, since: null, checks: [], askedAt: null, roundTrip: null, hasRing: false };
  }

  function check(test, name, works, problem) {
    test.checks.push({ name: name, outcome: works ? FINE : problem });
  }

  /** The button was pressed. */
  function begin(device) {
    if (device.test.pressedAt === null) {
      device.test.pressedAt = device.now;
      Face.status(device, Texts.testing);
    }
  }

  function checkLive(device, test) {
    var from = device.clock(), track = device.live.track();
    check(test, "Live's interface", device.live.liveVersion() !== "", "does not answer, load the device anew");
    check(test, "Track", track.index !== null, "Live does not say on which one the device sits");
    check(test, "Parameters", device.live.countParameters() > 1, "Live sees none of this device");
    var took = device.clock() - from;
    check(test, "Reaction " + took + " ms", took <= QUICK, QUICK + " are meant");
  }

  /** Makes the immediate checks and requests the others. */
  function look(device) {
    var test = device.test;
    test.since = device.now;
    test.checks = [];
    test.roundTrip = null;
    test.hasRing = false;
    checkLive(device, test);
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

  /** The daemon answered a ping. */
  function answered(device) {
    var test = device.test;
    if (test.since !== null && test.roundTrip === null && test.askedAt !== null) {
      test.roundTrip = Math.max(0, device.clock() - test.askedAt);
    }
  }

  /** The ring buffer sent its counter. */
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
    for (var i = 0; i < test.checks.length; i++) {
      works += test.checks[i].outcome === FINE ? 1 : 0;
      texts.push(test.checks[i].name + "=" + test.checks[i].outcome);
    }
    test.pressedAt = null;
    test.since = null;
    test.askedAt = null;
    if (isOnline) {
      var values = { results: texts.join(";") };
      Presses.begin(device, DEVICE.labels.self_test, "/roo/self_test", values, Texts.testing, false);
    } else {
      Face.status(device, Texts.testedAlone(works, test.checks.length));
    }
  }

  /** Handles the passing of time: checks, and reports when all answers have arrived or timed out. */
  function tick(device) {
    var test = device.test;
    if (test.pressedAt !== null && test.since === null && device.now - test.pressedAt >= SEEN_AFTER) {
      look(device);
    }
    if (test.since === null || device.now === test.since) {
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
