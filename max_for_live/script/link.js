// The connection to the daemon: hello until a welcome, pings, and reconnecting.
var Link = (function () {
  // The reply ports; each instance draws its own. udpreceive reports no error for a port in use.
  var FIRST_REPLY_PORT = 24700, REPLY_PORTS = 1000;

  // Milliseconds without a welcome until the next hello: at first, and when there seems to be no daemon.
  var HELLO_EVERY = 500, HELLO_SLOWLY_EVERY = 2000, QUICK_HELLOS = 10;

  // Hellos without an answer until the user is told; and those for which a working reply port is kept.
  var PATIENT_HELLOS = 3, TRUSTED_HELLOS = 4;

  // Milliseconds after which a refusal that was not repeated expires: the best port is tried every four seconds.
  var REFUSED_FOR = 9000;

  // Milliseconds that the daemon may take to answer a ping; then a hello follows, because a restarted daemon does not
  // answer unknown devices.
  var BEAT_EVERY = 1000, ANSWERED_WITHIN = 300, SILENT_AFTER = 2500;

  // The number of recent hellos that may still be answered.
  var HELLOS_KEPT = 4;

  // The set's name changes when it is saved under another: checked after this number of pings.
  var BEATS_BETWEEN_LOOKS = 5;

  /** A link that has not begun to look for a daemon. */
  function create() {
    return {
      isLooking: false, session: 0, attempt: 0, hellos: [], count: 0, hasKey: true, refusal: "", refusedAt: 0, hasWorked: false,
      hindrance: "", saidBefore: "",
      askedAt: 0, heardAt: 0, beatAt: 0, beats: 0,
      liveId: 0, instance: "", liveVersion: "", setName: "", sampleRate: 0, replyPort: 0,
      port: 0, wireVersion: 0, live: null, captures: ""
    };
  }

  /** Returns whether a daemon knows this device. */
  function isOnline(device) {
    return device.link.session !== 0 && !device.link.isLooking;
  }

  /** Sets the lamp, by the daemon, Live and the work in progress. */
  function showLamp(device) {
    var link = device.link, lamp = Face.LAMP.ready;
    if (!isOnline(device)) {
      lamp = Face.LAMP.off;
    } else if (link.live === WIRE.liveStates.away) {
      lamp = Face.LAMP.alone;
    } else if (link.live === WIRE.liveStates.busy || Presses.isAny(device)) {
      lamp = Face.LAMP.working;
    }
    Face.lamp(device, lamp);
  }

  // Live's own number of the device is part of the name and of the port: devices loaded with a set within the same
  // millisecond may all draw the same.
  function drawInstance(device) {
    var name = "roo-" + device.link.liveId.toString(36) + "-";
    for (var i = 0; i < 10; i++) {
      name += Math.floor(device.random() * 36).toString(36);
    }
    return name;
  }

  function drawReplyPort(device) {
    var drawn = Math.floor(device.random() * REPLY_PORTS);
    device.link.replyPort = FIRST_REPLY_PORT + (drawn + device.link.liveId) % REPLY_PORTS;
    device.send(2, ["port", device.link.replyPort]);
  }

  function goTo(device, port) {
    if (device.link.port !== port) {
      device.link.port = port;
      device.send(1, ["port", port]);
    }
  }

  /** Sends a hello with the current key; with several keys, in turn. */
  function greet(device) {
    var link = device.link, keys = device.keys(), key = keys[link.count % keys.length];
    link.askedAt = device.now;
    link.hasKey = keys.length > 0;
    if (!link.hasKey) {
      return;
    }
    link.count += 1;
    link.hellos = link.hellos.slice(-HELLOS_KEPT + 1).concat({ number: link.count, key: key });
    goTo(device, key.port);
    device.send(1, Words.write("/roo/hello", Proof.ofHello(key.secret, {
      instance: link.instance,
      reply_port: link.replyPort,
      wire_version: WIRE.wireVersion,
      live_version: link.liveVersion,
      set_name: link.setName,
      sample_rate: link.sampleRate,
      number: link.count
    })));
  }

  /** Starts: who this device is, and the first hello. */
  function start(device) {
    var link = device.link;
    link.liveId = device.live.deviceId();
    link.instance = drawInstance(device);
    link.liveVersion = device.live.liveVersion();
    drawReplyPort(device);
    Face.status(device, Texts.looking);
    Face.say(device, "daemon", Texts.absent);
    Face.facts(device, null);
    Along.lose(device);
    look(device);
  }

  function look(device) {
    var link = device.link;
    link.isLooking = true;
    link.live = null;
    link.attempt = 0;
    link.setName = device.live.setName();
    greet(device);
    showLamp(device);
  }

  function lookFurther(device) {
    var link = device.link;
    link.attempt += 1;
    if (link.attempt % 2 === 1 && (!link.hasWorked || link.attempt > TRUSTED_HELLOS)) {
      drawReplyPort(device);
    }
    greet(device);
    var isOver = link.refusal !== "" && device.now - link.refusedAt > REFUSED_FOR;
    if (isOver) {
      link.refusal = "";
    }
    if ((isOver || link.attempt === PATIENT_HELLOS && !link.refusal) && !Presses.areUnderWay(device)) {
      Face.status(device, explain(device, link.hasWorked ? Texts.offline : Texts.noDaemon));
    }
  }

  /** Sets why there is no daemon: the refusal of a present one, or else `sentence`. */
  function explain(device, sentence) {
    return device.link.refusal || (device.link.hasKey ? sentence : Texts.noKey);
  }

  /** Looks for a daemon immediately, when the user is waiting for it. */
  function hurry(device) {
    if (device.link.isLooking && device.now - device.link.askedAt >= HELLO_EVERY) {
      look(device);
    }
  }

  function lose(device) {
    var link = device.link;
    Face.say(device, "daemon", Texts.absent);
    Face.facts(device, null);
    Along.lose(device);
    link.isLooking = true;
    Face.status(device, Texts.offline);
    Presses.loseDaemon(device);
    look(device);
  }

  function beat(device) {
    var link = device.link;
    link.beatAt = device.now;
    link.beats += 1;
    if (link.beats % BEATS_BETWEEN_LOOKS === 0 && link.setName !== device.live.setName()) {
      link.setName = device.live.setName();
      greet(device);
    }
    device.send(1, Words.write("/roo/beat", { session: link.session }));
  }

  /** Handles the passing of time: another hello, a ping, or a timeout of the daemon. */
  function tick(device) {
    var link = device.link;
    if (link.isLooking) {
      var isQuick = link.attempt < QUICK_HELLOS && !link.refusal;
      if (device.now - link.askedAt >= (isQuick ? HELLO_EVERY : HELLO_SLOWLY_EVERY)) {
        lookFurther(device);
      }
    } else if (device.now - link.heardAt > SILENT_AFTER) {
      lose(device);
    } else if (device.now - link.beatAt >= BEAT_EVERY) {
      beat(device);
      AutoSplit.check(device);
      Arm.remind(device);
    } else if (device.now - link.beatAt >= ANSWERED_WITHIN && Math.max(link.heardAt, link.askedAt) < link.beatAt) {
      greet(device);
    }
  }

  /** Shows the state of Live; the previous status text returns when it has passed. */
  function hinder(device, sentence) {
    var link = device.link;
    link.saidBefore = device.face.said === link.hindrance ? link.saidBefore : device.face.said;
    link.hindrance = sentence;
    Face.status(device, sentence);
  }

  function unhinder(device) {
    if (device.face.said === device.link.hindrance) {
      Face.status(device, device.link.saidBefore);
    }
    device.link.hindrance = "";
  }

  function setLive(device, live) {
    var was = device.link.live;
    device.link.live = live;
    if (live === WIRE.liveStates.away) {
      Face.facts(device, null);
    }
    if (live === WIRE.liveStates.ready) {
      unhinder(device);
    } else if (live !== was && !Presses.areUnderWay(device)) {
      hinder(device, live === WIRE.liveStates.away ? Texts.noScript : Texts.liveBusy);
    }
    showLamp(device);
  }

  /** Returns whether a welcome answers one of the last hellos, and knows its secret. */
  function isAnswer(link, values) {
    return link.hellos.some(function (hello) {
      return hello.number === values.hello && hello.key.port === link.port
        && Proof.isOfDaemon(hello.key.secret, values, link.instance);
    });
  }

  function welcomed(device, values) {
    var link = device.link, isOther = values.session !== link.session, wasLooking = link.isLooking;
    link.hellos = [];
    link.isLooking = false;
    link.hasWorked = true;
    link.refusal = "";
    link.session = values.session;
    link.wireVersion = values.wire_version;
    link.captures = values.captures;
    link.heardAt = device.now;
    Face.say(device, "daemon", Texts.daemon(values.daemon_version, link.port));
    if (isOther) {
      // A restarted daemon knows nothing of the previous one's work.
      Presses.loseDaemon(device);
      Jam.lose(device);
      Ambience.lose(device);
      AutoSplit.check(device);
    }
    if (wasLooking || isOther) {
      link.beatAt = device.now;
      Arm.remind(device);
      Presses.repeat(device);
    }
    if (wasLooking && !isOther) {
      // A continued session gets only changes; a new one gets the state of live MIDI with its welcome.
      Along.ask(device);
    }
    // It is still true that Talk was cut off; everything else that was missing is available now.
    if (wasLooking && !Presses.areUnderWay(device) && device.face.said !== Texts.talkCut) {
      Face.status(device, Texts.ready);
    }
    setLive(device, values.live);
  }

  function refused(device, sentence) {
    device.link.refusal = sentence;
    device.link.refusedAt = device.now;
    if (sentence) {
      Face.status(device, sentence);
    }
  }

  /** Handles the daemon's report about itself and the set. */
  function take(device, address, values) {
    switch (address) {
    case "/roo/welcome":
      welcomed(device, values);
      break;
    case "/roo/beat":
      setLive(device, values.live);
      break;
    case "/roo/refused":
      refused(device, values.sentence);
      break;
    case "/roo/midi":
      Along.take(device, values);
      break;
    case "/roo/ambience/state":
      Ambience.take(device, values);
      break;
    case "/roo/facts":
      Face.facts(device, values);
      Listen.fit(device, values);
      setLive(device, values.live);
      break;
    }
  }

  /** Returns whether this came from another sender than the daemon: only messages with this session are for this
   * device. A welcome proves itself, and only a device without a daemon can be refused.
   */
  function isForeign(device, address, values) {
    if (address === "/roo/welcome") {
      return !isAnswer(device.link, values);
    }
    return address === "/roo/refused" ? !device.link.isLooking : values.session !== device.link.session;
  }

  /** Handles a valid message from the daemon. */
  function heard(device) {
    device.link.heardAt = device.now;
  }

  /** Reports the set's sample rate to the daemon if it has changed. */
  function setSampleRate(device, rate) {
    if (rate !== device.link.sampleRate) {
      device.link.sampleRate = rate;
      if (isOnline(device)) {
        greet(device);
      }
    }
  }

  /** Sends a goodbye. */
  function leave(device) {
    Arm.release(device);
    if (device.link.session) {
      device.send(1, Words.write("/roo/bye", { session: device.link.session }));
    }
  }

  return {
    create: create, start: start, isOnline: isOnline, showLamp: showLamp, greet: greet, hurry: hurry, explain: explain, beat: beat,
    tick: tick, take: take, heard: heard, setSampleRate: setSampleRate, isForeign: isForeign, leave: leave
  };
}());
