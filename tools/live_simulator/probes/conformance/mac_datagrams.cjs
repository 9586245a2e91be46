// Lets Node's UDP sockets tell the send buffer of macOS, 9,216 bytes, by which ableton-js cuts its messages: Linux tells
// more than a datagram can hold.
const dgram = require("node:dgram");
dgram.Socket.prototype.getSendBufferSize = () => 9216;
