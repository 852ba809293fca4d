"""What a run left in results.h5, read with plain h5py, and what differs between two runs of one sweep."""
import dataclasses

import h5py
import numpy

# What may differ between two runs of one sweep and seed: who worked, when, how long, how often a trial was tried.
DEPENDS_ON_RUN = {
    "/configuration",  # the text, resources included
    "/trials/seconds", "/trials/worker", "/trials/host", "/trials/device", "/trials/attempts",
}
GROUPS_OF_RUN = ("/failures/", "/events/", "/provenance/")


@dataclasses.dataclass
class Results:
    trials: list
    states: list
    attempts: list
    arrays: dict      # path -> array, of every dataset in the file
    attributes: dict  # path -> {name: value}


def text_of(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def results_of(run):
    arrays, attributes = {}, {}
    with h5py.File(run / "results.h5", "r") as file:
        def visit(name, item):
            attributes["/" + name] = {key: numpy.asarray(value) for key, value in item.attrs.items()
                                      if not key.startswith(("DIMENSION_", "REFERENCE_", "CLASS", "NAME"))}
            if isinstance(item, h5py.Dataset):
                arrays["/" + name] = item[()]
        file.visititems(visit)
        attributes["/"] = {key: numpy.asarray(value) for key, value in file.attrs.items()}
    return Results(trials=arrays["/trials/id"].tolist(), states=[text_of(state) for state in arrays["/trials/state"]],
                   attempts=arrays["/trials/attempts"].tolist(), arrays=arrays, attributes=attributes)


def same_bits(left, right):
    left, right = numpy.asarray(left), numpy.asarray(right)
    return left.shape == right.shape and left.dtype == right.dtype and left.tobytes() == right.tobytes()


def differences(expected, found, everything=False):
    """Paths of arrays that are not the same bits in both; with `everything` nothing may differ, attributes included."""
    def compared(path):
        return everything or not (path in DEPENDS_ON_RUN or path.startswith(GROUPS_OF_RUN))

    paths = sorted(path for path in expected.arrays.keys() | found.arrays.keys() if compared(path))
    assert "/metrics/value" in paths and numpy.isfinite(expected.arrays["/metrics/value"]).any(), "nothing to compare"
    wrong = [path for path in paths if path not in expected.arrays or path not in found.arrays or
             not same_bits(expected.arrays[path], found.arrays[path])]
    if everything:
        wrong += [f"{path} (attributes)" for path in sorted(expected.attributes.keys() | found.attributes.keys())
                  if str(expected.attributes.get(path)) != str(found.attributes.get(path))]
    return wrong
