// The device's place and the selection in Live, read at the moment of a press. LiveAPI works only after `loaded`.
var Place = (function () {
  // The maximum nesting of racks in Live.
  var DEEPEST = 32;

  /** Returns the first number after `words` at the start of a path; -1 for another path. */
  function numberAfter(path, words) {
    return path.indexOf(words + " ") === 0 ? parseInt(path.slice(words.length + 1), 10) : -1;
  }

  /** Returns a reader of Live with one reused LiveAPI object: each new one would cost milliseconds. */
  function create(cursor) {
    /** Returns whether there is an object at a path; the cursor is moved there. */
    function goTo(path) {
      cursor.goto(path);
      return Number(cursor.id) > 0;
    }

    // LiveAPI quotes its paths.
    function path() {
      return String(cursor.path).replace(/"/g, "");
    }

    function getNumber(name, fallback) {
      var values = cursor.get(name);
      return values && values.length ? Words.bound(values[0], -2147483648, 2147483647, fallback) : fallback;
    }

    // A name may be a number, and may arrive as several atoms.
    function getText(name) {
      var values = cursor.get(name);
      return values && values.length ? values.join(" ") : "";
    }

    /** Returns the path of the device's track, also from within racks; "" if Live does not report it. */
    function trackPath() {
      var up = "this_device";
      for (var depth = 0; depth < DEEPEST; depth++) {
        up += " canonical_parent";
        if (!goTo(up)) {
          return "";
        }
        if (cursor.type === "Track") {
          return path();
        }
      }
      return "";
    }

    /** Returns the device's track: `index` is -1 for the returns and Main, null if Live does not report it. */
    function track() {
      var where = trackPath();
      if (!where) {
        return { index: null, isFrozen: false };
      }
      var index = numberAfter(where, "live_set tracks");
      return { index: index, isFrozen: index >= 0 && getNumber("is_frozen", 0) === 1 };
    }

    /** Returns the index of the selected scene, -1 if Live does not report it. */
    function scene() {
      return goTo("live_set view selected_scene") ? numberAfter(path(), "live_set scenes") : -1;
    }

    function hasClip(track, slot) {
      return goTo("live_set tracks " + track + " clip_slots " + slot) && getNumber("has_clip", 0) === 1;
    }

    /** Returns the name of the clip in a slot, null for none. */
    function clipName(track, slot) {
      var isThere = hasClip(track, slot) && goTo("live_set tracks " + track + " clip_slots " + slot + " clip");
      return isThere ? getText("name") : null;
    }

    function detailClip() {
      if (!goTo("live_set view detail_clip")) {
        return null;
      }
      var found = /^live_set tracks (\d+) clip_slots (\d+) clip$/.exec(path());
      // An Arrangement clip has no slot: the daemon reads Detail View itself.
      return found ? { track: parseInt(found[1], 10), scene: parseInt(found[2], 10) } : { track: -1, scene: -1 };
    }

    /** Returns the default clip: in Detail View, else the playing or selected one on this track. */
    function clip() {
      var shown = detailClip();
      if (shown) {
        return shown;
      }
      var here = track();
      if (here.index !== null && here.index >= 0) {
        var slots = [getNumber("playing_slot_index", -1), scene()];
        for (var i = 0; i < slots.length; i++) {
          if (slots[i] >= 0 && hasClip(here.index, slots[i])) {
            return { track: here.index, scene: slots[i] };
          }
        }
      }
      return { track: -1, scene: -1 };
    }

    /** Returns Live's version, such as "12.3.6"; "" if unknown. */
    function liveVersion() {
      if (!goTo("live_app")) {
        return "";
      }
      var parts = ["major", "minor", "bugfix"].map(function (part) {
        return cursor.call("get_" + part + "_version");
      });
      for (var i = 0; i < parts.length; i++) {
        if (!(Number(parts[i]) >= 0)) {
          return "";
        }
      }
      return parts.join(".");
    }

    /** Returns the name of the set, "" before it is saved. */
    function setName() {
      return goTo("live_set") ? getText("name") : "";
    }

    /** Returns the beats from the song's beginning, as if it had always had the current time signature. The song's own
     * time in beats does not show where its bars begin after signature changes; bars, beats and sixteenths do, but not
     * the fraction of a sixteenth.
     */
    function beatsSung(numerator, denominator) {
      var time = getNumber("current_song_time", 0);
      var parts = /^(\d+)\.(\d+)\.(\d+)/.exec(String(cursor.call("get_current_beats_song_time")));
      if (!parts || !denominator) {
        return time;
      }
      var beats = ((parts[1] - 1) * numerator + (parts[2] - 1)) * 4 / denominator + (parts[3] - 1) / 4;
      return beats + time % 0.25;
    }

    /** Returns the song's current beat and time signature for Listen. */
    function position() {
      if (!goTo("live_set")) {
        return { beat: -1, hundredths: 0, numerator: 0, denominator: 0 };
      }
      var numerator = getNumber("signature_numerator", 0), denominator = getNumber("signature_denominator", 0);
      var hundredths = Math.max(0, Math.floor(beatsSung(numerator, denominator) * 100));
      return {
        beat: Math.floor(hundredths / 100),
        hundredths: hundredths % 100,
        numerator: numerator,
        denominator: denominator
      };
    }

    /** Returns Live's id of this device, constant while it is loaded; 0 if unknown. */
    function deviceId() {
      return goTo("this_device") ? Number(cursor.id) : 0;
    }

    /** Returns the number of parameters that Live sees on this device. */
    function countParameters() {
      return goTo("this_device") ? Number(cursor.getcount("parameters")) : 0;
    }

    return {
      track: track, scene: scene, clip: clip, clipName: clipName, liveVersion: liveVersion, setName: setName,
      position: position, deviceId: deviceId, countParameters: countParameters
    };
  }

  return { create: create };
}());
