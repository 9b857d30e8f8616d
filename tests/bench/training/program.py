"""The program under measure, called as a person would."""

import json
import subprocess
import time


def filrouge(program, *arguments):
    """Runs a command of the program; its complaint is the error's."""
    done = subprocess.run([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"`{' '.join(map(str, arguments))}`: {done.stderr.strip()}")


def train_and_evaluate(program, folder, past, recent, zone):
    """Evaluation, on the file `recent`, of a version trained on the file `past`; and the seconds that training took, all
    counted: reading, backtest, calibration, export, certificate."""
    start = time.perf_counter()
    filrouge(program, "train", "--dataset", past, "--out", f"{folder}/model", "--time-zone", zone)
    seconds = time.perf_counter() - start
    filrouge(program, "evaluate", "--model", f"{folder}/model", "--history", past, "--dataset", recent,
             "--json", f"{folder}/evaluation.json")
    with open(f"{folder}/evaluation.json") as file:
        return json.load(file), seconds
