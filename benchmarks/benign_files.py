"""Model files as libraries of the day save them, none made to do harm: which of them are said to be
able to run code, and which could not be followed to their end.

    ENVIRONMENT/bin/python benchmarks/benign_files.py write FOLDER
    python -m benchmarks.benign_files read FOLDER

The first runs where the libraries are installed, fits each on a few numbers and saves it in every
way that it documents; what is not installed is left out. The second reads those files, in an
environment that needs none of the libraries.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import pickle
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

Save = Callable[[Path], None]
LIBRARIES: dict[str, tuple[str, Save]] = {}
"""Name of the distribution: the module it is imported as, and what saves files into a folder."""


def library(name: str, module: str = "") -> Callable[[Save], Save]:
    """Enter a function that saves a library's files into a folder of its own."""

    def enter(save: Save) -> Save:
        LIBRARIES[name] = (module or name.replace("-", "_"), save)
        return save

    return enter


def numbers() -> tuple[Any, Any]:
    """(60 rows of 4 columns, a class for each)."""
    import numpy as np

    rows = np.random.default_rng(0).normal(size=(60, 4))
    return rows, (rows[:, 0] > 0).astype(int)


def pickled(folder: Path, name: str, value: object) -> None:
    """Save an object as `pickle` does by default and under protocol 2, and as joblib does."""
    (folder / f"{name}.pkl").write_bytes(pickle.dumps(value))
    (folder / f"{name}-2.pkl").write_bytes(pickle.dumps(value, 2))
    if importlib.util.find_spec("joblib"):
        import joblib

        joblib.dump(value, folder / f"{name}.joblib")
        joblib.dump(value, folder / f"{name}.joblib.gz", compress=("gzip", 3))


@library("scikit-learn", "sklearn")
def scikit_learn(folder: Path) -> None:
    from sklearn import compose, ensemble, pipeline, preprocessing
    from sklearn.utils import all_estimators

    x, y = numbers()
    for name, kind in all_estimators():
        try:
            made = kind().fit(abs(x), y)
        except Exception:  # noqa: BLE001, S112 (those that need other inputs)
            continue
        (folder / f"{name}.pkl").write_bytes(pickle.dumps(made))
    scale = preprocessing.StandardScaler()
    columns = compose.ColumnTransformer([("scale", scale, [0, 1])], remainder="passthrough")
    steps = pipeline.make_pipeline(columns, ensemble.RandomForestClassifier(5)).fit(x, y)
    pickled(folder, "pipeline", steps)


@library("xgboost")
def xgboost(folder: Path) -> None:
    import xgboost

    x, y = numbers()
    model = xgboost.XGBClassifier(n_estimators=3).fit(x, y)
    pickled(folder, "classifier", model)
    pickled(folder, "booster", model.get_booster())
    for ending in ("json", "ubj"):
        model.save_model(folder / f"m.{ending}")


@library("lightgbm")
def lightgbm(folder: Path) -> None:
    import lightgbm

    x, y = numbers()
    model = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1).fit(x, y)
    pickled(folder, "classifier", model)
    pickled(folder, "booster", model.booster_)
    model.booster_.save_model(folder / "m.txt")


@library("catboost")
def catboost(folder: Path) -> None:
    import catboost

    x, y = numbers()
    model = catboost.CatBoostClassifier(iterations=3, verbose=0, train_dir=str(folder / "log"))
    model.fit(x, y)
    pickled(folder, "classifier", model)
    model.save_model(str(folder / "m.cbm"))
    model.save_model(str(folder / "m.json"), format="json")
    model.save_model(str(folder / "m.onnx"), format="onnx")


SENTENCES = [["a", "cat", "sat"], ["a", "dog", "ran"], ["the", "cat", "ran"]] * 20


@library("gensim")
def gensim(folder: Path) -> None:
    from gensim import corpora, models

    words = corpora.Dictionary(SENTENCES)
    bags = [words.doc2bow(line) for line in SENTENCES]
    words.save(str(folder / "dictionary.gensim"))
    tagged = [models.doc2vec.TaggedDocument(line, [n]) for n, line in enumerate(SENTENCES)]
    made = {
        "word2vec": models.Word2Vec(SENTENCES, vector_size=8, min_count=1),
        "fasttext": models.FastText(SENTENCES, vector_size=8, min_count=1, bucket=100),
        "doc2vec": models.Doc2Vec(tagged, vector_size=8, min_count=1),
        "lda": models.LdaModel(bags, num_topics=2, id2word=words),
        "lsi": models.LsiModel(bags, num_topics=2, id2word=words),
        "tfidf": models.TfidfModel(bags),
        "phrases": models.Phrases(SENTENCES),
    }
    for name, model in made.items():
        model.save(str(folder / f"{name}.model"))
        pickled(folder, name, model)
    made["word2vec"].wv.save(str(folder / "vectors.kv"))
    made["word2vec"].wv.save_word2vec_format(str(folder / "vectors.bin"), binary=True)


@library("spacy")
def spacy(folder: Path) -> None:
    import spacy
    from spacy.tokens import DocBin
    from spacy.training import Example

    language = spacy.blank("en")
    guess = language.add_pipe("textcat")
    guess.add_label("a")
    guess.add_label("b")
    doc = language.make_doc("a cat sat")
    language.initialize(lambda: [Example.from_dict(doc, {"cats": {"a": 1.0, "b": 0.0}})])
    language.to_disk(folder / "pipeline")
    DocBin(docs=[language("a cat")], store_user_data=True).to_disk(folder / "docs.spacy")
    (folder / "vocabulary.pkl").write_bytes(pickle.dumps(language.vocab))
    (folder / "doc.pkl").write_bytes(pickle.dumps(language("a cat")))


@library("statsmodels")
def statsmodels(folder: Path) -> None:
    import numpy as np
    import pandas as pd
    import statsmodels.api as sm
    import statsmodels.formula.api as smf

    x, y = numbers()
    table = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": y})
    series = pd.Series(np.cumsum(x[:, 0]))
    made = {
        "ols": sm.OLS(table.y, sm.add_constant(table[["a", "b"]])).fit(),
        "formula": smf.ols("y ~ a + np.exp(b)", table).fit(),
        "glm": sm.GLM(table.b, table[["a"]]).fit(),
        "arima": sm.tsa.ARIMA(series, order=(1, 0, 0)).fit(),
    }
    for name, model in made.items():
        pickled(folder, name, model)
        model.save(str(folder / f"{name}.pickle"))


@library("torch")
def torch(folder: Path) -> None:
    import torch

    net = torch.nn.Sequential(
        torch.nn.Embedding(9, 4),
        torch.nn.LSTM(4, 4, batch_first=True),
    )
    whole = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2), torch.nn.GELU(), torch.nn.Linear(2, 2)
    )
    attention = torch.nn.TransformerEncoderLayer(8, 2, batch_first=True)
    optimizer = torch.optim.AdamW(whole.parameters())
    torch.optim.lr_scheduler.StepLR(optimizer, 2)
    torch.save(net.state_dict(), folder / "state.pt")
    torch.save(net.state_dict(), folder / "state.pth", _use_new_zipfile_serialization=False)
    torch.save(whole, folder / "whole.pt")
    torch.save(attention, folder / "attention.pt")
    torch.save(
        {
            "epoch": 3,
            "model": whole.state_dict(),
            "optimizer": optimizer.state_dict(),
            "rng": torch.get_rng_state(),
            "args": argparse.Namespace(lr=0.1, path=Path("out")),
        },
        folder / "checkpoint.ckpt",
    )
    torch.save(optimizer, folder / "optimizer.bin")
    torch.save(
        [torch.zeros(2, dtype=kind) for kind in (torch.bfloat16, torch.bool)], folder / "l.pt"
    )
    torch.save(torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), folder / "q.pt")
    torch.jit.script(whole).save(str(folder / "scripted.pt"))
    torch.jit.trace(whole[0], torch.zeros(1, 1, 4, 4)).save(str(folder / "traced.pt"))
    exported = torch.export.export(torch.nn.Linear(2, 2), (torch.zeros(1, 2),))
    torch.export.save(exported, str(folder / "exported.pt2"))
    pickled(folder, "tensor", torch.zeros(3))


@library("pytorch-lightning")
def lightning(folder: Path) -> None:
    import pytorch_lightning as pl
    import torch

    class Net(pl.LightningModule):
        def __init__(self, width: int = 2, *, name: str = "x") -> None:  # noqa: ARG002
            super().__init__()
            self.save_hyperparameters()
            self.layer = torch.nn.Linear(width, 1)

        def training_step(self, batch: Any, _: int) -> Any:
            return self.layer(batch[0]).sum()

        def configure_optimizers(self) -> Any:
            return torch.optim.Adam(self.parameters())

    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.zeros(4, 2)))
    trainer = pl.Trainer(
        max_epochs=1,
        logger=False,
        default_root_dir=str(folder),
        enable_progress_bar=False,
        accelerator="cpu",
    )
    trainer.fit(Net(), data)
    trainer.save_checkpoint(folder / "trained.ckpt")


@library("transformers")
def transformers(folder: Path) -> None:
    import torch
    import transformers

    config = transformers.BertConfig(
        vocab_size=32,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
    )
    model = transformers.BertForSequenceClassification(config)
    model.save_pretrained(folder / "model")
    torch.save(model.state_dict(), folder / "pytorch_model.bin")
    torch.save(model, folder / "whole.pt")
    torch.save(transformers.TrainingArguments(str(folder / "o")), folder / "training_args.bin")
    torch.save(transformers.GenerationConfig(), folder / "generation.bin")


@library("sentence-transformers")
def sentences(folder: Path) -> None:
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer, models

    config = transformers.BertConfig(
        vocab_size=32,
        hidden_size=8,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=8,
    )
    transformers.BertModel(config).save_pretrained(folder / "bert")
    (folder / "bert" / "vocab.txt").write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\na\ncat\n")
    transformers.BertTokenizer(str(folder / "bert" / "vocab.txt")).save_pretrained(folder / "bert")
    whole = SentenceTransformer(
        modules=[models.Transformer(str(folder / "bert")), models.Pooling(8), models.Dense(8, 4)]
    )
    whole.save(str(folder / "whole"))
    torch.save(whole[2], folder / "dense.pt")


@library("timm")
def timm(folder: Path) -> None:
    import timm
    import torch

    model = timm.create_model("resnet18", num_classes=2)
    torch.save({"state_dict": model.state_dict(), "arch": "resnet18"}, folder / "m.pth.tar")
    torch.save(timm.create_model("vit_tiny_patch16_224", depth=1), folder / "whole.pth")


@library("torchvision")
def torchvision(folder: Path) -> None:
    import torch
    import torchvision

    torch.save(torchvision.models.squeezenet1_0(), folder / "whole.pt")
    steps = torchvision.transforms.Compose(
        [torchvision.transforms.Resize(8), torchvision.transforms.ToTensor()]
    )
    torch.save(steps, folder / "transforms.pt")


@library("keras")
def keras(folder: Path) -> None:
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    layers = [keras.layers.Input((4,)), keras.layers.Dense(3, "relu"), keras.layers.Dropout(0.1)]
    layers += [keras.layers.BatchNormalization(), keras.layers.Dense(1, "sigmoid")]
    model = keras.Sequential(layers)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    model.save(folder / "m.keras")
    model.save(folder / "m.h5")
    model.save_weights(folder / "m.weights.h5")
    (folder / "m.json").write_text(model.to_json())
    one = keras.Input((8, 8, 3))
    deep = keras.layers.Conv2D(2, 3, activation="swish")(one)
    deep = keras.layers.GlobalAveragePooling2D()(deep)
    keras.Model(one, keras.layers.Dense(2)(deep)).save(folder / "functional.keras")


@library("tensorflow-cpu", "tensorflow")
def tensorflow(folder: Path) -> None:
    import tensorflow as tf

    class Net(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = tf.Variable([[1.0], [2.0]])

        @tf.function(input_signature=[tf.TensorSpec((None, 2), tf.float32)])
        def __call__(self, x: Any) -> Any:
            return tf.nn.relu(tf.matmul(x, self.w))

    net = Net()
    tf.saved_model.save(net, str(folder / "saved"))
    tf.train.Checkpoint(model=net).write(str(folder / "checkpoint"))
    lite = tf.lite.TFLiteConverter.from_saved_model(str(folder / "saved")).convert()
    (folder / "m.tflite").write_bytes(lite)


@library("onnx")
def onnx(folder: Path) -> None:
    import onnx
    from onnx import TensorProto, helper

    node = helper.make_node("Relu", ["x"], ["y"])
    one = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2])
    two = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2])
    onnx.save(helper.make_model(helper.make_graph([node], "g", [one], [two])), folder / "m.onnx")


@library("skl2onnx")
def skl2onnx(folder: Path) -> None:
    import numpy as np
    from skl2onnx import to_onnx
    from sklearn.ensemble import RandomForestClassifier

    x, y = numbers()
    model = to_onnx(RandomForestClassifier(3).fit(x, y), x[:1].astype(np.float32))
    (folder / "forest.onnx").write_bytes(model.SerializeToString())


@library("flax")
def flax(folder: Path) -> None:
    import jax
    from flax import linen, serialization

    state = linen.Dense(2).init(jax.random.PRNGKey(0), jax.numpy.ones((1, 3)))
    (folder / "flax_model.msgpack").write_bytes(serialization.to_bytes(state))
    pickled(folder, "state", jax.tree_util.tree_map(jax.device_get, state))


@library("safetensors")
def safetensors(folder: Path) -> None:
    import numpy as np
    from safetensors.numpy import save_file

    save_file({"a": np.ones(3, np.float32)}, folder / "m.safetensors")


@library("numpy")
def numpy(folder: Path) -> None:
    import numpy as np

    np.save(folder / "a.npy", np.ones(3))
    np.save(folder / "texts.npy", np.array(["a", None, {"k": [1]}], dtype=object))
    np.savez(folder / "b.npz", a=np.ones(3), b=np.array([{"x": 1}], dtype=object))
    pickled(folder, "generator", np.random.default_rng(1))
    pickled(folder, "masked", np.ma.masked_array([1, 2], [0, 1]))


@library("pandas")
def pandas(folder: Path) -> None:
    import pandas as pd

    table = pd.DataFrame(
        {
            "day": pd.date_range("2024-01-01", periods=3, tz="Asia/Seoul"),
            "kind": pd.Categorical(["a", "b", "a"]),
            "text": ["x", "y", None],
            "whole": pd.array([1, None, 3], dtype="Int64"),
        }
    )
    table.to_pickle(folder / "table.pkl")
    table.set_index(["day", "kind"]).to_pickle(folder / "indexed.pkl.gz")
    pickled(folder, "period", pd.period_range("2024-01", periods=3, freq="M"))


@library("joblib")
def joblib(folder: Path) -> None:
    import joblib
    import numpy as np

    value = {"weights": [np.ones((3, 3)), np.array(["a", None], dtype=object)], "name": "m"}
    for name, how in {"a.joblib": 0, "b.joblib.gz": ("gzip", 3), "c.joblib.xz": ("xz", 3)}.items():
        joblib.dump(value, folder / name, compress=how)


@library("skops")
def skops(folder: Path) -> None:
    from sklearn.linear_model import LogisticRegression
    from skops import io

    io.dump(LogisticRegression().fit(*numbers()), folder / "m.skops")


@library("prophet")
def prophet(folder: Path) -> None:
    import pandas as pd
    from prophet import Prophet
    from prophet.serialize import model_to_json

    days = pd.date_range("2024-01-01", periods=60)
    model = Prophet().fit(pd.DataFrame({"ds": days, "y": numbers()[0][:, 0]}))
    (folder / "m.json").write_text(model_to_json(model))
    pickled(folder, "prophet", model)


@library("implicit")
def implicit(folder: Path) -> None:
    import numpy as np
    from implicit.als import AlternatingLeastSquares
    from implicit.nearest_neighbours import BM25Recommender
    from scipy.sparse import csr_matrix

    seen = csr_matrix(np.random.default_rng(0).integers(0, 2, (20, 10)).astype(np.float32))
    model = AlternatingLeastSquares(factors=4, iterations=2, use_gpu=False)
    model.fit(seen, show_progress=False)
    model.save(str(folder / "als.npz"))
    pickled(folder, "als", model)
    near = BM25Recommender()
    near.fit(seen, show_progress=False)
    pickled(folder, "bm25", near)


@library("scikit-surprise", "surprise")
def surprise(folder: Path) -> None:
    import pandas as pd
    from surprise import SVD, Dataset, KNNBasic, Reader, dump

    rows = pd.DataFrame({"u": [1, 1, 2, 2, 3], "i": [1, 2, 1, 3, 2], "r": [5, 3, 4, 1, 2]})
    data = Dataset.load_from_df(rows, Reader(rating_scale=(1, 5))).build_full_trainset()
    for name, kind in {"svd": SVD, "knn": KNNBasic}.items():
        model = kind(verbose=False).fit(data)
        dump.dump(str(folder / f"{name}.pickle"), algo=model)
        pickled(folder, name, model)


@library("pmdarima")
def pmdarima(folder: Path) -> None:
    from pmdarima import ARIMA

    pickled(folder, "arima", ARIMA((1, 0, 0)).fit(numbers()[0][:, 0]))


@library("lifelines")
def lifelines(folder: Path) -> None:
    import pandas as pd
    from lifelines import CoxPHFitter, KaplanMeierFitter

    x, y = numbers()
    table = pd.DataFrame({"t": abs(x[:, 0]) + 1, "e": y, "a": x[:, 1]})
    pickled(folder, "kaplan", KaplanMeierFitter().fit(table.t, table.e))
    pickled(folder, "cox", CoxPHFitter().fit(table, "t", "e"))


@library("river")
def river(folder: Path) -> None:
    from river import linear_model, preprocessing, tree

    model = preprocessing.StandardScaler() | linear_model.LogisticRegression()
    forest = tree.HoeffdingTreeClassifier()
    for row, kind in zip(*numbers(), strict=True):
        one = dict(enumerate(map(float, row)))
        model.learn_one(one, bool(kind))
        forest.learn_one(one, int(kind))
    pickled(folder, "pipeline", model)
    pickled(folder, "tree", forest)


@library("nltk")
def nltk(folder: Path) -> None:
    from nltk import NaiveBayesClassifier
    from nltk.tag import BigramTagger, PerceptronTagger, UnigramTagger
    from nltk.tokenize.punkt import PunktSentenceTokenizer

    tagged = [[("a", "DT"), ("cat", "NN"), ("sat", "VB")]] * 5
    tagger = PerceptronTagger(load=False)
    tagger.train(tagged)
    pickled(folder, "perceptron", tagger)
    pickled(folder, "bigram", BigramTagger(tagged, backoff=UnigramTagger(tagged)))
    pickled(folder, "punkt", PunktSentenceTokenizer("A cat. A dog."))
    pickled(folder, "bayes", NaiveBayesClassifier.train([({"a": 1}, "x"), ({"a": 2}, "y")]))


@library("networkx")
def networkx(folder: Path) -> None:
    import networkx as nx

    pickled(folder, "graph", nx.karate_club_graph())
    pickled(folder, "directed", nx.DiGraph([(1, 2), (2, 3)]))


@library("umap-learn", "umap")
def umap(folder: Path) -> None:
    import umap

    pickled(folder, "umap", umap.UMAP(n_neighbors=5, n_epochs=5).fit(numbers()[0]))


@library("hdbscan")
def hdbscan(folder: Path) -> None:
    import hdbscan

    pickled(folder, "hdbscan", hdbscan.HDBSCAN(prediction_data=True).fit(numbers()[0]))


@library("ngboost")
def ngboost(folder: Path) -> None:
    from ngboost import NGBRegressor

    x, _ = numbers()
    pickled(folder, "ngboost", NGBRegressor(n_estimators=3, verbose=False).fit(x[:, 1:], x[:, 0]))


@library("sklearn-crfsuite")
def crfsuite(folder: Path) -> None:
    from sklearn_crfsuite import CRF

    x = [[{"w": word} for word in line] for line in SENTENCES]
    model = CRF(max_iterations=2, model_filename=str(folder / "m.crfsuite"))
    pickled(folder, "crf", model.fit(x, [["N"] * len(line) for line in SENTENCES]))


@library("category_encoders")
def encoders(folder: Path) -> None:
    import category_encoders as ce
    import pandas as pd

    table = pd.DataFrame({"a": ["x", "y", "x", "z"]})
    pickled(folder, "target", ce.TargetEncoder().fit(table, [1, 0, 1, 0]))
    pickled(folder, "onehot", ce.OneHotEncoder().fit(table))


@library("pyod")
def pyod(folder: Path) -> None:
    from pyod.models.iforest import IForest
    from pyod.models.knn import KNN

    pickled(folder, "forest", IForest(n_estimators=5).fit(numbers()[0]))
    pickled(folder, "knn", KNN().fit(numbers()[0]))


@library("stable-baselines3")
def baselines(folder: Path) -> None:
    from stable_baselines3 import DQN, PPO

    for kind in (PPO, DQN):
        kind("MlpPolicy", "CartPole-v1", device="cpu").save(folder / kind.__name__)


@library("tslearn")
def tslearn(folder: Path) -> None:
    from tslearn.clustering import TimeSeriesKMeans

    model = TimeSeriesKMeans(2, max_iter=2).fit(numbers()[0])
    pickled(folder, "kmeans", model)
    model.to_json(str(folder / "m.json"))


@library("sktime")
def sktime(folder: Path) -> None:
    import pandas as pd
    from sktime.forecasting.naive import NaiveForecaster

    model = NaiveForecaster().fit(pd.Series(numbers()[0][:, 0]))
    model.save(folder / "naive")
    pickled(folder, "naive", model)


@library("fasttext-wheel", "fasttext")
def fasttext(folder: Path) -> None:
    import fasttext

    (folder / "train.txt").write_text("__label__a a cat sat\n__label__b a dog ran\n" * 20)
    model = fasttext.train_supervised(str(folder / "train.txt"), dim=4, bucket=100, verbose=0)
    model.save_model(str(folder / "m.bin"))


@library("sentencepiece")
def sentencepiece(folder: Path) -> None:
    import sentencepiece

    (folder / "text.txt").write_text("a cat sat on the mat\nthe dog ran\n" * 50)
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "text.txt"),
        model_prefix=str(folder / "m"),
        vocab_size=18,
        minloglevel=2,
    )


@library("optuna")
def optuna(folder: Path) -> None:
    import joblib
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=0))
    study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=3)
    joblib.dump(study, folder / "study.pkl")


@library("imbalanced-learn", "imblearn")
def imbalanced(folder: Path) -> None:
    from imblearn.ensemble import BalancedRandomForestClassifier, RUSBoostClassifier

    for kind in (BalancedRandomForestClassifier, RUSBoostClassifier):
        pickled(folder, kind.__name__, kind(n_estimators=3).fit(*numbers()))


@library("hmmlearn")
def hmmlearn(folder: Path) -> None:
    from hmmlearn.hmm import GaussianHMM

    pickled(folder, "gaussian", GaussianHMM(2).fit(numbers()[0]))


@library("scipy")
def scipy(folder: Path) -> None:
    import numpy as np
    from scipy import interpolate, sparse, spatial

    line = np.arange(9.0)
    pickled(folder, "matrix", sparse.random(5, 5, 0.5, "csr"))
    pickled(folder, "tree", spatial.cKDTree(numbers()[0]))
    pickled(folder, "spline", interpolate.CubicSpline(line, line**2))
    pickled(folder, "interp1d", interpolate.interp1d(line, line))


def write(folder: Path) -> None:
    """Save what the libraries of this environment save."""
    warnings.simplefilter("ignore")
    for name, (module, save) in LIBRARIES.items():
        if importlib.util.find_spec(module) is None:
            continue
        (folder / name).mkdir(parents=True, exist_ok=True)
        try:
            save(folder / name)
        except Exception as error:  # noqa: BLE001
            print(f"{name}: {' '.join(str(error).split())[:200]}", file=sys.stderr)
            traceback.print_exc(limit=-2)


def read(folder: Path) -> None:
    """Say of each library how many files it saved, and which are flagged or not followed."""
    from aisbom.weights.read.source import Disk
    from aisbom.weights.unsafe import examine

    free = total = all_files = all_flagged = 0
    for library_ in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = sorted(
            path for path in library_.rglob("*") if path.is_file() and path.stat().st_size
        )
        lines: dict[str, list[str]] = {}
        flagged = unread = 0
        for path in files:
            source = Disk(path)
            found = examine(source, path.name)
            source.close()
            flagged += bool(found.hazards)
            unread += bool(found.unread)
            for words in (*(f"{h.kind}: {h.what}" for h in found.hazards), *found.unread):
                lines.setdefault(words, []).append(path.name)
        total += bool(files)
        all_files, all_flagged = all_files + len(files), all_flagged + flagged
        free += bool(files) and not flagged
        print(
            f"{library_.name:<24}{len(files):>5} files {flagged:>3} flagged {unread:>3} not followed"
        )
        for words, names in sorted(lines.items()):
            print(f"    {words}  ({len(names)}: {', '.join(names[:3])})")
    print(f"{all_files} files of {total} libraries, {all_flagged} flagged; nothing of {free}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("what", choices=("write", "read"))
    options.add_argument("folder", type=Path)
    given = options.parse_args()
    (write if given.what == "write" else read)(given.folder)


if __name__ == "__main__":
    main()
