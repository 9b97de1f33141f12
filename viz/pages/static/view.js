// What of a picture is in view, and how large: fitted at first, then zoomed and dragged.

const READABLE = 10; // px of a text
const LARGEST = 4; // times the size that the picture was drawn in
const NOTCH = 1.25; // what a key or a button zooms by
const MARGIN = 28; // px kept free around what is brought into view
const PADDING = 26; // px of the frame around the picture, both sides together
const BESIDE = 400; // px beside a tall picture, enough for the text
const BAR = 16; // px that a scroll bar may take
const SLOP = 4; // px that a hand moves while it clicks

/**
 * The scale at which a picture is seen first: whole, if its smallest text (px) can then be read;
 * else no smaller than that, and as wide as the view if it can be.
 */
export function firstScale(picture, view, smallest) {
  const least = leastScale(smallest);
  const whole = wholeScale(picture, view);
  return whole < least ? Math.min(1, Math.max(least, (view.width - BAR) / picture.width)) : whole;
}

const leastScale = (smallest) => Math.min(1, READABLE / smallest);

export function wholeScale(picture, view) {
  return Math.min(1, view.width / picture.width, view.height / picture.height);
}

/** The part of `el` that is seen of the picture inside it. */
export class View {
  constructor(el) {
    this.el = el;
    this.dragged = false; // whether the click that comes next ends a drag
    el.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#drag();
    this.#pinch();
  }

  /** Look at another picture, as a whole or at its beginning. */
  look(picture) {
    this.picture = picture;
    const { width, height } = picture;
    this.natural = { width: width.baseVal.value, height: height.baseVal.value };
    const sizes = [...picture.querySelectorAll("text")].map((text) => text.getAttribute("font-size"));
    this.smallest = (Math.min(...sizes) * this.natural.width) / picture.viewBox.baseVal.width;
    this.wanted = "first";
    this.el.scrollTo({ left: 0, top: 0, behavior: "instant" });
  }

  /** Give the picture the size that is wanted of it where the view is as large as it is now. */
  fit() {
    if (!this.el.offsetWidth) return; // in a part of the page that is not shown yet
    const view = {
      width: this.el.offsetWidth - PADDING,
      height: parseFloat(getComputedStyle(this.el).maxHeight) - PADDING,
    };
    this.whole = wholeScale(this.natural, view);
    this.first = firstScale(this.natural, view, this.smallest);
    this.#scale({ first: this.first, whole: this.whole }[this.wanted] ?? this.wanted);
  }

  /** Fit it into `root`, where the text goes beside a picture that is cut off below. */
  fitIn(root) {
    root.classList.remove("sg-beside");
    this.fit();
    if (!this.#spares(BESIDE)) return;
    root.classList.add("sg-beside");
    this.fit();
  }

  /** Go back to the first view; from there, to the whole picture. */
  refit() {
    this.wanted = this.wanted === "first" ? "whole" : "first";
    this.fit();
  }

  /** Whether there is no other view that `refit` could go to. */
  get fits() {
    return this.wanted === "first" && this.whole >= this.first;
  }

  /** Zoom by so much, and let the point of the picture that lies at `at` stay where it is. */
  zoom(by, at = this.#middle()) {
    const before = this.picture.getBoundingClientRect();
    const [x, y] = [(at.clientX - before.left) / before.width, (at.clientY - before.top) / before.height];
    this.wanted = Math.min(Math.max(this.scale * by, Math.min(this.whole, this.first)), LARGEST);
    this.#scale(this.wanted);
    const after = this.picture.getBoundingClientRect();
    this.#scroll(
      this.el.scrollLeft + after.left + x * after.width - at.clientX,
      this.el.scrollTop + after.top + y * after.height - at.clientY,
    );
  }

  closer = () => this.zoom(NOTCH);
  farther = () => this.zoom(1 / NOTCH);

  /** Scroll the picture, and nothing around it, just enough to show groups, the last above all. */
  reveal(groups) {
    const nearest = (scroll, room, start, size) =>
      Math.min(Math.max(scroll, start + size + MARGIN - room), start - MARGIN);
    const view = this.el.getBoundingClientRect();
    let { scrollLeft: left, scrollTop: top } = this.el;
    for (const group of groups) {
      const box = group.getBoundingClientRect();
      const x = box.left - view.left + this.el.scrollLeft;
      const y = box.top - view.top + this.el.scrollTop;
      left = nearest(left, this.el.clientWidth, x, box.width);
      top = nearest(top, this.el.clientHeight, y, box.height);
    }
    this.el.scrollTo({ left, top });
  }

  #scale(scale) {
    this.scale = scale;
    this.picture.style.width = `${this.natural.width * scale}px`;
    const unit = this.picture.viewBox.baseVal.width / (this.natural.width * scale);
    this.el.style.setProperty("--px", `${unit}px`); // what a finger must hit does not shrink
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.el;
    this.el.classList.toggle("sg-loose", scrollWidth > clientWidth || scrollHeight > clientHeight);
  }

  #scroll(left, top) {
    this.el.scrollTo({ left, top, behavior: "instant" });
  }

  /** Whether the picture is cut off below, and can still be read with so many px less beside it. */
  #spares(free) {
    const width = this.natural.width * leastScale(this.smallest);
    return this.whole < this.first && width + free <= this.el.offsetWidth;
  }

  #middle() {
    const { left, top, width, height } = this.el.getBoundingClientRect();
    return { clientX: left + width / 2, clientY: top + height / 2 };
  }

  /** With Ctrl; the two fingers on a touchpad come as this, too. */
  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const turned = event.deltaY * (event.deltaMode ? BAR : 1); // lines, or px
    this.zoom(Math.exp(Math.min(Math.max(-0.01 * turned, -0.25), 0.25)), event);
  }

  /** By mouse and pen; a finger scrolls without our help. */
  #drag() {
    const { el } = this;
    let held = null;
    el.addEventListener("pointerdown", ({ button, pointerType, clientX, clientY }) => {
      const { left, top } = el.getBoundingClientRect();
      this.dragged = false;
      held = null;
      if (button || pointerType === "touch") return;
      if (clientX - left > el.clientWidth || clientY - top > el.clientHeight) return; // a scroll bar
      held = { clientX, clientY, left: el.scrollLeft, top: el.scrollTop };
    });
    el.addEventListener("pointermove", ({ buttons, pointerId, clientX, clientY }) => {
      if (!held || !buttons) return;
      const [x, y] = [clientX - held.clientX, clientY - held.clientY];
      if (!this.dragged && Math.hypot(x, y) < SLOP) return;
      this.dragged = true;
      el.setPointerCapture(pointerId);
      this.#scroll(held.left - x, held.top - y);
    });
  }

  #pinch() {
    const { el } = this;
    let before = null;
    const read = ([a, b]) => ({
      clientX: (a.clientX + b.clientX) / 2,
      clientY: (a.clientY + b.clientY) / 2,
      apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY),
    });
    el.addEventListener("touchstart", ({ touches }) => {
      before = touches.length === 2 ? read(touches) : null;
    });
    el.addEventListener("touchmove", (event) => {
      if (!before || event.touches.length !== 2) return;
      event.preventDefault();
      const now = read(event.touches);
      this.#scroll(
        el.scrollLeft + before.clientX - now.clientX,
        el.scrollTop + before.clientY - now.clientY,
      );
      this.zoom(now.apart / before.apart, now);
      before = now;
    }, { passive: false });
  }
}
