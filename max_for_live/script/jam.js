// The Jam toggle: taking turns with the player. It is lit while this device jams, and never turns on by itself.
var Jam = (function () {
  // The settling time of the jam's controls in milliseconds: automation turns dials step by step.
  var SETTLED_AFTER = 300;

  // The jam's settings, which can be changed while it runs.
  var GOES_BY = { jam_bars: true, jam_with: true, style: true, complexity: true };

  /** No jam. `press` is the last request, `isSeen` whether the daemon has reported the jam, `changedAt` null without
   * changes.
   */
  function create() {
    return { press: null, isOn: false, isSeen: false, changedAt: null };
  }

  function isUnderWay(device) {
    return Presses.isUnderWay(device, device.jam.press);
  }

  /** Sets the toggle to whether this device jams, whatever was clicked. */
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

  /** Handles the result of the last request. */
  function settle(device) {
    var jam = device.jam, press = jam.press;
    jam.press = null;
    if (press.isDone) {
      jam.isOn = press.values.on === 1;
    }
    light(device, jam.isOn);
  }

  /** Handles the passing of time: an answered request, or a settled control. */
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

  /** Handles the daemon's report of whose turn it is: without one the jam has ended, whoever ended it. */
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
    /** Loading a device never starts to play. */
    reset: function (device) { light(device, false); },
    /** A restarted daemon has no jam. */
    lose: end,
    /** The toggle was changed. */
    turn: function (device) { order(device, device.settings.jam ? 1 : 0); },
    /** A control was changed, whether or not it belongs to the jam. */
    change: function (device, name) {
      if (GOES_BY.hasOwnProperty(name) && device.settings.jam) {
        device.jam.changedAt = device.now;
      }
    }
  };
}());
