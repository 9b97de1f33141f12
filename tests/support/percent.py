"""Notebooks are written as text in cells; this runs them and keeps what readers see beside it."""

import os
import sys
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path

import jupytext
import nbformat
import numpy as np
from nbclient import NotebookClient
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
SOURCES = sorted(NOTEBOOKS.glob("[0-9]*.py"))
# A kernel starts in the folder of its notebook: the path makes sure it finds this checkout.
# Warnings are errors; those of deprecation only where a cell causes them, for kernels do, too.
SURROUNDINGS = {
    "PYTHONPATH": str(ROOT),
    "PYTHONWARNINGS": "error,ignore::PendingDeprecationWarning,ignore::DeprecationWarning,"
    "error::DeprecationWarning:__main__",
    "TQDM_DISABLE": "1",  # a bar that has gone by tells readers nothing
    "OPENBLAS_NUM_THREADS": "1",  # kernels beside each other would wait for each other's threads
}
# What progress bars give: nothing is seen of them when their kernel is gone.
ONLY_LIVE = {"application/vnd.jupyter.widget-view+json", "text/plain"}


def notebook(source):
    """Read the cells of a percent file, without outputs."""
    cells = jupytext.read(source, fmt="py:percent")["cells"]
    for i, cell in enumerate(cells):
        cell["id"] = f"cell-{i:02}"
        cell["metadata"] = {}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return nbformat.v4.new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )


def executed(source):
    """Run all cells in a new kernel, in which warnings are errors."""
    result = notebook(source)
    client = NotebookClient(
        result,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(NOTEBOOKS)}},
    )
    client.execute(env=os.environ | SURROUNDINGS)
    result["metadata"] = notebook(source)["metadata"]
    for cell in result["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [x for x in cell["outputs"] if set(x.get("data", "?")) != ONLY_LIVE]
            for data in [x["data"] for x in cell["outputs"] if "image/png" in x.get("data", ())]:
                data["image/png"] = in_few_colors(data["image/png"])
    return result


def in_few_colors(png):
    """Write a picture with 256 colors, which plots do with: a quarter of its size."""
    picture = Image.open(BytesIO(b64decode(png))).convert("RGB")
    # Areas keep their colors, or bands beside each other would differ in hue. Lines have rare
    # colors: what counts of those is how far any goes astray, not how many do.
    common = sorted(picture.getcolors(picture.width * picture.height))[-48:]
    of_lines = np.reshape(picture.quantize(208, Image.Quantize.MAXCOVERAGE).getpalette(), (-1, 3))
    palette = np.concatenate([[color for _, color in common], of_lines])
    codes, found = np.unique(np.array(picture) @ [1 << 16, 1 << 8, 1], return_inverse=True)
    colors = np.transpose([codes >> 16, codes >> 8 & 255, codes & 255])
    nearest = np.argmin(((colors[:, None] - palette) ** 2).sum(axis=-1), axis=1)
    small = Image.fromarray(nearest.astype(np.uint8)[found].reshape(picture.height, picture.width))
    small.putpalette(palette.astype(np.uint8).tobytes())
    file = BytesIO()
    small.save(file, "png", optimize=True)
    return b64encode(file.getvalue()).decode()


def main(chosen):
    """Execute the notebooks whose names begin so, or all."""
    for source in SOURCES:
        if source.name.startswith(tuple(chosen) or ""):
            print(source.name, flush=True)
            nbformat.write(executed(source), source.with_suffix(".ipynb"))


if __name__ == "__main__":
    main(sys.argv[1:])
