// Listen: the ring buffer of the track's audio is written to a file, which the daemon analyzes or continues. Audio
// device only.
var Listen = (function () {
  // Milliseconds that Max may take to write the ring buffer.
  var WRITTEN_WITHIN = 5000;

  // Max draws nothing while it writes: the display shows the action this many milliseconds before.
  var SEEN_AFTER = 50;

  // Milliseconds of the ring buffer as created by the patch, of its margin beyond the bars, and of its maximum size.
  var FIRST_SIZE = 40000, SPARE = 4000, LARGEST = 200000;

  // The ring buffer must stay shorter than one cycle of its counter, 2^24 samples; at the highest rate if none is
  // known.
  var MOST_SAMPLES = 16000000, HIGHEST_RATE = 192000;

  var MOST_BARS = 8, LONGEST_LOOP = 32;

  /** Nothing is being written. */
  function create() {
    return { press: null, since: 0, isWriting: false, size: FIRST_SIZE };
  }

  /** Enlarges the ring buffer for a slow tempo. That clears it, so it never shrinks. */
  function fit(device, facts) {
    var bar = facts.numerator * 4 / facts.denominator * 60000 / facts.tempo;
    var most = Math.min(LARGEST, Math.floor(MOST_SAMPLES / (device.link.sampleRate || HIGHEST_RATE)) * 1000);
    var needed = Math.min(most, Math.ceil((MOST_BARS * bar + SPARE) / 1000) * 1000);
    if (device.twin === "audio" && needed > device.listen.size && device.listen.press === null) {
      device.listen.size = needed;
      device.send(3, ["size", needed]);
    }
  }

  function problem(device) {
    if (device.twin !== "audio") {
      return Texts.noRing;
    }
    if (!Link.isOnline(device)) {
      return Link.explain(device, Texts.noCaptures);
    }
    if (!device.link.captures) {
      return Texts.noCaptureFolder;
    }
    return Presses.isUnderWay(device, device.listen.press) ? Texts.ringBusy : "";
  }

  /** The button was pressed: Max will write the ring buffer in a moment; then the request is sent. `bars` (1 to 8) and
   * `use` are those of the menus if null.
   */
  function begin(device, bars, use) {
    var why = problem(device), settings = device.settings;
    if (why) {
      Face.status(device, why);
      Link.hurry(device);
      return;
    }
    var label = DEVICE.labels.listen;
    var press = Presses.begin(device, label, "/roo/listen", {
      bars: bars === null ? Settings.number(settings, "listen_bars") : bars,
      counter: -1,
      use: use === null ? Settings.index(settings, "listen_for") : use,
      length: Math.min(LONGEST_LOOP, Settings.number(settings, "bars"))
    }, Texts.working(label), true);
    if (press === null) {
      return;
    }
    press.values.file = device.link.instance + "-" + press.number + ".wav";
    device.listen.press = press;
    device.listen.since = device.now;
    device.listen.isWriting = false;
  }

  function write(device, press) {
    device.listen.since = device.now;
    device.listen.isWriting = true;
    press.values.prompt = device.settings.prompt;
    device.send(3, ["write", device.link.captures.replace(/\/+$/, "") + "/" + press.values.file]);
  }

  /** The sample counter just before the ring buffer is written. */
  function count(device, counter) {
    var press = device.listen.press;
    if (press !== null && device.listen.isWriting && press.values.counter < 0) {
      var at = device.live.position();
      press.values.counter = counter;
      press.values.beat = at.beat;
      press.values.hundredths = at.hundredths;
      press.values.numerator = at.numerator;
      press.values.denominator = at.denominator;
    }
  }

  function fail(device, press) {
    device.listen.press = null;
    if (Presses.isUnderWay(device, press)) {
      Presses.end(device, press, Texts.ringFailed);
    }
  }

  /** The ring buffer is written: the daemon may read it. */
  function written(device) {
    var press = device.listen.press;
    if (press === null || !device.listen.isWriting) {
      return;
    }
    if (press.values.counter < 0) {
      fail(device, press);
      return;
    }
    device.listen.press = null;
    if (Presses.isUnderWay(device, press)) {
      Presses.release(device, press);
    }
  }

  /** Handles the passing of time: the ring buffer is due to be written, or Max takes too long. */
  function tick(device) {
    var listen = device.listen, press = listen.press, waited = device.now - listen.since;
    if (press === null) {
      return;
    }
    if (!listen.isWriting && !Presses.isUnderWay(device, press)) {
      listen.press = null;
    } else if (!listen.isWriting && waited >= SEEN_AFTER) {
      write(device, press);
    } else if (listen.isWriting && waited >= WRITTEN_WITHIN) {
      fail(device, press);
    }
  }

  return { create: create, fit: fit, begin: begin, count: count, written: written, tick: tick };
}());
