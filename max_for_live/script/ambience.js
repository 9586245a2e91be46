// The Ambience toggle: endless music. There is one for all devices: it is lit in all of them while it plays.
var Ambience = (function () {
  var run = Running.make({
    name: "ambience",
    label: Texts.ambience,
    address: "/roo/ambience",
    goesBy: {
      ambience_preset: true, ambience_follow: true, ambience_density: true, ambience_brightness: true,
      ambience_motion: true, ambience_space: true
    },
    read: function (settings, on) {
      return {
        on: on, preset: Settings.ambience(settings), out: "", key: "", mood: "", bpm: 0,
        density: Settings.share(settings, "ambience_density"),
        brightness: Settings.share(settings, "ambience_brightness"),
        motion: Settings.share(settings, "ambience_motion"),
        space: Settings.share(settings, "ambience_space"),
        follow: Settings.index(settings, "ambience_follow"),
        seed: -1
      };
    }
  });

  /** Handles the daemon's report of how it goes. What went wrong is shown; the rest is heard. */
  run.take = function (device, values) {
    run.see(device, values.on !== 0);
    if (values.on) {
      run.adopt(device);
    }
    if (values.sentence) {
      Face.status(device, values.sentence);
    }
  };

  return run;
}());
