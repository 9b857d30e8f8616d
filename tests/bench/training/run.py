"""Our training beside LightGBM's and scikit-learn's, rolling origin: the same rows, the same features, the same hours.

run.py --program FILROUGE --dataset STATION_HOURS.parquet [--folds 4] [--trials 50] prints a JSON."""

import argparse
import json
import os
import sys
import tempfile
import time

import numpy as np

from program import filrouge, train_and_evaluate

FOLD_DAYS = 28
THREADS = len(os.sched_getaffinity(0))
COLUMNS_BEFORE_FEATURES = 2


def read_features(program, dataset, folder, zone, before=None):
    """Hour, target and features of each row, as a program that knows the hours before `before` computes them."""
    limit = []
    if before is not None:
        limit = ["--fit-before", time.strftime("%Y-%m-%dT%H:00:00Z", time.gmtime(int(before) * 3600))]
    filrouge(program, "model", "features", "--dataset", dataset, "--out", f"{folder}/f.npy", "--time-zone", zone, *limit)
    table = np.load(f"{folder}/f.npy", mmap_mode="r")
    values = table.view("<f4").reshape(-1, len(table.dtype.names))
    return values[:, 0].astype(int), np.array(values[:, 1]), np.array(values[:, COLUMNS_BEFORE_FEATURES:])


def timed(train):
    start = time.perf_counter()
    predict = train()
    return predict, time.perf_counter() - start


def lightgbm_default(x, y):
    import lightgbm
    model = lightgbm.LGBMRegressor(n_jobs=THREADS, verbose=-1).fit(x, y)
    return lambda rows: np.maximum(model.predict(rows), 0)


def histogram_boosting(x, y):
    from sklearn.ensemble import HistGradientBoostingRegressor
    # It refuses a column that always says the same, or nothing.
    kept = np.fmin.reduce(x, axis=0) < np.fmax.reduce(x, axis=0)
    model = HistGradientBoostingRegressor(loss="poisson").fit(x[:, kept], y)
    return lambda rows: model.predict(rows[:, kept])


def lightgbm_search(x, y, hour, trials):
    """Optuna's default sampler over the usual parameters; the last four weeks before the fold decide. Losses are those
    whose answer is a mean, as ours is: an absolute loss answers a median, which errs less and forecasts too few departures
    (decision 0082)."""
    import lightgbm
    import optuna
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    late = hour >= hour.max() + 1 - FOLD_DAYS * 24

    def fit(parameters, rows):
        return lightgbm.LGBMRegressor(**parameters, n_jobs=THREADS, verbose=-1).fit(x[rows], y[rows])

    def error(trial):
        parameters = {
            "objective": trial.suggest_categorical("objective", ["regression", "poisson"]),
            "n_estimators": trial.suggest_int("n_estimators", 50, 400),
            "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.3, log=True),
            "num_leaves": trial.suggest_int("num_leaves", 15, 127),
            "min_child_samples": trial.suggest_int("min_child_samples", 5, 100),
            "colsample_bytree": trial.suggest_float("colsample_bytree", 0.4, 1.0),
            "reg_lambda": trial.suggest_float("reg_lambda", 1e-3, 10.0, log=True),
        }
        return np.abs(np.maximum(fit(parameters, ~late).predict(x[late]), 0) - y[late]).mean()

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=1))
    study.optimize(error, n_trials=trials)
    model = fit(study.best_params, np.ones(len(y), bool))
    return lambda rows: np.maximum(model.predict(rows), 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--time-zone", default="Europe/Paris")
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--trials", type=int, default=0, help="of the search, on the last fold")
    parser.add_argument("--rows", type=int, default=0, help="rows that the peers learn from; all of them by default")
    arguments = parser.parse_args()
    results = {"folds": []}
    with tempfile.TemporaryDirectory() as folder:
        dataset = arguments.dataset
        whole = read_features(arguments.program, arguments.dataset, folder, arguments.time_zone)[0].max() + 1
        for back in range(arguments.folds):
            filrouge(arguments.program, "split", "--dataset", dataset, "--days", str(FOLD_DAYS), "--out", f"{folder}/{back}")
            past, recent = f"{folder}/{back}/past.parquet", f"{folder}/{back}/recent.parquet"
            end = whole - back * FOLD_DAYS * 24
            hour, y, x = read_features(arguments.program, arguments.dataset, folder, arguments.time_zone,
                                       before=end - FOLD_DAYS * 24)
            held_out = (hour >= end - FOLD_DAYS * 24) & (hour < end)
            learnt = np.flatnonzero(hour < end - FOLD_DAYS * 24)
            if arguments.rows and arguments.rows < len(learnt):
                learnt = np.random.default_rng(1).choice(learnt, arguments.rows, replace=False)
            evaluation, seconds = train_and_evaluate(arguments.program, folder, past, recent, arguments.time_zone)
            fold = {"rows": int(held_out.sum()), "filrouge": {"mae": evaluation["mae"], "seconds": seconds},
                    "last_week_mae": evaluation["baselines"]["same_hour_last_week"]["mae"]}
            peers = {"lightgbm": lambda: lightgbm_default(x[learnt], y[learnt]),
                     "scikit_learn": lambda: histogram_boosting(x[learnt], y[learnt])}
            if back == 0 and arguments.trials:
                peers["search"] = lambda: lightgbm_search(x[learnt], y[learnt], hour[learnt], arguments.trials)
            for name, train in peers.items():
                predict, taken = timed(train)
                fold[name] = {"mae": float(np.abs(predict(x[held_out]) - y[held_out]).mean()), "seconds": taken}
            results["folds"].append(fold)
            print(json.dumps(fold), flush=True, file=sys.stderr)
            dataset = past
    print(json.dumps(results))


if __name__ == "__main__":
    main()
