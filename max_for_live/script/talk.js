// Talk: held by the mouse, or latched by a key or pedal that is mapped to it. Signs of life while it is held.
var Talk = (function () {
  // The daemon stops by itself two seconds after the last sign.
  var SIGN_EVERY = 500;

  /** Nobody talks. */
  function create() {
    return { isDown: false, isLatched: false, press: null, isLetGo: false, saidAt: 0 };
  }

  function say(device, held) {
    var values = { session: device.link.session, press: device.talk.press.number, held: held };
    device.talk.saidAt = device.now;
    device.send(1, Words.write("/roo/talk", values));
  }

  /** Neither Talk nor the latch stays lit. */
  function darken(device) {
    var talk = device.talk;
    Face.talk(device, false);
    if (talk.isLatched) {
      talk.isLatched = false;
      device.settings.talk_latch = 0;
      device.send(0, ["talk_latch", "set", 0]);
    }
  }

  function begin(device) {
    if (!Link.isOnline(device)) {
      Face.status(device, Link.explain(device, Texts.talkOffline));
      Link.hurry(device);
      darken(device);
      return;
    }
    Face.talk(device, true);
    device.talk.saidAt = device.now;
    device.talk.isLetGo = false;
    device.talk.press = Presses.begin(device, DEVICE.labels.talk, "/roo/talk", { held: 1 }, Texts.talking, false);
    if (device.talk.press === null) {
      darken(device);
    }
  }

  function finish(device) {
    var press = device.talk.press;
    darken(device);
    if (Presses.isUnderWay(device, press)) {
      press.sentence = Texts.understanding;
      Face.status(device, press.sentence);
      device.talk.isLetGo = true;
      tick(device);
    }
  }

  function change(device, isDown, isLatched) {
    var talk = device.talk, was = talk.isDown || talk.isLatched, is = isDown || isLatched;
    talk.isDown = isDown;
    talk.isLatched = isLatched;
    if (is && !was) {
      begin(device);
    } else if (was && !is) {
      finish(device);
    }
  }

  /** Time goes on: it is still held, or was answered in the meantime. */
  function tick(device) {
    var talk = device.talk;
    if (talk.press === null) {
      return;
    }
    if (!Presses.isUnderWay(device, talk.press)) {
      talk.press = null;
      darken(device);
    } else if (talk.press.isKnown && talk.isLetGo) {
      // Not before the daemon knows that it was pressed.
      say(device, 0);
      talk.press = null;
    } else if (talk.press.isKnown && device.now - talk.saidAt >= SIGN_EVERY) {
      say(device, 2);
    }
  }

  return {
    create: create,
    tick: tick,
    /** The button was pressed or let go. */
    hold: function (device, isDown) { change(device, isDown, device.talk.isLatched); },
    /** The latch was turned. */
    latch: function (device, isOn) { change(device, device.talk.isDown, isOn); }
  };
}());
