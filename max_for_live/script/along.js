// Playing along: how live MIDI is, as the daemon tells it, and the take that is heard before it is kept.
var Along = (function () {
  /** Nothing known. `heard` is the name of the take that is heard, null while it is not told yet; `take` its order. */
  function create() {
    return { heard: "", take: null, news: "" };
  }

  /** The daemon is to tell how things are. */
  function ask(device) {
    device.send(1, Words.write("/roo/midi/ask", { session: device.link.session }));
  }

  /** There is no daemon: nothing is known. */
  function lose(device) {
    device.along = create();
    Face.along(device, null);
  }

  // What the status line says of MIDI stays until it is past, or until something else was to be said.
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

  /** Takes in how live MIDI is. */
  function take(device, values) {
    var along = device.along;
    if (along.heard !== null && along.heard !== values.heard) {
      along.take = null;
    }
    along.heard = values.heard;
    Face.along(device, values);
    Jam.see(device, values.turn);
    // Who does not use MIDI is not told each time what it lacks.
    tell(device, values.clock ? values.sentence : "");
  }

  /** A press that is to be heard first has been made: its take sounds from the next bar on. */
  function made(device, press) {
    device.along.heard = null;
    device.along.take = { address: press.address, values: press.values };
  }

  /** Whether Keep means a take: one is heard, or is being made. */
  function isHeard(device) {
    return device.along.heard !== "" || Presses.isSome(device, isHeardFirst);
  }

  /** Whether a press is heard before it is written. */
  function isHeardFirst(press) {
    return press.values.hear === 1;
  }

  return {
    create: create, ask: ask, lose: lose, take: take, made: made, isHeard: isHeard, isHeardFirst: isHeardFirst,
    /** The order of the take that is heard: {address, values}; null where none is, or somebody else asked for it. */
    heardTake: function (device) { return device.along.take; }
  };
}());
