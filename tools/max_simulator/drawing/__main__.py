"""`python -m musearoo.tools.max_simulator.drawing DEVICE PICTURE`: the user interface of a device as a PNG."""

import argparse
import json
import sys
from pathlib import Path

from musearoo.tools.max_simulator.drawing.face import write_png
from musearoo.tools.max_simulator.drawing.themes import THEMES, DrawingError
from musearoo.tools.max_simulator.formats.container import ContainerError, unpack


def main(arguments: list[str] | None = None) -> int:
    """Return 0 when the image is written, or 1 with the reason on stderr when the device cannot be drawn."""
    parser = argparse.ArgumentParser(prog="python -m musearoo.tools.max_simulator.drawing", description=__doc__)
    parser.add_argument("device", type=Path, help="an .amxd or .maxpat file")
    parser.add_argument("picture", type=Path, help="the PNG file to write")
    parser.add_argument("--theme", choices=(*THEMES, "both"), default="both", help="of Live's themes; default both")
    parser.add_argument("--scale", type=int, default=2, help="dots for one of Live's pixels; default 2")
    parser.add_argument("--values", type=Path, help="a JSON file: what the controls show, by their scripting names")
    options = parser.parse_args(arguments)
    try:
        content = options.device.read_bytes()
        patcher = unpack(content).patcher() if content.startswith(b"ampf") else json.loads(content)
        values = json.loads(options.values.read_text("utf-8")) if options.values else None
        write_png(options.picture, patcher, values, theme=options.theme, scale=options.scale, title=options.device.stem)
    except (OSError, ContainerError, json.JSONDecodeError, DrawingError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
