// The interface to Max: the inlet, the outlets, LiveAPI, files, the clock. All other parts are independent of it.
inlets = 1;
outlets = 4;
autowatch = 0;

var Shell = (function (patch) {
  // The interval of progress updates; nothing else needs a finer one.
  var TICK_EVERY = 100;

  // The longest time step: during sleep or a Live stall no message could be received.
  var LONGEST_STEP = 1000;

  // The number of letters read from a file: the longest path, with room for its escapes.
  var LONGEST_TEXT = 8192;

  var elapsed = 0, read = new Date().getTime(), ticking = null;

  /** Milliseconds that never run backwards or jump, even when the machine's clock is set. */
  function clock() {
    var time = new Date().getTime();
    elapsed += Math.min(LONGEST_STEP, Math.max(0, time - read));
    read = time;
    return elapsed;
  }

  var twin = typeof jsarguments !== "undefined" && jsarguments[1] === "midi" ? "midi" : "audio";
  /** Returns the start of a text file, or null. */
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

  // A sent message may cause an incoming one immediately: its output is sent after what is already in the outbox.
  function flush() {
    while (device.outbox.length) {
      var next = device.outbox.shift();
      outlet(next.outlet, next.message);
    }
  }

  /** Runs an action of the device, and sends its output. An exception is shown on the status line and does not end the
   * device.
   */
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

  /** Handles a message. */
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

/** Handles every named message. */
function anything() {
  Shell.take(messagename, arrayfromargs(arguments));
}

/** Live deletes the device. */
function notifydeleted() {
  Shell.take("closing", []);
}

// Messages that begin with a number, and a bare bang, have no meaning here; without these handlers Max would print
// errors.
function msg_int() {}
function msg_float() {}
function list() {}
function bang() {}
