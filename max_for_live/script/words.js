// Values and texts as the wire wants them: the arguments of a message by its row in WIRE, both ways. Pure.
var Words = (function () {
  // Stands for half a letter, which UTF-8 cannot hold.
  var UNKNOWN = "\uFFFD";

  // Stand for words that there is no room for, behind and before the others.
  var MORE = " …", EARLIER = "… ";

  function isNumber(value) {
    return typeof value === "number" && isFinite(value);
  }

  /** `value` as a number within low..high; `fallback` where it is none. */
  function bound(value, low, high, fallback) {
    var number = isNumber(value) ? value : fallback;
    return Math.min(high, Math.max(low, number));
  }

  /** A whole number within low..high. */
  function whole(value, low, high, fallback) {
    return Math.round(bound(value, low, high, fallback));
  }

  /** The letters of a text, those of two code units whole. */
  function letters(text) {
    return String(text).match(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[^]/g) || [];
  }

  function isHalf(letter) {
    return letter.length === 1 && letter >= "\uD800" && letter <= "\uDFFF";
  }

  function bytesOf(letter) {
    return letter.length === 2 ? 4 : letter < "\u0080" ? 1 : letter < "\u0800" ? 2 : 3;
  }

  /** The start of `text` within `most` bytes of UTF-8: no letter is cut in two, no zero byte is kept. */
  function cut(text, most) {
    var all = letters(text), kept = "", size = 0;
    for (var i = 0; i < all.length; i++) {
      var letter = isHalf(all[i]) ? UNKNOWN : all[i];
      size += bytesOf(letter);
      if (size > most) {
        break;
      }
      kept += letter;
    }
    return kept.replace(/\0/g, "");
  }

  /** `text`, or as many of its first words as fit into `most` letters, and a mark that there are more. */
  function head(text, most) {
    var room = most - MORE.length, space = text.lastIndexOf(" ", room);
    return text.length <= most ? text : text.slice(0, space > 0 ? space : room) + MORE;
  }

  /** `text`, or a mark that there are more and as many of its last words as fit into `most` letters. */
  function tail(text, most) {
    var from = text.length - most + MORE.length, space = text.indexOf(" ", from - 1);
    return text.length <= most ? text : EARLIER + text.slice(space < 0 ? from : space + 1);
  }

  function written(row, value) {
    if (row.type === "s") {
      // Max may lose an empty text on its way.
      return cut(value === undefined ? "" : value, row.high) || WIRE.noText;
    }
    return (row.type === "i" ? whole : bound)(value, row.low, row.high, row.low);
  }

  /** The message `[address, argument, …]` of `values` by name: texts are cut, numbers bounded, so it is legal. */
  function write(address, values) {
    var rows = WIRE.sent[address], message = [address];
    for (var i = 0; i < rows.length; i++) {
      message.push(written(rows[i], values[rows[i].name]));
    }
    return message;
  }

  /** The values by name of a message that the daemon sent; null where it is not as the table has it. */
  function read(address, args) {
    var rows = WIRE.received.hasOwnProperty(address) ? WIRE.received[address] : null;
    if (!rows || args.length !== rows.length) {
      return null;
    }
    var values = {};
    for (var i = 0; i < rows.length; i++) {
      var row = rows[i], value = args[i];
      if (row.type === "s") {
        // Max may have made a number of a text that looks like one.
        if (typeof value !== "string" && !isNumber(value)) {
          return null;
        }
        value = String(value) === WIRE.noText ? "" : String(value);
        if (cut(value, row.high).length < value.length) {
          return null;
        }
      } else if (!isNumber(value) || value < row.low || value > row.high) {
        return null;
      } else if (row.type === "i" && value !== Math.floor(value)) {
        return null;
      }
      values[row.name] = value;
    }
    return values;
  }

  return { isNumber: isNumber, bound: bound, whole: whole, cut: cut, head: head, tail: tail, write: write, read: read };
}());
