// The values of the menus, dials and the prompt, and their meaning on the wire. Pure.
var Settings = (function () {
  // Choices with a meaning in the script, in the order of the menus.
  var WHERE = { own: 0, here: 1, replace: 2 };
  var ANALYSE_FOR = { look: 0, clip: 1, set: 2 };
  var IMAGINE_FROM = { words: 0, tune: 1, end: 2 };
  var BACKENDS = ["", "musicgen", "stable-audio", "sketch", "ambient"];
  var TO_PLAYED = ["", "answer", "continue", "thirds", "sixths", "four parts", "accompany"];
  var JAM_WITH = ["", "drummaroo", "bassaroo", "harmonyroo", "melodyroo", "atmosroo"];

  // Keep's value on the wire for the last phrase instead of a number of bars.
  var LAST_PHRASE = -1;

  // Long to short: a dial at 1 % is straight, at 100 % three to one.
  var STRAIGHT = 1, HEAVIEST = 3;

  /** The settings of a new device. */
  function create() {
    var values = { prompt: "" };
    for (var name in DEVICE.initial) {
      if (DEVICE.initial.hasOwnProperty(name)) {
        values[name] = DEVICE.initial[name];
      }
    }
    return values;
  }

  /** Stores the value if `name` is a setting; returns whether it is. */
  function take(settings, name, args) {
    if (name === "prompt") {
      // The field sends `text` before its contents.
      var words = args[0] === "text" ? args.slice(1) : args;
      settings.prompt = Words.cut(words.join(" "), 600);
      return true;
    }
    if (!DEVICE.initial.hasOwnProperty(name)) {
      return false;
    }
    if (Words.isNumber(args[0])) {
      settings[name] = args[0];
    }
    return true;
  }

  /** Returns the index of a menu's choice, from 0. */
  function index(settings, menu) {
    return Words.whole(settings[menu], 0, DEVICE.choices[menu].length - 1, 0);
  }

  /** Returns the words of a menu's choice. */
  function choice(settings, menu) {
    return DEVICE.choices[menu][index(settings, menu)];
  }

  /** Returns a menu's choice as a number. */
  function number(settings, menu) {
    return parseInt(choice(settings, menu), 10);
  }

  /** Returns the name of the style, "" for an automatic one. */
  function style(settings) {
    return index(settings, "style") ? choice(settings, "style") : "";
  }

  /** Returns a key such as "A Minor", "" for the set's. */
  function key(settings) {
    return index(settings, "key_root") ? choice(settings, "key_root") + " " + choice(settings, "key_mode") : "";
  }

  /** Returns the value of a dial in per cent as 0..1. */
  function share(settings, dial) {
    return Words.bound(settings[dial], 0, 100, 50) / 100;
  }

  /** Returns the swing ratio, long to short, 0 for that of the set and the style. */
  function swing(settings) {
    var percent = Words.bound(settings.swing, 0, 100, 0);
    return percent < 0.5 ? 0 : STRAIGHT + (Math.max(1, percent) - 1) / 99 * (HEAVIEST - STRAIGHT);
  }

  /** Returns the length of a song in seconds, from a choice such as "3:00". */
  function seconds(settings) {
    var parts = choice(settings, "song_length").split(":");
    return parseInt(parts[0], 10) * 60 + parseInt(parts[1], 10);
  }

  /** Returns the number of recent bars that Keep uses. */
  function keptBars(settings) {
    return index(settings, "keep_bars") ? number(settings, "keep_bars") : LAST_PHRASE;
  }

  return {
    WHERE: WHERE,
    ANALYSE_FOR: ANALYSE_FOR,
    IMAGINE_FROM: IMAGINE_FROM,
    create: create,
    take: take,
    index: index,
    number: number,
    style: style,
    key: key,
    share: share,
    swing: swing,
    seconds: seconds,
    keptBars: keptBars,
    backend: function (settings) { return BACKENDS[index(settings, "imagine_with")]; },
    /** Returns Keep's quantization amount, 0..1. */
    tightness: function (settings) { return index(settings, "keep_tight") / (DEVICE.choices.keep_tight.length - 1); },
    /** Returns the relation of the part to the captured playing, "" for none. */
    toPlayed: function (settings) { return TO_PLAYED[index(settings, "to_played")]; },
    /** Returns who answers in the jam, "" for RooAroo's choice. */
    jamWith: function (settings) { return JAM_WITH[index(settings, "jam_with")]; },
    /** Returns the preset of endless music. */
    ambience: function (settings) { return choice(settings, "ambience_preset").toLowerCase(); },
    /** Returns the jam menu's name of a player on the wire, or the name itself. */
    player: function (engine) {
      var place = JAM_WITH.indexOf(engine);
      return place > 0 ? DEVICE.choices.jam_with[place] : engine;
    }
  };
}());
