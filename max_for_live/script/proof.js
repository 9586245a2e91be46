// Proof that device and daemon know the same secret, which neither of them sends: HMAC (RFC 2104) with SHA-256 (FIPS
// 180-4), as in `bridge/protocol/device_proof.py`. Pure.
var Proof = (function () {
  // SHA-256's block size in bytes, and the words of a proof: half of the 256 bits (RFC 4868).
  var BLOCK = 64, WORDS = 4;

  // The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the
  // first eight.
  var ROUNDS = [], START = [];

  function fraction(number) {
    return (number - Math.floor(number)) * 0x100000000 | 0;
  }

  (function () {
    for (var number = 2; ROUNDS.length < BLOCK; number++) {
      var isPrime = true;
      for (var divisor = 2; divisor * divisor <= number; divisor++) {
        isPrime = isPrime && number % divisor !== 0;
      }
      if (isPrime) {
        if (START.length < 8) {
          START.push(fraction(Math.sqrt(number)));
        }
        ROUNDS.push(fraction(Math.pow(number, 1 / 3)));
      }
    }
  }());

  function turned(word, bits) {
    return word >>> bits | word << 32 - bits;
  }

  // Processes the 16 words from `at` on; modifies `hash`.
  function mix(hash, words, at) {
    var all = words.slice(at, at + 16), i, one, two;
    for (i = 16; i < BLOCK; i++) {
      one = turned(all[i - 15], 7) ^ turned(all[i - 15], 18) ^ all[i - 15] >>> 3;
      two = turned(all[i - 2], 17) ^ turned(all[i - 2], 19) ^ all[i - 2] >>> 10;
      all[i] = all[i - 16] + one + all[i - 7] + two | 0;
    }
    var a = hash[0], b = hash[1], c = hash[2], d = hash[3], e = hash[4], f = hash[5], g = hash[6], h = hash[7];
    for (i = 0; i < BLOCK; i++) {
      one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + (e & f ^ ~e & g) + ROUNDS[i] + all[i] | 0;
      two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + (a & b ^ a & c ^ b & c) | 0;
      h = g;
      g = f;
      f = e;
      e = d + one | 0;
      d = c;
      c = b;
      b = a;
      a = one + two | 0;
    }
    [a, b, c, d, e, f, g, h].forEach(function (word, place) {
      hash[place] = hash[place] + word | 0;
    });
  }

  // Returns the SHA-256 of bytes, as eight signed words.
  function digest(bytes) {
    var hash = START.slice(), words = [], length = bytes.length, size = (length + 8 >> 6) + 1 << 4, i;
    for (i = 0; i < size; i++) {
      words.push(0);
    }
    for (i = 0; i <= length; i++) {
      words[i >> 2] |= (i < length ? bytes[i] : 0x80) << 24 - (i % 4) * 8;
    }
    words[size - 2] = Math.floor(length / 0x20000000);
    words[size - 1] = length << 3;
    for (i = 0; i < size; i += 16) {
      mix(hash, words, i);
    }
    return hash;
  }

  function bytesOf(words) {
    var bytes = [];
    words.forEach(function (word) {
      bytes.push(word >>> 24, word >>> 16 & 255, word >>> 8 & 255, word & 255);
    });
    return bytes;
  }

  /** Returns the UTF-8 bytes of a text. */
  function encode(text) {
    return unescape(encodeURIComponent(text)).split("").map(function (letter) { return letter.charCodeAt(0); });
  }

  function padded(key, mask) {
    var bytes = [];
    for (var i = 0; i < BLOCK; i++) {
      bytes.push((i < key.length ? key[i] : 0) ^ mask);
    }
    return bytes;
  }

  /** Returns the HMAC-SHA-256 of bytes, as eight signed words. */
  function hmac(key, message) {
    var short = key.length > BLOCK ? bytesOf(digest(key)) : key;
    return digest(padded(short, 0x5c).concat(bytesOf(digest(padded(short, 0x36).concat(message)))));
  }

  /** Returns the proof over texts and numbers: four signed words. */
  function of(secret, parts) {
    return hmac(encode(secret), encode(parts.join("\0"))).slice(0, WORDS);
  }

  /** Returns the values of a message including its proof. */
  function put(values, proof) {
    proof.forEach(function (word, place) {
      values["proof_" + (place + 1)] = word;
    });
    return values;
  }

  return {
    /** Returns the values of a hello with its proof. */
    ofHello: function (secret, values) {
      return put(values, of(secret, ["hello", values.instance, values.number, values.wire_version, values.live_version,
        values.reply_port]));
    },
    /** Returns whether a welcome comes from a daemon that knows the secret too. */
    isOfDaemon: function (secret, welcome, instance) {
      var given = [welcome.proof_1, welcome.proof_2, welcome.proof_3, welcome.proof_4], other = 0;
      of(secret, ["welcome", instance, welcome.hello, welcome.session]).forEach(function (word, place) {
        other |= word ^ given[place];
      });
      return other === 0;
    }
  };
}());
