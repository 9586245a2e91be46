// Values and texts as the wire wants them: the arguments of a message by its row in WIRE, both ways. Pure.
var Words = (function () {
  // What UTF-8 needs three bytes for where it stands in place of something that cannot be sent.
  var UNKNOWN = "\uFFFD";

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

  function bytesOf(code) {
    return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
  }

  /** The start of `text` within `most` bytes of UTF-8: no character is cut in two, no zero byte is kept. */
  function cut(text, most) {
    var given = String(text), kept = "", size = 0, i = 0;
    while (i < given.length) {
      var code = given.charCodeAt(i), next = given.charCodeAt(i + 1);
      var isPair = code >= 0xD800 && code < 0xDC00 && next >= 0xDC00 && next < 0xE000;
      var isHalf = code >= 0xD800 && code < 0xE000 && !isPair;
      var piece = isPair ? given.substr(i, 2) : isHalf ? UNKNOWN : given.charAt(i);
      var bytes = isPair ? 4 : bytesOf(piece.charCodeAt(0));
      if (size + bytes > most) {
        break;
      }
      if (code !== 0) {
        kept += piece;
        size += bytes;
      }
      i += isPair ? 2 : 1;
    }
    return kept;
  }

  function written(row, value) {
    if (row.type === "s") {
      return cut(value === undefined ? "" : value, row.high);
    }
    var least = Math.max(row.low, Math.min(0, row.high));
    return row.type === "i" ? whole(value, row.low, row.high, least) : bound(value, row.low, row.high, least);
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
        // Max makes numbers of some texts on their way.
        if (typeof value !== "string" && !isNumber(value)) {
          return null;
        }
        value = String(value);
      } else if (!isNumber(value) || value < row.low || value > row.high) {
        return null;
      } else if (row.type === "i" && value !== Math.floor(value)) {
        return null;
      }
      values[row.name] = value;
    }
    return values;
  }

  return { isNumber: isNumber, bound: bound, whole: whole, cut: cut, write: write, read: read };
}());
