// The request of each button: its message by the settings and the place, or a sentence why nothing is sent.
var Orders = (function () {
  var ENGINES = {
    drums: "drummaroo", bass: "bassaroo", harmony: "harmonyroo", melody: "melodyroo", atmos: "atmosroo", band: "band"
  };

  // The daemon's words for changes of a clip; they are also the buttons' names.
  var AGAIN = "again", CHANGES = { again: true, simpler: true, busier: true };

  // The byte limit of all changes together on the wire.
  var LONGEST_CHANGES = 160;

  // The maximum length of a loop for the daemon.
  var LONGEST_LOOP = 32;

  function asked(address, values) {
    return { address: address, values: values, problem: "" };
  }

  function refused(sentence) {
    return { address: "", values: {}, problem: sentence };
  }

  /** Returns where a clip is to go: {track, scene, replace}, or {problem}. */
  function target(settings, live) {
    var where = Settings.index(settings, "where");
    if (where === Settings.WHERE.own) {
      return { track: -1, scene: live.scene(), replace: 0, problem: "" };
    }
    var track = live.track();
    if (track.index === null) {
      return { problem: Texts.nowhere };
    }
    if (track.index < 0) {
      return { problem: Texts.noSlots };
    }
    if (track.isFrozen) {
      return { problem: Texts.frozen(track.index + 1) };
    }
    return {
      track: track.index, scene: live.scene(), replace: where === Settings.WHERE.replace ? 1 : 0, problem: ""
    };
  }

  function generate(settings, live, engine) {
    var to = target(settings, live);
    if (to.problem) {
      return refused(to.problem);
    }
    return asked("/roo/generate", {
      engine: engine,
      style: Settings.style(settings),
      bars: Settings.number(settings, "bars"),
      seed: -1,
      complexity: Settings.share(settings, "complexity"),
      density: Settings.share(settings, "density"),
      humanise: Settings.share(settings, "humanise"),
      swing: Settings.swing(settings),
      key: Settings.key(settings),
      options: "",
      track: to.track,
      scene: to.scene,
      replace: to.replace,
      chords: "",
      changes: "",
      takes: 1,
      bpm: 0,
      hear: settings.hear ? 1 : 0,
      to_played: Settings.toPlayed(settings)
    });
  }

  /** Returns all changes so far plus this one; the oldest are dropped where there is no room. */
  function withChange(changes, change) {
    var all = changes ? changes + ", " + change : change;
    while (all.length > LONGEST_CHANGES) {
      all = all.slice(all.indexOf(", ") + 2);
    }
    return all;
  }

  /** Requests another take in place of the auditioned one, which is not in the set. */
  function another(take, change) {
    var values = {};
    for (var name in take.values) {
      if (take.values.hasOwnProperty(name)) {
        values[name] = take.values[name];
      }
    }
    if (change !== AGAIN || take.address === "/roo/refine" && !values.changes) {
      values.changes = withChange(values.changes, change);
    }
    return asked(take.address, values);
  }

  /** Changes the clip that this device made last, if it still exists; else the one in Detail View. */
  function refine(settings, live, change, last) {
    var isThere = last !== null && live.clipName(last.track, last.scene) === last.name;
    return asked("/roo/refine", {
      changes: change,
      style: "",
      first_bar: 0,
      last_bar: 0,
      vary_bars: 0,
      take: 0,
      seed: -1,
      track: isThere ? last.track : -1,
      scene: isThere ? last.scene : -1,
      replace: Settings.index(settings, "where") === Settings.WHERE.replace ? 1 : 0,
      takes: 1,
      hear: settings.hear ? 1 : 0
    });
  }

  /** Writes the auditioned take, to the place of its own press, or the captured playing. */
  function keep(settings, live, isHeard) {
    var to = isHeard ? { track: -1, scene: -1, replace: 0, problem: "" } : target(settings, live);
    if (to.problem) {
      return refused(to.problem);
    }
    return asked("/roo/keep", {
      bars: isHeard ? 0 : Settings.keptBars(settings),
      strength: Settings.tightness(settings),
      track: to.track,
      scene: to.scene,
      replace: to.replace
    });
  }

  function song(settings) {
    return asked("/roo/song", {
      style: Settings.style(settings),
      form: "",
      seconds: Settings.seconds(settings),
      seed: -1,
      complexity: Settings.share(settings, "complexity"),
      key: Settings.key(settings),
      where: Settings.index(settings, "song_to")
    });
  }

  /** Only analyzes, or also writes the result: into the clip, or also into the set. */
  function analyze(settings, live) {
    var clip = live.clip(), writes = Settings.index(settings, "analyse_for");
    var intoClip = writes === Settings.ANALYSE_FOR.look ? 0 : 1, intoSet = writes === Settings.ANALYSE_FOR.set ? 1 : 0;
    return asked("/roo/analyze", {
      track: clip.track,
      scene: clip.scene,
      deep: 0,
      tempo: intoSet,
      meter: intoSet,
      scale: intoSet,
      warp: intoClip,
      locators: intoSet,
      name: intoClip
    });
  }

  function split(live) {
    var clip = live.clip();
    return asked("/roo/split", { track: clip.track, scene: clip.scene, backend: "", stems: 4, mute: 0 });
  }

  /** Without its prompt, which is requested from the field. */
  function imagine(settings, live) {
    var to = target(settings, live);
    if (to.problem) {
      return refused(to.problem);
    }
    var from = Settings.index(settings, "imagine_from");
    var source = from === Settings.IMAGINE_FROM.words ? { track: -1, scene: -1 } : live.clip();
    return asked("/roo/imagine", {
      prompt: "",
      bars: Math.min(LONGEST_LOOP, Settings.number(settings, "bars")),
      takes: 1,
      seed: -1,
      backend: Settings.backend(settings),
      model: "",
      key: Settings.key(settings),
      style: Settings.style(settings),
      follow: 1,
      use: from,
      source_track: source.track,
      source_scene: source.scene,
      track: to.track,
      scene: to.scene,
      replace: to.replace
    });
  }

  /** Returns the request of a button: {address, values, problem}; null for other buttons. `made` is the result of
   * earlier ones: `last`, the last created clip; `take`, the request of the auditioned take; `isHeard`, whether any is
   * auditioned.
   */
  function of(button, settings, live, made) {
    if (ENGINES.hasOwnProperty(button)) {
      return generate(settings, live, ENGINES[button]);
    }
    if (CHANGES.hasOwnProperty(button)) {
      return settings.hear && made.take ? another(made.take, button) : refine(settings, live, button, made.last);
    }
    switch (button) {
    case "song": return song(settings);
    case "mix": return asked("/roo/mix", { style: Settings.style(settings), pinned: "", write: 1 });
    case "undo": return asked("/roo/undo", {});
    case "keep": return keep(settings, live, made.isHeard);
    case "drop": return asked("/roo/audition", { on: 0, track: -1, scene: -1 });
    case "analyse": return analyze(settings, live);
    case "split": return split(live);
    case "imagine": return imagine(settings, live);
    }
    return null;
  }

  return {
    of: of,
    /** Returns whether a button asks players for a clip. */
    isPlayer: function (button) { return ENGINES.hasOwnProperty(button); },
    /** Returns what a player's button would ask for, whoever plays; null where nothing can be sent. */
    dials: function (settings, live) {
      var asked = generate(settings, live, "");
      return asked.problem ? null : asked.values;
    }
  };
}());
