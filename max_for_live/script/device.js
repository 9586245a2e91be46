// The device as a whole: its state in one object, and what each message into it means. It sends nothing by itself:
// what is to go out lies in `outbox`.
var Device = (function () {
  // The field says what stands in it only when it is asked; what is still being typed counts.
  var ASK_PROMPT = ["prompt", "bang"];

  /** A device before Live is there. `twin` is "audio" or "midi", `random` gives 0..1, `clock` milliseconds. */
  function create(twin, random, clock) {
    var device = {
      twin: twin, random: random, clock: clock, now: clock(), live: null, isClosed: false, outbox: [],
      settings: Settings.create(), face: Face.create(), presses: Presses.create(), link: Link.create(),
      mark: AutoSplit.create(), talk: Talk.create(), listen: Listen.create(), test: SelfTest.create()
    };
    // What goes out, and what is done after what went out before has been answered: the patch answers at once.
    device.send = function (outlet, message) {
      device.outbox.push({ outlet: outlet, message: message });
    };
    device.then = function (action) {
      device.outbox.push({ action: action });
    };
    return device;
  }

  function isRunning(device) {
    return device.live !== null && !device.isClosed;
  }

  /** Live is there: `live` reads it. */
  function start(device, live) {
    if (device.live !== null || device.isClosed) {
      return;
    }
    device.live = live;
    Face.progress(device, null);
    Face.talk(device, false);
    device.send(0, ASK_PROMPT);
    Link.start(device);
  }

  /** The device is deleted or its set closed. */
  function close(device) {
    if (isRunning(device)) {
      Link.leave(device);
    }
    device.isClosed = true;
  }

  /** Time goes on. */
  function tick(device) {
    if (!isRunning(device)) {
      return;
    }
    Link.tick(device);
    Presses.tick(device);
    Talk.tick(device);
    Listen.tick(device);
    SelfTest.tick(device);
    Face.tick(device);
  }

  function takeFromDaemon(device, address, args) {
    var values = Words.read(address, args);
    if (values === null) {
      return;
    }
    Link.heard(device);
    if (address === "/roo/beat") {
      SelfTest.answered(device);
    }
    if (values.press === undefined) {
      Link.take(device, address, values);
    } else {
      Presses.take(device, address, values);
    }
  }

  function order(device, button) {
    var asked = Orders.of(button, device.settings, device.live, device.presses.last), label = DEVICE.labels[button];
    if (asked === null) {
      return;
    }
    if (asked.problem) {
      Face.status(device, asked.problem);
    } else {
      Presses.begin(device, label, asked.address, asked.values, Texts.working(label), false);
    }
  }

  function press(device, button) {
    switch (button) {
    case "cancel":
      Presses.cancel(device);
      break;
    case "listen":
      device.send(0, ASK_PROMPT);
      device.then(function () { Listen.begin(device); });
      break;
    case "imagine":
      device.send(0, ASK_PROMPT);
      device.then(function () { order(device, button); });
      break;
    case "self_test":
      SelfTest.begin(device);
      break;
    default:
      order(device, button);
    }
  }

  function takeFromPatch(device, name, args) {
    var value = Words.isNumber(args[0]) ? args[0] : 0;
    switch (name) {
    case "counter":
      SelfTest.count(device);
      Listen.count(device, Words.whole(value, 0, 2147483647, 0));
      return;
    case "written":
      Listen.written(device);
      return;
    case "talk":
      Talk.hold(device, value !== 0);
      return;
    }
    // A button sends a bang or 1 when it is pressed, and nothing or 0 when it is let go.
    if (DEVICE.labels.hasOwnProperty(name) && args[0] !== 0) {
      press(device, name);
    }
  }

  function turned(device, name, was) {
    if (!isRunning(device) || was === device.settings[name]) {
      return;
    }
    if (name === "auto_split") {
      AutoSplit.turn(device);
    } else if (name === "talk_latch") {
      Talk.latch(device, device.settings.talk_latch !== 0);
    }
  }

  /** A message into the inlet, by its name and arguments. What is unknown is ignored. */
  function take(device, name, args) {
    var was = device.settings[name];
    if (device.isClosed) {
      return;
    }
    if (Settings.take(device.settings, name, args)) {
      turned(device, name, was);
    } else if (name === "sample_rate") {
      Link.setSampleRate(device, Words.whole(args[0], 0, 768000, 0));
    } else if (device.live !== null && name.charAt(0) === "/") {
      takeFromDaemon(device, name, args);
    } else if (device.live !== null) {
      takeFromPatch(device, name, args);
    }
  }

  return { create: create, start: start, close: close, tick: tick, take: take };
}());
