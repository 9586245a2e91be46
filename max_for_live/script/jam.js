// The Jam toggle: turn by turn with the player. It is lit while this device jams, and never by itself.
var Jam = (function () {
  // Milliseconds in which a control of the jam has come to rest: automation turns dials step by step.
  var SETTLED_AFTER = 300;

  // What the jam goes by, and can be changed while it goes on.
  var GOES_BY = { jam_bars: true, jam_with: true, style: true, complexity: true };

  /** No jam. `press` is the last order, `isSeen` whether the daemon has told of the jam, `changedAt` null but for changes. */
  function create() {
    return { press: null, isOn: false, isSeen: false, changedAt: null };
  }

  function isUnderWay(device) {
    return Presses.isUnderWay(device, device.jam.press);
  }

  /** The toggle shows whether this device jams, whatever was clicked. */
  function light(device, isOn) {
    var on = isOn ? 1 : 0;
    if (device.settings.jam !== on) {
      device.settings.jam = on;
      device.send(0, ["jam", "set", on]);
    }
  }

  function order(device, on) {
    var settings = device.settings, jam = device.jam;
    jam.changedAt = null;
    jam.isSeen = jam.isSeen && jam.isOn;
    jam.press = Presses.begin(device, Texts.jam, "/roo/jam", {
      on: on,
      bars: Settings.number(settings, "jam_bars"),
      who: Settings.jamWith(settings),
      style: Settings.style(settings),
      complexity: Settings.share(settings, "complexity"),
      seed: -1
    }, Texts.working(Texts.jam), false);
    if (jam.press === null) {
      light(device, jam.isOn);
    }
  }

  /** What came of the last order. */
  function settle(device) {
    var jam = device.jam, press = jam.press;
    jam.press = null;
    if (press.isDone) {
      jam.isOn = press.values.on === 1;
    }
    light(device, jam.isOn);
  }

  /** Time goes on: an order was answered, or a control has come to rest. */
  function tick(device) {
    var jam = device.jam;
    if (jam.press !== null && !isUnderWay(device)) {
      settle(device);
    }
    if (jam.changedAt !== null && jam.press === null && device.now - jam.changedAt >= SETTLED_AFTER) {
      jam.changedAt = null;
      if (jam.isOn && device.settings.jam) {
        order(device, 1);
      }
    }
  }

  function end(device) {
    device.jam.isOn = false;
    if (!isUnderWay(device)) {
      light(device, false);
    }
  }

  /** Whose turn it is, as the daemon tells it: without one the jam has ended, whoever ended it. */
  function see(device, turn) {
    var jam = device.jam;
    if (turn !== 0) {
      jam.isSeen = true;
    } else if (jam.isOn && jam.isSeen && !isUnderWay(device)) {
      end(device);
    }
  }

  return {
    create: create, tick: tick, see: see,
    /** A device that is loaded never begins to play by itself. */
    reset: function (device) { light(device, false); },
    /** Another run of the daemon knows of no jam. */
    lose: end,
    /** The toggle was turned. */
    turn: function (device) { order(device, device.settings.jam ? 1 : 0); },
    /** A control was turned: whether or not the jam goes by it. */
    change: function (device, name) {
      if (GOES_BY.hasOwnProperty(name) && device.settings.jam) {
        device.jam.changedAt = device.now;
      }
    }
  };
}());
