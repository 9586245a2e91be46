// Convert values and texts to and from the wire: the arguments of a message by its row in WIRE. Pure.
var Words = (function () {
  // The replacement for half a surrogate pair, which UTF-8 cannot encode.
  var UNKNOWN = "\uFFFD";

  // The marks for words cut off at the end, and at the beginning.
  var MORE = " …", EARLIER = "… ";

  function isNumber(value) {
    return typeof value === "number" && isFinite(value);
  }

  /** Returns `value` as a number within low..high; `fallback` if it is not a number. */
  function bound(value, low, high, fallback) {
    var number = isNumber(value) ? value : fallback;
    return Math.min(high, Math.max(low, number));
  }

  /** Returns an integer within low..high. */
  function whole(value, low, high, fallback) {
    return Math.round(bound(value, low, high, fallback));
  }

  /** Returns the letters of a text, surrogate pairs intact. */
  function letters(text) {
    return String(text).match(/[\uD800-\uDBFF][\uDC00-\uDFFF]|[^]/g) || [];
  }

  function isHalf(letter) {
    return letter.length === 1 && letter >= "\uD800" && letter <= "\uDFFF";
  }

  function bytesOf(letter) {
    return letter.length === 2 ? 4 : letter < "\u0080" ? 1 : letter < "\u0800" ? 2 : 3;
  }

  /** Returns the start of `text` within `most` bytes of UTF-8, without partial letters and zero bytes. */
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

  /** Returns `text`, or as many of its first words as fit into `most` letters, with a mark for more. */
  function head(text, most) {
    var room = most - MORE.length, space = text.lastIndexOf(" ", room);
    return text.length <= most ? text : text.slice(0, space > 0 ? space : room) + MORE;
  }

  /** Returns `text`, or a mark for more and as many of its last words as fit into `most` letters. */
  function tail(text, most) {
    var from = text.length - most + MORE.length, space = text.indexOf(" ", from - 1);
    return text.length <= most ? text : EARLIER + text.slice(space < 0 ? from : space + 1);
  }

  function written(row, value) {
    if (row.type === "s") {
      // Max may lose an empty text.
      return cut(value === undefined ? "" : value, row.high) || WIRE.noText;
    }
    return (row.type === "i" ? whole : bound)(value, row.low, row.high, row.low);
  }

  /** Returns the message `[address, argument, …]` of `values` by name: texts are cut, numbers clipped, so it is valid.
   */
  function write(address, values) {
    var rows = WIRE.sent[address], message = [address];
    for (var i = 0; i < rows.length; i++) {
      message.push(written(rows[i], values[rows[i].name]));
    }
    return message;
  }

  /** Returns the values by name of a message from the daemon; null if it does not match the table. */
  function read(address, args) {
    var rows = WIRE.received.hasOwnProperty(address) ? WIRE.received[address] : null;
    if (!rows || args.length !== rows.length) {
      return null;
    }
    var values = {};
    for (var i = 0; i < rows.length; i++) {
      var row = rows[i], value = args[i];
      if (row.type === "s") {
        // Max may have converted a text that looks like a number.
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
