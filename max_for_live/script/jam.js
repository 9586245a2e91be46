// The Jam toggle: taking turns with the player. It is lit while this device jams.
var Jam = Running.make({
  name: "jam",
  label: Texts.jam,
  address: "/roo/jam",
  goesBy: { jam_bars: true, jam_with: true, style: true, complexity: true },
  read: function (settings, on) {
    return {
      on: on,
      bars: Settings.number(settings, "jam_bars"),
      who: Settings.jamWith(settings),
      style: Settings.style(settings),
      complexity: Settings.share(settings, "complexity"),
      seed: -1
    };
  }
});
