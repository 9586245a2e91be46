// The dials at rest: what the next press would ask for, so that the daemon can compose it ahead.
var Dials = (function () {
  // The settling time in milliseconds: hands and automation turn dials step by step.
  var SETTLED_AFTER = 150;

  // The controls whose values a player's button sends.
  var DECIDE = {
    style: true, key_root: true, key_mode: true, bars: true, where: true, complexity: true, density: true, swing: true,
    humanise: true, hear: true, to_played: true
  };

  /** Nothing turned. `known` is what the daemon knows, "" for nothing; `changedAt` is null at rest. */
  function create() {
    return { known: "", changedAt: null };
  }

  /** Returns what a press tells of the dials, for comparison: to another session nothing was told. */
  function keyOf(device, values) {
    return WIRE.sent["/roo/dials"].map(function (row) {
      return row.name === "session" ? device.link.session : row.name === "press" ? "" : values[row.name];
    }).join("\n");
  }

  /** The daemon gets to know the dials by the values of a player's button. */
  function know(device, values) {
    device.dials.changedAt = null;
    device.dials.known = keyOf(device, values);
  }

  /** Handles the passing of time: reports dials that have come to rest, if the daemon does not know that. */
  function tick(device) {
    var dials = device.dials;
    if (dials.changedAt === null || device.now - dials.changedAt < SETTLED_AFTER || !Link.isOnline(device)) {
      return;
    }
    dials.changedAt = null;
    var values = Orders.dials(device.settings, device.live);
    if (values !== null && keyOf(device, values) !== dials.known) {
      dials.known = keyOf(device, values);
      values.session = device.link.session;
      values.press = device.presses.count + 1;
      device.send(1, Words.write("/roo/dials", values));
    }
  }

  return {
    create: create, know: know, tick: tick,
    /** A control was changed, whether or not a player's button sends it. */
    change: function (device, name) {
      if (DECIDE.hasOwnProperty(name)) {
        device.dials.changedAt = device.now;
      }
    }
  };
}());
