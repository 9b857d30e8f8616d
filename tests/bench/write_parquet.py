"""Écrit directement avec Polars le fichier Parquet reçu de l'API : mêmes lignes, mêmes types, même compression.

usage : write_parquet.py FICHIER
Affiche, en JSON, les lignes, les secondes de la meilleure de trois écritures et les octets écrits.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import polars

source = Path(sys.argv[1])
frame = polars.read_parquet(source)
times = []
with tempfile.TemporaryDirectory() as folder:
    target = Path(folder) / "direct.parquet"
    for _ in range(3):
        start = time.perf_counter()
        frame.write_parquet(target, compression="zstd")
        times.append(time.perf_counter() - start)
    assert polars.read_parquet(target).equals(frame)
    print(json.dumps({"rows": frame.height, "seconds": min(times), "bytes": target.stat().st_size}))
