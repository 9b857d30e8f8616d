"""A shortened clock: the rules as they are, with every duration made short and none before another."""

import re

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = r"(\d+)([smhd])"


def shortened(duration):
    """seconds ** 0.3, one second at least: 20 s become 2 s, 5 min 6 s, 1 h 12 s, 3 d 42 s."""
    count, unit = re.fullmatch(DURATION, duration).groups()
    return f"{max(1, round((int(count) * SECONDS[unit]) ** 0.3))}s"


def shortened_rules(text):
    """The rules file with its waits and its windows shortened; thresholds stay those of the real rules."""
    text = re.sub(
        rf"((?:for|keep_firing_for|interval): ){DURATION}", lambda found: found[1] + shortened(found[2] + found[3]), text
    )
    window = rf"\[{DURATION}(?::{DURATION})?\]"

    def short(found):
        step = f":{shortened(found[3] + found[4])}" if found[3] else ""
        return f"[{shortened(found[1] + found[2])}{step}]"

    return re.sub(window, short, text)
