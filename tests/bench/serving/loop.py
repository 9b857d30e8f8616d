"""A bare ONNX Runtime loop: loop.py MODEL FEATURES SECONDS prints rows a second, batches of 1,000, a session for each
of two threads (a run leaves Python's lock), nothing else done."""

import sys
import threading
import time

import numpy as np
import onnxruntime

BATCH = 1000


def work(model, rows, until, done):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    batches = [rows[start:start + BATCH] for start in range(0, len(rows) - BATCH + 1, BATCH)]
    count = 0
    while time.perf_counter() < until:
        session.run(["demand", "demand_p10", "demand_p90"], {"features": batches[count % len(batches)]})
        count += 1
    done.append(count * BATCH)


def main(model, features, seconds):
    table = np.load(features, mmap_mode="r")
    rows = np.ascontiguousarray(table[-8 * BATCH:].view("<f4").reshape(-1, len(table.dtype.names))[:, 2:])
    for duration in (1.0, seconds):
        done, start = [], time.perf_counter()
        threads = [threading.Thread(target=work, args=(model, rows, start + duration, done)) for _ in range(2)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
        rate = sum(done) / (time.perf_counter() - start)
    print(rate)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]))
