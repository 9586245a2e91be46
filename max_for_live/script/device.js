// The device as a whole: its state in one object, and the handling of each message. It sends nothing by itself:
// outgoing messages are put into `outbox`.
var Device = (function () {
  // The field sends its text only when it is asked, also during typing. Whether the answer arrives during the request
  // or later depends on Max: presses that need it wait in `asking`, and are sent with it or at the next tick.
  var ASK_PROMPT = ["prompt", "bang"];

  /** A device before Live is available. `twin` is "audio" or "midi", `random` returns 0..1, `clock` milliseconds,
   * `keys` the currently readable keys of daemons.
   */
  function create(twin, random, clock, keys) {
    var device = {
      twin: twin, random: random, clock: clock, keys: keys, now: clock(), live: null, isClosed: false, outbox: [], asking: [],
      settings: Settings.create(), face: Face.create(), presses: Presses.create(), link: Link.create(),
      mark: AutoSplit.create(), talk: Talk.create(), listen: Listen.create(), test: SelfTest.create(),
      along: Along.create(), jam: Jam.create(), ambience: Ambience.create(), dials: Dials.create()
    };
    device.send = function (outlet, message) {
      device.outbox.push({ outlet: outlet, message: message });
    };
    return device;
  }

  function isRunning(device) {
    return device.live !== null && !device.isClosed;
  }

  /** Live is available; `live` reads it. */
  function start(device, live) {
    if (device.live !== null || device.isClosed) {
      return;
    }
    device.live = live;
    Arm.reset(device);
    Jam.reset(device);
    Ambience.reset(device);
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

  function releaseAsking(device) {
    var asking = device.asking;
    device.asking = [];
    asking.forEach(function (press) {
      if (Presses.isUnderWay(device, press)) {
        press.values.prompt = device.settings.prompt;
        Presses.release(device, press);
      }
    });
  }

  /** Handles the passing of time. */
  function tick(device) {
    if (!isRunning(device)) {
      return;
    }
    Link.tick(device);
    releaseAsking(device);
    Presses.tick(device);
    Talk.tick(device);
    Jam.tick(device);
    Ambience.tick(device);
    Dials.tick(device);
    Listen.tick(device);
    SelfTest.tick(device);
    Face.tick(device);
  }

  function takeFromDaemon(device, address, args) {
    var values = Words.read(address, args);
    if (values === null) {
      return;
    }
    if (Link.isForeign(device, address, values)) {
      return;
    }
    Link.heard(device);
    if (address === "/roo/beat") {
      SelfTest.answered(device);
    }
    if (address === "/roo/please") {
      please(device, values.control, values.value);
    } else if (values.press === undefined) {
      Link.take(device, address, values);
    } else {
      Presses.take(device, address, values);
    }
  }

  /** Sends a button's request, or shows it and keeps it back if it `waits`; returns its press, or null. */
  function order(device, button, waits) {
    var label = DEVICE.labels[button], asked = Orders.of(button, device.settings, device.live, {
      last: device.presses.last, take: Along.heardTake(device), isHeard: Along.isHeard(device)
    });
    if (asked !== null && asked.problem) {
      Face.status(device, asked.problem);
    }
    if (asked === null || asked.problem) {
      return null;
    }
    var press = Presses.begin(device, label, asked.address, asked.values, Texts.working(label), waits);
    if (press !== null && Orders.isPlayer(button)) {
      Dials.know(device, asked.values);
    }
    return press;
  }

  function imagine(device) {
    var press = order(device, "imagine", true);
    if (press !== null) {
      device.asking.push(press);
      device.send(0, ASK_PROMPT);
    }
  }

  function listen(device, bars, use) {
    Listen.begin(device, bars, use);
    device.send(0, ASK_PROMPT);
  }

  /** RooAroo was asked for something that only the device can do: it uses its own controls. */
  function please(device, control, value) {
    if (!Link.isOnline(device)) {
      return;
    }
    switch (control) {
    case "listen":
      // Ten times the bars, and one more to continue them.
      listen(device, value < 10 ? null : Math.floor(value / 10), value % 10 ? 1 : 0);
      break;
    case "self_test":
      SelfTest.begin(device);
      break;
    case "auto_split":
      AutoSplit.click(device, value ? 1 : 0);
      break;
    }
  }

  function press(device, button) {
    switch (button) {
    case "cancel":
      Presses.cancel(device);
      break;
    case "listen":
      listen(device, null, null);
      break;
    case "imagine":
      imagine(device);
      break;
    case "self_test":
      SelfTest.begin(device);
      break;
    default:
      order(device, button, false);
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
    // A button sends a bang or 1 when it is pressed, and nothing or 0 when it is released.
    if (DEVICE.labels.hasOwnProperty(name) && args[0] !== 0) {
      press(device, name);
    }
  }

  function turned(device, name, was) {
    var isOther = was !== device.settings[name];
    if (!isRunning(device)) {
      return;
    }
    if (name === "prompt") {
      releaseAsking(device);
    } else if (name === "auto_split" && isOther) {
      AutoSplit.turn(device);
    } else if (name === "talk_latch" && isOther) {
      Talk.latch(device, device.settings.talk_latch !== 0);
    } else if (name === "talk_arm" && isOther) {
      Arm.turn(device);
    } else if (name === "jam" && isOther) {
      Jam.turn(device);
    } else if (name === "ambience" && isOther) {
      Ambience.turn(device);
    } else if (isOther) {
      Jam.change(device, name);
      Ambience.change(device, name);
      Dials.change(device, name);
    }
  }

  /** Handles a message at the inlet, by its name and arguments. Unknown messages are ignored. */
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
