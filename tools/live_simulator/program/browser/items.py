"""Items of the browser as scripts see them, and the tree behind them."""

from __future__ import annotations

from typing import Any, Callable, Iterable, Iterator, NamedTuple

from musearoo.tools.live_simulator.core.values import Vector


class Load(NamedTuple):
    """What loading an item does: an audio file's path, or a device with the name and the pads of its preset."""

    path: str = ""
    device: str = ""
    preset: str = ""
    pads: tuple[tuple[int, str, int], ...] = ()


class Node(NamedTuple):
    """One entry of the browser's tree; `children` reads its contents, as late as possible."""

    name: str
    uri: str
    source: str
    children: Callable[[], Iterable[Node]] = tuple
    is_folder: bool = False
    is_device: bool = False
    load: Load | None = None


class BrowserItem:
    """A folder, device, preset or file in the browser. It has no path; scripts walk the children by name."""

    __slots__ = ("_node", "_spend")

    def __init__(self, *_: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    @classmethod
    def _of(cls, node: Node, spend: Callable[[], None]) -> BrowserItem:
        self = cls.__new__(cls)
        self._node = node
        self._spend = spend
        return self

    _node: Node
    _spend: Callable[[], None]
    """Takes the time that Live needs to read an item."""

    @property
    def children(self) -> Any:
        """The contents, all read at once."""
        return BrowserItemVector(list(self.iter_children))

    @property
    def iter_children(self) -> BrowserItemIterator:
        """An iterator over the contents, read one by one."""
        return BrowserItemIterator._of(self)

    @property
    def name(self) -> str:
        """The name with a file's ending, as Live shows it."""
        return self._node.name

    @property
    def is_folder(self) -> bool:
        """True for folders."""
        return self._node.is_folder

    @property
    def is_loadable(self) -> bool:
        """True for what `load_item` can load."""
        return self._node.load is not None

    @property
    def is_device(self) -> bool:
        """True for devices; a preset of one is not a device."""
        return self._node.is_device

    @property
    def is_selected(self) -> bool:
        """False: no item is ever selected."""
        return False

    @property
    def source(self) -> str:
        """The origin of the item."""
        return self._node.source

    @property
    def uri(self) -> str:
        """An identifier of the item."""
        return self._node.uri


class BrowserItemIterator:
    """Reads the contents of an item one by one."""

    __slots__ = ("_nodes", "_spend")

    def __init__(self, *_: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    @classmethod
    def _of(cls, item: BrowserItem) -> BrowserItemIterator:
        self = cls.__new__(cls)
        self._nodes = iter(item._node.children())
        self._spend = item._spend
        return self

    _nodes: Iterator[Node]
    _spend: Callable[[], None]

    def __iter__(self) -> BrowserItemIterator:
        return self

    def __next__(self) -> BrowserItem:
        node = next(self._nodes)
        self._spend()
        return BrowserItem._of(node, self._spend)


class BrowserItemVector(Vector):
    """A vector of browser items."""

    __slots__ = ()
    append = Vector.append
    extend = Vector.extend


BrowserItem.__module__ = BrowserItemIterator.__module__ = BrowserItemVector.__module__ = "Browser"
