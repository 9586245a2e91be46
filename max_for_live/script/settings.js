// What the menus, dials and the prompt say, and what that means on the wire. Pure.
var Settings = (function () {
  // Choices whose words mean something here; the menus hold them in this order.
  var WHERE = { own: 0, here: 1, replace: 2 };
  var ANALYSE_FOR = { look: 0, clip: 1, set: 2 };
  var IMAGINE_FROM = { words: 0, tune: 1, end: 2 };
  var BACKENDS = ["", "musicgen", "stable-audio", "sketch"];

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
    backend: function (settings) { return BACKENDS[index(settings, "imagine_with")]; }
  };
}());
