"""A grammar of a few sentences, for tests of recognisers."""

from typing import Final

GRAMMAR: Final = """#JSGF V1.0;
grammar small;
public <command> = [please] <order>; // may be polite
<order> = <play> | <mute> | <change> | undo that | yes | no | delete this clip | go back;
<play> = (play | give me) [a] <style> <part> [<bars> bars] [in <letter> (major | minor)];
<style> = funk | house | bossa nova | rock | reggae;
<part> = bass | drums | chords | melody;
<bars> = two | four | eight;
<letter> = a | b | c | d | e | f | g;
<mute> = (mute | solo) the <part>;
<change> = make it [a bit] (busier | darker | softer | brighter);
"""

PRONUNCIATIONS: Final = {"bossa": ("B AO S AH", "B AA S AH")}
