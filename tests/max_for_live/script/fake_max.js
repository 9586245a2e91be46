// As much of Max as the script touches: its globals, a clock that is moved by hand, and a LiveAPI over a table of paths.
// Nothing leaves: what the script sends lies in `sent`, what went wrong as in Max's console in `complaints`.
var sent = [], complaints = [], jsarguments = ["MuseAroo.js", "audio"], inlets, outlets, autowatch;
var messagename = "", inlet = 0, now = 1000, tasks = [], drawn = 1;
// What the patch does with a message at once, while the script is still sending: outlet and name -> messages into the inlet.
var echoes = {};
// The set: `paths` by canonical path, `aliases` to them; ids are given by their order.
var world = { paths: {}, aliases: {}, isBroken: false };

// The files that can be read, by path; how often one was opened.
var files = {}, opened = 0, max = { os: "macintosh" }, patcher = { filepath: "" };

function File(path) {
  opened += 1;
  this.text = files.hasOwnProperty(path) ? files[path] : "";
  this.isopen = files.hasOwnProperty(path);
  this.eof = this.text.length;
}
File.prototype.readstring = function (count) { return this.text.slice(0, count); };
File.prototype.close = function () { this.isopen = false; };

var RealDate = Date;
Date = function () { return { getTime: function () { return now; } }; };

// The same draws in each run.
Math.random = function () {
  drawn = (drawn * 16807) % 2147483647;
  return drawn / 2147483647;
};

function arrayfromargs(given) {
  return Array.prototype.slice.call(given);
}

function outlet(which) {
  var atoms = [];
  for (var i = 1; i < arguments.length; i++) {
    atoms = atoms.concat(arguments[i]);
  }
  for (var k = 0; k < atoms.length; k++) {
    if (typeof atoms[k] !== "string" && !(typeof atoms[k] === "number" && isFinite(atoms[k]))) {
      complaints.push("outlet " + which + ": " + String(atoms) + " has no atom at " + k);
    }
  }
  if (which < 0 || which >= outlets) {
    complaints.push("no outlet " + which);
  }
  sent.push([now, which].concat(atoms));
  var answers = echoes[which + " " + atoms[0]] || [];
  for (var a = 0; a < answers.length; a++) {
    receive(answers[a][0], answers[a].slice(1));
  }
}

function Task(what) {
  this.interval = 500;
  this.run = what;
}
Task.prototype.repeat = function () {
  this.due = now + this.interval;
  tasks.push(this);
};
Task.prototype.cancel = function () {
  tasks = tasks.filter(function (task) { return task !== this; }, this);
};

function LiveAPI(callback, path) {
  if (!isLoaded) {
    complaints.push("LiveAPI before live.thisdevice");
  }
  this.goto(path);
}
var isLoaded = false;
LiveAPI.prototype.goto = function (path) {
  this.at = world.aliases.hasOwnProperty(path) ? world.aliases[path] : path;
  var thing = world.isBroken ? undefined : world.paths[this.at];
  this.id = thing ? Object.keys(world.paths).indexOf(this.at) + 1 : 0;
  this.path = thing ? '"' + this.at + '"' : '""';
  this.type = thing ? thing.type : "";
};
LiveAPI.prototype.get = function (name) {
  var thing = world.paths[this.at];
  if (!this.id || !thing.values.hasOwnProperty(name)) {
    complaints.push("get: no property " + name + " at " + this.at);
    return null;
  }
  return [thing.values[name]];
};
LiveAPI.prototype.call = function (name) {
  return this.id ? world.paths[this.at].calls[name] : null;
};
LiveAPI.prototype.getcount = function (name) {
  return this.id ? world.paths[this.at].counts[name] : 0;
};

function receive(name, args) {
  if (name === "loaded") {
    isLoaded = true;
  }
  // Max hands a message to the function of its name, and to `anything` where there is none.
  var handler = typeof this[name] === "function" && name.charAt(0) !== "/" && name !== "anything" ? this[name] : anything;
  messagename = name;
  try {
    handler.apply(this, args);
  } catch (fault) {
    complaints.push(name + ": " + fault);
  }
}

function pass(milliseconds) {
  var until = now + milliseconds;
  for (;;) {
    var due = tasks.filter(function (task) { return task.due <= until; });
    if (!due.length) {
      break;
    }
    due.sort(function (one, other) { return one.due - other.due; });
    now = Math.max(now, due[0].due);
    due[0].due = now + due[0].interval;
    try {
      due[0].run();
    } catch (fault) {
      complaints.push("task: " + fault);
    }
  }
  now = until;
}
