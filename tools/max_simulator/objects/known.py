"""All objects that the simulated Max knows, by the names that stand in boxes."""

from tools.max_simulator.objects import controls, faces, flow, script, signals, sockets
from tools.max_simulator.objects.base import MaxObject

KINDS: tuple[type[MaxObject], ...] = (
    *(flow.Prepend, flow.Route, flow.Select, flow.Trigger, flow.Defer, flow.MessageBox),
    *(flow.LiveThisDevice, flow.FreeBang, flow.Midi),
    *(controls.Dial, controls.Menu, controls.TextButton),
    *(faces.Comment, faces.Panel, faces.Bar, faces.TextField, faces.Veil),
    *(sockets.UdpSend, sockets.UdpReceive),
    script.Script,
    *(signals.Plugin, signals.Plugout, signals.PlugPhasor, signals.Count, signals.Snapshot),
    *(signals.Record, signals.Buffer, signals.Dspstate),
)

KNOWN: dict[str, type[MaxObject]] = {name: kind for kind in KINDS for name in kind.classes}
