// The Arm toggle: while it is on the daemon keeps the microphone open, so that Talk includes the preceding half second.
var Arm = (function () {
  function say(device, on) {
    device.send(1, Words.write("/roo/arm", { session: device.link.session, on: on }));
  }

  function isOn(device) {
    return device.settings.talk_arm !== 0;
  }

  /** Loading a device never opens the microphone. */
  function reset(device) {
    if (isOn(device)) {
      device.settings.talk_arm = 0;
      device.send(0, ["talk_arm", "set", 0]);
    }
  }

  /** The toggle was changed. */
  function turn(device) {
    if (!Link.isOnline(device)) {
      Face.status(device, isOn(device) ? Link.explain(device, Texts.armOffline) : Texts.armOff);
      Link.hurry(device);
      return;
    }
    say(device, isOn(device) ? 1 : 0);
    Face.status(device, isOn(device) ? Texts.armOn : Texts.armOff);
  }

  /** Sends that it is still on: otherwise the daemon closes the microphone after three seconds. */
  function remind(device) {
    if (isOn(device)) {
      say(device, 1);
    }
  }

  /** The device is deleted: the microphone is closed immediately. */
  function release(device) {
    if (isOn(device) && Link.isOnline(device)) {
      say(device, 0);
    }
  }

  return { reset: reset, turn: turn, remind: remind, release: release };
}());
