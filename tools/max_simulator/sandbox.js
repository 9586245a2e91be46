// What a script in Max's [js] finds around it, made of the two functions that Python gives (call_python, and its clock).
// The engine below is newer than Max's: all that ECMAScript 5 does not have is taken away first.
(function (global) {
  "use strict";
  var python = global.call_python;
  var RealDate = Date;
  var names = Object.getOwnPropertyNames;

  var KEPT = {
    Object: "length name prototype create defineProperty defineProperties freeze getOwnPropertyDescriptor " +
      "getOwnPropertyNames getPrototypeOf isExtensible isFrozen isSealed keys preventExtensions seal",
    "Object.prototype": "constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString " +
      "valueOf __defineGetter__ __defineSetter__ __lookupGetter__ __lookupSetter__ __proto__",
    Function: "length name prototype",
    "Function.prototype": "constructor length name apply bind call toString caller arguments",
    Array: "length name prototype isArray",
    "Array.prototype": "constructor length concat every filter forEach indexOf join lastIndexOf map pop push reduce " +
      "reduceRight reverse shift slice some sort splice toLocaleString toString unshift",
    String: "length name prototype fromCharCode",
    "String.prototype": "constructor length charAt charCodeAt concat indexOf lastIndexOf localeCompare match replace " +
      "search slice split substr substring toLocaleLowerCase toLocaleUpperCase toLowerCase toString toUpperCase " +
      "trim valueOf",
    Number: "length name prototype MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY",
    Math: "E LN2 LN10 LOG2E LOG10E PI SQRT1_2 SQRT2 abs acos asin atan atan2 ceil cos exp floor log max min pow " +
      "random round sin sqrt tan",
    JSON: "parse stringify",
    Date: "length name prototype UTC now parse",
    "RegExp.prototype": "constructor compile exec flags global ignoreCase lastIndex multiline source test toString"
  };
  var GLOBALS = ("Object Function Error EvalError RangeError ReferenceError SyntaxError TypeError URIError Array " +
    "parseInt parseFloat isNaN isFinite decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape " +
    "Infinity NaN undefined Number Boolean String Math eval Date RegExp JSON").split(" ");

  function strip(name, owner) {
    var kept = KEPT[name].split(" ");
    names(owner).forEach(function (property) {
      // Number.EPSILON and its kin cannot be taken away; the lint finds them.
      if (kept.indexOf(property) < 0 && Object.getOwnPropertyDescriptor(owner, property).configurable) {
        delete owner[property];
      }
    });
  }

  Object.keys(KEPT).forEach(function (name) {
    var parts = name.split(".");
    strip(name, parts.length === 2 ? global[parts[0]].prototype : global[name]);
  });
  names(global).forEach(function (name) {
    // Python's own function stays too, whatever one does.
    if (GLOBALS.indexOf(name) < 0 && Object.getOwnPropertyDescriptor(global, name).configurable) { delete global[name]; }
  });

  // Time is the host's.
  function HostDate(a, b, c, d, e, f, g) {
    if (!(this instanceof HostDate)) { return new RealDate(HostDate.now()).toString(); }
    if (arguments.length === 0) { return new RealDate(HostDate.now()); }
    if (arguments.length === 1) { return new RealDate(a); }
    return new RealDate(a, b, c || 1, d || 0, e || 0, f || 0, g || 0);
  }
  HostDate.prototype = RealDate.prototype;
  HostDate.UTC = RealDate.UTC;
  HostDate.parse = RealDate.parse;
  HostDate.now = function () { return python("now"); };
  global.Date = HostDate;

  // ------------------------------------------------------------------------------------------ messages out

  function atom(value) {
    if (typeof value === "number") {
      if (value !== value || value === Infinity || value === -Infinity) { return ["odd", String(value)]; }
      // Max turns a whole number into an int; -0 and what is beyond 2^53 too.
      return value === Math.floor(value) ? ["int", String(value)] : ["float", value];
    }
    if (typeof value === "boolean") { return ["int", value ? "1" : "0"]; }
    if (typeof value === "string") { return ["symbol", value]; }
    return ["odd", value === null ? "null" : typeof value];
  }

  function flatten(given, row) {
    given.forEach(function (value) {
      if (Array.isArray(value)) { flatten(value, row); } else { row.push(atom(value)); }
    });
    return row;
  }

  function list(given, from) { return Array.prototype.slice.call(given, from || 0); }

  global.outlet = function (number) { python("outlet", number, flatten(list(arguments, 1), [])); };
  global.post = function () { python("post", list(arguments).map(String).join(" ")); };
  global.error = function () { python("error", list(arguments).map(String).join(" ")); };
  global.cpost = global.post;
  global.arrayfromargs = function () {
    var row = [];
    list(arguments).forEach(function (value) {
      if (Object.prototype.toString.call(value) === "[object Arguments]") { row = row.concat(list(value)); }
      else { row.push(value); }
    });
    return row;
  };
  global.messnamed = function () { python("refuse", "messnamed is not simulated"); };

  // ------------------------------------------------------------------------------------------ tasks

  var tasks = {};
  var lastTask = 0;

  function Task(action, owner, given) {
    lastTask += 1;
    this._id = lastTask;
    tasks[this._id] = this;
    this["function"] = action;
    this.object = owner === undefined ? global : owner;
    this["arguments"] = given === undefined ? [] : Array.isArray(given) ? given : [given];
    this.interval = 500;
    this.iterations = 0;
    this.running = false;
    this._left = 0;
    action.task = this;
  }
  Task.prototype.schedule = function (delay) {
    this._left = 1;
    this.running = true;
    python("schedule", this._id, delay || 0);
  };
  Task.prototype.repeat = function (times, delay) {
    this._left = times === undefined || times < 0 ? -1 : times;
    this.iterations = 0;
    this.running = true;
    python("schedule", this._id, delay === undefined ? this.interval : delay);
  };
  Task.prototype.cancel = function () {
    this.running = false;
    this._left = 0;
    python("unschedule", this._id);
  };
  Task.prototype.execute = function () {
    this.iterations += 1;
    this["function"].apply(this.object, this["arguments"]);
  };
  Task.prototype.freepeer = function () {
    this.cancel();
    delete tasks[this._id];
  };
  global.Task = Task;

  // ------------------------------------------------------------------------------------------ Live

  function LiveAPI(first, second) {
    var path = typeof first === "string" ? first : second;
    if (typeof first === "function") { python("refuse", "observing by a LiveAPI is not simulated"); }
    this._id = 0;
    this._path = "";
    this.mode = 0;
    this.property = "";
    if (path !== undefined && path !== null) { this["goto"](path); }
  }
  function row(given) {
    var flat = flatten(given, []);
    return flat.map(function (pair) { return pair[0] === "int" ? Number(pair[1]) : pair[1]; });
  }
  function live(verb, self, given) {
    var value = python("live", verb, self._id, given);
    return value === undefined ? null : value;
  }
  LiveAPI.prototype["goto"] = function (path) { this._id = python("live", "goto", this._id, [String(path)]); };
  LiveAPI.prototype.get = function (name) { return live("get", this, [String(name)]); };
  LiveAPI.prototype.getstring = function (name) {
    var value = this.get(name);
    return value === null ? "" : value.join(" ");
  };
  LiveAPI.prototype.set = function (name) { live("set", this, [String(name)].concat(row(list(arguments, 1)))); };
  LiveAPI.prototype.call = function (name) {
    var value = live("call", this, [String(name)].concat(row(list(arguments, 1))));
    return value !== null && value.length === 1 ? value[0] : value;
  };
  LiveAPI.prototype.getcount = function (name) { return live("count", this, [String(name)]); };
  function property(name, read, write) {
    Object.defineProperty(LiveAPI.prototype, name, {get: read, set: write, enumerable: true});
  }
  // The id is text since Max 8 and was a number before; the path stands in quotes.
  var idsAreText = true;
  property("id", function () { return idsAreText ? String(this._id) : this._id; }, function (id) { this["goto"]("id " + id); });
  property("path", function () {
    var path = live("path", this, []);
    return path ? "\"" + path + "\"" : "";
  }, function (path) { this["goto"](path); });
  property("unquotedpath", function () { return live("path", this, []); }, function (path) { this["goto"](path); });
  property("type", function () { return live("type", this, []); }, undefined);
  global.LiveAPI = LiveAPI;

  // ------------------------------------------------------------------------------------------ files

  function File(name, access) {
    if (access !== undefined && access !== "read") { python("refuse", "writing by a File is not simulated"); }
    var text = python("read", String(name));
    this._text = typeof text === "string" ? text : "";
    this.isopen = typeof text === "string";
    this.eof = this._text.length;
    this.position = 0;
  }
  File.prototype.readstring = function (count) {
    var text = this.isopen ? this._text.substr(this.position, count) : "";
    this.position += text.length;
    return text;
  };
  File.prototype.close = function () { this.isopen = false; };
  global.File = File;

  // ------------------------------------------------------------------------------------------ messages in

  var native = {};
  names(global).forEach(function (name) { native[name] = true; });

  function handler(selector) {
    var found = Object.prototype.hasOwnProperty.call(global, selector) ? global[selector] : undefined;
    return typeof found === "function" && !native[selector] && !found.local ? found : null;
  }

  function describe(fault) {
    var where = fault && fault.stack ? /:(\d+)(?::\d+)?\)?\s*$/m.exec(fault.stack) : null;
    return "Javascript " + String(fault) + (where ? ", line " + where[1] : "");
  }

  function guarded(action) {
    try { action(); } catch (fault) { python("fell", describe(fault)); }
  }

  return {
    begin: function (words, os, textIds, path) {
      idsAreText = textIds;
      global.inlets = 1;
      global.outlets = 1;
      global.autowatch = 0;
      global.inlet = 0;
      global.messagename = "";
      global.jsarguments = words;
      global.max = {os: os, version: "904"};
      global.patcher = {filepath: path};
      ["inlets", "outlets", "autowatch", "inlet", "messagename", "jsarguments", "max", "patcher"].forEach(function (name) {
        native[name] = true;
      });
    },
    ports: function () { return [global.inlets, global.outlets]; },
    guarded: guarded,
    has: function (selector) { return handler(selector) !== null; },
    message: function (inlet, selector, given) {
      var found = handler({"int": "msg_int", "float": "msg_float"}[selector] || selector);
      var target = found || handler("anything");
      if (target === null) {
        python("error", "js: no function " + selector);
        return;
      }
      guarded(function () {
        global.inlet = inlet;
        global.messagename = selector;
        target.apply(global, given);
      });
    },
    task: function (id) {
      var task = tasks[id];
      if (!task || !task.running) { return; }
      if (task._left > 0) { task._left -= 1; }
      if (task._left === 0) { task.running = false; } else { python("schedule", id, task.interval); }
      guarded(function () { task.execute(); });
    }
  };
}(this));
