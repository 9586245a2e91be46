// What the menus, dials and the prompt say, and what that means on the wire. Pure.
var Settings = (function () {
  // Choices whose words mean something here; the menus hold them in this order.
  var WHERE = { own: 0, here: 1, replace: 2 };
  var ANALYSE_FOR = { look: 0, clip: 1, set: 2 };
  var IMAGINE_FROM = { words: 0, tune: 1, end: 2 };
  var BACKENDS = ["", "musicgen", "stable-audio", "sketch"];
  var TO_PLAYED = ["", "answer", "continue", "thirds", "sixths", "four parts", "accompany"];
  var JAM_WITH = ["", "drummaroo", "bassaroo", "harmonyroo", "melodyroo", "atmosroo"];

  // What Keep takes on the wire when it is to take the last phrase, not so many bars.
  var LAST_PHRASE = -1;

  // Long to short: a dial at 1 % is straight, at 100 % three to one.
  var STRAIGHT = 1, HEAVIEST = 3;

  /** The settings as a new device has them. */
  function create() {
    var values = { prompt: "" };
    for (var name in DEVICE.initial) {
      if (DEVICE.initial.hasOwnProperty(name)) {
        values[name] = DEVICE.initial[name];
      }
    }
    return values;
  }

  /** Whether `name` is a control that only sets something; its value is taken then. */
  function take(settings, name, args) {
    if (name === "prompt") {
      // The field says `text` before what stands in it.
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

  /** Which choice of a menu stands, counted from 0. */
  function index(settings, menu) {
    return Words.whole(settings[menu], 0, DEVICE.choices[menu].length - 1, 0);
  }

  /** The words of a menu's choice. */
  function choice(settings, menu) {
    return DEVICE.choices[menu][index(settings, menu)];
  }

  /** The number that a menu's choice is. */
  function number(settings, menu) {
    return parseInt(choice(settings, menu), 10);
  }

  /** Name of the style, "" for the one that suits. */
  function style(settings) {
    return index(settings, "style") ? choice(settings, "style") : "";
  }

  /** Key such as "A Minor", "" for the set's. */
  function key(settings) {
    return index(settings, "key_root") ? choice(settings, "key_root") + " " + choice(settings, "key_mode") : "";
  }

  /** What a dial in per cent says, 0..1. */
  function share(settings, dial) {
    return Words.bound(settings[dial], 0, 100, 50) / 100;
  }

  /** Long to short, 0 for as the set and the style have it. */
  function swing(settings) {
    var percent = Words.bound(settings.swing, 0, 100, 0);
    return percent < 0.5 ? 0 : STRAIGHT + (Math.max(1, percent) - 1) / 99 * (HEAVIEST - STRAIGHT);
  }

  /** Length of a song in seconds, from a choice such as "3:00". */
  function seconds(settings) {
    var parts = choice(settings, "song_length").split(":");
    return parseInt(parts[0], 10) * 60 + parseInt(parts[1], 10);
  }

  /** How many of the last bars Keep takes. */
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
    /** How far Keep moves what was played to the beat, 0..1. */
    tightness: function (settings) { return index(settings, "keep_tight") / (DEVICE.choices.keep_tight.length - 1); },
    /** What is played to what was played in, "" for nothing. */
    toPlayed: function (settings) { return TO_PLAYED[index(settings, "to_played")]; },
    /** Who answers in the jam, "" where RooAroo decides. */
    jamWith: function (settings) { return JAM_WITH[index(settings, "jam_with")]; },
    /** What the player of the wire's name is called in the jam's menu; the name itself where it is not there. */
    player: function (engine) {
      var place = JAM_WITH.indexOf(engine);
      return place > 0 ? DEVICE.choices.jam_with[place] : engine;
    }
  };
}());
