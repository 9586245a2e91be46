"""The colours of Live's theme that a device may follow, by name.

A device contains "themecolor.live_lcd_bg" and Live fills in the colour of the user's own theme. Max also saves the
colour's value at that time; here that is the value in most public devices, which were saved under a dark theme.
"""

THEME_COLOURS: dict[str, int] = {
    "live_surface_bg": 0x363636,
    "live_contrast_frame": 0x111111,
    "live_control_bg": 0x444444,
    "live_control_fg": 0xB5B5B5,
    "live_control_fg_on": 0x030303,
    "live_control_fg_zombie": 0x636363,
    "live_control_selection": 0xFFAD56,
    "live_control_text_bg": 0x242424,
    "live_lcd_bg": 0x181818,
    "live_lcd_frame": 0x434343,
    "live_lcd_title": 0xB5B5B5,
    "live_lcd_control_fg": 0xFFAD56,
    "live_lcd_control_fg_zombie": 0xA5A5A5,
    "live_record": 0xFF5559,
    "live_value_arc": 0x03C3D5,
}


def red_green_blue(colour: int) -> list[float]:
    """Return red, green and blue from 0 to 1, and full opacity, of 0xRRGGBB.

    >>> red_green_blue(0xFF0033)
    [1.0, 0.0, 0.2, 1.0]
    """
    return [(colour >> shift & 0xFF) / 255 for shift in (16, 8, 0)] + [1.0]
