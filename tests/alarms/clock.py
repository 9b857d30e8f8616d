"""A shortened clock: the rules as they are, with every duration made short and none before another."""

import re

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DURATION = r"(\d+)([smhd])"


def shortened(duration):
    """1.86 × seconds ** 0.2555: 20 s become 4 s, 15 min 11 s, 1 h 15 s, 3 d 45 s.

    Twenty seconds are two scrapes of the real settings; four seconds are four of ours, so that a machine which is busy for
    a second or two rings nothing."""
    count, unit = re.fullmatch(DURATION, duration).groups()
    return f"{round(1.86 * (int(count) * SECONDS[unit]) ** 0.2555)}s"


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
