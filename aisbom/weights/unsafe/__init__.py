"""What in a model file can run code when the file is loaded or used. Nothing of it is run.

`examine` looks at pickles, in whatever they are wrapped, at arrays of objects, Keras models, graphs
and templates. What it could not follow to its end is said, never passed over.
"""

from __future__ import annotations

from aisbom.weights.unsafe.examined import Examination, Hazard
from aisbom.weights.unsafe.files import examine

__all__ = ["Examination", "Hazard", "examine"]
