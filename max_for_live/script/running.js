// A toggle that keeps something going in the daemon, and controls that change it meanwhile. It is lit while that goes on,
// and never turns on by itself.
var Running = (function () {
  // The settling time of the controls in milliseconds: automation turns dials step by step.
  var SETTLED_AFTER = 300;

  /** `kind` has the toggle's `name`, which is also that of its state in the device; the `label` and `address` of its
   * presses; `goesBy`, the settings that can be changed while it runs; and `read`, which returns the values of a press.
   */
  function make(kind) {
    /** Nothing runs. `press` is the last request, `isSeen` whether the daemon has reported that it runs, `changedAt`
     * null without changes.
     */
    function create() {
      return { press: null, isOn: false, isSeen: false, changedAt: null };
    }

    function isUnderWay(device) {
      return Presses.isUnderWay(device, device[kind.name].press);
    }

    /** Sets the toggle to whether it runs, whatever was clicked. */
    function light(device, isOn) {
      var on = isOn ? 1 : 0;
      if (device.settings[kind.name] !== on) {
        device.settings[kind.name] = on;
        device.send(0, [kind.name, "set", on]);
      }
    }

    function order(device, on) {
      var run = device[kind.name];
      run.changedAt = null;
      run.isSeen = run.isSeen && run.isOn;
      run.press = Presses.begin(
        device, kind.label, kind.address, kind.read(device.settings, on), Texts.working(kind.label), false
      );
      if (run.press === null) {
        light(device, run.isOn);
      }
    }

    /** Handles the result of the last request. */
    function settle(device) {
      var run = device[kind.name], press = run.press;
      run.press = null;
      if (press.isDone) {
        run.isOn = press.values.on === 1;
      }
      light(device, run.isOn);
    }

    /** Handles the passing of time: an answered request, or a settled control. */
    function tick(device) {
      var run = device[kind.name];
      if (run.press !== null && !isUnderWay(device)) {
        settle(device);
      }
      if (run.changedAt !== null && run.press === null && device.now - run.changedAt >= SETTLED_AFTER) {
        run.changedAt = null;
        if (run.isOn && device.settings[kind.name]) {
          order(device, 1);
        }
      }
    }

    function end(device) {
      device[kind.name].isOn = false;
      if (!isUnderWay(device)) {
        light(device, false);
      }
    }

    /** Handles the daemon's report of whether it runs: if not, it has ended, whoever ended it. */
    function see(device, runs) {
      var run = device[kind.name];
      if (runs) {
        run.isSeen = true;
      } else if (run.isOn && run.isSeen && !isUnderWay(device)) {
        end(device);
      }
    }

    return {
      create: create, tick: tick, see: see,
      /** Handles the daemon's report that it runs, whoever began it. */
      adopt: function (device) {
        if (!isUnderWay(device)) {
          device[kind.name].isOn = true;
          light(device, true);
        }
      },
      /** Loading a device never starts to play. */
      reset: function (device) { light(device, false); },
      /** In a restarted daemon nothing runs. */
      lose: end,
      /** The toggle was changed. */
      turn: function (device) { order(device, device.settings[kind.name] ? 1 : 0); },
      /** A control was changed, whether or not it belongs to this. */
      change: function (device, name) {
        if (kind.goesBy.hasOwnProperty(name) && device.settings[kind.name]) {
          device[kind.name].changedAt = device.now;
        }
      }
    };
  }

  return { make: make };
}());
