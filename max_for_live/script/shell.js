// What touches Max: the inlet, the outlets, LiveAPI, files, the clock. Everything else is above and knows nothing of it.
inlets = 1;
outlets = 4;
autowatch = 0;

var Shell = (function (patch) {
  // Progress is shown as often, and nothing else is due more finely.
  var TICK_EVERY = 100;

  // A machine that slept and a Live that stood still had no chance to hear anything: that counts as this long at most.
  var LONGEST_STEP = 1000;

  // Letters of a file that are read: the longest path, and room for its escapes.
  var LONGEST_TEXT = 8192;

  var elapsed = 0, read = new Date().getTime(), ticking = null;

  /** Milliseconds that never run backwards and never leap, also where somebody sets the machine's clock. */
  function clock() {
    var time = new Date().getTime();
    elapsed += Math.min(LONGEST_STEP, Math.max(0, time - read));
    read = time;
    return elapsed;
  }

  var twin = typeof jsarguments !== "undefined" && jsarguments[1] === "midi" ? "midi" : "audio";
  /** The start of a text file; null where there is none to be read. */
  function readText(path) {
    var file = new File(path, "read"), text = null;
    if (file.isopen) {
      text = file.readstring(Math.min(file.eof, LONGEST_TEXT));
      file.close();
    }
    return text;
  }

  var device = Device.create(twin, Math.random, clock, function () {
    return Key.find(readText, max.os, patch && patch.filepath || "");
  });

  // What goes out may bring something in at once: what that puts into the outbox goes out behind what lies there.
  function flush() {
    while (device.outbox.length) {
      var next = device.outbox.shift();
      outlet(next.outlet, next.message);
    }
  }

  /** Lets the device do something, and sends what follows. A fault shows on the status line instead of ending it. */
  function perform(action) {
    device.now = clock();
    try {
      action();
    } catch (fault) {
      Face.status(device, Texts.broken(Words.cut(fault && fault.message ? fault.message : fault, 80)));
    }
    flush();
  }

  function start() {
    if (ticking === null && !device.isClosed) {
      // The first moment at which LiveAPI may be used.
      Device.start(device, Place.create(new LiveAPI(null, "live_set")));
      ticking = new Task(function () {
        perform(function () { Device.tick(device); });
      });
      ticking.interval = TICK_EVERY;
      ticking.repeat();
    }
  }

  function stop() {
    if (ticking !== null) {
      ticking.cancel();
    }
    Device.close(device);
  }

  /** A message came in. */
  function take(name, args) {
    perform(function () {
      if (name === "loaded") {
        start();
      } else if (name === "closing") {
        stop();
      } else {
        Device.take(device, name, args);
      }
    });
  }

  return { take: take };
}(this.patcher));

/** Every message with a name. */
function anything() {
  Shell.take(messagename, arrayfromargs(arguments));
}

/** Live takes the device away. */
function notifydeleted() {
  Shell.take("closing", []);
}

// Nothing that begins with a number, and no bare bang, means anything here; without these Max would complain aloud.
function msg_int() {}
function msg_float() {}
function list() {}
function bang() {}
