"""A real training run to look at: small transformers learn Python from Python's own standard library.

Read in this order; each file is short, and `train.py` shows all of headway that a training loop needs:

- `corpus.py`: the text
- `layers.py`: the operations, forward and backward by hand, in numpy
- `model.py`: the transformer made of them
- `optimiser.py`: AdamW, warm-up and cosine, clipping
- `look.py`: samples, attention, histograms, the loss around the weights
- `train.py`: one run, and what it logs
- `worker.py`: several runs at once, in processes of their own
"""
