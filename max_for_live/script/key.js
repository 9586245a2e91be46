// Locating the daemon: port and secret, in a file that only the user can read. The file reader is a parameter: `read`
// returns a text or null.
var Key = (function () {
  // As in `bridge/settings/config_files.py` and `bridge/settings/live_folders.py`.
  var FILE = "device_key.txt", POINTER = "MuseAroo folder.txt";

  // MuseAroo's folder in the user's home folder, by `max.os`.
  var FOLDERS = { macintosh: "/Library/Application Support/MuseAroo", windows: "/AppData/Roaming/MuseAroo" };

  var KEY = /^(\d{4,5}) (\S{32,200})\s*$/;

  function folderOf(path) {
    return path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
  }

  // The folder named by `musearoo install` next to the device, as a file URL, so that any letter survives Max.
  function pointedTo(read, devicePath) {
    var text = devicePath ? read(folderOf(devicePath) + POINTER) : null;
    var found = text === null ? null : /^file:\/\/([^\/\s]*)(\/\S+)/.exec(text);
    if (found === null) {
      return null;
    }
    try {
      var path = decodeURIComponent(found[2]);
    } catch (broken) {
      // Another program wrote it.
      return null;
    }
    return found[1] ? "//" + found[1] + path : /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
  }

  /** Returns MuseAroo's folders, the likeliest first: next to the device, in Max's home folder, in that of the device's
   * path.
   */
  function folders(read, os, devicePath) {
    var pointed = pointedTo(read, devicePath), all = pointed === null ? [] : [pointed];
    if (FOLDERS.hasOwnProperty(os)) {
      var home = /^.*?[:\/\\]Users[\/\\][^\/\\]+/.exec(devicePath);
      all.push("~:" + FOLDERS[os]);
      if (home !== null) {
        all.push(home[0] + FOLDERS[os]);
      }
    }
    return all;
  }

  /** Returns the keys that can be read there: `{ port, secret }`, without duplicates. */
  function find(read, os, devicePath) {
    var keys = [];
    folders(read, os, devicePath).forEach(function (folder) {
      var text = read(folder + "/" + FILE), found = text === null ? null : KEY.exec(text);
      if (found !== null && !keys.some(function (key) { return key.secret === found[2]; })) {
        keys.push({ port: Number(found[1]), secret: found[2] });
      }
    });
    return keys;
  }

  return { find: find };
}());
