// Playing along: the state of live MIDI, as reported by the daemon, and the take being auditioned.
var Along = (function () {
  /** Nothing known. `heard` is the name of the auditioned take, null until it is reported; `take` is its request. */
  function create() {
    return { heard: "", take: null, news: "" };
  }

  /** Asks the daemon for the state. */
  function ask(device) {
    device.send(1, Words.write("/roo/midi/ask", { session: device.link.session }));
  }

  /** There is no daemon: nothing is known. */
  function lose(device) {
    device.along = create();
    Face.along(device, null);
  }

  // The status line's MIDI message stays until it is outdated, or until there is another message.
  function tell(device, sentence) {
    var along = device.along, was = along.news;
    if (sentence === was) {
      return;
    }
    along.news = sentence;
    if (sentence) {
      Face.status(device, sentence);
    } else if (device.face.said === was) {
      Face.status(device, Texts.ready);
    }
  }

  /** Handles the state of live MIDI. */
  function take(device, values) {
    var along = device.along;
    if (along.heard !== null && along.heard !== values.heard) {
      along.take = null;
    }
    along.heard = values.heard;
    Face.along(device, values);
    Jam.see(device, values.turn);
    // A user without MIDI is not told each time what is missing.
    tell(device, values.clock ? values.sentence : "");
  }

  /** A take to audition is ready: it plays from the next bar on. */
  function made(device, press) {
    device.along.heard = null;
    device.along.take = { address: press.address, values: press.values };
  }

  /** Returns whether Keep means a take: one is being auditioned or composed. */
  function isHeard(device) {
    return device.along.heard !== "" || Presses.isSome(device, isHeardFirst);
  }

  /** Returns whether a press auditions its take before it is written. */
  function isHeardFirst(press) {
    return press.values.hear === 1;
  }

  return {
    create: create, ask: ask, lose: lose, take: take, made: made, isHeard: isHeard, isHeardFirst: isHeardFirst,
    /** The request of the auditioned take: {address, values}; null for none, or for another device's. */
    heardTake: function (device) { return device.along.take; }
  };
}());
