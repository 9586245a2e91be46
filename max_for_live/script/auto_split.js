// The Auto-split toggle: reports the device's track to the daemon, also after a move or a restart.
var AutoSplit = (function () {
  /** Nothing reported yet. */
  function create() {
    return { session: 0, track: -1 };
  }

  function tell(device, track, on) {
    device.send(1, Words.write("/roo/auto_split", {
      session: device.link.session, track: track, on: on, backend: "", stems: 4, mute: 0
    }));
  }

  /** Reports the marked track to the daemon, if that has changed. */
  function check(device) {
    if (!Link.isOnline(device)) {
      return;
    }
    var mark = device.mark, wanted = device.settings.auto_split ? device.live.track().index : -1;
    if (mark.session !== device.link.session) {
      // A restarted daemon has no marks.
      mark.session = device.link.session;
      mark.track = -1;
    }
    if (wanted === null || wanted === mark.track) {
      return;
    }
    tell(device, wanted < 0 ? mark.track : wanted, wanted < 0 ? 0 : 1);
    mark.track = wanted;
  }

  /** The toggle was changed, or restored with the set. */
  function turn(device) {
    check(device);
    if (!Link.isOnline(device)) {
      return;
    }
    var track = device.live.track();
    if (!device.settings.auto_split) {
      Face.status(device, Texts.autoSplitOff);
    } else if (track.index === null || track.index < 0) {
      Face.status(device, track.index === null ? Texts.nowhere : Texts.noArrivals);
    } else {
      Face.status(device, Texts.autoSplitOn(track.index + 1));
    }
  }

  /** Sets the toggle as a click does. */
  function click(device, on) {
    if (device.settings.auto_split === on) {
      turn(device);
    } else {
      // The toggle sends its new value itself.
      device.send(0, ["auto_split", on]);
    }
  }

  return { create: create, check: check, turn: turn, click: click };
}());
