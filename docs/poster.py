"""Takes the pictures of the playground at the top of the README: `make poster`."""

import shutil
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright
from sklearn.datasets import make_moons

import nn
import viz

IMAGES = Path(__file__).parent / "images"
UPDATES = 160
COLORS = 256  # few enough for a small file
STEPS = """async (n) => {
  for (let i = 0; i < n; i++) {
    document.querySelector(".sp-step").click();
    await new Promise(requestAnimationFrame); // both curves are drawn from what was painted
  }
}"""


def main() -> None:
    """Train by the page itself, and take it in light and in dark."""
    X, y = make_moons(100, noise=0.1, random_state=1)
    nn.seed(1)
    play = viz.playground(nn.MLP(2, [8, 8, 1], "tanh"), X, 2 * y - 1)
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = play.save(Path(folder, "playground.html"))
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--headless", "--no-sandbox"]
        )
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1400, "height": 1000}, color_scheme=scheme)
            page.goto(path.as_uri())
            page.evaluate(STEPS, UPDATES)
            page.wait_for_timeout(2000)  # boundary and units are painted after the numbers
            shot = page.locator(".stepgrad-playground").screenshot()
            image = (
                Image.open(BytesIO(shot))
                .convert("RGB")
                .quantize(COLORS, kmeans=4, dither=Image.Dither.NONE)
            )
            image.save(IMAGES / f"playground-{scheme}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
